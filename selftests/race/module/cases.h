/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pairs of threads that race, and that do not. For each X(name): the functions of its threads are
 * name_first and name_second, of which the second begins once the first has ended.
 */
#ifndef RACE_CASES_H
#define RACE_CASES_H

#define RACY_CASES(X) \
	X(file_methods) X(other_file) X(attribute_shown) X(proc_shown) \
	X(plain) X(read_then_write) X(other_spinlock) X(before_lock) X(after_unlock) \
	X(one_of_two_locked) X(failed_trylock) X(other_mutex) X(one_mutexed) \
	X(once) X(once_against_plain) X(relaxed_atomic) X(atomic_against_plain) X(relaxed_add) \
	X(plain_against_once) X(store_after_release) X(again) \
	X(store_before_write) X(load_without_look) X(late_barrier) X(bit_without_order) \
	X(other_completion) X(after_complete) X(before_wait) X(not_yet_done) \
	X(heap) X(heap_bytes) X(free_unordered) X(published_plainly) X(word_of_struct) \
	X(overlapping) X(array_tail) X(irq_lock_elsewhere) \
	X(rwsem_readers) X(rwsem_one_side) X(semaphore_after) \
	X(work_unflushed) X(work_queued_before) X(delayed_unflushed) X(timer_running) \
	X(hrtimer_running) X(tasklet_running) X(thread_running) \
	X(rcu_freed_at_once) X(rcu_writer_reads) X(srcu_not_waited) X(wait_event_once) \
	X(mixed_locks) X(rwlock_against_spinlock) X(mutex_against_rwsem) X(bh_lock_elsewhere) \
	X(raw_lock_elsewhere) X(other_flag) X(acquire_alone) X(xchg_relaxed) X(cmpxchg_relaxed) \
	X(add_return_relaxed) X(refcount_taken) X(other_bit_lock) \
	X(struct_copied) X(bitfields) X(in_cache) X(in_vmalloc) X(list_walked) X(in_function) \
	X(in_pages) X(in_page) X(in_zeroed_page) X(in_exact_pages) X(in_put_page) X(in_vzalloc) \
	X(in_vmalloc_user) X(in_kvmalloc) X(in_vmalloc_array) X(in_kmemdup) X(in_kstrdup) \
	X(in_kasprintf) X(in_krealloc) X(reallocated_unordered) X(page_freed_unordered) \
	X(in_bulk) X(in_mempool) X(rcu_freed_in_use) \
	X(seq_written_outside) X(seq_read_outside) X(seq_written_without) X(swait_woken_before) \
	X(percpu_rwsem_readers) X(thread_unparked) X(memset_against) X(memcpy_from) \
	X(memmove_to) X(memcmp_of) X(builtin_relaxed) X(percpu_ref_put_before) \
	X(shrinker_there) X(blocking_notifier_there) X(atomic_notifier_there) \
	X(irq_work_running) X(kthread_work_running) X(irq_happening) \
	X(disk_there) X(bio_kept) X(bio_running) X(cpus_there) X(netdev_notifier_there) \
	X(netdev_there) X(driver_there)

#define CORRECT_CASES(X) \
	X(file_released) X(attribute_removed) X(proc_removed) X(proc_registered) \
	X(debugfs_removed) X(last_frees) \
	X(spin_lock) X(spin_lock_irq) X(spin_lock_irqsave) X(spin_lock_bh) X(spin_trylock) \
	X(raw_spin_lock) X(read_lock) X(write_lock) X(two_locks) X(mutex) X(mutex_trylock) \
	X(mutex_interruptible) X(mutex_killable) \
	X(release_acquire) X(full_barriers) X(write_barrier) X(atomics) X(atomic_add_return) \
	X(dec_and_test) X(cmpxchg) X(xchg) X(bits) X(bit_lock) X(refcount) X(both_once) \
	X(data_race) X(store_mb) X(assign_pointer) \
	X(completion) X(complete_all) X(completion_timeout) X(completion_try) \
	X(same_thread_only) X(only_reads) X(neighbours) X(bytes_apart) X(freed_in_order) \
	X(allocated_anew) X(published) \
	X(rwsem_write) X(rwsem_read) X(rwsem_read_first) X(rwsem_downgrade) X(rwsem_killable) \
	X(rwsem_trylock) X(semaphore) X(semaphore_interruptible) X(semaphore_trylock) \
	X(semaphore_timeout) X(work) X(work_cancelled) X(delayed_work) X(timer) X(hrtimer) \
	X(tasklet) X(thread_stopped) X(rcu_read) X(rcu_waited) X(rcu_called) X(rcu_kfree) \
	X(srcu_waited) X(wait_event) \
	X(pages_anew) X(page_anew) X(exact_pages_anew) X(kvmalloc_anew) X(vzalloc_anew) \
	X(kmemdup_anew) X(kasprintf_anew) X(krealloc_anew) X(reallocated) X(page_shared) \
	X(mempool_anew) X(typesafe) \
	X(seqlock) X(seqlock_read_first) X(seqlock_published) X(swait) X(percpu_rwsem) \
	X(percpu_rwsem_read_first) X(thread_parked) X(memcpy_locked) X(builtin_release) \
	X(builtin_fetch) X(percpu_ref) X(shrinker) X(shrinker_gone) X(blocking_notifier) \
	X(blocking_notifier_gone) X(atomic_notifier) X(atomic_notifier_gone) X(irq_work) \
	X(kthread_work) X(kthread_work_flushed) X(irq) X(complete_twice) X(work_two_queues) \
	X(disk_added) X(disk_deleted) X(bio_ended) X(bio_waited) X(cpus_gone) \
	X(netdev_notifier_gone) X(netdev_sends) X(driver_bound) X(driver_gone) X(device_released) \
	X(again_after)

/* What is said of these is looked at by race_words. */
#define WORDS_CASES(X) \
	X(held_after_one) X(held_twice) X(held_no_more) X(in_outer) X(there) X(back) X(elsewhere) \
	X(has_ended) X(number_is_anothers)

struct race_case {
	void (*first)(void);
	void (*second)(void);
};

#endif /* RACE_CASES_H */

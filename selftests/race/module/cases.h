/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pairs of threads that race, and that do not. For each X(name): the functions of its threads are
 * name_first and name_second, of which the second begins once the first has ended.
 */
#ifndef RACE_CASES_H
#define RACE_CASES_H

#define RACY_CASES(X) \
	X(plain) X(read_then_write) X(other_spinlock) X(before_lock) X(after_unlock) \
	X(one_of_two_locked) X(failed_trylock) X(other_mutex) X(one_mutexed) \
	X(once) X(once_against_plain) X(relaxed_atomic) X(atomic_against_plain) X(relaxed_add) \
	X(store_before_write) X(load_without_look) X(late_barrier) X(bit_without_order) \
	X(other_completion) X(after_complete) X(before_wait) X(not_yet_done) \
	X(heap) X(heap_bytes) X(free_unordered) X(published_plainly) X(word_of_struct) \
	X(overlapping) X(array_tail) X(irq_lock_elsewhere)

#define CORRECT_CASES(X) \
	X(spin_lock) X(spin_lock_irq) X(spin_lock_irqsave) X(spin_lock_bh) X(spin_trylock) \
	X(raw_spin_lock) X(read_lock) X(write_lock) X(two_locks) X(mutex) X(mutex_trylock) \
	X(mutex_interruptible) X(mutex_killable) \
	X(release_acquire) X(full_barriers) X(write_barrier) X(atomics) X(atomic_add_return) \
	X(dec_and_test) X(cmpxchg) X(xchg) X(bits) X(bit_lock) X(refcount) X(both_once) \
	X(data_race) X(store_mb) X(assign_pointer) \
	X(completion) X(complete_all) X(completion_timeout) X(completion_try) \
	X(same_thread_only) X(only_reads) X(neighbours) X(bytes_apart) X(freed_in_order) \
	X(allocated_anew) X(published)

struct race_case {
	void (*first)(void);
	void (*second)(void);
};

#endif /* RACE_CASES_H */

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What `make run` shows in the guest: the torture of each kind of lock, and what debugfs says then.

set -e

show() {
	printf '\n$ %s\n' "$*"
	"$@"
}

# What is promised of a run comes of chance too, and more rarely on CPUs that others use.
promised() {
	show "$@" || show "$@" || show "$@"
}

uname -srv
show lsmod
show quartet torture spin --threads 1,4,16 --hold 0,1us --duration 300ms
# Every way through the queued lock: interrupts that wait inside waiters, then a CPU without nodes.
promised quartet torture spin --impl queued --threads 8 --hold 50us --duration 1s --trylock 10 \
	--softirq --hardirq --nest --require pending,queued,depth3,handoff,emptied,nested
promised quartet torture spin --impl queued --threads 4 --hold 20us --think 100us --duration 1s \
	--exhaust --require fallback
show quartet torture spin --impl queued,cas,ticket --threads 8 --hold 1us --duration 1s \
	--softirq --hardirq --stutter 100ms --shuffle 50ms --onoff 100ms
# The negative control: flagged, or the run fails.
promised quartet torture spin --impl busted --duration 300ms
# Sleeping locks: fast and fair beside fast and beside fair, and a hog against polite others.
show quartet torture mutex --impl quartet,mutex,fifo --threads 4,16 --hold 1us,20us --duration 300ms
show quartet torture mutex --impl quartet,mutex --threads 4 --hold 20us --hog --duration 500ms
# Every form and every event of it: one that is never seen fails the run.
promised quartet torture mutex --impl quartet --threads 16 --hold 20us --duration 2s --trylock 10 \
	--interruptible 20 --killable 10 --timed 20 --async 20 --signal 200us --rt 10 --nap 2 --require all
# What fairness costs: throughput against the longest wait.
show quartet torture mutex --impl quartet --threads 8 --hold 5us --duration 300ms \
	--starve always,200us,default,5ms,never
promised quartet torture mutex --impl busted --threads 4 --hold 1us --duration 300ms
# Pools: beside the slab and the simplest thing that works, and every source of objects.
show quartet torture pool --impl quartet,kmem_cache,seed --pattern local,burst,pipeline --duration 300ms
promised quartet torture pool --impl quartet --pattern mix --threads 8 --duration 1s --scan 1ms \
	--softirq --hardirq --require private,shared,near,victim,fresh,reclaimed &
sleep 0.5
show cat /sys/kernel/debug/quartet/pool
wait $!
promised quartet torture pool --impl busted --pattern burst --duration 300ms
# Memo tables: one computation a key, by all who want it, by leaders that die; and who is caught.
show quartet torture memo --impl rcu,lock,monitor --pattern hits,stampede,zipf --duration 300ms
promised quartet torture memo --impl rcu --pattern mixed,dying,leaving --threads 8 --duration 1s --scan 5ms \
	--require misses,joined,computations,promotions,errors,left,evictions,expiries
promised quartet torture memo --impl busted-rcu,busted-lock,busted-monitor --pattern stampede --duration 300ms
# Concurrency is not parallelism.
show quartet torture memo --work cpu --workers 1,2,4 --cpus 1..2 --duration 300ms
show quartet torture memo --work io --workers 1,2,4 --cpus 1..2 --duration 300ms
# Processes that share all of it through /dev/quartet, while others are killed; and that cheat.
show quartet stress --time 2s
show quartet stress --time 1s --busted && exit 1
show cat /sys/kernel/debug/quartet/spinlock
show cat /sys/kernel/debug/quartet/torture
show cat /sys/kernel/debug/quartet/torture_pool
show cat /sys/kernel/debug/quartet/torture_memo
show cat /sys/kernel/debug/quartet/live

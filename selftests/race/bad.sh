#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what the detector refuses, says so, and leaves nothing of.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh

# test, command...
check() {
	name=$1
	shift
	if "$@"; then
		result ok "$name"
	else
		result "not ok" "$name"
	fi
}

said() {
	dmesg | tail -n "$1" | grep -q "$2"
}

# In KiB.
vmalloc_used() {
	sed -n 's/^VmallocUsed: *\([0-9]*\).*/\1/p' /proc/meminfo
}

# parameters, what is said of them: refused, and no memory is lost. The least of the detector's
# arrays has 640 KiB; what a process leaves behind is less.
refused() {
	before=$(vmalloc_used)
	# shellcheck disable=SC2086 # one word each
	! insmod /modules/quartet_race.ko $1 2>/dev/null || return
	[ ! -d /sys/module/quartet_race ] && said 30 "$2" && [ "$(($(vmalloc_used) - before))" -lt 500 ]
}

# Each size, at both ends, and what is allocated before it is freed.
sizes_refused() {
	for size in blocks contexts clocks allocations; do
		for value in 0 1 4294967295; do
			refused $size=$value "quartet_race: $size=$value is not within" || return
		done
	done
}

# More than the guest has.
memory_exhausted() {
	refused blocks=1048576 "quartet_race: no memory"
}

# Each allocation in turn, until there are no more: one that is in pages is as big as that.
allocation_fails() {
	nth=/sys/module/quartet_race_nomem/parameters/nth number_failed=0
	insmod /modules/quartet_race_nomem.ko || return
	while echo $((number_failed + 1)) >$nth && refused "" "quartet_race: no memory"; do
		number_failed=$((number_failed + 1))
	done
	left=$(cat $nth)
	rmmod quartet_race && rmmod quartet_race_nomem && [ "$left" = 1 ] && [ $number_failed -ge 7 ]
}

odd_sizes() {
	insmod /modules/quartet_race.ko blocks=1001 contexts=20011 clocks=1003 allocations=1007 &&
		rmmod quartet_race
}

# name: whose race was reported
reported() {
	grep -q "DATA RACE in $1" $detector/races
}

races_of_both() {
	echo "quartet-expect: begin DATA RACE" >/dev/kmsg
	insmod /modules/quartet_race_second.ko && echo plain >/sys/kernel/debug/quartet_race_cases/alone
	echo "quartet-expect: end" >/dev/kmsg
	reported second_increment && reported plain_both
}

# A plain write against a marked read.
lenient() {
	echo "quartet-expect: begin DATA RACE" >/dev/kmsg
	for strict in 0 1; do
		echo $strict >/sys/module/quartet_race/parameters/strict
		echo 1 >$detector/reset
		echo plain_against_once >/sys/kernel/debug/quartet_race_cases/alone
		[ "$(races)" = "$strict" ] || break
	done
	echo "quartet-expect: end" >/dev/kmsg
	[ "$strict" = 1 ] && reported plain_against_once
}

# What the one thread wrote, and the other one reads.
value() {
	grep -q '^  reads 0x51$' $detector/races
}

# Each of them keeps it.
in_use() {
	! rmmod quartet_race 2>/dev/null && rmmod quartet_race_cases &&
		! rmmod quartet_race 2>/dev/null && rmmod quartet_race_second
}

# Clocks of the detector's own are none of the module's business.
last_is_its_own() {
	echo "quartet-expect: begin DATA RACE" >/dev/kmsg
	echo 1 >$detector/reset
	for case in rcu_freed_at_once irq_lock_elsewhere other_mutex; do
		echo $case >/sys/kernel/debug/quartet_race_cases/alone
	done
	echo "quartet-expect: end" >/dev/kmsg
	reported rcu_freed && reported irq_lock && grep -q 'synchronised last by mutex_unlock' \
		$detector/races && ! grep 'synchronised last by .*\[quartet_race\]' $detector/races
}

still_named() {
	reported 'second_increment.*\[quartet_race_second\]' &&
		reported 'plain_both.*\[quartet_race_cases\]'
}

stale() {
	! insmod /modules/quartet_race_stale.ko 2>/dev/null &&
		said 4 "quartet_race_stale: Unknown symbol quartet_race_of_version_0"
}

alone() {
	! insmod /modules/quartet_race_second.ko 2>/dev/null &&
		said 40 "quartet_race_second: Unknown symbol quartet_race_of_version_1"
}

echo TAP version 13
needs_detector
unload
echo 1..13
check sizes_refused sizes_refused
check memory_exhausted memory_exhausted
check allocation_fails allocation_fails
check odd_sizes odd_sizes
insmod /modules/quartet_race.ko
check stale stale
insmod /modules/quartet_race_cases.ko
check lenient lenient
check value value
check last_is_its_own last_is_its_own
check two_modules races_of_both
check in_use in_use
check still_named still_named
check removed rmmod quartet_race
check alone alone

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: `quartet race run` reports the races of its command, and no others.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh
CASES=/sys/kernel/debug/quartet_race_cases/alone
said=/tmp/race_run

needs_detector

# What it is, what it exits with, what it says; the command.
check() {
	what=$1 wanted=$2 text=$3
	shift 3
	quartet race run "$@" >$said 2>&1
	status=$?
	if [ $status = "$wanted" ] && grep -q "$text" $said; then
		result ok "$what"
	else
		result 'not ok' "$what"
		sed "s/^/# exit status $status: /" $said
	fi
}

case_of() {
	echo "[ -d /sys/module/quartet_race_cases ] || insmod /modules/quartet_race_cases.ko
	echo $1 >$CASES; echo done"
}

echo 'TAP version 13'
unload
check 'no detector' 3 'quartet_race is not loaded: /tmp/quartet_race.ko: No such' --modules /tmp true
echo none >/tmp/quartet_race.ko
check 'a bad detector' 3 'cannot load /tmp/quartet_race.ko: Exec format' --modules /tmp true
rm /tmp/quartet_race.ko
check 'no race' 0 '^done$' --modules /modules -- sh -c "$(case_of mutex)"
umount /sys/kernel/debug
echo 'quartet-expect: begin DATA RACE' >/dev/kmsg
check 'a race' 66 'DATA RACE in plain_both' -- sh -c "$(case_of plain)"
echo 'quartet-expect: end' >/dev/kmsg
check 'the race of another command' 0 '^done$' sh -c "$(case_of mutex)"
check 'a status' 7 '^$' sh -c 'echo; exit 7'
check 'a signal' 137 '^$' sh -c 'echo; kill -9 $$'
check 'no such command' 127 'No such file' /nonexistent
unload
echo "1..$number"

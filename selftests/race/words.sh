#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what a report says is so, and what is not to be reported is not.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh
needs_detector
CASES=/sys/kernel/debug/quartet_race_cases/alone
suppress=$detector/suppress

# test, which is a function
check() {
	echo 1 >$detector/reset
	echo >$suppress
	echo "#  RUN           $1 ..."
	if "$1"; then
		result ok "$1"
	else
		result "not ok" "$1"
		sed 's/^/# /' $detector/races
	fi
}

# name, number
counted() {
	[ "$(count_of "$1")" = "$2" ] && return
	echo "# $1 is not $2"
	return 1
}

run() {
	for case in "$@"; do
		echo "$case" >$CASES || return
	done
}

# Exactly these are held, in this order.
held() {
	[ "$(sed -n 's/^  holds \([a-z_]*\) .*/\1/p' $detector/races | tr '\n' ' ')" = "$*" ]
}

says() {
	grep -q "$1" $detector/races
}

# The lock that was let go is not named, and those above it are.
one_hold_goes() {
	run held_after_one && counted races 1 && held 'words_second_lock words_third_lock '
}

one_of_two_holds_goes() {
	run held_twice && counted races 1 && held 'words_shared_lock '
}

all_holds_go() {
	run held_no_more && counted races 1 && held ''
}

dead_thread_is_named() {
	run has_ended && counted races 1 && says '^Previous .* by words_gone/[1-9][0-9]*:' &&
		says '^Thread words_gone/[1-9][0-9]* was created by first/'
}

# Neither of the two is taken for the other, or for one between them.
number_is_anothers() {
	run number_is_anothers && counted races 2 && says '^Previous .* by a thread that has ended:' &&
		says '^Previous .* by words_last/[1-9][0-9]*:' &&
		says '^Missing: something that a thread that has ended releases' &&
		! says words_crowd && ! says words_gone
}

# name: one function of one of the two stacks suffices, wherever it is in it
suppressed_by() {
	echo "$1" >$suppress && echo 1 >$detector/reset && run in_outer &&
		counted races 0 && counted suppressed 1 && echo >$suppress
}

suppressed_by_any_of_the_stack() {
	for function in words_inner words_middle words_outer in_outer_first words_other \
		in_outer_second second_thread; do
		suppressed_by $function || return
	done
}

# Not one that has returned, nor a part of a name, nor the same in other letters.
others_suppress_nothing() {
	for function in words_before words_midd words_outer_ words_elsewhere Words_Outer; do
		echo $function >$suppress || return
	done
	run in_outer && counted races 1 && counted suppressed 0
}

# A race that was suppressed has not been told.
reported_when_no_more_suppressed() {
	echo words_middle >$suppress && run in_outer && counted races 0 && echo >$suppress &&
		[ ! -s $suppress ] && run in_outer && counted races 1 && says 'words_middle'
}

# Else the guest ends here.
no_panic_when_suppressed() {
	panic=/sys/module/quartet_race/parameters/panic_on_race
	echo words_middle >$suppress && echo 1 >$panic && run in_outer &&
		echo 0 >$panic && counted suppressed 1
}

# There is room for 32 names, which may be told again.
names_are_bounded() {
	for n in $(seq 32) 1 32; do
		echo "words_$n" >$suppress || return
	done
	! echo words_33 2>/dev/null >$suppress && [ "$(wc -l <$suppress)" = 32 ] &&
		! printf %0200d 1 2>/dev/null >$suppress
}

pair_is_told_once() {
	run there back there && counted races 1 && counted repeated 2
}

# One place in common is not the same pair.
other_pair_is_told() {
	run there elsewhere && counted races 2 && counted repeated 0
}

echo TAP version 13
unload
insmod /modules/quartet_race.ko log=0
insmod /modules/quartet_race_cases.ko
check one_hold_goes
check one_of_two_holds_goes
check all_holds_go
check dead_thread_is_named
check number_is_anothers
check suppressed_by_any_of_the_stack
check others_suppress_nothing
check reported_when_no_more_suppressed
check no_panic_when_suppressed
check names_are_bounded
check pair_is_told_once
check other_pair_is_told
unload
echo "1..$number"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: runs the cases of quartet_kapi.ko named like this script, all or those in the
# arguments, as TAP, until one fails.

subject=${0##*/}
insmod /modules/quartet_kapi.ko || exit 1
# For cases that run out of memory: what may sleep may fail too, and need not be shown. A case may
# ask that all that it allocates fails (current->make_it_fail).
for injector in failslab fail_page_alloc; do
	cd /sys/kernel/debug/$injector 2>/dev/null || continue
	echo N >ignore-gfp-wait
	echo 0 >verbose
	echo Y >task-filter
	echo -1 >./times
	echo 100 >probability
done
cd /sys/kernel/debug/quartet || exit 1
# shellcheck disable=SC2012,SC2046 # one word each
[ $# -gt 0 ] || set -- $(ls | sed -n "s/^$subject\.//p" | grep -v '^uncontended$')
# First, since the rest builds on it.
set -- uncontended "$@"

echo TAP version 13
echo "1..$#"
number=0
for name; do
	number=$((number + 1))
	echo "#  RUN           $name ..."
	wrong=$(cat "$subject.$name")
	case $wrong in
	"skip: "*)
		echo "ok $number $name # SKIP ${wrong#skip: }"
		continue ;;
	esac
	if [ "$wrong" != ok ]; then
		echo "not ok $number $name"
		echo "# $wrong"
		echo "Bail out! Threads of this case may still run."
		exit 1
	fi
	echo "ok $number $name"
done
rmmod quartet_kapi

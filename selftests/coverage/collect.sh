#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run the tests, then print what the kernel has counted for the modules that were built in
# the folder $1, as an archive in lines that begin with "counters". A file of debugfs has no size to be
# archived by: it is copied first.

/selftests/run
status=$?
mkdir /tmp/counters
cd /sys/kernel/debug/gcov"$1" || exit
find . -name '*.gcda' | while read -r file; do
	mkdir -p "/tmp/counters/${file%/*}"
	cat "$file" >"/tmp/counters/$file"
done
tar -C /tmp/counters -cz . | base64 | sed 's/^/counters /'
exit "$status"

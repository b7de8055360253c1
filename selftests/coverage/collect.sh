#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run the tests, then bring what the kernel has counted to the folder $1 of the host, in
# which the modules were built. The kernel names its files by the paths of their objects.

mkdir /tmp/out
mount -t hostfs -o "$1" none /tmp/out || exit
/selftests/run
status=$?
cd /sys/kernel/debug/gcov"$1" || exit
find . -name '*.gcda' | while read -r file; do
	cat "$file" >"/tmp/out/$file"
done
umount /tmp/out
exit "$status"

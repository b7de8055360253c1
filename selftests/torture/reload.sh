#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: the modules are removed and inserted, 10 times or as often as RELOADS says, while
# others use what they offer.

times=${RELOADS:-10}
echo TAP version 13
echo 1..2

# Each run is short, so that there are moments at which the modules can go.
use() {
	while [ ! -e /tmp/reload_done ]; do
		quartet torture "$1" --impl "$2" --threads 2 --hold 0 --duration 2ms \
			--no-progress >/dev/null 2>&1
		cat /sys/kernel/debug/quartet/* >/dev/null 2>&1
		sleep 0.1
	done
}

rm -f /tmp/reload_done
use spin queued &
use mutex quartet &
removed=0
refused=0
while [ "$removed" -lt "$times" ]; do
	if ! rmmod quartet_torture 2>/dev/null; then
		refused=$((refused + 1))
		sleep 0.01
		continue
	fi
	# Somebody may be reading a file of it.
	until rmmod quartet 2>/dev/null; do
		refused=$((refused + 1))
	done
	insmod /modules/quartet.ko || break
	insmod /modules/quartet_torture.ko || break
	removed=$((removed + 1))
done
touch /tmp/reload_done
wait
echo "# $removed times; refused $refused times, as somebody had the device open"
if [ "$removed" = "$times" ]; then
	echo ok 1 removed_and_inserted
else
	echo not ok 1 removed_and_inserted
fi
if quartet torture mutex --impl quartet --threads 2 --duration 10ms >/dev/null; then
	echo ok 2 works_afterwards
else
	echo not ok 2 works_afterwards
fi

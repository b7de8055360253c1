#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, where the modules are built with RACE=1: the torture of the primitives and the
# stress of the device have no race, but for what is broken on purpose.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh

# name, command
clean() {
	name=$1
	shift
	echo 1 >$detector/reset
	said=$("$@" 2>&1) && status=0 || status=$?
	if [ "$status" = 0 ] && [ "$(races)" = 0 ]; then
		result ok "$name"
		return
	fi
	result "not ok" "$name"
	echo "$said" | sed 's/^/# /'
	sed 's/^/# /' $detector/races
}

torture() {
	clean "$1" quartet torture "$@" --duration 500ms
}

# The same: broken, and said to be so by the torture itself as well.
broken() {
	echo 1 >$detector/reset
	echo "quartet-expect: begin DATA RACE" >/dev/kmsg
	quartet torture "$@" --impl busted --duration 500ms >/dev/null 2>&1
	echo "quartet-expect: end" >/dev/kmsg
	if [ "$(races)" = 0 ]; then
		result "not ok" "busted_$1"
	else
		result ok "busted_$1"
	fi
}

echo TAP version 13
if [ ! -d /sys/module/quartet_race/holders/quartet_torture ]; then
	echo "1..0 # SKIP the modules are not built with RACE=1"
	exit 0
fi
echo 1..7
torture spin --threads 4
torture mutex --threads 4
torture pool
torture memo
clean stress quartet stress --time 5s
broken spin --threads 4
broken mutex --threads 4

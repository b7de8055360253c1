# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In the guest, sourced: what the scripts about the detector share.

# shellcheck disable=SC2034 # theirs
detector=/sys/kernel/debug/quartet_race
number=0

# word, test
result() {
	number=$((number + 1))
	echo "$1 $number $2"
}

# name in debugfs
count_of() {
	sed -n "s/^$1 *//p" $detector/count
}

races() {
	count_of races
}

# The next program may want another one.
unload() {
	for module in quartet_race_cases quartet_race; do
		[ ! -d /sys/module/$module ] || rmmod $module
	done
}

# Where there is none, this is all.
needs_detector() {
	[ -e /modules/quartet_race.ko ] && return
	echo '1..0 # SKIP there is no quartet_race.ko for this kernel'
	exit 0
}

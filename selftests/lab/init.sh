#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# The guest's init: load the modules, run the command, look for what it left behind, leave.

# A user-mode guest has the host's programs, and ours in a folder of their own.
[ -d /lab ] || /bin/busybox --install -s /bin
export PATH=/lab/bin:/bin:/sbin:/usr/bin:/usr/sbin HOME=/tmp TERM=linux
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
mount -t tmpfs tmpfs /tmp

say() {
	echo "quartet-lab: $*" >/dev/kmsg
}

leave() {
	say end
	lab-exit "$1"
	poweroff -f	# not reached unless lab-exit failed
}

load() {
	[ -e "/modules/$1.ko" ] || return 0
	error=$(insmod "/modules/$1.ko" 2>&1) && return
	say "cannot load $1: ${error##*: }"
	leave 1
}

unload() {
	[ -d "/sys/module/$1" ] || return 0
	error=$(rmmod "$1" 2>&1) || say "leak: module $1 cannot be removed: ${error##*: }"
}

# Every counter of live objects is zero once nobody uses the modules. Network namespaces are taken
# down by a worker of the kernel, some time after their last process.
scan_live() {
	[ -r /sys/kernel/debug/quartet/live ] || return 0
	for _ in 1 2 3 4 5; do
		grep -qv ' 0$' /sys/kernel/debug/quartet/live || break
		sleep 1
	done
	while read -r name value; do
		say "live: $name $value"
		[ "$value" = 0 ] || say "leak: $value live $name"
	done </sys/kernel/debug/quartet/live
}

scan_caches() {
	grep -o '^quartet_[^ ]*' /proc/slabinfo | while read -r cache; do
		say "leak: slab cache $cache still exists"
	done
}

# It looks at what is older than five seconds, and twice, for what moved meanwhile. It says
# itself that it found something; here is what. A detector that has stopped refuses to look.
scan_kmemleak() {
	[ -w /sys/kernel/debug/kmemleak ] || return 0
	sleep 6
	for _ in 1 2; do
		echo scan >/sys/kernel/debug/kmemleak 2>/dev/null || say "kmemleak: detector disabled"
	done
	while read -r line; do
		say "kmemleak: $line"
	done </sys/kernel/debug/kmemleak
}

say start
[ ! -w /sys/kernel/debug/kcsan ] || echo on >/sys/kernel/debug/kcsan
[ ! -w /sys/kernel/debug/kmemleak ] || echo clear >/sys/kernel/debug/kmemleak
exec 3>/dev/ttyS1
# Bytes as they are; the size, if the host's standard output is a terminal.
size=$(cat /terminal)
# shellcheck disable=SC2086 # one word each
stty -F /dev/ttyS1 raw -echo $size

# Built with RACE=1, they call it.
if grep -q __tsan_init /modules/quartet.ko 2>/dev/null; then
	load quartet_race
fi
load quartet_trace_pc
load quartet
load quartet_torture
say command
if [ "$(cat /command)" = "exec sh -i" ]; then
	# shellcheck disable=SC2086 # one word each
	stty -F /dev/ttyS1 sane $size
	setsid sh -c 'exec sh -i </dev/ttyS1 >/dev/ttyS1 2>&1'
	stty -F /dev/ttyS1 raw -echo
elif [ "$size" ]; then
	sh /command </dev/null >&3 2>&3
else
	# Nobody watches: do not let the command take the port for a terminal.
	# shellcheck disable=SC3040 # this shell is busybox, which has it
	set -o pipefail
	sh /command 2>&1 </dev/null | cat >&3
fi
status=$?
say "command: exit status $status"

scan_live
unload quartet_torture
unload quartet
unload quartet_trace_pc
unload quartet_race_cases
unload quartet_race
scan_caches
scan_kmemleak
leave "$status"

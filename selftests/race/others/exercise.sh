#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: load a module of others, use it from several processes at once, unload it.

cd /added || exit 1

load() {
	module=$1
	shift
	insmod "$module.ko" "$@" || exit 1
}

unload() {
	for module; do
		rmmod "$module" || exit 1
	done
}

# Four at a time, at four places, write, read and write again 512 KB of a device.
pound() {
	for i in 0 1 2 3; do
		for j in 0 1 2; do
			dd if=/dev/zero of="$1" bs=16k count=32 seek=$((i * 16)) conv=fsync,notrunc
			dd if="$1" of=/dev/null bs=16k count=32 skip=$((i * 16 + j)) iflag=direct
		done 2>/dev/null &
	done
	"$2"
	wait
}

repeat() {
	count=$1
	shift
	for _ in $(seq "$count"); do
		"$@" >/dev/null 2>&1
	done
}

vpoll() {
	load vpoll
	./vpoll || exit 1
	unload vpoll
}

acpi_call() {
	load acpi_call
	for method in '\_SB.PCI0._STA' '\_SB.NONE 1 "two" b030405' '\_SB.NONE b0607' '\_PIC 0x1'; do
		repeat 20 sh -c "echo '$method' >/proc/acpi/call; cat /proc/acpi/call" &
	done
	wait
	unload acpi_call
}

monitor_rapiddisk() {
	repeat 20 cat /sys/kernel/rapiddisk/devices /sys/kernel/rapiddisk/mgmt
}

# It waits for a mutex with a page mapped, where it may not sleep; if it has to wait, the kernel says
# so. An announced complaint must come, so here is one.
may_complain() {
	complaint='BUG: scheduling while atomic'
	echo "quartet-expect: begin $complaint" >/dev/kmsg
	echo "$complaint: announced" >/dev/kmsg
	"$1"
	echo 'quartet-expect: end' >/dev/kmsg
}

manage_rapiddisk() {
	echo "rapiddisk $*" >/sys/kernel/rapiddisk/mgmt
}

rapiddisk() {
	load rapiddisk
	manage_rapiddisk attach 0 4194304
	pound /dev/rd0 monitor_rapiddisk
	repeat 5 manage_rapiddisk resize 0 8388608 &
	pound /dev/rd0 monitor_rapiddisk
	wait
	manage_rapiddisk detach 0
	unload rapiddisk
}

monitor_dm() {
	./dm status others
}

# Removing takes until nobody, as udev would, looks at it.
remove_dm() {
	for _ in 1 2 3 4 5; do
		./dm remove others && return
		sleep 1
	done
	exit 1
}

rapiddisk_cache() {
	load dm-mod
	load brd rd_nr=1 rd_size=8192
	load rapiddisk
	load rapiddisk-cache
	manage_rapiddisk attach 0 2097152
	./dm create others 16384 rapiddisk-cache '/dev/ram0 /dev/rd0 4096 1' || exit 1
	pound /dev/dm-0 monitor_dm
	remove_dm
	manage_rapiddisk detach 0
	unload rapiddisk_cache rapiddisk brd dm_mod
}

writeboost() {
	load dm-mod
	load libcrc32c
	load brd rd_nr=2 rd_size=8192
	load dm-writeboost
	./dm create others 16384 writeboost '/dev/ram0 /dev/ram1' || exit 1
	pound /dev/dm-0 monitor_dm
	pound /dev/dm-0 monitor_dm
	remove_dm
	unload dm_writeboost brd libcrc32c dm_mod
}

gost() {
	load af_alg
	load algif_hash
	load algif_skcipher
	load ecb
	load gost28147_generic
	for module in gosthash94_generic kuznyechik_generic magma_generic; do
		load $module
	done
	./crypto || exit 1
	unload magma_generic kuznyechik_generic gosthash94_generic gost28147_generic
	unload ecb algif_skcipher algif_hash af_alg
}

case $1 in
rapiddisk*) may_complain "$1" ;;
*) "$1" ;;
esac

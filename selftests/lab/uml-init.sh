#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A user-mode guest's first program: make a root of the host's folders and of what the lab has put
# beside this script, and go there. The host's root is read-only; what must be written is in memory.

here=${0%/*}
root=/proc	# the one folder in which nothing of the host's can be

mount -t tmpfs tmpfs $root
for path in /*; do
	case $path in
	/proc|/sys|/dev|/tmp)
		mkdir $root"$path" ;;
	*)
		if [ -L "$path" ]; then
			cp -P "$path" $root
		elif [ -d "$path" ]; then
			mkdir $root"$path"
			mount --bind "$path" $root"$path"
		fi ;;
	esac
done
cp -R "$here"/* $root
cd $root || exit
mount --move . /
exec chroot . /bin/busybox sh /init

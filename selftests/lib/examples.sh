#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: each example of the library says what it is there to show.

number=0
folder=${0%/*}

# name, pattern that matches all that it prints, in a line
shows() {
	number=$((number + 1))
	said=$("$folder/example-$1" 2>&1) && status=0 || status=$?
	said=$(printf %s "$said" | tr '\n' ' ')
	if [ "$status" = 0 ] && echo "$said" | grep -Eqx "$2"; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		echo "# exit status $status: $said"
	fi
}

echo TAP version 13
echo 1..3
shows mutex "process [1-9][0-9]* \(example-mutex\) died with the lock held \
found 70 \+ 0, left 70 \+ 30 after that it is as new: 0"
shows pool 'message 0 message 1 message 2 message 3 message 4'
shows memo 'computing 1234 x 1234( 1522756){4} 1 computation'

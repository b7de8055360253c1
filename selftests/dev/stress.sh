#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: nothing that processes were promised is violated while others are killed; and what is
# violated on purpose is noticed.

number=0

# name, exit status that is expected, arguments
stress() {
	name=$1 expected=$2
	shift 2
	number=$((number + 1))
	said=$(quartet stress --seed 1 "$@" 2>&1) && status=0 || status=$?
	if [ "$status" = "$expected" ]; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		echo "# exit status $status, not $expected:"
		echo "$said" | sed 's/^/# /'
	fi
}

echo TAP version 13
echo 1..6
stress all 0 --time 3s
stress crowd 0 --time 2s --processes 12 --threads 1 --kill 2ms
stress undisturbed 0 --time 1s --kill 0 --stop 0
stress busted_mutex 1 --time 2s --busted mutex
stress busted_pool 1 --time 2s --busted pool
stress busted_memo 1 --time 2s --busted memo

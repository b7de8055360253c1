#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest that has Python and the tree: histories of stresses, each of which the checker accepts.
# It alone judges, not what the workers have seen: the seeded bugs are its. TIMES: how long.

number=0 times=${TIMES:-1}

# name, seconds, arguments
record() {
	name=$1 time=$(($2 * times))s
	shift 2
	number=$((number + 1))
	said=$(quartet stress --seed $number --time "$time" --history /tmp/history.csv "$@" 2>&1)
	verdict=$(echo "$said" | sed -n '/^history: /,$p')
	if echo "$verdict" | grep -q ' deaths: ok$'; then
		echo "ok $number $name"
		echo "# $verdict" | tr '\n' ' '
		echo
	else
		echo "not ok $number $name"
		echo "$said" | sed 's/^/# /'
	fi
}

echo TAP version 13
if [ ! -x /usr/bin/python3 ]; then
	echo "1..0 # SKIP no Python"
	exit 4
fi
echo 1..5
record all 6
record crowd 4 --processes 12 --threads 1 --kill 2ms
record few 4 --processes 2 --threads 1 --kill 5ms mutex
record slots 4 pool
record keys 5 memo

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: a detector with hardly any room makes up no race. There is room for the module's
# variables, and for places: where these lack there is nothing to make up.

export RACE_SCARCE='clocks=16 blocks=64 allocations=16 callbacks=1' RACE_RUNS=1
for module in quartet_race_cases quartet_race; do
	[ ! -d /sys/module/$module ] || rmmod $module
done
/selftests/race_cases
status=$?
# The next program wants one with room.
for module in quartet_race_cases quartet_race; do
	[ ! -d /sys/module/$module ] || rmmod $module
done
exit $status

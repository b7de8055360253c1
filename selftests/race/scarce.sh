#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: a detector with hardly any room makes up no race. There is room for the module's
# variables, and for places: where these lack there is nothing to make up. Callbacks lack by
# themselves: from then on all is ordered, which would hide what else goes wrong.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh
needs_detector
case ${0##*/} in
race_scarce)
	RACE_SCARCE='clocks=16 blocks=256 allocations=16'
	RACE_RUNS=1
	;;
race_uncalled)
	[ "$RACE_RUNS" ] || exec echo '1..0 # SKIP the suite race does this'
	RACE_SCARCE='callbacks=1'
	RACE_RUNS=2	# a call path that is known is another one
	;;
esac
export RACE_SCARCE RACE_RUNS
unload
# shellcheck disable=SC2086 # words
insmod /modules/quartet_race.ko $RACE_SCARCE && insmod /modules/quartet_race_cases.ko || exit
if ! grep -q '^no_block *0$' $detector/count; then
	echo '# not ok: some of the variables are not watched'
	exit 1
fi
/selftests/race_cases
status=$?
unload
exit $status

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: a detector with hardly any room makes up no race. There is room for the module's
# variables, and for places: where these lack there is nothing to make up.

# shellcheck source=selftests/race/detector.sh
. /selftests/detector.sh
export RACE_SCARCE='clocks=16 blocks=64 allocations=16 callbacks=1' RACE_RUNS=1
unload
/selftests/race_cases
status=$?
unload
exit $status

# SPDX-License-Identifier: GPL-2.0-only
# Builds somebody's module so that quartet_race watches it, whose Kbuild knows nothing of that:
# make -f build.mk DIR=/its/folder KERNELDIR=/of/headers. `quartet race build` runs it.

# The variables that kbuild reads are on its command line, and so of all its makes.
RACE := 1
obj  := $(DIR)

watched:

include $(dir $(lastword $(MAKEFILE_LIST)))quartet-race.mk

# -g: reports are to name lines.
watched:
	+$(MAKE) -C $(KERNELDIR) M=$(DIR) RACE=1 KCFLAGS='$(KCFLAGS) -g $(quartet-race-flags)' \
		KBUILD_EXTRA_SYMBOLS='$(KBUILD_EXTRA_SYMBOLS)' modules
	@find $(DIR) -name '*.ko' -exec $(quartet-race)unmodelled.sh {} +

.PHONY: watched

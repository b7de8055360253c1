# SPDX-License-Identifier: GPL-2.0-only
# For the Kbuild of a module: `include .../quartet-race.mk`, and `make RACE=1` builds it so that
# quartet_race.ko finds its data races. Without RACE nothing is different.

ifneq ($(RACE),)
quartet-race := $(dir $(lastword $(MAKEFILE_LIST)))
# Where quartet_race.ko was built, and says what it exports.
QUARTET_RACE_SYMVERS ?= $(quartet-race)../../Module.symvers
KBUILD_EXTRA_SYMBOLS += $(QUARTET_RACE_SYMVERS)

# Each function with a wrapper is called by that name.
quartet-race-names := $(shell mkdir -p $(obj) && \
	sed -n 's/.*\t__qrace_\([^\t]*\)\t.*/\#pragma redefine_extname \1 __qrace_\1/p' \
	$(QUARTET_RACE_SYMVERS) >$(obj)/.quartet-race-names.h && echo $(obj)/.quartet-race-names.h)

quartet-race-flags := -DQUARTET_RACE -fsanitize=thread --param tsan-distinguish-volatile=1 \
	-fno-optimize-sibling-calls -include $(quartet-race)include/quartet-race.h \
	-include $(quartet-race-names)
ccflags-y += $(quartet-race-flags)
# A file that is not to be watched: CFLAGS_REMOVE_file.o := $(quartet-race-flags)

# Says what is not seen, once all of obj-m is built: so this is included after that is set.
always-y += .quartet-race-unmodelled
$(obj)/.quartet-race-unmodelled: $(addprefix $(obj)/,$(obj-m)) FORCE
	@$(quartet-race)unmodelled.sh $(filter %.o,$^)
endif

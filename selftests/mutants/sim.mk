# SPDX-License-Identifier: GPL-2.0-only
# user/sim's Makefile, with each program in parts: of what a mutant leaves as it is, nothing is
# compiled again.
include Makefile

rest := $(filter-out $(tested),$(native))
vpath %.c $(sort $(dir $(tested)))

$(O)/explore-rest.o: $(unkept) $(headers) | $(O)/explored
	$(CC) $(flags) $(CFLAGS) -fno-pie -DSIM_EXPLORE -r -o $@ $(unkept)

$(O)/explore-mutant: $(objects) $(O)/explore-rest.o
	$(CC) -no-pie -o $@ $^

define native_program
$(O)/$(1)/%.o: %.c $(headers)
	mkdir -p $$(@D)
	$(CC) $(flags) $(CFLAGS) $($(1)) -c -o $$@ $$<

$(O)/$(1)-rest.o: $(rest) $(headers)
	mkdir -p $$(@D)
	$(CC) $(flags) $(CFLAGS) $($(1)) -r -o $$@ $(rest)

$(O)/$(1)-mutant: $(patsubst %.c,$(O)/$(1)/%.o,$(notdir $(tested))) $(O)/$(1)-rest.o
	$(CC) $($(1)) -pthread -o $$@ $$^
endef

$(foreach tool,stress tsan asan,$(eval $(call native_program,$(tool))))

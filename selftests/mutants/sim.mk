# SPDX-License-Identifier: GPL-2.0-only
# user/sim's Makefile, with each program in parts, and for each part the headers that it includes:
# what a mutant leaves as it is, is not compiled again. To be run with headers=Makefile.
override CFLAGS += -MMD -MP
include Makefile

parts := $(filter-out $(tested),$(native))

$(O)/explored/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(flags) $(CFLAGS) -fno-pie -DSIM_EXPLORE -c -o $@ $<

$(O)/explore-mutant: $(objects) $(patsubst %.c,$(O)/explored/%.o,$(unkept))
	$(CC) -no-pie -o $@ $^

$(O)/explore-race-mutant: $(detector) $(patsubst %.c,$(O)/explored/%.o,$(unkept))
	$(CC) -no-pie -o $@ $^

# The newline ends the rule.
define native_folder
$(O)/$(1)/$(2)-%.o: $(TREE)/kmod/$(2)/%.c Makefile
	@mkdir -p $$(@D)
	$(CC) $(flags) $(CFLAGS) $($(1)) -c -o $$@ $$<


endef

define native_program
$(O)/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$(CC) $(flags) $(CFLAGS) $($(1)) -c -o $$@ $$<

$(foreach folder,$(folders),$(call native_folder,$(1),$(folder)))

$(O)/$(1)-mutant: $(call built,$(O)/$(1)) $(patsubst %.c,$(O)/$(1)/%.o,$(parts))
	$(CC) $($(1)) -pthread -o $$@ $$^
endef

$(foreach tool,stress tsan asan,$(eval $(call native_program,$(tool))))

-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d)

# SPDX-License-Identifier: GPL-2.0-only
# For people: what can be done with this tree. What kbuild builds is in Kbuild.

# Headers of the running kernel, else those of the distribution's kernel, from its package.
running := /lib/modules/$(shell uname -r)/build
KDIR    ?= $(if $(wildcard $(running)/Makefile),$(running),$(shell selftests/lab/lab fetch 6.1))
LAB     := selftests/lab/lab
VERSION := $(shell sed -n 's/^QUARTET_VERSION := //p' Kbuild)

# By name, from the distribution; the names are those of Debian 12 and of 13. `make run` needs the first
# list, `make check` both. The headers of 6.1 take gcc-12, and their programs libelf.
RUN_PACKAGES   := build-essential gcc-12 gcc-multilib libelf-dev libjson-c-dev busybox-static qemu-system-x86
RUN_PACKAGES   += python3 kmod
# For kernels that are compiled here, and for the root with another compiler.
LAB_PACKAGES   := flex bison bc libssl-dev xz-utils perl mmdebstrap
# All that `make style` asks for: it is run after each edit, and first on a new machine.
STYLE_PACKAGES := build-essential gcc-12 libelf-dev python3 xz-utils perl sparse shellcheck
CHECK_PACKAGES := $(LAB_PACKAGES) $(STYLE_PACKAGES) patch coccinelle libpython3-dev python3-sphinx
# For the simulation, the model of the mutex and the fuzzer.
CHECK_PACKAGES += liburcu-dev gcovr spin clang libclang-rt-dev
# For the library, as it is installed.
CHECK_PACKAGES += pkgconf man-db
# The peers of bench/native that the C library does not bring.
BENCH_PACKAGES := golang-go libck-dev liburcu-dev

modules: ## build quartet.ko and quartet_torture.ko against KDIR (the default target)
	$(MAKE) -C $(KDIR) M=$(CURDIR) W=1 modules

modules_install: modules ## install the modules for the kernel of KDIR
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

run: deps user ## boot a stock kernel in QEMU, torture the primitives in it, show what happened
	$(LAB) boot 6.1 -- /selftests/demo

check: check-deps user unit ## the tests in fifteen minutes: a user-mode and a stock kernel, the source
	selftests/check

check-all: check-deps user unit ## the tests on all kinds of kernels; what CI runs
	selftests/check --all

nightly: check-deps user unit cocci ## check-all, and what takes too long for it
	selftests/check --nightly
	$(LAB) boot uml --timeout 1800 -- env RELOADS=200 /selftests/run /selftests/torture_reload
	selftests/histories/run --long
	$(LAB) boot 6.12 --timeout 3600 -- sh -c 'for i in 1 2 3 4 5; do /selftests/run || exit; done'

mutants: check-deps user unit ## one-line mistakes in kmod/: each is caught by the checker that it names
	selftests/check --only mutants lock-mutants

quick: lab-deps user ## the kselftests of what you have changed in kmod/, in a user-mode kernel
	@selftests/quick

bench: bench-deps user ## exact instruction counts; ratios to the peers, in a kernel and out of it
	bench/instructions
	bench/ratios
	bench/native

style: style-deps ## sparse, checkpatch, the include rule and the rest of the house style
	@selftests/style/style

cocci: check-deps ## the kernel's coccinelle scripts on kmod
	@selftests/style/cocci

doc: check-deps ## Documentation/ as HTML in build/doc
	sphinx-build -W -q -b html Documentation build/doc

user: deps lib ## the quartet command and the guest's tests, static, and the library, in build/user
	@$(MAKE) -s -C user/cli STATIC=1 VERSION=$(VERSION)
	@$(MAKE) -s -C selftests

lib: deps ## libquartet, shared and static, and its manual, in build/user/lib
	@$(MAKE) -s -C user/lib

lib_install: deps ## install it: PREFIX (/usr/local), DESTDIR
	@$(MAKE) -s -C user/lib install

unit: check-deps lib ## the host's tests, in build/user/unit
	@$(MAKE) -s -C selftests/unit

clean: ## remove what was built; the cache of kernels stays
	rm -rf build
	find . -path ./.git -prune -o \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.d' -o -name 'Module.symvers' -o -name modules.order \) \
		-type f -exec rm -f {} +

help: ## this list
	@sed -n 's/^\([a-z_-]*\):.*## /\1\t/p' Makefile | expand -t 18

deps:
	@selftests/lab/install $(RUN_PACKAGES)

lab-deps: deps
	@selftests/lab/install $(LAB_PACKAGES)

bench-deps: lab-deps
	@selftests/lab/install $(BENCH_PACKAGES)

style-deps:
	@selftests/lab/install $(STYLE_PACKAGES)

check-deps: deps
	@selftests/lab/install $(CHECK_PACKAGES)

.PHONY: modules modules_install run check check-all nightly mutants quick bench style cocci doc user lib lib_install unit clean help deps lab-deps bench-deps style-deps check-deps

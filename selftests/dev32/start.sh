#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A test of the device, as a 32-bit program.

exec "${0%/*}/exec32" "${0%/*}/dev32-${0##*32_}" "$@"

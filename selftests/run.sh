#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run test programs and merge their TAP into one stream: those that the arguments, which may be
# patterns, name; or all that are named <subject>_<test> in the guest, but for the scenarios, which are
# a suite of their own. Serves the guest's busybox and the host alike.

# shellcheck disable=SC2048,SC2086 # patterns, for the guest's shell
set -- $*
if [ $# = 0 ]; then
	for program in /selftests/*_*; do
		case $program in
		*/scenarios_*) ;;
		*) set -- "$@" "$program" ;;
		esac
	done
fi

# Control lines start with \001: no test prints that.
for program; do
	[ "$program" = "$0" ] && continue
	printf '\001start %s\n' "${program##*/}"
	"$program" 2>&1 </dev/null
	# The newline ends what a dying program left unfinished.
	printf '\n\001end %d\n' $?
done | awk '
function result(word, name) {
	print word, ++total, name
	fflush()
	if (word != "ok")
		bad++
}
function fail(why) {
	result("not ok", program ": " why)
}
# The harness names a skipped test only in the line that announces it.
function label(rest) {
	sub(/^[0-9]+ ?/, "", rest)
	sub(/^- /, "", rest)
	if (rest ~ /^# *SKIP/)
		rest = announced " " rest
	sub(/^global\./, "", rest)
	return program "." rest
}
/^\001start / { program = $2; announced = "?"; seen = 0; plan = -1; before = bad; next }
/^\001end / {
	if ($2 != 0 && $2 != 4 && bad == before)
		fail("exit status " $2)
	else if (plan < 0)
		fail(seen ? "no plan" : "ran no test")
	else if (plan != seen)
		fail("planned " plan " tests, ran " seen)
	next
}
/^TAP version/ || /^$/ { next }
/^1\.\.0 # *SKIP/ { plan = seen = 1; sub(/^1\.\.0/, ""); result("ok", program $0); next }
/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; next }
/^ok / { seen++; sub(/^ok /, ""); result("ok", label($0)); next }
/^not ok / { seen++; sub(/^not ok /, ""); result("not ok", label($0)); next }
/^# *RUN / { announced = $3 }
{ print; fflush() }
BEGIN { print "TAP version 13" }
END { print "1.." total + 0; exit bad > 0 }
'

# SPDX-License-Identifier: GPL-2.0-only
"""Results of checks in the Test Anything Protocol."""


def report(names, results):
    """Print each (findings, reason for a skip) as it comes; return whether there are findings."""
    failed = False
    print(f"TAP version 13\n1..{len(names)}", flush=True)
    for number, (name, (found, skipped)) in enumerate(zip(names, results), 1):
        failed |= bool(found)
        skip = f" # SKIP {skipped}" if skipped else ""
        print(f"{'not ' if found else ''}ok {number} {name}{skip}")
        print("".join(f"# {line}\n" for line in found), end="", flush=True)
    return failed

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Functions that an instrumented object calls, that look as if they ordered something or gave away
# memory, and that quartet_race does not know: what they order is not seen, so what they alone order
# is reported. Those with a wrapper have another name by now.

suspicious='lock|mutex|sem(aphore)?_|^(__)?(down|up)_|complet|wait|wake|rcu|seq|irq|tasklet|timer
work|kthread|refcount|kref|percpu_ref|atomic|barrier|notif|regist|alloc|free
_create|sysfs|cdev|misc|kobject|get_page|put_page|xa_|idr_|ida_|rhash|llist'
# They prepare, complain, or are data; or what they order has another end that is known.
harmless='^__(tsan|qrace)_|^quartet_race_|_init$|_init_|^(__)?init_|_caches$|_wq$|warn|_fn$
kmem_cache_(create|destroy)|debugfs_create_dir|might_resched|^jiffies|x86_|stack_chk
_sleep$|clock_|unregister|^__bad_|alloc_percpu|pcpu_alloc|free_percpu$|^mempool_(alloc_|free_|k)'

# A newline separates alternatives, too.
nm -u "$@" | sed -n 's/^ *U //p' | sort -u | grep -E "$suspicious" | grep -vE "$harmless" |
	sed 's/^/quartet_race: not modelled: /'

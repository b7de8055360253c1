/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of debugfs, written to a string. */
#ifndef SIM_SEQ_FILE_H
#define SIM_SEQ_FILE_H

#include <stdio.h>

struct seq_file { FILE *to; };

#define seq_printf(m, ...)	((void)fprintf((m)->to, __VA_ARGS__))
#define seq_puts(m, s)		((void)fputs(s, (m)->to))
#define seq_putc(m, c)		((void)fputc(c, (m)->to))

#endif /* SIM_SEQ_FILE_H */

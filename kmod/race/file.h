/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open file: who uses it comes after who opened it, or handed it over; its release comes after
 * all who used it. Two who use it are not ordered by that.
 */
#ifndef QUARTET_RACE_FILE_H
#define QUARTET_RACE_FILE_H

#include <linux/fs.h>
#include <linux/proc_fs.h>

#include "callbacks.h"

/* Others may find the file from here on. */
void race_file_publish(const struct file *file, const char *what, unsigned long pc);
/* The caller uses it. */
void race_file_begin(const struct file *file);
/* He has: if he had the last reference, it is released. */
void race_file_end(const struct file *file);

/* A method that uses it, if there is one. */
unsigned long race_file_method(const struct file *file, const struct race_call *call);
/* The caller knows that each open() that had begun has ended. */
void race_opens_over(const char *what, unsigned long pc);

/* How a method is called whose first argument is the file. */
unsigned long race_run_file(const struct race_call *call);
/* A module registers these. Task context, may sleep. */
void race_file_operations(const struct file_operations *ops, unsigned long pc);
void race_proc_ops(const struct proc_ops *ops, unsigned long pc);

#endif /* QUARTET_RACE_FILE_H */

/*
 * Threads with little stack.
 *
 * The core itself takes a few kilobytes whatever its input is.  The reference recurs in C and
 * in Python, and where a thread was given 32 KiB, the least that Python allows, importing it
 * or reading deep text ends the process.  So where little is left, a call that cannot notice
 * is run on a thread of its own.
 */
#ifndef DRIFTCORE_NATIVE_STACK_H
#define DRIFTCORE_NATIVE_STACK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

/* Whether what is left of this thread's stack may be too little for the reference. */
bool stack_is_short(void);

/* Some work that gives a new reference, or NULL with an exception set. */
typedef PyObject *stack_work(void *argument);

/*
 * Do it on a new thread with a large stack and wait, the GIL given away meanwhile; here if no
 * thread can be had.  What is raised there is raised here.
 */
PyObject *stack_elsewhere(stack_work *work, void *argument);

#endif

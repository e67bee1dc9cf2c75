/*
 * Work that can be counted exactly: every branch of code compiled with
 * -fsanitize-coverage=trace-pc is a step, and so are 16 bytes that the C library
 * copies, compares or searches for it.  Unlike time, the count is the same on every run.
 */
#ifndef DRIFTCORE_TESTS_WORK_H
#define DRIFTCORE_TESTS_WORK_H

#include <stdint.h>

__attribute__((visibility("default"))) extern uint64_t work_steps;

#endif

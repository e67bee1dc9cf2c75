/*
 * Writes the counts of a coverage build.  A child that leaves by _exit(), as each shard of a
 * campaign does, runs none of the functions that write them at the end of a process.
 */
#include <gcov.h>

__attribute__((visibility("default"))) void driftcore_dump_counts(void);

void driftcore_dump_counts(void)
{
    __gcov_dump();
}

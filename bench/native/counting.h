/* An allocator that counts what a context takes: the C library's, with two counters around it. */
#ifndef COUNTING_H
#define COUNTING_H

#include "driftcore.h"

/* Since the last counting_reset(): calls that allocated or grew, bytes held now and at most. */
struct counting {
    long allocations;
    long bytes, peak;
};

/* The one set of counters; the benches run in one thread. */
extern struct counting counting;

/* Hand it to driftcore_create(). */
extern const struct driftcore_allocator counting_allocator;

/* Begin to count anew; what is held stays held. */
void counting_reset(void);

#endif

/* What the native benches are fed: JSON texts of a few shapes and what is made of them. */
#ifndef PAYLOADS_H
#define PAYLOADS_H

#include "driftcore.h"

/* Spans in one export request. */
#define PAYLOADS_REQUEST_SPANS 10

struct payload {
    const char *name;
    struct driftcore_slice json;
    struct driftcore_slice merges; /* for exports; empty means none */

    /* Made from the above by the library itself. */
    struct driftcore_slice struct_bytes;
    struct driftcore_span span;
    struct driftcore_slice span_bytes;
    struct driftcore_slice request[PAYLOADS_REQUEST_SPANS];
};

/* Sizes over which the growth of time is fitted: rows of 1, 4, … 256 KiB. */
#define PAYLOADS_RUNGS 5

/* The payloads, smallest first, made at the first call; NULL when the library refuses one. */
const struct payload *payloads(size_t *count);

/* PAYLOADS_RUNGS payloads of rising size, made at the first call; NULL as above. */
const struct payload *ladder(void);

#endif

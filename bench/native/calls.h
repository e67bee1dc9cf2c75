/* Benches of one library call on one payload, which is what most of them are. */
#ifndef CALLS_H
#define CALLS_H

#include "payloads.h"
#include "shim.h"

/* The work of one iteration.  The result is read by nobody: the library cannot know that. */
typedef enum driftcore_status call(struct driftcore *context, const struct payload *payload);

struct call_bench {
    const char *name; /* of the library's function */
    call *call;
};

/* Register each of `benches`, which must live on, with each of the payloads; false when there is no memory. */
bool register_calls(const struct call_bench *benches, size_t bench_count, const struct payload *payloads,
                    size_t payload_count);

#endif

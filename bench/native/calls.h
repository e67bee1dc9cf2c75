/* Benches of one library call on one payload, which is what most of them are. */
#ifndef CALLS_H
#define CALLS_H

#include "payloads.h"
#include "shim.h"

/* The work of one iteration.  The result is read by nobody: the library cannot know that. */
typedef enum driftcore_status call(struct driftcore *context, const struct payload *payload);

struct call_bench {
    const char *name; /* of the library's function, or of a stage */
    call *call;
    call *prepare; /* once, before the first call; NULL for nothing */
};

/* The name of a bench with a payload has at most this many bytes. */
#define CALLS_NAME_SIZE 100

/*
 * Register each of `benches`, which must live on, with each of the payloads, and once more over
 * the ladder, whose times are fitted.  False when there is no memory.
 */
bool register_calls(const struct call_bench *benches, size_t bench_count);

/*
 * Call the bench of a name such as "normalize_json/rows-4k" that many times, for a tool that
 * counts instructions.  DRIFTCORE_INVALID_ARGUMENT for a name that is not registered.
 */
enum driftcore_status repeat_call(const char *name, unsigned long times);

#endif

/*
 * Every public function once, on input that needs much of it: what the tests of
 * contexts and of memory run again and again.
 */
#ifndef DRIFTCORE_TESTS_CALLS_H
#define DRIFTCORE_TESTS_CALLS_H

#include "support.h"

/* Make the call; append all it gives to `answer`. */
typedef enum driftcore_status call_function(struct driftcore *context, struct text *answer);

struct call {
    const char *name;
    call_function *make;
    enum driftcore_status status; /* what it ends with when there is memory */
    enum driftcore_punt reason;
};

#define CALLS 26
extern const struct call calls[CALLS];

/* Calls on any text; all they give is appended to `answer`. */
enum driftcore_status call_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                              struct text *answer);
enum driftcore_status call_struct_bytes(struct driftcore *context, struct driftcore_slice json,
                                        struct text *answer);
enum driftcore_status call_export(struct driftcore *context, struct driftcore_slice json,
                                  const struct driftcore_slice *merges, struct text *answer);
/* The text as input, output and metadata of a span; the merges are the input's. */
enum driftcore_status call_export_span(struct driftcore *context, struct driftcore_slice json,
                                       const struct driftcore_slice *merges, struct text *answer);

/* Release what the calls share, after the last of them. */
void calls_release(void);

#endif

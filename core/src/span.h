/* tusk.drift.core.v1.Span and ExportSpansRequest bytes. */
#ifndef DRIFTCORE_SPAN_H
#define DRIFTCORE_SPAN_H

#include "structpb.h"

/* The parts of a span that are trees; NULL where there is none. */
struct span_trees {
    const struct node *input_schema, *output_schema; /* objects */
    const struct node *metadata;                     /* an object; its null members are left out */
    const struct node *input_value, *output_value;   /* anything; only an object gives a Struct */
};

/*
 * Write a span into `out`.  Of `span` the JSON texts are not looked at: `trees` hold
 * them, all in the tree that `sizes` is for.  Struct bytes are verified here.
 */
enum driftcore_status span_write(const struct driftcore_span *span, const struct span_trees *trees,
                                 const struct sizes *sizes, struct arena *scratch, struct buffer *out,
                                 enum driftcore_punt *reason);

/* An export request: service id, environment, SDK version, instance id, and the spans. */
struct request {
    struct driftcore_slice header[4];
    const struct driftcore_slice *spans;
    size_t count;
};

/*
 * Verify the spans and tell the request's exact size, so that the caller can have it
 * written where it is to stay: requests are large, and copying one costs as much as
 * writing it.
 */
enum driftcore_status request_measure(const struct request *request, size_t *size, enum driftcore_punt *reason);

/* Write a measured request; gives the end. */
char *request_write(const struct request *request, char *at);

#endif

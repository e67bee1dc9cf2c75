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

/* Verify the spans and write the request into `out`. */
enum driftcore_status request_write(const struct driftcore_slice header[4], const struct driftcore_slice *spans,
                                    size_t count, struct buffer *out, enum driftcore_punt *reason);

#endif

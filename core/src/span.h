/* tusk.drift.core.v1.Span and ExportSpansRequest bytes. */
#ifndef DRIFTCORE_SPAN_H
#define DRIFTCORE_SPAN_H

#include "schemapb.h"

/* The parts of a span that are trees; without a node where there is none. */
struct span_trees {
    struct schema_source input_schema, output_schema; /* objects, or any value with merges */
    const struct node *metadata;                      /* an object; its null members are left out */
    const struct node *input_value, *output_value;    /* anything; only an object gives a Struct */
    bool own_bytes;                                   /* struct bytes are the core's own work */
};

/*
 * The exact size of a span, so that the caller can have it written where it is to
 * stay.  Of `span` the JSON texts are not looked at: `trees` hold them.  Struct bytes
 * are verified here unless they are the core's own.  `sizes` has room for all containers of the trees,
 * `open` holds what the walks are inside of.
 */
enum driftcore_status span_measure(const struct driftcore_span *span, const struct span_trees *trees,
                                   struct sizes *sizes, struct buffer *open, size_t *size,
                                   enum driftcore_punt *reason);

/*
 * Write a measured span, with `sizes` at their start again and the same `open`; punts for an int
 * beyond double range.
 */
enum driftcore_status span_write(const struct driftcore_span *span, const struct span_trees *trees,
                                 struct sizes *sizes, struct buffer *open, char *at,
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
 * writing it.  `open` is what verify() needs.
 */
enum driftcore_status request_measure(const struct request *request, struct buffer *open, size_t *size,
                                      enum driftcore_punt *reason);

/* Write a measured request. */
void request_write(const struct request *request, char *at);

#endif

/*
 * A whole span from its texts: both payloads are exported, each in a context of its own
 * so that all they gave is there when the span is written.
 */
#ifndef DRIFTCORE_EXPORT_SPAN_H
#define DRIFTCORE_EXPORT_SPAN_H

#include "context.h"

struct export_span {
    struct driftcore_span span; /* as driftcore_export_span() takes it; the rest is filled in */
    const struct driftcore_slice *input_merges, *output_merges;
    struct driftcore_export input, output;
    struct merges input_rules, output_rules;
    struct span_trees trees;
};

/* Export both payloads and tell the span's exact size. */
enum driftcore_status export_span_measure(struct driftcore *context, struct export_span *job, size_t *size);

/* Write the measured span; punts for an int of the metadata beyond double range. */
enum driftcore_status export_span_write(struct driftcore *context, const struct export_span *job, char *at);

#endif

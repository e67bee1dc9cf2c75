/*
 * A context: the scratch memory of one call after another, and the steps that
 * calls are made of.  The extension, which makes trees from Python objects, works
 * on these parts; others use driftcore.h.
 */
#ifndef DRIFTCORE_CONTEXT_H
#define DRIFTCORE_CONTEXT_H

#include "reader.h"
#include "span.h"

struct driftcore {
    struct driftcore_allocator allocator;
    driftcore_digit_limit *digit_limit;
    void *digit_limit_state;
    enum driftcore_punt reason;

    struct arena text;     /* unescaped and decoded strings */
    struct tree value;     /* the payload, or all parts of a span */
    struct tree merges;
    struct tree decoded;
    struct tree schema;
    struct buffer scratch; /* sorting */
    struct buffer rules;   /* merges in order */
    struct buffer sizes;   /* of protobuf messages */
    struct buffer sorted;  /* the text that is hashed */
    struct buffer outputs[4];
};

/* Forget what the last call left.  Each call starts with it. */
void context_begin(struct driftcore *context);

/* Append the value of a text to one of the context's trees. */
enum driftcore_status context_parse(struct driftcore *context, struct driftcore_slice json, struct tree *tree);

enum driftcore_status context_compact(const struct node *value, struct buffer *out, struct driftcore_slice *text);
enum driftcore_status context_hash(struct driftcore *context, const struct node *value,
                                   char hash[DRIFTCORE_HASH_SIZE]);
enum driftcore_status context_struct_bytes(struct driftcore *context, struct buffer *out,
                                           struct driftcore_slice *bytes);

/*
 * Decode context->value as context->merges say, when there are any, then hash it,
 * infer its schema into context->schema and hash that.  `*decoded` is the decoded
 * value, in one tree or the other.
 */
enum driftcore_status context_export(struct driftcore *context, const struct node **decoded,
                                     char value_hash[DRIFTCORE_HASH_SIZE], char schema_hash[DRIFTCORE_HASH_SIZE]);

/* Write a span whose trees are in context->value. */
enum driftcore_status context_build_span(struct driftcore *context, const struct driftcore_span *span,
                                         const struct span_trees *trees, struct driftcore_slice *bytes);

#endif

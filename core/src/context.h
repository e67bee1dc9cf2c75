/*
 * A context: the scratch memory of one call after another, and the steps that
 * calls are made of.  The extension, which makes trees from Python objects, works
 * on these parts; others use driftcore.h.
 */
#ifndef DRIFTCORE_CONTEXT_H
#define DRIFTCORE_CONTEXT_H

#include "normal.h"
#include "reader.h"
#include "schema.h"
#include "span.h"

struct driftcore {
    struct driftcore_allocator source;    /* where the memory comes from */
    struct driftcore_allocator allocator; /* the same, noticing large pieces */
    bool has_large;                       /* a piece that a trim gives back */
    driftcore_digit_limit *digit_limit;
    void *digit_limit_state;
    enum driftcore_padding padding;
    enum driftcore_punt reason;

    struct normal normal;  /* texts that need no tree */
    struct arena text;     /* unescaped and decoded strings */
    struct tree value;     /* the payload, or all parts of a span */
    struct tree merges;
    struct tree decoded;
    struct tree metadata;  /* of a span whose payloads are texts */
    struct buffer scratch; /* sorting */
    struct buffer rules;   /* merges in order */
    struct buffer sizes;   /* of protobuf messages */
    struct buffer sorted;  /* the text that is hashed */
    struct buffer sorted_schema;
    struct buffer outputs[3];
    struct driftcore *second; /* for the other payload of a span, made when it is needed */
};

/* Forget what the last call left.  Each call starts with it. */
void context_begin(struct driftcore *context);

/*
 * The public functions of the same names over JSON text, in a context that is ready.
 * Text that is its own normal form, or a part of it, is not copied: `*normalized` then
 * lies in `json`.
 */
enum driftcore_status context_normalize(struct driftcore *context, struct driftcore_slice json,
                                        struct driftcore_slice *normalized);
enum driftcore_status context_hash_text(struct driftcore *context, struct driftcore_slice json,
                                        char hash[DRIFTCORE_HASH_SIZE]);
enum driftcore_status context_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                                 struct driftcore_slice *normalized,
                                                 char hash[DRIFTCORE_HASH_SIZE]);
/* Read a text for its Struct bytes, which are then in context->normal.pieces. */
enum driftcore_status context_read_struct(struct driftcore *context, struct driftcore_slice json);
/* The same of context->value. */
enum driftcore_status context_struct_from_tree(struct driftcore *context);
/* Put them together there. */
enum driftcore_status context_join_struct(struct driftcore *context, struct driftcore_slice *bytes);
/*
 * As driftcore_process_export_payload(), but the Struct bytes are left in context->normal.pieces;
 * without merges that change a value `decoded` is the very slice `normalized` is.
 */
enum driftcore_status context_export_text(struct driftcore *context, struct driftcore_slice json,
                                          const struct driftcore_slice *merges, struct driftcore_export *result);

/* What is left of an export besides its result: the decoded value or its outline, and the merges. */
struct exported {
    const struct node *decoded;
    struct merges merges;
    size_t count; /* nodes of the decoded value */
};

/* The same but the texts `decoded` and, unless it is at hand, `normalized`, which is empty then. */
enum driftcore_status context_export_parts(struct driftcore *context, struct driftcore_slice json,
                                           const struct driftcore_slice *merges, struct driftcore_export *result,
                                           struct exported *exported);

/* Append the value of a text to one of the context's trees. */
enum driftcore_status context_parse(struct driftcore *context, struct driftcore_slice json, struct tree *tree);

enum driftcore_status context_compact(const struct node *value, struct buffer *out, struct driftcore_slice *text);
enum driftcore_status context_hash(struct driftcore *context, const struct node *value,
                                   char hash[DRIFTCORE_HASH_SIZE]);

/* The size of the Struct of context->value, measured before, and the Struct. */
size_t context_struct_size(const struct driftcore *context);
enum driftcore_status context_write_value(struct driftcore *context, char *out);

/*
 * Read the merges in context->merges, when there are any, and decode context->value as
 * they say: `*decoded` is the decoded value, in one tree or the other.
 */
enum driftcore_status context_decode(struct driftcore *context, struct merges *merges,
                                     const struct node **decoded);

/* Hash a decoded value and its schema. */
enum driftcore_status context_hash_both(struct driftcore *context, const struct node *decoded,
                                        const struct merges *merges, char value_hash[DRIFTCORE_HASH_SIZE],
                                        char schema_hash[DRIFTCORE_HASH_SIZE]);

/* Whether a span's numbers are within their enums. */
bool context_enums_fit(const struct driftcore_span *span);

/* The exact size of a span whose trees are in context->value, and the span. */
enum driftcore_status context_measure_span(struct driftcore *context, const struct driftcore_span *span,
                                           const struct span_trees *trees, size_t *size);
enum driftcore_status context_write_span(struct driftcore *context, const struct driftcore_span *span,
                                         const struct span_trees *trees, char *at);

#endif

#include "context.h"

#include "canonical.h"
#include "digest.h"
#include "schema.h"
#include "verify.h"
#include "writer.h"

#include <stdlib.h>

static void *system_reallocate(void *state, void *memory, size_t size)
{
    (void)state;
    return realloc(memory, size);
}

static void system_release(void *state, void *memory)
{
    (void)state;
    free(memory);
}

static size_t default_digit_limit(void *state)
{
    (void)state;
    return 4300;
}

static void *noticing_reallocate(void *state, void *memory, size_t size)
{
    struct driftcore *context = state;
    context->has_large |= size > MEMORY_KEPT;
    return context->source.reallocate(context->source.state, memory, size);
}

static void passing_release(void *state, void *memory)
{
    struct driftcore *context = state;
    context->source.release(context->source.state, memory);
}

#define TREES(context)                                                                                           \
    {                                                                                                            \
        &(context)->value, &(context)->merges, &(context)->decoded, &(context)->metadata                          \
    }
#define BUFFERS(context)                                                                                         \
    {                                                                                                            \
        &(context)->scratch, &(context)->rules, &(context)->sizes, &(context)->sorted,                            \
            &(context)->sorted_schema, &(context)->outputs[0], &(context)->outputs[1], &(context)->outputs[2]    \
    }
#define TREE_COUNT 4
#define BUFFER_COUNT 8

struct driftcore *driftcore_create(const struct driftcore_allocator *allocator)
{
    static const struct driftcore_allocator system_allocator = {system_reallocate, system_release, NULL};
    if (allocator == NULL)
        allocator = &system_allocator;
    struct driftcore *context = allocator->reallocate(allocator->state, NULL, sizeof(*context));
    if (context == NULL)
        return NULL;
    memset(context, 0, sizeof(*context));
    context->source = *allocator;
    context->allocator = (struct driftcore_allocator){noticing_reallocate, passing_release, context};
    context->digit_limit = default_digit_limit;
    normal_create(&context->normal, &context->allocator);
    context->text.allocator = &context->allocator;
    struct tree *trees[TREE_COUNT] = TREES(context);
    for (size_t i = 0; i < TREE_COUNT; i++)
        trees[i]->allocator = &context->allocator;
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(context);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffers[i]->allocator = &context->allocator;
    return context;
}

static void destroy_one(struct driftcore *context)
{
    normal_release(&context->normal);
    arena_release(&context->text);
    struct tree *trees[TREE_COUNT] = TREES(context);
    for (size_t i = 0; i < TREE_COUNT; i++)
        tree_release(trees[i]);
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(context);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffer_release(buffers[i]);
    struct driftcore_allocator allocator = context->source;
    allocator.release(allocator.state, context);
}

void driftcore_destroy(struct driftcore *context)
{
    while (context != NULL) {
        struct driftcore *second = context->second;
        destroy_one(context);
        context = second;
    }
}

static void release_large(struct driftcore *context)
{
    normal_trim(&context->normal);
    struct tree *trees[TREE_COUNT] = TREES(context);
    for (size_t i = 0; i < TREE_COUNT; i++)
        tree_trim(trees[i]);
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(context);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffer_trim(buffers[i]);
    context->has_large = false;
}

/* Small payloads feel each branch here: without a large piece there is nothing to decide. */
static void trim_one(struct driftcore *context)
{
    arena_reset(&context->text);
    if (context->has_large)
        release_large(context);
    struct tree *trees[TREE_COUNT] = TREES(context);
    for (size_t i = 0; i < TREE_COUNT; i++)
        trees[i]->count = 0;
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(context);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffers[i]->size = 0;
}

void driftcore_trim(struct driftcore *context)
{
    trim_one(context);
    if (context->second != NULL)
        trim_one(context->second);
}

void driftcore_set_digit_limit(struct driftcore *context, driftcore_digit_limit *limit, void *state)
{
    context->digit_limit = limit;
    context->digit_limit_state = state;
}

void driftcore_set_padding(struct driftcore *context, enum driftcore_padding padding)
{
    context->padding = padding;
}

enum driftcore_punt driftcore_punt_reason(const struct driftcore *context)
{
    return context->reason;
}

const char *driftcore_punt_name(enum driftcore_punt reason)
{
    static const char *const names[DRIFTCORE_PUNT_COUNT] = {
        [DRIFTCORE_PUNT_NONE] = "none",         [DRIFTCORE_PUNT_SYNTAX] = "syntax",
        [DRIFTCORE_PUNT_DIGITS] = "digits",     [DRIFTCORE_PUNT_SURROGATE] = "surrogate",
        [DRIFTCORE_PUNT_DEPTH] = "depth",       [DRIFTCORE_PUNT_OVERFLOW] = "overflow",
        [DRIFTCORE_PUNT_MERGES] = "merges",     [DRIFTCORE_PUNT_SCHEMA] = "schema",
        [DRIFTCORE_PUNT_MALFORMED] = "malformed", [DRIFTCORE_PUNT_TYPE] = "type",
        [DRIFTCORE_PUNT_ASSUMPTION] = "assumption", [DRIFTCORE_PUNT_ARGUMENT] = "argument",
    };
    return names[reason];
}

/* ---- steps -------------------------------------------------------------- */

void context_begin(struct driftcore *context)
{
    driftcore_trim(context);
    context->reason = DRIFTCORE_PUNT_NONE;
}

static struct reader reader_into(struct driftcore *context, struct tree *tree)
{
    return (struct reader){
        .tree = tree,
        .text = &context->text,
        .scratch = &context->scratch,
        .digit_limit = context->digit_limit,
        .digit_limit_state = context->digit_limit_state,
    };
}

enum driftcore_status context_parse(struct driftcore *context, struct driftcore_slice json, struct tree *tree)
{
    struct reader reader = reader_into(context, tree);
    return reader_parse(&reader, json, &context->reason);
}

enum driftcore_status context_compact(const struct node *value, struct buffer *out, struct driftcore_slice *text)
{
    if (!writer_compact(value, out))
        return DRIFTCORE_NO_MEMORY;
    *text = buffer_slice(out);
    return DRIFTCORE_OK;
}

static const struct merges no_merges = {NULL, 0};

enum driftcore_status context_hash(struct driftcore *context, const struct node *value,
                                   char hash[DRIFTCORE_HASH_SIZE])
{
    context->sorted.size = context->scratch.size = 0;
    if (!canonical_write(value, &no_merges, &context->sorted, NULL, &context->scratch))
        return DRIFTCORE_NO_MEMORY;
    digest_sha256(buffer_slice(&context->sorted), hash);
    return DRIFTCORE_OK;
}

size_t context_struct_size(const struct driftcore *context)
{
    return context->value.nodes->kind == KIND_OBJECT ? *sizes_start(&context->sizes).next : 0;
}

enum driftcore_status context_write_value(struct driftcore *context, char *out)
{
    const struct node *value = context->value.nodes;
    enum driftcore_status status = DRIFTCORE_OK;
    if (value->kind != KIND_OBJECT)
        return status;
    struct sizes sizes = sizes_start(&context->sizes);
    structpb_write(value, false, &sizes, out, &status);
    if (status == DRIFTCORE_PUNT)
        context->reason = DRIFTCORE_PUNT_OVERFLOW;
    return status;
}

enum driftcore_status context_struct_from_tree(struct driftcore *context)
{
    const struct node *value = context->value.nodes;
    pieces_clear(&context->normal.pieces);
    if (value->kind != KIND_OBJECT)
        return DRIFTCORE_OK;
    struct sizes sizes;
    if (!sizes_for(context->value.count, &context->sizes, &sizes))
        return DRIFTCORE_NO_MEMORY;
    struct buffer *out = &context->normal.pieces.bytes;
    size_t size = structpb_measure(value, false, &sizes);
    if (!buffer_reserve(out, size))
        return DRIFTCORE_NO_MEMORY;
    out->size = size;
    return context_write_value(context, out->data);
}

enum driftcore_status context_decode(struct driftcore *context, struct merges *merges,
                                     const struct node **decoded)
{
    *merges = (struct merges){NULL, 0};
    *decoded = context->value.nodes;
    if (context->merges.count == 0)
        return DRIFTCORE_OK;
    enum driftcore_status status = merges_read(context->merges.nodes, &context->rules, &context->scratch,
                                               merges, &context->reason);
    if (status != DRIFTCORE_OK || merges->count == 0 || context->value.nodes->kind != KIND_OBJECT)
        return status;
    struct reader reader = reader_into(context, &context->decoded);
    status = schema_decode(context->value.nodes, merges, context->padding, &reader, &context->reason);
    *decoded = context->decoded.nodes;
    return status;
}

enum driftcore_status context_hash_both(struct driftcore *context, const struct node *decoded,
                                        const struct merges *merges, char value_hash[DRIFTCORE_HASH_SIZE],
                                        char schema_hash[DRIFTCORE_HASH_SIZE])
{
    struct buffer *text = &context->sorted, *schema = &context->outputs[2];
    text->size = schema->size = context->scratch.size = 0;
    if (!canonical_write(decoded, merges, text, schema, &context->scratch))
        return DRIFTCORE_NO_MEMORY;
    struct driftcore_slice texts[] = {buffer_slice(text), buffer_slice(schema)};
    char *const hashes[] = {value_hash, schema_hash};
    digest_sha256_pair(texts, hashes);
    return DRIFTCORE_OK;
}

/* Both hashes of an export and its schema. */
static enum driftcore_status export_hashes(struct driftcore *context, const struct exported *exported, bool is_sortable,
                                           struct driftcore_export *result)
{
    struct buffer *sorted = &context->sorted, *sorted_schema = &context->sorted_schema, *schema = &context->outputs[2];
    sorted->size = sorted_schema->size = context->scratch.size = 0;
    if (!canonical_write(exported->decoded, &exported->merges, is_sortable ? NULL : sorted, sorted_schema,
                         &context->scratch)
        || !schema_write(exported->decoded, &exported->merges, schema))
        return DRIFTCORE_NO_MEMORY;
    result->schema = buffer_slice(schema);
    struct driftcore_slice texts[] = {buffer_slice(sorted), buffer_slice(sorted_schema)};
    if (is_sortable && normal_sorted(&context->normal, sorted, &texts[0]) != DRIFTCORE_OK)
        return DRIFTCORE_NO_MEMORY;
    char *const hashes[] = {result->value_hash, result->schema_hash};
    digest_sha256_pair(texts, hashes);
    return DRIFTCORE_OK;
}

/* ---- over text ----------------------------------------------------------- */

/* The hash of a text that normal_read() was asked to make sortable. */
static enum driftcore_status hash_normal(struct driftcore *context, char hash[DRIFTCORE_HASH_SIZE])
{
    struct driftcore_slice sorted;
    enum driftcore_status status = normal_sorted(&context->normal, &context->sorted, &sorted);
    if (status == DRIFTCORE_OK)
        digest_sha256(sorted, hash);
    return status;
}

/* The normal text by way of the tree. */
static enum driftcore_status normalize_tree(struct driftcore *context, struct driftcore_slice json,
                                            struct driftcore_slice *normalized)
{
    enum driftcore_status status = context_parse(context, json, &context->value);
    if (status == DRIFTCORE_OK)
        status = context_compact(context->value.nodes, &context->outputs[0], normalized);
    return status;
}

enum driftcore_status context_normalize(struct driftcore *context, struct driftcore_slice json,
                                        struct driftcore_slice *normalized)
{
    enum driftcore_status status = normal_read(&context->normal, json, NORMAL_TEXT);
    *normalized = context->normal.text;
    return status == DRIFTCORE_PUNT ? normalize_tree(context, json, normalized) : status;
}

enum driftcore_status context_hash_text(struct driftcore *context, struct driftcore_slice json,
                                        char hash[DRIFTCORE_HASH_SIZE])
{
    enum driftcore_status status = normal_read(&context->normal, json, NORMAL_TEXT | NORMAL_SORTABLE);
    if (status == DRIFTCORE_OK)
        return hash_normal(context, hash);
    if (status == DRIFTCORE_PUNT)
        status = context_parse(context, json, &context->value);
    if (status == DRIFTCORE_OK)
        status = context_hash(context, context->value.nodes, hash);
    return status;
}

enum driftcore_status context_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                                 struct driftcore_slice *normalized,
                                                 char hash[DRIFTCORE_HASH_SIZE])
{
    enum driftcore_status status = normal_read(&context->normal, json, NORMAL_TEXT | NORMAL_SORTABLE);
    *normalized = context->normal.text;
    if (status == DRIFTCORE_OK)
        return hash_normal(context, hash);
    if (status == DRIFTCORE_PUNT)
        status = normalize_tree(context, json, normalized);
    if (status == DRIFTCORE_OK)
        status = context_hash(context, context->value.nodes, hash);
    return status;
}

enum driftcore_status context_read_struct(struct driftcore *context, struct driftcore_slice json)
{
    enum driftcore_status status = normal_read(&context->normal, json, NORMAL_STRUCT);
    if (status != DRIFTCORE_PUNT)
        return status;
    status = context_parse(context, json, &context->value);
    return status == DRIFTCORE_OK ? context_struct_from_tree(context) : status;
}

enum driftcore_status context_join_struct(struct driftcore *context, struct driftcore_slice *bytes)
{
    struct pieces *pieces = &context->normal.pieces;
    if (!pieces_join(pieces))
        return DRIFTCORE_NO_MEMORY;
    *bytes = buffer_slice(&pieces->bytes);
    return DRIFTCORE_OK;
}

/* An export of a text that needs no tree. */
static enum driftcore_status export_normal(struct driftcore *context, struct driftcore_export *result,
                                           struct exported *exported)
{
    *exported = (struct exported){context->normal.outline.nodes, no_merges, context->normal.outline.count};
    result->normalized = context->normal.text;
    return export_hashes(context, exported, true, result);
}

enum driftcore_status context_export_parts(struct driftcore *context, struct driftcore_slice json,
                                           const struct driftcore_slice *merges,
                                           struct driftcore_export *result, struct exported *exported)
{
    unsigned wanted = NORMAL_TEXT | NORMAL_SORTABLE | NORMAL_STRUCT;
    enum driftcore_status status =
        normal_read(&context->normal, json, merges == NULL ? wanted | NORMAL_OUTLINE : wanted);
    bool is_normal = status == DRIFTCORE_OK;
    if (status == DRIFTCORE_NO_MEMORY)
        return status;
    if (is_normal && merges == NULL)
        return export_normal(context, result, exported);
    result->normalized = is_normal ? context->normal.text : (struct driftcore_slice){NULL, 0};
    status = context_parse(context, json, &context->value);
    if (status == DRIFTCORE_OK && merges != NULL)
        status = context_parse(context, *merges, &context->merges);
    if (status == DRIFTCORE_OK)
        status = context_decode(context, &exported->merges, &exported->decoded);
    if (status != DRIFTCORE_OK)
        return status;
    bool shared = exported->decoded == context->value.nodes;
    exported->count = shared ? context->value.count : context->decoded.count;
    status = export_hashes(context, exported, is_normal && shared, result);
    return status == DRIFTCORE_OK && !is_normal ? context_struct_from_tree(context) : status;
}

enum driftcore_status context_export_text(struct driftcore *context, struct driftcore_slice json,
                                          const struct driftcore_slice *merges, struct driftcore_export *result)
{
    struct exported exported;
    enum driftcore_status status = context_export_parts(context, json, merges, result, &exported);
    if (status == DRIFTCORE_OK && result->normalized.size == 0)
        status = context_compact(context->value.nodes, &context->outputs[0], &result->normalized);
    result->decoded = result->normalized;
    if (status == DRIFTCORE_OK && context->decoded.count != 0)
        status = context_compact(context->decoded.nodes, &context->outputs[1], &result->decoded);
    return status;
}

enum driftcore_status context_measure_span(struct driftcore *context, const struct driftcore_span *span,
                                           const struct span_trees *trees, size_t *size)
{
    struct sizes sizes;
    if (!sizes_for(context->value.count, &context->sizes, &sizes))
        return DRIFTCORE_NO_MEMORY;
    return span_measure(span, trees, &sizes, &context->scratch, size, &context->reason);
}

enum driftcore_status context_write_span(struct driftcore *context, const struct driftcore_span *span,
                                         const struct span_trees *trees, char *at)
{
    struct sizes sizes = sizes_start(&context->sizes);
    return span_write(span, trees, &sizes, &context->scratch, at, &context->reason);
}

/* ---- the public calls ---------------------------------------------------- */

static enum driftcore_status begin_with(struct driftcore *context, struct driftcore_slice json)
{
    context_begin(context);
    return context_parse(context, json, &context->value);
}

/*
 * Output belongs to the context, so a normal text that lies in the input is copied, to where
 * the sorted one was until it was hashed: a context holds one of them at a time.
 */
static enum driftcore_status keep_normal(struct driftcore *context, struct driftcore_slice json,
                                         struct driftcore_slice *normalized)
{
    struct buffer *out = &context->sorted;
    uintptr_t at = (uintptr_t)normalized->data, start = (uintptr_t)json.data;
    if (at < start || at > start + json.size)
        return DRIFTCORE_OK;
    out->size = 0;
    if (!buffer_reserve(out, normalized->size))
        return DRIFTCORE_NO_MEMORY;
    memcpy(out->data, normalized->data, normalized->size);
    out->size = normalized->size;
    *normalized = buffer_slice(out);
    return DRIFTCORE_OK;
}

enum driftcore_status driftcore_normalize_json(struct driftcore *context, struct driftcore_slice json,
                                               struct driftcore_slice *normalized)
{
    context_begin(context);
    enum driftcore_status status = context_normalize(context, json, normalized);
    return status == DRIFTCORE_OK ? keep_normal(context, json, normalized) : status;
}

enum driftcore_status driftcore_deterministic_hash(struct driftcore *context, struct driftcore_slice json,
                                                   char hash[DRIFTCORE_HASH_SIZE])
{
    context_begin(context);
    return context_hash_text(context, json, hash);
}

enum driftcore_status driftcore_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                                   struct driftcore_slice *normalized,
                                                   char hash[DRIFTCORE_HASH_SIZE])
{
    context_begin(context);
    enum driftcore_status status = context_normalize_and_hash(context, json, normalized, hash);
    return status == DRIFTCORE_OK ? keep_normal(context, json, normalized) : status;
}

enum driftcore_status driftcore_struct_bytes(struct driftcore *context, struct driftcore_slice json,
                                             struct driftcore_slice *bytes)
{
    context_begin(context);
    enum driftcore_status status = context_read_struct(context, json);
    return status == DRIFTCORE_OK ? context_join_struct(context, bytes) : status;
}

enum driftcore_status driftcore_struct_field_count(struct driftcore *context, struct driftcore_slice json,
                                                   size_t *count)
{
    enum driftcore_status status = begin_with(context, json);
    if (status != DRIFTCORE_OK)
        return status;
    const struct node *value = context->value.nodes;
    *count = value->kind == KIND_OBJECT ? value->size : 0;
    return DRIFTCORE_OK;
}

enum driftcore_status driftcore_process_export_payload(struct driftcore *context, struct driftcore_slice json,
                                                       const struct driftcore_slice *merges,
                                                       struct driftcore_export *result)
{
    context_begin(context);
    enum driftcore_status status = context_export_text(context, json, merges, result);
    if (status != DRIFTCORE_OK)
        return status;
    bool shared = result->decoded.data == result->normalized.data;
    status = keep_normal(context, json, &result->normalized);
    if (shared)
        result->decoded = result->normalized;
    return status == DRIFTCORE_OK ? context_join_struct(context, &result->struct_bytes) : status;
}

/* Append a part's text; its place in the tree, or SIZE_MAX for a part that is not there. */
static enum driftcore_status parse_part(struct driftcore *context, struct driftcore_slice json, size_t *place)
{
    *place = SIZE_MAX;
    if (json.size == 0)
        return DRIFTCORE_OK;
    *place = context->value.count;
    return context_parse(context, json, &context->value);
}

static bool in_enum(int number, int largest)
{
    return number >= 0 && number <= largest;
}

bool context_enums_fit(const struct driftcore_span *span)
{
    return in_enum(span->package_type, DRIFTCORE_LARGEST_PACKAGE_TYPE)
           && in_enum(span->kind, DRIFTCORE_LARGEST_SPAN_KIND)
           && in_enum(span->status_code, DRIFTCORE_LARGEST_STATUS_CODE);
}

enum driftcore_status driftcore_build_span(struct driftcore *context, const struct driftcore_span *span,
                                           struct driftcore_slice *bytes)
{
    context_begin(context);
    if (!context_enums_fit(span))
        return DRIFTCORE_INVALID_ARGUMENT;
    struct driftcore_slice input = span->input_value_json, output = span->output_value_json;
    if (span->input_struct_bytes.size != 0)
        input.size = 0;
    if (span->output_struct_bytes.size != 0)
        output.size = 0;
    const struct driftcore_slice parts[] = {span->input_schema_json, span->output_schema_json, span->metadata_json,
                                            input, output};
    const struct node *roots[5];
    size_t places[5];
    for (size_t i = 0; i < 5; i++) {
        enum driftcore_status status = parse_part(context, parts[i], &places[i]);
        if (status != DRIFTCORE_OK)
            return status;
    }
    for (size_t i = 0; i < 5; i++) {
        roots[i] = places[i] == SIZE_MAX ? NULL : &context->value.nodes[places[i]];
        bool must_be_object = i < 3;
        if (must_be_object && roots[i] != NULL && roots[i]->kind != KIND_OBJECT)
            return DRIFTCORE_INVALID_ARGUMENT;
    }
    struct span_trees trees = {{roots[0], NULL}, {roots[1], NULL}, roots[2], roots[3], roots[4], false};
    struct buffer *out = &context->outputs[0];
    size_t size;
    enum driftcore_status status = context_measure_span(context, span, &trees, &size);
    if (status == DRIFTCORE_OK && !buffer_reserve(out, size))
        status = DRIFTCORE_NO_MEMORY;
    if (status == DRIFTCORE_OK)
        status = context_write_span(context, span, &trees, out->data);
    out->size = size;
    *bytes = buffer_slice(out);
    return status;
}

enum driftcore_status driftcore_build_export_request(struct driftcore *context,
                                                     struct driftcore_slice service_id,
                                                     struct driftcore_slice environment,
                                                     struct driftcore_slice sdk_version,
                                                     struct driftcore_slice instance_id,
                                                     const struct driftcore_slice *spans, size_t count,
                                                     struct driftcore_slice *bytes)
{
    context_begin(context);
    struct request request = {{service_id, environment, sdk_version, instance_id}, spans, count};
    struct buffer *out = &context->outputs[0];
    size_t size;
    enum driftcore_status status = request_measure(&request, &context->scratch, &size, &context->reason);
    if (status != DRIFTCORE_OK)
        return status;
    if (!buffer_reserve(out, size))
        return DRIFTCORE_NO_MEMORY;
    request_write(&request, out->data);
    out->size = size;
    *bytes = buffer_slice(out);
    return DRIFTCORE_OK;
}

static enum driftcore_status verify_as(struct driftcore *context, enum verify_message message,
                                       struct driftcore_slice bytes)
{
    return verify(message, bytes, &context->scratch, &context->reason);
}

enum driftcore_status driftcore_verify_span(struct driftcore *context, struct driftcore_slice bytes)
{
    return verify_as(context, VERIFY_SPAN, bytes);
}

enum driftcore_status driftcore_verify_struct(struct driftcore *context, struct driftcore_slice bytes)
{
    return verify_as(context, VERIFY_STRUCT, bytes);
}

/*
 * Benches of the steps between text, tree and bytes, on each payload.  They reach inside the
 * library, so they are what a change of its inner structure has to change here.
 */
#include "benches.h"
#include "calls.h"
#include "canonical.h"
#include "context.h"
#include "schema.h"
#include "writer.h"

/* Text to tree.  Before the other steps it is the preparation: they find the tree in the context. */
static enum driftcore_status parse(struct driftcore *context, const struct payload *payload)
{
    context_begin(context);
    return context_parse(context, payload->json, &context->value);
}

/* Tree to text, in insertion order. */
static enum driftcore_status write(struct driftcore *context, const struct payload *payload)
{
    struct buffer *out = &context->outputs[0];
    (void)payload;
    out->size = 0;
    return writer_compact(context->value.nodes, out) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
}

/* The same with keys in order: what `write` does not take of it is the sorting. */
static enum driftcore_status sort_and_write(struct driftcore *context, const struct payload *payload)
{
    const struct merges none = {NULL, 0};
    (void)payload;
    context->sorted.size = context->scratch.size = 0;
    return canonical_write(context->value.nodes, &none, &context->sorted, NULL, &context->scratch)
               ? DRIFTCORE_OK
               : DRIFTCORE_NO_MEMORY;
}

/* Keys in order, text, digest. */
static enum driftcore_status hash(struct driftcore *context, const struct payload *payload)
{
    char hex[DRIFTCORE_HASH_SIZE];
    (void)payload;
    return context_hash(context, context->value.nodes, hex);
}

/* Tree to text of the schema. */
static enum driftcore_status schema(struct driftcore *context, const struct payload *payload)
{
    const struct merges none = {NULL, 0};
    (void)payload;
    context->outputs[2].size = 0;
    return schema_write(context->value.nodes, &none, &context->outputs[2]) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
}

/* Tree to google.protobuf.Struct bytes. */
static enum driftcore_status encode_struct(struct driftcore *context, const struct payload *payload)
{
    (void)payload;
    return context_struct_from_tree(context);
}

bool register_tree_stage_benches(void)
{
    static const struct call_bench benches[] = {
        {"stage_parse", parse, NULL},
        {"stage_write", write, parse},
        {"stage_sort_and_write", sort_and_write, parse},
        {"stage_hash", hash, parse},
        {"stage_schema", schema, parse},
        {"stage_struct", encode_struct, parse},
    };
    return register_calls(benches, sizeof(benches) / sizeof(*benches));
}

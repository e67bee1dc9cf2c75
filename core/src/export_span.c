#include "export_span.h"

static const struct driftcore_slice nothing = {NULL, 0};

/* The context of the output's payload, ready to be used; NULL when there is no memory. */
static struct driftcore *second_of(struct driftcore *context)
{
    if (context->second == NULL)
        context->second = driftcore_create(&context->source);
    if (context->second != NULL) {
        driftcore_set_digit_limit(context->second, context->digit_limit, context->digit_limit_state);
        driftcore_set_padding(context->second, context->padding);
        context_begin(context->second);
    }
    return context->second;
}

static enum driftcore_status export(struct driftcore *context, struct driftcore_slice json,
                                    const struct driftcore_slice *merges, struct driftcore_export *result,
                                    struct merges *rules, struct schema_source *schema, size_t *nodes)
{
    struct exported exported = {NULL, {NULL, 0}, 0};
    enum driftcore_status status = context_export_parts(context, json, merges, result, &exported);
    if (status == DRIFTCORE_OK)
        status = context_join_struct(context, &result->struct_bytes);
    result->normalized = result->decoded = nothing;
    *rules = exported.merges;
    *schema = (struct schema_source){exported.decoded, rules};
    *nodes += exported.count;
    return status;
}

static enum driftcore_status read_metadata(struct driftcore *context, struct driftcore_slice json,
                                           const struct node **metadata)
{
    if (json.size == 0)
        return DRIFTCORE_OK;
    enum driftcore_status status = context_parse(context, json, &context->metadata);
    if (status != DRIFTCORE_OK)
        return status;
    *metadata = context->metadata.nodes;
    return (*metadata)->kind == KIND_OBJECT ? DRIFTCORE_OK : DRIFTCORE_INVALID_ARGUMENT;
}

enum driftcore_status export_span_measure(struct driftcore *context, struct export_span *job, size_t *size)
{
    struct driftcore_span *span = &job->span;
    struct driftcore *second = second_of(context);
    if (second == NULL)
        return DRIFTCORE_NO_MEMORY;
    struct span_trees *trees = &job->trees;
    *trees = (struct span_trees){.own_bytes = true};
    size_t nodes = 0;
    enum driftcore_status status =
        export(context, span->input_value_json, job->input_merges, &job->input, &job->input_rules,
               &trees->input_schema, &nodes);
    if (status == DRIFTCORE_OK) {
        status = export(second, span->output_value_json, job->output_merges, &job->output, &job->output_rules,
                        &trees->output_schema, &nodes);
        context->reason = second->reason;
    }
    if (status == DRIFTCORE_OK)
        status = read_metadata(context, span->metadata_json, &trees->metadata);
    if (status != DRIFTCORE_OK)
        return status;

    span->input_schema_hash = (struct driftcore_slice){job->input.schema_hash, DRIFTCORE_HASH_SIZE};
    span->output_schema_hash = (struct driftcore_slice){job->output.schema_hash, DRIFTCORE_HASH_SIZE};
    span->input_value_hash = (struct driftcore_slice){job->input.value_hash, DRIFTCORE_HASH_SIZE};
    span->output_value_hash = (struct driftcore_slice){job->output.value_hash, DRIFTCORE_HASH_SIZE};
    span->input_struct_bytes = job->input.struct_bytes;
    span->output_struct_bytes = job->output.struct_bytes;

    struct sizes sizes;
    if (!sizes_for(nodes + context->metadata.count, &context->sizes, &sizes))
        return DRIFTCORE_NO_MEMORY;
    return span_measure(span, trees, &sizes, &context->scratch, size, &context->reason);
}

enum driftcore_status export_span_write(struct driftcore *context, const struct export_span *job, char *at)
{
    return context_write_span(context, &job->span, &job->trees, at);
}

enum driftcore_status driftcore_export_span(struct driftcore *context, const struct driftcore_span *span,
                                            const struct driftcore_slice *input_merges,
                                            const struct driftcore_slice *output_merges,
                                            struct driftcore_export *input, struct driftcore_export *output,
                                            struct driftcore_slice *bytes)
{
    context_begin(context);
    if (!context_enums_fit(span))
        return DRIFTCORE_INVALID_ARGUMENT;
    struct export_span job = {.span = *span, .input_merges = input_merges, .output_merges = output_merges};
    struct buffer *out = &context->outputs[0];
    size_t size;
    enum driftcore_status status = export_span_measure(context, &job, &size);
    if (status == DRIFTCORE_OK) {
        out->size = 0;
        status = buffer_reserve(out, size) ? export_span_write(context, &job, out->data) : DRIFTCORE_NO_MEMORY;
    }
    if (status != DRIFTCORE_OK)
        return status;
    out->size = size;
    *input = job.input;
    *output = job.output;
    *bytes = buffer_slice(out);
    return DRIFTCORE_OK;
}

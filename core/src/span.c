#include "span.h"

#include "schemapb.h"
#include "verify.h"
#include "wire.h"

enum span_field {
    SPAN_TRACE_ID = 1,
    SPAN_SPAN_ID = 2,
    SPAN_PARENT_SPAN_ID = 3,
    SPAN_NAME = 4,
    SPAN_PACKAGE_NAME = 5,
    SPAN_INSTRUMENTATION_NAME = 6,
    SPAN_SUBMODULE_NAME = 7,
    SPAN_PACKAGE_TYPE = 8,
    SPAN_INPUT_VALUE = 9,
    SPAN_OUTPUT_VALUE = 10,
    SPAN_INPUT_SCHEMA = 11,
    SPAN_OUTPUT_SCHEMA = 12,
    SPAN_INPUT_SCHEMA_HASH = 13,
    SPAN_OUTPUT_SCHEMA_HASH = 14,
    SPAN_INPUT_VALUE_HASH = 15,
    SPAN_OUTPUT_VALUE_HASH = 16,
    SPAN_KIND = 17,
    SPAN_STATUS = 18,
    SPAN_IS_PRE_APP_START = 19,
    SPAN_TIMESTAMP = 20,
    SPAN_DURATION = 21,
    SPAN_IS_ROOT_SPAN = 22,
    SPAN_METADATA = 23,
    SPAN_ENVIRONMENT = 24,
};
enum { STATUS_CODE = 1, STATUS_MESSAGE = 2, TIME_SECONDS = 1, TIME_NANOS = 2, REQUEST_SPANS = 5 };

/* Most of what a span can hold beside its lengths' payloads: tags, lengths, times. */
#define FIXED_PARTS 512

/* A value as Struct bytes that are given, or as an object to encode, or as neither. */
struct value {
    struct driftcore_slice bytes;
    const struct node *object;
    bool skip_null;
};

static struct value value_of(struct driftcore_slice bytes, const struct node *node)
{
    struct value value = {bytes, NULL, false};
    if (bytes.size == 0 && node != NULL && node->kind == KIND_OBJECT)
        value.object = node;
    return value;
}

static enum driftcore_status measure_value(const struct value *value, const struct sizes *sizes, size_t *total,
                                           enum driftcore_punt *reason)
{
    if (value->bytes.size != 0) {
        *reason = verify(VERIFY_STRUCT, value->bytes);
        if (*reason != DRIFTCORE_PUNT_NONE)
            return DRIFTCORE_PUNT;
        return size_add(*total, value->bytes.size, total) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
    }
    if (value->object != NULL) {
        structpb_measure(value->object, value->skip_null, sizes);
        *total += *size_of(sizes, value->object);
    }
    return DRIFTCORE_OK;
}

static char *write_value(const struct value *value, unsigned field, const struct sizes *sizes,
                         struct arena *scratch, char *at, enum driftcore_status *status)
{
    if (at == NULL)
        return NULL;
    if (value->bytes.size != 0)
        return put_bytes(put_delimited_head(at, field, value->bytes.size), value->bytes.data, value->bytes.size);
    if (value->object == NULL || *size_of(sizes, value->object) == 0)
        return at;
    at = put_delimited_head(at, field, *size_of(sizes, value->object));
    return structpb_write(value->object, value->skip_null, sizes, scratch, at, status);
}

static char *write_string(char *at, unsigned field, struct driftcore_slice text)
{
    return text.size == 0 ? at : put_bytes(put_delimited_head(at, field, text.size), text.data, text.size);
}

static char *write_schema(char *at, unsigned field, const struct node *schema, const struct sizes *sizes,
                          struct arena *scratch)
{
    if (schema == NULL)
        return put_delimited_head(at, field, 0);
    at = put_delimited_head(at, field, *size_of(sizes, schema));
    return schemapb_write(schema, sizes, scratch, at);
}

/* A Timestamp or Duration; negative numbers are ten bytes long. */
static char *write_time(char *at, unsigned field, int64_t seconds, int32_t nanos)
{
    uint64_t s = (uint64_t)seconds, n = (uint64_t)(int64_t)nanos;
    size_t size = integer_size(TIME_SECONDS, s) + integer_size(TIME_NANOS, n);
    if (size == 0)
        return at;
    at = put_delimited_head(at, field, size);
    return put_integer(put_integer(at, TIME_SECONDS, s), TIME_NANOS, n);
}

static char *write_status(char *at, int code, struct driftcore_slice message)
{
    size_t size = integer_size(STATUS_CODE, (uint64_t)code) + optional_size(STATUS_MESSAGE, message.size);
    at = put_delimited_head(at, SPAN_STATUS, size);
    return write_string(put_integer(at, STATUS_CODE, (uint64_t)code), STATUS_MESSAGE, message);
}

static enum driftcore_status measure_schema(const struct node *schema, const struct sizes *sizes,
                                            struct arena *scratch, size_t *total, enum driftcore_punt *reason)
{
    if (schema == NULL)
        return DRIFTCORE_OK;
    enum driftcore_status status = schemapb_measure(schema, sizes, scratch, reason);
    if (status == DRIFTCORE_OK)
        *total += *size_of(sizes, schema);
    return status;
}

enum driftcore_status span_write(const struct driftcore_span *span, const struct span_trees *trees,
                                 const struct sizes *sizes, struct arena *scratch, struct buffer *out,
                                 enum driftcore_punt *reason)
{
    struct value input = value_of(span->input_struct_bytes, trees->input_value);
    struct value output = value_of(span->output_struct_bytes, trees->output_value);
    struct value metadata = {.object = trees->metadata, .skip_null = true};
    const struct driftcore_slice *texts[] = {
        &span->trace_id, &span->span_id, &span->parent_span_id, &span->name, &span->package_name,
        &span->instrumentation_name, &span->submodule_name, &span->environment, &span->input_schema_hash,
        &span->output_schema_hash, &span->input_value_hash, &span->output_value_hash, &span->status_message,
    };

    size_t total = FIXED_PARTS;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (!size_add(total, texts[i]->size, &total))
            return DRIFTCORE_NO_MEMORY;
    enum driftcore_status status = measure_value(&input, sizes, &total, reason);
    if (status == DRIFTCORE_OK)
        status = measure_value(&output, sizes, &total, reason);
    if (status == DRIFTCORE_OK)
        status = measure_value(&metadata, sizes, &total, reason);
    if (status == DRIFTCORE_OK)
        status = measure_schema(trees->input_schema, sizes, scratch, &total, reason);
    if (status == DRIFTCORE_OK)
        status = measure_schema(trees->output_schema, sizes, scratch, &total, reason);
    if (status != DRIFTCORE_OK)
        return status;
    if (!buffer_reserve(out, total))
        return DRIFTCORE_NO_MEMORY;

    char *at = out->data + out->size;
    at = write_string(at, SPAN_TRACE_ID, span->trace_id);
    at = write_string(at, SPAN_SPAN_ID, span->span_id);
    at = write_string(at, SPAN_PARENT_SPAN_ID, span->parent_span_id);
    at = write_string(at, SPAN_NAME, span->name);
    at = write_string(at, SPAN_PACKAGE_NAME, span->package_name);
    at = write_string(at, SPAN_INSTRUMENTATION_NAME, span->instrumentation_name);
    at = write_string(at, SPAN_SUBMODULE_NAME, span->submodule_name);
    at = put_integer(at, SPAN_PACKAGE_TYPE, (uint64_t)span->package_type);
    at = write_value(&input, SPAN_INPUT_VALUE, sizes, scratch, at, &status);
    at = write_value(&output, SPAN_OUTPUT_VALUE, sizes, scratch, at, &status);
    if (at == NULL)
        goto failed;
    at = write_schema(at, SPAN_INPUT_SCHEMA, trees->input_schema, sizes, scratch);
    at = write_schema(at, SPAN_OUTPUT_SCHEMA, trees->output_schema, sizes, scratch);
    at = write_string(at, SPAN_INPUT_SCHEMA_HASH, span->input_schema_hash);
    at = write_string(at, SPAN_OUTPUT_SCHEMA_HASH, span->output_schema_hash);
    at = write_string(at, SPAN_INPUT_VALUE_HASH, span->input_value_hash);
    at = write_string(at, SPAN_OUTPUT_VALUE_HASH, span->output_value_hash);
    at = put_integer(at, SPAN_KIND, (uint64_t)span->kind);
    at = write_status(at, span->status_code, span->status_message);
    at = put_integer(at, SPAN_IS_PRE_APP_START, span->is_pre_app_start);
    at = write_time(at, SPAN_TIMESTAMP, span->timestamp_seconds, span->timestamp_nanos);
    at = write_time(at, SPAN_DURATION, span->duration_seconds, span->duration_nanos);
    at = put_integer(at, SPAN_IS_ROOT_SPAN, span->is_root_span);
    at = write_value(&metadata, SPAN_METADATA, sizes, scratch, at, &status);
    if (at == NULL)
        goto failed;
    if (span->has_environment) {
        at = put_delimited_head(at, SPAN_ENVIRONMENT, span->environment.size);
        at = put_bytes(at, span->environment.data, span->environment.size);
    }
    out->size = (size_t)(at - out->data);
    return DRIFTCORE_OK;

failed:
    if (status == DRIFTCORE_PUNT)
        *reason = DRIFTCORE_PUNT_OVERFLOW;
    return status;
}

enum driftcore_status request_measure(const struct request *request, size_t *size, enum driftcore_punt *reason)
{
    *size = 0;
    for (unsigned i = 0; i < 4; i++)
        if (!size_add(*size, optional_size(i + 1, request->header[i].size), size))
            return DRIFTCORE_NO_MEMORY;
    for (size_t i = 0; i < request->count; i++) {
        *reason = verify(VERIFY_SPAN, request->spans[i]);
        if (*reason != DRIFTCORE_PUNT_NONE)
            return DRIFTCORE_PUNT;
        if (!size_add(*size, delimited_size(REQUEST_SPANS, request->spans[i].size), size))
            return DRIFTCORE_NO_MEMORY;
    }
    return DRIFTCORE_OK;
}

char *request_write(const struct request *request, char *at)
{
    for (unsigned i = 0; i < 4; i++)
        at = write_string(at, i + 1, request->header[i]);
    for (size_t i = 0; i < request->count; i++) {
        const struct driftcore_slice *span = &request->spans[i];
        at = put_bytes(put_delimited_head(at, REQUEST_SPANS, span->size), span->data, span->size);
    }
    return at;
}

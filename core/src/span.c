#include "span.h"

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

/* ---- parts -------------------------------------------------------------- */

static size_t string_size(unsigned field, struct driftcore_slice text)
{
    return optional_size(field, text.size);
}

static char *write_string(char *at, unsigned field, struct driftcore_slice text)
{
    return text.size == 0 ? at : put_bytes(put_delimited_head(at, field, text.size), text.data, text.size);
}

/* A Timestamp or Duration; negative numbers are ten bytes long. */
static size_t time_content(int64_t seconds, int32_t nanos)
{
    return integer_size(TIME_SECONDS, (uint64_t)seconds) + integer_size(TIME_NANOS, (uint64_t)(int64_t)nanos);
}

static char *write_time(char *at, unsigned field, int64_t seconds, int32_t nanos)
{
    size_t size = time_content(seconds, nanos);
    if (size == 0)
        return at;
    at = put_delimited_head(at, field, size);
    return put_integer(put_integer(at, TIME_SECONDS, (uint64_t)seconds), TIME_NANOS, (uint64_t)(int64_t)nanos);
}

static size_t status_content(const struct driftcore_span *span)
{
    return integer_size(STATUS_CODE, (uint64_t)span->status_code) + string_size(STATUS_MESSAGE, span->status_message);
}

/* The object whose Struct stands for a value, where that is not given as bytes. */
static const struct node *value_object(struct driftcore_slice bytes, const struct node *node)
{
    return bytes.size == 0 && node != NULL && node->kind == KIND_OBJECT ? node : NULL;
}

/* A field whose message is left out when empty. */
static enum driftcore_status measure_value(unsigned field, struct driftcore_slice bytes,
                                           const struct node *node, struct sizes *sizes, size_t *total)
{
    const struct node *object = value_object(bytes, node);
    size_t size = object == NULL ? bytes.size : structpb_measure(object, field == SPAN_METADATA, sizes);
    return size_add(*total, optional_size(field, size), total) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
}

static char *write_value(char *at, unsigned field, struct driftcore_slice bytes, const struct node *node,
                         struct sizes *sizes, enum driftcore_status *status)
{
    const struct node *object = value_object(bytes, node);
    if (at == NULL || object == NULL)
        return at == NULL ? NULL : write_string(at, field, bytes);
    if (*sizes->next != 0)
        at = put_delimited_head(at, field, *sizes->next);
    return structpb_write(object, field == SPAN_METADATA, sizes, at, status);
}

/* A schema is there even when it is empty. */
static enum driftcore_status measure_schema(unsigned field, const struct schema_source *schema,
                                            struct sizes *sizes, struct buffer *open, size_t *total,
                                            enum driftcore_punt *reason)
{
    size_t size;
    enum driftcore_status status = schemapb_measure(schema, sizes, open, &size, reason);
    *total += delimited_size(field, size);
    return status;
}

static char *write_schema(char *at, unsigned field, const struct schema_source *schema, struct sizes *sizes,
                          struct buffer *open)
{
    at = put_delimited_head(at, field, schema->node == NULL ? 0 : *sizes->next);
    return schemapb_write(schema, sizes, open, at);
}

/* ---- spans -------------------------------------------------------------- */

/* All parts that are neither a value nor a schema.  Texts lie in memory, so their sizes do not overflow. */
static size_t plain_size(const struct driftcore_span *span)
{
    size_t size = string_size(SPAN_TRACE_ID, span->trace_id) + string_size(SPAN_SPAN_ID, span->span_id)
                  + string_size(SPAN_PARENT_SPAN_ID, span->parent_span_id) + string_size(SPAN_NAME, span->name)
                  + string_size(SPAN_PACKAGE_NAME, span->package_name)
                  + string_size(SPAN_INSTRUMENTATION_NAME, span->instrumentation_name)
                  + string_size(SPAN_SUBMODULE_NAME, span->submodule_name)
                  + string_size(SPAN_INPUT_SCHEMA_HASH, span->input_schema_hash)
                  + string_size(SPAN_OUTPUT_SCHEMA_HASH, span->output_schema_hash)
                  + string_size(SPAN_INPUT_VALUE_HASH, span->input_value_hash)
                  + string_size(SPAN_OUTPUT_VALUE_HASH, span->output_value_hash);
    size += integer_size(SPAN_PACKAGE_TYPE, (uint64_t)span->package_type);
    size += integer_size(SPAN_KIND, (uint64_t)span->kind);
    size += integer_size(SPAN_IS_PRE_APP_START, span->is_pre_app_start);
    size += integer_size(SPAN_IS_ROOT_SPAN, span->is_root_span);
    size += delimited_size(SPAN_STATUS, status_content(span));
    size += optional_size(SPAN_TIMESTAMP, time_content(span->timestamp_seconds, span->timestamp_nanos));
    size += optional_size(SPAN_DURATION, time_content(span->duration_seconds, span->duration_nanos));
    return span->has_environment ? size + delimited_size(SPAN_ENVIRONMENT, span->environment.size) : size;
}

static const struct driftcore_slice no_bytes = {NULL, 0};

enum driftcore_status span_measure(const struct driftcore_span *span, const struct span_trees *trees,
                                   struct sizes *sizes, struct buffer *open, size_t *size,
                                   enum driftcore_punt *reason)
{
    enum driftcore_status status = DRIFTCORE_OK;
    *size = plain_size(span);
    if (!trees->own_bytes)
        status = verify(VERIFY_STRUCT, span->input_struct_bytes, open, reason);
    if (status == DRIFTCORE_OK && !trees->own_bytes)
        status = verify(VERIFY_STRUCT, span->output_struct_bytes, open, reason);
    /* In the order of writing, since that is the order in which sizes are read. */
    if (status == DRIFTCORE_OK)
        status = measure_value(SPAN_INPUT_VALUE, span->input_struct_bytes, trees->input_value, sizes, size);
    if (status == DRIFTCORE_OK)
        status = measure_value(SPAN_OUTPUT_VALUE, span->output_struct_bytes, trees->output_value, sizes, size);
    if (status == DRIFTCORE_OK)
        status = measure_schema(SPAN_INPUT_SCHEMA, &trees->input_schema, sizes, open, size, reason);
    if (status == DRIFTCORE_OK)
        status = measure_schema(SPAN_OUTPUT_SCHEMA, &trees->output_schema, sizes, open, size, reason);
    if (status == DRIFTCORE_OK)
        status = measure_value(SPAN_METADATA, no_bytes, trees->metadata, sizes, size);
    return status;
}

enum driftcore_status span_write(const struct driftcore_span *span, const struct span_trees *trees,
                                 struct sizes *sizes, struct buffer *open, char *at,
                                 enum driftcore_punt *reason)
{
    enum driftcore_status status = DRIFTCORE_OK;
    at = write_string(at, SPAN_TRACE_ID, span->trace_id);
    at = write_string(at, SPAN_SPAN_ID, span->span_id);
    at = write_string(at, SPAN_PARENT_SPAN_ID, span->parent_span_id);
    at = write_string(at, SPAN_NAME, span->name);
    at = write_string(at, SPAN_PACKAGE_NAME, span->package_name);
    at = write_string(at, SPAN_INSTRUMENTATION_NAME, span->instrumentation_name);
    at = write_string(at, SPAN_SUBMODULE_NAME, span->submodule_name);
    at = put_integer(at, SPAN_PACKAGE_TYPE, (uint64_t)span->package_type);
    at = write_value(at, SPAN_INPUT_VALUE, span->input_struct_bytes, trees->input_value, sizes, &status);
    at = write_value(at, SPAN_OUTPUT_VALUE, span->output_struct_bytes, trees->output_value, sizes, &status);
    if (at == NULL)
        goto failed;
    at = write_schema(at, SPAN_INPUT_SCHEMA, &trees->input_schema, sizes, open);
    at = write_schema(at, SPAN_OUTPUT_SCHEMA, &trees->output_schema, sizes, open);
    at = write_string(at, SPAN_INPUT_SCHEMA_HASH, span->input_schema_hash);
    at = write_string(at, SPAN_OUTPUT_SCHEMA_HASH, span->output_schema_hash);
    at = write_string(at, SPAN_INPUT_VALUE_HASH, span->input_value_hash);
    at = write_string(at, SPAN_OUTPUT_VALUE_HASH, span->output_value_hash);
    at = put_integer(at, SPAN_KIND, (uint64_t)span->kind);
    at = put_delimited_head(at, SPAN_STATUS, status_content(span));
    at = put_integer(at, STATUS_CODE, (uint64_t)span->status_code);
    at = write_string(at, STATUS_MESSAGE, span->status_message);
    at = put_integer(at, SPAN_IS_PRE_APP_START, span->is_pre_app_start);
    at = write_time(at, SPAN_TIMESTAMP, span->timestamp_seconds, span->timestamp_nanos);
    at = write_time(at, SPAN_DURATION, span->duration_seconds, span->duration_nanos);
    at = put_integer(at, SPAN_IS_ROOT_SPAN, span->is_root_span);
    at = write_value(at, SPAN_METADATA, no_bytes, trees->metadata, sizes, &status);
    if (at == NULL)
        goto failed;
    if (span->has_environment) {
        at = put_delimited_head(at, SPAN_ENVIRONMENT, span->environment.size);
        put_bytes(at, span->environment.data, span->environment.size);
    }
    return DRIFTCORE_OK;

failed:
    if (status == DRIFTCORE_PUNT)
        *reason = DRIFTCORE_PUNT_OVERFLOW;
    return status;
}

/* ---- requests ----------------------------------------------------------- */

/* All spans are verified first: to copy each right after it was verified is not faster, measured. */
enum driftcore_status request_measure(const struct request *request, struct buffer *open, size_t *size,
                                      enum driftcore_punt *reason)
{
    *size = 0;
    for (unsigned i = 0; i < 4; i++)
        if (!size_add(*size, optional_size(i + 1, request->header[i].size), size))
            return DRIFTCORE_NO_MEMORY;
    for (size_t i = 0; i < request->count; i++) {
        enum driftcore_status status = verify(VERIFY_SPAN, request->spans[i], open, reason);
        if (status != DRIFTCORE_OK)
            return status;
        if (!size_add(*size, delimited_size(REQUEST_SPANS, request->spans[i].size), size))
            return DRIFTCORE_NO_MEMORY;
    }
    return DRIFTCORE_OK;
}

void request_write(const struct request *request, char *at)
{
    for (unsigned i = 0; i < 4; i++)
        at = write_string(at, i + 1, request->header[i]);
    for (size_t i = 0; i < request->count; i++) {
        const struct driftcore_slice *span = &request->spans[i];
        at = put_delimited_head(at, REQUEST_SPANS, span->size);
        if (span->size != 0)
            memcpy(at, span->data, span->size);
        at += span->size;
    }
}

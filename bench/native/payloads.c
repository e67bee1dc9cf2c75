#include "payloads.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text that is written piece by piece.  A bench without memory has nothing to measure: it ends. */
struct text {
    char *data;
    size_t size, capacity;
};

static void append(struct text *text, const char *format, ...)
{
    const size_t longest = 1024;
    if (text->capacity - text->size < longest) {
        text->capacity = 2 * text->capacity + longest;
        text->data = realloc(text->data, text->capacity);
        if (text->data == NULL)
            abort();
    }
    va_list values;
    va_start(values, format);
    const int written = vsnprintf(text->data + text->size, longest, format, values);
    va_end(values);
    if (written < 0 || (size_t)written >= longest)
        abort();
    text->size += (size_t)written;
}

static struct driftcore_slice literal(const char *text)
{
    return (struct driftcore_slice){text, strlen(text)};
}

static struct driftcore_slice copy(struct driftcore_slice slice)
{
    char *data = malloc(slice.size + 1);
    if (data == NULL)
        abort();
    memcpy(data, slice.data, slice.size);
    return (struct driftcore_slice){data, slice.size};
}

static struct driftcore_slice request_json(void)
{
    return literal("{\"method\":\"POST\",\"url\":\"/api/v1/orders?currency=EUR\",\"headers\":{\"host\":"
                   "\"shop.example\",\"accept\":\"application/json\",\"content-type\":\"application/json\","
                   "\"user-agent\":\"python-requests/2.32\",\"x-request-id\":\"5b1f7c1e-2a90-4c0c-9a53\"},"
                   "\"body\":{\"customer\":4711,\"lines\":[{\"sku\":\"A-100\",\"amount\":2,\"price\":19.9},"
                   "{\"sku\":\"B-7\",\"amount\":1,\"price\":4.25}],\"express\":false,\"voucher\":null}}");
}

/* Objects of ten mixed fields until the text has `size` bytes. */
static struct driftcore_slice rows_json(size_t size)
{
    struct text text = {0};
    append(&text, "{\"rows\":[");
    for (unsigned i = 0; text.size < size; i++)
        append(&text,
               "%s{\"id\":%u,\"sku\":\"A-%05u\",\"name\":\"Garden chair \\\"No. %u\\\"\",\"price\":%u.%02u,"
               "\"weight\":%u.%u,\"in_stock\":%s,\"discount\":null,\"tags\":[\"garden\",\"wood\"],"
               "\"created\":\"2026-01-%02uT08:%02u:00Z\",\"size\":{\"w\":%u,\"h\":%u}}",
               i == 0 ? "" : ",", 100000 + i, i, i, 10 + i % 90, i % 100, i % 7, 5 + i % 3,
               i % 3 ? "true" : "false", 1 + i % 28, i % 60, 40 + i % 20, 80 + i % 30);
    append(&text, "]}");
    while (text.size % 3 != 0) /* whole groups, for base64 */
        append(&text, "\n");
    return (struct driftcore_slice){text.data, text.size};
}

static struct driftcore_slice numbers_json(size_t size)
{
    struct text text = {0};
    append(&text, "{\"values\":[0");
    for (unsigned long long i = 1; text.size < size; i++) {
        const unsigned long long mixed = i * 0x9E3779B97F4A7C15u;
        append(&text, i % 4 ? ",%.17g" : ",%.0f", (double)(mixed >> 11) / (i % 2 ? 9.0e15 : 7.0e12));
    }
    append(&text, "]}");
    return (struct driftcore_slice){text.data, text.size};
}

static struct driftcore_slice text_json(size_t size)
{
    struct text text = {0};
    append(&text, "{\"text\":\"");
    while (text.size < size)
        append(&text, "All work and no play makes Jack a dull boy.\\n\\tHe said \\\"so\\\"; then we left. ");
    append(&text, "\"}");
    return (struct driftcore_slice){text.data, text.size};
}

/* A base64 body that holds JSON, as an instrumentation hands it over. */
static struct driftcore_slice merged_json(size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct driftcore_slice body = rows_json(size / 4 * 3);
    struct text text = {0};
    append(&text, "{\"body\":\"");
    for (size_t i = 0; i < body.size; i += 3) {
        const unsigned long group = (unsigned long)(unsigned char)body.data[i] << 16 |
                                    (unsigned long)(unsigned char)body.data[i + 1] << 8 |
                                    (unsigned char)body.data[i + 2];
        append(&text, "%c%c%c%c", digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63],
               digits[group & 63]);
    }
    append(&text, "\",\"headers\":{\"content-type\":\"application/json\"}}");
    free((char *)body.data);
    return (struct driftcore_slice){text.data, text.size};
}

/* Fill in what the library makes of a payload. */
static bool complete(struct payload *payload, struct driftcore *context)
{
    struct driftcore_export export;
    const struct driftcore_slice *merges = payload->merges.size ? &payload->merges : NULL;
    if (driftcore_process_export_payload(context, payload->json, merges, &export) != DRIFTCORE_OK)
        return false;
    const struct driftcore_slice schema = copy(export.schema);
    const struct driftcore_slice hash = copy((struct driftcore_slice){export.value_hash, DRIFTCORE_HASH_SIZE});
    payload->struct_bytes = copy(export.struct_bytes);
    payload->span = (struct driftcore_span){
        .trace_id = literal("c01365247ea02244d8ac1d9b6f292a79"),
        .span_id = literal("770f098a51c05893"),
        .parent_span_id = literal("5a1c05893770f098"),
        .name = literal("POST /api/v1/orders"),
        .package_name = literal("flask"),
        .instrumentation_name = literal("FlaskInstrumentation"),
        .submodule_name = literal("POST"),
        .package_type = 1,
        .has_environment = true,
        .environment = literal("production"),
        .kind = 2,
        .input_schema_json = schema,
        .output_schema_json = schema,
        .input_schema_hash = hash,
        .output_schema_hash = hash,
        .input_value_hash = hash,
        .output_value_hash = hash,
        .status_code = 1,
        .is_root_span = true,
        .timestamp_seconds = 1767225600,
        .timestamp_nanos = 7654321,
        .duration_nanos = 7654321,
        .input_value_json = payload->json,
        .output_value_json = literal("{\"statusCode\":200}"),
    };
    struct driftcore_slice span;
    if (driftcore_build_span(context, &payload->span, &span) != DRIFTCORE_OK)
        return false;
    payload->span_bytes = copy(span);
    for (size_t i = 0; i < PAYLOADS_REQUEST_SPANS; i++)
        payload->request[i] = payload->span_bytes;
    return true;
}

static bool complete_all(struct payload *payloads, size_t count)
{
    struct driftcore *context = driftcore_create(NULL);
    bool good = context != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = complete(&payloads[i], context);
    driftcore_destroy(context);
    return good;
}

const struct payload *payloads(size_t *count)
{
    enum { COUNT = 7 };
    static struct payload all[COUNT];
    *count = COUNT;
    if (all[0].name != NULL)
        return all;
    struct payload made[COUNT] = {
        {.name = "one-member", .json = literal("{\"a\":1}")},
        {.name = "http-0.4k", .json = request_json()},
        {.name = "rows-4k", .json = rows_json(4000)},
        {.name = "merges-8k",
         .json = merged_json(8000),
         .merges = literal("{\"body\":{\"encoding\":1,\"decoded_type\":1},\"headers\":{\"match_importance\":0.5}}")},
        {.name = "numbers-20k", .json = numbers_json(20000)},
        {.name = "text-64k", .json = text_json(64000)},
        {.name = "rows-92k", .json = rows_json(92000)},
    };
    if (!complete_all(made, COUNT))
        return NULL;
    memcpy(all, made, sizeof(made));
    return all;
}

const struct payload *ladder(void)
{
    static struct payload all[PAYLOADS_RUNGS];
    if (all[0].name != NULL)
        return all;
    struct payload made[PAYLOADS_RUNGS];
    for (size_t i = 0, size = 1024; i < PAYLOADS_RUNGS; i++, size *= 4)
        made[i] = (struct payload){.name = "rows", .json = rows_json(size)};
    if (!complete_all(made, PAYLOADS_RUNGS))
        return NULL;
    memcpy(all, made, sizeof(made));
    return all;
}

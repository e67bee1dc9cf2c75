#include "calls.h"

#include <stdlib.h>

static struct text json_text, merges_text, treeless_text;

void calls_release(void)
{
    free(json_text.data);
    free(merges_text.data);
    free(treeless_text.data);
    json_text = merges_text = treeless_text = (struct text){0};
}

/*
 * Many keys and repeated ones, nesting, escapes, and a number just past the middle of
 * two doubles, with digits enough that the reader asks the C library for it.
 */
static struct driftcore_slice rich_json(void)
{
    if (json_text.size != 0)
        return text_slice(&json_text);
    text_put(&json_text,
             "{\"long\":9007199254740993.0000000000000000000000000001,\"k\":\"eyJhIjpbMSwiXHUwMGU5Il19\",");
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 40; i++) {
            char key[] = "\"\\n00\":{\"b\":[1.50,\"\\u00e9\"],\"a\":{}},";
            key[3] = (char)('0' + i / 10);
            key[4] = (char)('0' + i % 10);
            text_put(&json_text, key);
        }
    text_put(&json_text, "\"text\":\"");
    text_repeat(&json_text, "\\u0001", 1000);
    text_put(&json_text, "\",\"z\":0}");
    return text_slice(&json_text);
}

static struct driftcore_slice rich_merges(void)
{
    if (merges_text.size != 0)
        return text_slice(&merges_text);
    text_put(&merges_text, "{\"k\":{\"encoding\":1,\"decoded_type\":1},\"z\":{\"match_importance\":"
                      "9007199254740993.0000000000000000000000000001},\"text\":{\"encoding\":1}");
    for (int i = 0; i < 40; i++) {
        char key[] = ",\"a00\":{}";
        key[3] = (char)('0' + i / 10);
        key[4] = (char)('0' + i % 10);
        text_put(&merges_text, key);
    }
    text_put(&merges_text, "}");
    return text_slice(&merges_text);
}

static void answer_slice(struct text *answer, struct driftcore_slice slice)
{
    text_add(answer, slice.data, slice.size);
    text_put(answer, "|");
}

static enum driftcore_status normalize(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice normalized;
    enum driftcore_status status = driftcore_normalize_json(context, rich_json(), &normalized);
    if (status == DRIFTCORE_OK)
        answer_slice(answer, normalized);
    return status;
}

static enum driftcore_status hash(struct driftcore *context, struct text *answer)
{
    char digits[DRIFTCORE_HASH_SIZE];
    enum driftcore_status status = driftcore_deterministic_hash(context, rich_json(), digits);
    if (status == DRIFTCORE_OK)
        text_add(answer, digits, sizeof(digits));
    return status;
}

enum driftcore_status call_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                              struct text *answer)
{
    char digits[DRIFTCORE_HASH_SIZE];
    struct driftcore_slice normalized;
    enum driftcore_status status = driftcore_normalize_and_hash(context, json, &normalized, digits);
    if (status == DRIFTCORE_OK) {
        answer_slice(answer, normalized);
        text_add(answer, digits, sizeof(digits));
    }
    return status;
}

static enum driftcore_status normalize_and_hash(struct driftcore *context, struct text *answer)
{
    return call_normalize_and_hash(context, rich_json(), answer);
}

enum driftcore_status call_struct_bytes(struct driftcore *context, struct driftcore_slice json,
                                        struct text *answer)
{
    struct driftcore_slice bytes;
    enum driftcore_status status = driftcore_struct_bytes(context, json, &bytes);
    if (status == DRIFTCORE_OK)
        answer_slice(answer, bytes);
    return status;
}

static enum driftcore_status struct_bytes(struct driftcore *context, struct text *answer)
{
    return call_struct_bytes(context, rich_json(), answer);
}

static enum driftcore_status field_count(struct driftcore *context, struct text *answer)
{
    size_t count;
    enum driftcore_status status = driftcore_struct_field_count(context, rich_json(), &count);
    if (status == DRIFTCORE_OK)
        text_add(answer, (const char *)&count, sizeof(count));
    return status;
}

enum driftcore_status call_export(struct driftcore *context, struct driftcore_slice json,
                                  const struct driftcore_slice *merges, struct text *answer)
{
    struct driftcore_export result;
    enum driftcore_status status = driftcore_process_export_payload(context, json, merges, &result);
    if (status == DRIFTCORE_OK) {
        answer_slice(answer, result.normalized);
        answer_slice(answer, result.decoded);
        answer_slice(answer, result.schema);
        answer_slice(answer, result.struct_bytes);
        text_add(answer, result.value_hash, sizeof(result.value_hash));
        text_add(answer, result.schema_hash, sizeof(result.schema_hash));
    }
    return status;
}

static enum driftcore_status export_plain(struct driftcore *context, struct text *answer)
{
    return call_export(context, rich_json(), NULL, answer);
}

static enum driftcore_status export_merged(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice merges = rich_merges();
    return call_export(context, rich_json(), &merges, answer);
}

/*
 * The same for a text that needs no tree: unsorted keys, alike objects and others, blanks,
 * escapes and floats that change, and a float that grows.
 */
static struct driftcore_slice treeless_json(void)
{
    if (treeless_text.size != 0)
        return text_slice(&treeless_text);
    text_put(&treeless_text, " {\"rows\" : [");
    for (int i = 0; i < 60; i++) {
        text_put(&treeless_text, i % 7 == 0 ? "{\"z\":[],\"b\":1.50, \"a\":{\"y\":\"\\u00e9\",\"x\":null}},"
                                            : "{\"b\":2e15,\"a\":{\"y\":\"\\/\",\"x\":true}},");
    }
    text_put(&treeless_text, "0.1]");
    for (int i = 59; i >= 0; i--) {
        char key[] = ",\"k00\": [-0,\"\"]";
        key[3] = (char)('0' + i / 10);
        key[4] = (char)('0' + i % 10);
        text_put(&treeless_text, key);
    }
    text_put(&treeless_text, ",\"text\":\"");
    text_repeat(&treeless_text, "\\\"plain\\n", 300);
    text_put(&treeless_text, "\"} ");
    return text_slice(&treeless_text);
}

static enum driftcore_status treeless_normalize(struct driftcore *context, struct text *answer)
{
    return call_normalize_and_hash(context, treeless_json(), answer);
}

static enum driftcore_status treeless_struct(struct driftcore *context, struct text *answer)
{
    return call_struct_bytes(context, treeless_json(), answer);
}

/* Heads take more room than the text they came from, so that joining grows. */
static enum driftcore_status struct_of_empty_objects(struct driftcore *context, struct text *answer)
{
    struct text json = {0};
    text_put(&json, "{\"a\":[");
    text_repeat(&json, "{},", 200);
    text_put(&json, "{}]}");
    enum driftcore_status status = call_struct_bytes(context, text_slice(&json), answer);
    free(json.data);
    return status;
}

static enum driftcore_status treeless_export(struct driftcore *context, struct text *answer)
{
    return call_export(context, treeless_json(), NULL, answer);
}

static enum driftcore_status build(struct driftcore *context, const struct driftcore_span *span,
                                   struct text *answer)
{
    struct driftcore_slice bytes;
    enum driftcore_status status = driftcore_build_span(context, span, &bytes);
    if (status == DRIFTCORE_OK)
        answer_slice(answer, bytes);
    return status;
}

static enum driftcore_status span_of_values(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {
        .name = SLICE("n"),
        .has_environment = true,
        .input_schema_json = SLICE("{\"type\":6,\"properties\":{\"a\":{\"match_importance\":"
                                   "9007199254740993.0000000000000000000000000001},\"a\":{\"type\":1}}}"),
        .output_schema_json =
            SLICE("{\"items\":{\"match_importance\":9007199254740993.0000000000000000000000000001}}"),
        .metadata_json = rich_json(),
        .input_value_json = rich_json(),
        .output_value_json = rich_json(),
    };
    return build(context, &span, answer);
}

static enum driftcore_status span_of_bytes(struct driftcore *context, struct text *answer)
{
    static const char bytes[] = "\x0a\x07\x0a\x01k\x12\x02\x20\x01";
    struct driftcore_span span = {.input_struct_bytes = SLICE(bytes), .output_struct_bytes = SLICE(bytes)};
    return build(context, &span, answer);
}

enum driftcore_status call_export_span(struct driftcore *context, struct driftcore_slice json,
                                       const struct driftcore_slice *merges, struct text *answer)
{
    struct driftcore_span span = {
        .name = SLICE("n"), .metadata_json = json, .input_value_json = json, .output_value_json = json};
    struct driftcore_slice bytes;
    struct driftcore_export input, output;
    enum driftcore_status status = driftcore_export_span(context, &span, merges, NULL, &input, &output, &bytes);
    if (status == DRIFTCORE_OK) {
        answer_slice(answer, bytes);
        answer_slice(answer, input.schema);
        answer_slice(answer, input.struct_bytes);
        answer_slice(answer, output.schema);
        answer_slice(answer, output.struct_bytes);
        text_add(answer, input.value_hash, sizeof(input.value_hash));
        text_add(answer, input.schema_hash, sizeof(input.schema_hash));
        text_add(answer, output.value_hash, sizeof(output.value_hash));
        text_add(answer, output.schema_hash, sizeof(output.schema_hash));
    }
    return status;
}

static enum driftcore_status export_span(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice merges = rich_merges();
    return call_export_span(context, rich_json(), &merges, answer);
}

static enum driftcore_status request(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice spans[200], bytes;
    for (size_t i = 0; i < COUNT(spans); i++)
        spans[i] = SLICE("\x0a\x05trace\x5a\x00\x62\x00\x92\x01\x00");
    enum driftcore_status status = driftcore_build_export_request(context, SLICE("s"), SLICE("e"), SLICE("v"),
                                                                  SLICE("i"), spans, COUNT(spans), &bytes);
    if (status == DRIFTCORE_OK)
        answer_slice(answer, bytes);
    return status;
}

static enum driftcore_status verify_good(struct driftcore *context, struct text *answer)
{
    (void)answer;
    return driftcore_verify_span(context, SLICE("\x0a\x05trace"));
}

/* ---- calls that do not end well ------------------------------------------------ */

static enum driftcore_status bad_syntax(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice json = rich_json();
    (void)answer;
    return driftcore_normalize_json(context, (struct driftcore_slice){json.data, json.size - 1}, &json);
}

static enum driftcore_status lone_surrogate(struct driftcore *context, struct text *answer)
{
    char digits[DRIFTCORE_HASH_SIZE];
    (void)answer;
    return driftcore_deterministic_hash(context, SLICE("{\"a\":1,\"b\":[\"\\n\\ud800\"]}"), digits);
}

static enum driftcore_status too_deep(struct driftcore *context, struct text *answer)
{
    struct text json = {0};
    struct driftcore_slice bytes;
    (void)answer;
    text_repeat(&json, "[", DRIFTCORE_MAX_DEPTH + 1);
    enum driftcore_status status = driftcore_struct_bytes(context, text_slice(&json), &bytes);
    free(json.data);
    return status;
}

static enum driftcore_status too_large(struct driftcore *context, struct text *answer)
{
    struct text json = {0};
    struct driftcore_slice bytes;
    (void)answer;
    text_put(&json, "{\"a\":1");
    text_repeat(&json, "0", 400);
    text_put(&json, "}");
    enum driftcore_status status = driftcore_struct_bytes(context, text_slice(&json), &bytes);
    free(json.data);
    return status;
}

static enum driftcore_status bad_merges(struct driftcore *context, struct text *answer)
{
    struct driftcore_slice merges = SLICE("{\"a\":{},\"b\":{\"encoding\":7}}");
    return call_export(context, rich_json(), &merges, answer);
}

static enum driftcore_status bad_schema(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {.output_schema_json =
                                      SLICE("{\"properties\":{\"a\":{\"match_importance\":\"x\"}}}")};
    return build(context, &span, answer);
}

static enum driftcore_status bad_struct_bytes(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {.metadata_json = rich_json(), .output_struct_bytes = SLICE("\x0a")};
    return build(context, &span, answer);
}

static enum driftcore_status bad_enum(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {.kind = 99, .metadata_json = rich_json()};
    return build(context, &span, answer);
}

static enum driftcore_status bad_output(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {.input_value_json = rich_json(), .output_value_json = SLICE("{\"a\":1")};
    struct driftcore_export input, output;
    struct driftcore_slice bytes;
    (void)answer;
    return driftcore_export_span(context, &span, NULL, NULL, &input, &output, &bytes);
}

static enum driftcore_status bad_metadata(struct driftcore *context, struct text *answer)
{
    struct driftcore_span span = {
        .input_value_json = rich_json(), .output_value_json = rich_json(), .metadata_json = SLICE("[1]")};
    struct driftcore_export input, output;
    struct driftcore_slice bytes;
    (void)answer;
    return driftcore_export_span(context, &span, NULL, NULL, &input, &output, &bytes);
}

const struct call calls[CALLS] = {
    {"normalize_json", normalize, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"deterministic_hash", hash, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"normalize_and_hash", normalize_and_hash, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"struct_bytes", struct_bytes, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"struct_field_count", field_count, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"process_export_payload", export_plain, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"process_export_payload with merges", export_merged, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"normalize_and_hash without a tree", treeless_normalize, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"struct_bytes without a tree", treeless_struct, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"struct_bytes of empty objects", struct_of_empty_objects, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"process_export_payload without a tree", treeless_export, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"build_span", span_of_values, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"build_span of struct bytes", span_of_bytes, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"export_span", export_span, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"build_export_request", request, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"verify_span", verify_good, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    {"bad syntax", bad_syntax, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SYNTAX},
    {"lone surrogate", lone_surrogate, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SURROGATE},
    {"too deep", too_deep, DRIFTCORE_PUNT, DRIFTCORE_PUNT_DEPTH},
    {"too large", too_large, DRIFTCORE_PUNT, DRIFTCORE_PUNT_OVERFLOW},
    {"bad merges", bad_merges, DRIFTCORE_PUNT, DRIFTCORE_PUNT_MERGES},
    {"bad schema", bad_schema, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SCHEMA},
    {"bad struct bytes", bad_struct_bytes, DRIFTCORE_PUNT, DRIFTCORE_PUNT_MALFORMED},
    {"bad enum", bad_enum, DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE},
    {"bad output", bad_output, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SYNTAX},
    {"bad metadata", bad_metadata, DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE},
};

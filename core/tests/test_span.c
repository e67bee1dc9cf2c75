/*
 * Span and ExportSpansRequest bytes, unpacked by protobuf-c and compared with the
 * message that protobuf-c makes of the same fields.
 */
#include "messages.h"

#include <stdlib.h>

typedef Tusk__Drift__Core__V1__Span Span;

static struct driftcore_slice build(struct driftcore *context, const struct driftcore_span *span)
{
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_build_span(context, span, &bytes), DRIFTCORE_OK);
    assert_int_equal(driftcore_verify_span(context, bytes), DRIFTCORE_OK);
    return bytes;
}

/* ---- the same span, made by protobuf-c ---------------------------------------- */

static void *allocated(size_t size)
{
    void *memory = malloc(size);
    assert_non_null(memory);
    return memory;
}

static void set_string(char **field, struct driftcore_slice text)
{
    if (text.size != 0)
        *field = string_copy(text);
}

/* The Struct of a JSON text, or of bytes when there are any; NULL for an empty one. */
static Google__Protobuf__Struct *value_of(struct driftcore_slice json, struct driftcore_slice bytes,
                                          bool skip_null)
{
    Google__Protobuf__Struct *value = NULL;
    if (bytes.size != 0) {
        value = (Google__Protobuf__Struct *)message_unpack(&google__protobuf__struct__descriptor, bytes);
    } else if (json.size != 0) {
        struct parsed parsed = parsed_of(json);
        if (parsed.tree.nodes->kind == KIND_OBJECT)
            value = struct_message(parsed.tree.nodes, skip_null);
        parsed_release(&parsed);
    }
    if (value != NULL && value->n_fields == 0) {
        message_free(value);
        value = NULL;
    }
    return value;
}

static Tusk__Drift__Core__V1__JsonSchema *schema_of(struct driftcore_slice json)
{
    struct parsed parsed = parsed_of(json.size == 0 ? SLICE("{}") : json);
    Tusk__Drift__Core__V1__JsonSchema *schema = schema_message(parsed.tree.nodes);
    parsed_release(&parsed);
    return schema;
}

static Span *message_of(const struct driftcore_span *span)
{
    Span *message = allocated(sizeof(*message));
    tusk__drift__core__v1__span__init(message);
    set_string(&message->trace_id, span->trace_id);
    set_string(&message->span_id, span->span_id);
    set_string(&message->parent_span_id, span->parent_span_id);
    set_string(&message->name, span->name);
    set_string(&message->package_name, span->package_name);
    set_string(&message->instrumentation_name, span->instrumentation_name);
    set_string(&message->submodule_name, span->submodule_name);
    message->package_type = (Tusk__Drift__Core__V1__PackageType)span->package_type;
    message->input_value = value_of(span->input_value_json, span->input_struct_bytes, false);
    message->output_value = value_of(span->output_value_json, span->output_struct_bytes, false);
    message->input_schema = schema_of(span->input_schema_json);
    message->output_schema = schema_of(span->output_schema_json);
    set_string(&message->input_schema_hash, span->input_schema_hash);
    set_string(&message->output_schema_hash, span->output_schema_hash);
    set_string(&message->input_value_hash, span->input_value_hash);
    set_string(&message->output_value_hash, span->output_value_hash);
    message->kind = (Tusk__Drift__Core__V1__SpanKind)span->kind;
    message->status = allocated(sizeof(*message->status));
    tusk__drift__core__v1__span_status__init(message->status);
    message->status->code = (Tusk__Drift__Core__V1__StatusCode)span->status_code;
    set_string(&message->status->message, span->status_message);
    message->is_pre_app_start = span->is_pre_app_start;
    if (span->timestamp_seconds != 0 || span->timestamp_nanos != 0) {
        message->timestamp = allocated(sizeof(*message->timestamp));
        google__protobuf__timestamp__init(message->timestamp);
        message->timestamp->seconds = span->timestamp_seconds;
        message->timestamp->nanos = span->timestamp_nanos;
    }
    if (span->duration_seconds != 0 || span->duration_nanos != 0) {
        message->duration = allocated(sizeof(*message->duration));
        google__protobuf__duration__init(message->duration);
        message->duration->seconds = span->duration_seconds;
        message->duration->nanos = span->duration_nanos;
    }
    message->is_root_span = span->is_root_span;
    message->metadata = value_of(span->metadata_json, SLICE(""), true);
    if (span->has_environment) {
        message->has_environment_case = TUSK__DRIFT__CORE__V1__SPAN__HAS_ENVIRONMENT_ENVIRONMENT;
        message->environment = string_copy(span->environment);
    }
    return message;
}

static void assert_same_meaning(struct driftcore *context, const struct driftcore_span *span)
{
    assert_means(build(context, span), message_of(span));
}

/* ---- single fields ------------------------------------------------------------- */

#define PLAIN_TAIL "\x5a\x00\x62\x00\x92\x01\x00" /* two empty schemas and an empty status */

static void of_an_empty_span_schemas_and_status_remain(void **state)
{
    struct driftcore_span span = {0};
    assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL));
    assert_same_meaning(*state, &span);
}

static void an_empty_environment_is_present(void **state)
{
    struct driftcore_span span = {.has_environment = true};
    assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL "\xc2\x01\x00"));
    assert_same_meaning(*state, &span);
}

static void an_environment_that_is_not_given_is_absent(void **state)
{
    struct driftcore_span span = {.environment = SLICE("prod")};
    assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL));
}

static void strings_may_hold_nuls(void **state)
{
    struct driftcore_span span = {.trace_id = SLICE("a\0b")};
    assert_slices_equal(build(*state, &span), SLICE("\x0a\x03""a\0b" PLAIN_TAIL));
}

static void negative_times_are_ten_bytes_long(void **state)
{
    struct driftcore_span span = {.duration_seconds = -1, .duration_nanos = -1};
    assert_slices_equal(build(*state, &span),
                        SLICE(PLAIN_TAIL "\xaa\x01\x16\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                         "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_same_meaning(*state, &span);
}

static void empty_structs_are_left_out(void **state)
{
    static const char *const values[] = {"", "{}", "[]", "[{\"a\":1}]", "null", "5", "\"x\""};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct driftcore_span span = {.input_value_json = slice_of(values[i]),
                                      .output_value_json = slice_of(values[i])};
        assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL));
    }
    struct driftcore_span span = {.metadata_json = SLICE("{\"a\":null,\"b\":null}")};
    assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL));
}

static void metadata_loses_nulls_at_its_top_level_only(void **state)
{
    struct driftcore_span span = {.metadata_json =
                                      SLICE("{\"a\":null,\"b\":{\"c\":null},\"d\":[null],\"e\":null}")};
    assert_same_meaning(*state, &span);
    span.metadata_json = SLICE("{\"a\":null,\"b\":{\"c\":null},\"e\":null}");
    assert_slices_equal(build(*state, &span), SLICE(PLAIN_TAIL "\xba\x01\x12\x0a\x10\x0a\x01"
                                                               "b\x12\x0b\x2a\x09\x0a\x07\x0a\x01"
                                                               "c"
                                                               "\x12\x02\x08\x00"));
}

static void struct_bytes_win_over_the_value(void **state)
{
    struct driftcore_slice bytes = SLICE("\x0a\x07\x0a\x01k\x12\x02\x20\x01");
    struct driftcore_span span = {.output_struct_bytes = bytes, .output_value_json = SLICE("not even JSON")};
    assert_slices_equal(build(*state, &span), SLICE("\x52\x09\x0a\x07\x0a\x01k\x12\x02\x20\x01" PLAIN_TAIL));
    span.output_value_json = SLICE("");
    assert_same_meaning(*state, &span);
}

/* ---- schemas --------------------------------------------------------------------- */

static void schemas_mean_what_they_say(void **state)
{
    static const char *const schemas[] = {
        "{}",
        "{\"type\":6,\"properties\":{\"z\":{\"type\":1},\"a\":{\"items\":{\"type\":2,\"encoding\":1}}}}",
        "{\"match_importance\":0.5,\"decoded_type\":24,\"encoding\":0,\"items\":{},\"type\":9}",
        "{\"match_importance\":0,\"decoded_type\":0}",
        "{\"match_importance\":null,\"encoding\":2,\"decoded_type\":25,\"type\":10}",
        "{\"properties\":{\"\":{},\"a\":null,\"b\":{\"type\":0},\"\xC3\xA9\":{\"items\":{\"items\":{}}}}}",
        "{\"properties\":[],\"items\":5,\"type\":\"6\",\"unknown\":{\"type\":1}}",
        "{\"match_importance\":12345678901234567890123}",
    };
    for (size_t i = 0; i < COUNT(schemas); i++) {
        struct driftcore_span span = {.input_schema_json = slice_of(schemas[i])};
        assert_same_meaning(*state, &span);
        span.output_schema_json = span.input_schema_json;
        assert_same_meaning(*state, &span);
    }
}

static void booleans_in_a_schema_are_the_ints_of_python(void **state)
{
    struct driftcore_span span = {
        .input_schema_json =
            SLICE("{\"type\":true,\"encoding\":false,\"decoded_type\":true,\"match_importance\":true}"),
        .output_schema_json = SLICE("{\"type\":false,\"match_importance\":false}"),
    };
    assert_slices_equal(build(*state, &span), SLICE("\x5a\x0f\x08\x01\x20\x00\x28\x01\x31\0\0\0\0\0\0\xf0\x3f"
                                                    "\x62\x09\x31\0\0\0\0\0\0\0\0\x92\x01\x00"));
}

/* Names and numbers one letter or digit away from those that are known. */
static void what_a_schema_does_not_know_is_left_out(void **state)
{
    struct driftcore_span plain = {.input_schema_json = SLICE("{}")};
    struct driftcore_span other = {
        .input_schema_json = SLICE("{\"tipe\":1,\"propertyes\":{\"a\":{}},\"itemz\":{\"type\":1},\"encodinq\":1,"
                                   "\"decoded_tipe\":1,\"match_importanze\":1,\"type\":100,\"encoding\":999,"
                                   "\"decoded_type\":-1}")};
    struct driftcore_slice bytes;
    struct text expected = {0};
    assert_int_equal(driftcore_build_span(*state, &plain, &bytes), DRIFTCORE_OK);
    text_add(&expected, bytes.data, bytes.size);
    assert_int_equal(driftcore_build_span(*state, &other, &bytes), DRIFTCORE_OK);
    assert_slices_equal(bytes, text_slice(&expected));
    free(expected.data);
}

static void schemas_of_random_values_mean_what_they_say(void **state)
{
    uint64_t seed = 60;
    struct driftcore *exporter = driftcore_create(NULL);
    for (size_t round = 0; round < 1500; round++) {
        struct text json = {0};
        struct driftcore_export exported;
        text_put(&json, "{\"a\":\"[1]\",\"b\":");
        text_put_random_json(&json, &seed, 5);
        text_put(&json, "}");
        struct driftcore_slice merges =
            SLICE("{\"a\":{\"decoded_type\":1,\"match_importance\":0.25},\"b\":{\"encoding\":0}}");
        assert_int_equal(driftcore_process_export_payload(exporter, text_slice(&json), &merges, &exported),
                         DRIFTCORE_OK);
        struct driftcore_span span = {
            .input_schema_json = exported.schema,
            .input_value_json = text_slice(&json),
            .output_struct_bytes = exported.struct_bytes,
            .metadata_json = text_slice(&json),
        };
        assert_same_meaning(*state, &span);
        free(json.data);
    }
    driftcore_destroy(exporter);
}

/* ---- all fields ------------------------------------------------------------------ */

static const struct driftcore_span full = {
    .trace_id = INITIAL("trace"),
    .span_id = INITIAL("span"),
    .parent_span_id = INITIAL("parent"),
    .name = INITIAL("GET /\xC3\xA9"),
    .package_name = INITIAL("http"),
    .instrumentation_name = INITIAL("requests"),
    .submodule_name = INITIAL("GET"),
    .package_type = DRIFTCORE_LARGEST_PACKAGE_TYPE,
    .has_environment = true,
    .environment = INITIAL("prod"),
    .kind = DRIFTCORE_LARGEST_SPAN_KIND,
    .input_schema_json = INITIAL("{\"type\":6}"),
    .output_schema_json = INITIAL("{\"type\":7}"),
    .input_schema_hash = INITIAL("ish"),
    .output_schema_hash = INITIAL("osh"),
    .input_value_hash = INITIAL("ivh"),
    .output_value_hash = INITIAL("ovh"),
    .status_code = DRIFTCORE_LARGEST_STATUS_CODE,
    .status_message = INITIAL("no"),
    .is_pre_app_start = true,
    .is_root_span = true,
    .timestamp_seconds = INT64_MAX,
    .duration_seconds = INT64_MIN,
    .timestamp_nanos = INT32_MAX,
    .duration_nanos = INT32_MIN,
    .metadata_json = INITIAL("{\"m\":[1]}"),
    .input_value_json = INITIAL("{\"i\":\"x\"}"),
    .output_struct_bytes = INITIAL("\x0a\x07\x0a\x01k\x12\x02\x20\x01"),
};

static void a_full_span_means_what_it_says(void **state)
{
    assert_same_meaning(*state, &full);
}

static void fields_stand_in_number_order(void **state)
{
    struct driftcore_slice bytes = build(*state, &full);
    unsigned last = 0;
    for (size_t at = 0; at < bytes.size;) {
        unsigned tag = (unsigned char)bytes.data[at++];
        if (tag >= 0x80)
            tag = (tag & 0x7F) | (unsigned)(unsigned char)bytes.data[at++] << 7;
        assert_true(tag >> 3 > last);
        last = tag >> 3;
        unsigned content = (unsigned char)bytes.data[at++];
        assert_true(content < 0x80); /* nothing in it is longer */
        if ((tag & 7) == 2)
            at += content;
    }
    assert_int_equal(last, 24);
}

static void each_part_alone_means_what_it_says(void **state)
{
    /* Each byte range of the struct of one field, put alone into an empty span. */
    static const struct {
        size_t offset, size;
    } fields[] = {
#define FIELD(name) {offsetof(struct driftcore_span, name), sizeof(((struct driftcore_span *)0)->name)}
        FIELD(trace_id),
        FIELD(span_id),
        FIELD(parent_span_id),
        FIELD(name),
        FIELD(package_name),
        FIELD(instrumentation_name),
        FIELD(submodule_name),
        FIELD(package_type),
        FIELD(kind),
        FIELD(input_schema_json),
        FIELD(output_schema_json),
        FIELD(input_schema_hash),
        FIELD(output_schema_hash),
        FIELD(input_value_hash),
        FIELD(output_value_hash),
        FIELD(status_code),
        FIELD(status_message),
        FIELD(is_pre_app_start),
        FIELD(is_root_span),
        FIELD(timestamp_seconds),
        FIELD(timestamp_nanos),
        FIELD(duration_seconds),
        FIELD(duration_nanos),
        FIELD(metadata_json),
        FIELD(input_value_json),
        FIELD(output_struct_bytes),
    };
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct driftcore_span span = {0};
        memcpy((char *)&span + fields[i].offset, (const char *)&full + fields[i].offset, fields[i].size);
        assert_same_meaning(*state, &span);
        assert_true(build(*state, &span).size > sizeof(PLAIN_TAIL) - 1);
    }
}

static void long_strings_need_longer_lengths(void **state)
{
    for (size_t size = 1; size < 100000; size = size * 2 + 1) {
        struct text text = {0};
        text_repeat(&text, "x", size);
        struct driftcore_span span = {.name = text_slice(&text), .status_message = text_slice(&text)};
        assert_same_meaning(*state, &span);
        free(text.data);
    }
}

/* All fields at their longest heads, in a context whose buffer is as large as the span asks for. */
static void a_span_fits_into_what_is_reserved_for_it(void **state)
{
    (void)state;
    for (size_t size = 100; size < 3000000; size *= 13) {
        struct text text = {0}, json = {0};
        text_repeat(&text, "x", size);
        text_put(&json, "{\"properties\":{\"");
        text_repeat(&json, "y", size);
        text_put(&json, "\":{}}}");
        struct driftcore_slice string = text_slice(&text), object = text_slice(&json);
        struct driftcore_span span = full;
        span.trace_id = span.span_id = span.parent_span_id = span.name = span.package_name = string;
        span.instrumentation_name = span.submodule_name = span.environment = span.status_message = string;
        span.input_schema_hash = span.output_schema_hash = string;
        span.input_value_hash = span.output_value_hash = string;
        span.input_schema_json = span.output_schema_json = object;
        span.metadata_json = span.input_value_json = object;
        span.timestamp_seconds = span.duration_seconds = INT64_MIN;
        span.timestamp_nanos = span.duration_nanos = INT32_MIN;
        struct counting counting;
        counting_start(&counting);
        struct driftcore *context = driftcore_create(&counting.allocator);
        assert_same_meaning(context, &span);
        driftcore_destroy(context);
        assert_int_equal(counting.blocks, 0);
        free(text.data);
        free(json.data);
    }
}

/* ---- what is not built ------------------------------------------------------------ */

static void assert_not_built(struct driftcore *context, const struct driftcore_span *span,
                             enum driftcore_status status, enum driftcore_punt reason)
{
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_build_span(context, span, &bytes), status);
    assert_int_equal(driftcore_punt_reason(context), reason);
    build(context, &full); /* the next call is none the worse */
}

static void an_enum_out_of_range_is_an_invalid_argument(void **state)
{
    static const struct driftcore_span spans[] = {
        {.package_type = 12}, {.package_type = -1}, {.kind = 6},
        {.kind = -1},         {.status_code = 3},   {.status_code = -1},
    };
    for (size_t i = 0; i < COUNT(spans); i++)
        assert_not_built(*state, &spans[i], DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE);
}

static void schemas_and_metadata_that_are_no_objects_are_invalid_arguments(void **state)
{
    const struct driftcore_span spans[] = {
        {.input_schema_json = SLICE("[]")},
        {.output_schema_json = SLICE("null")},
        {.metadata_json = SLICE("5")},
    };
    for (size_t i = 0; i < COUNT(spans); i++)
        assert_not_built(*state, &spans[i], DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE);
}

static void faults_in_parts_punt_with_their_reason(void **state)
{
    const struct {
        struct driftcore_span span;
        enum driftcore_punt reason;
    } cases[] = {
        {{.input_schema_json = SLICE("{")}, DRIFTCORE_PUNT_SYNTAX},
        {{.metadata_json = SLICE("{\"a\":\"\\ud800\"}")}, DRIFTCORE_PUNT_SURROGATE},
        {{.input_value_json = SLICE("{\"a\":tru}")}, DRIFTCORE_PUNT_SYNTAX},
        {{.input_struct_bytes = SLICE("\x0a")}, DRIFTCORE_PUNT_MALFORMED},
        {{.output_struct_bytes = SLICE("\x08\x01")}, DRIFTCORE_PUNT_MALFORMED},
        {{.input_schema_json = SLICE("{\"match_importance\":\"x\"}")}, DRIFTCORE_PUNT_SCHEMA},
        {{.input_schema_json = SLICE("{\"properties\":{\"k\":[]}}")}, DRIFTCORE_PUNT_SCHEMA},
        {{.output_schema_json = SLICE("{\"items\":{\"match_importance\":{}}}")}, DRIFTCORE_PUNT_SCHEMA},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_not_built(*state, &cases[i].span, DRIFTCORE_PUNT, cases[i].reason);
}

static void an_int_beyond_double_range_punts(void **state)
{
    struct text value = {0}, schema = {0};
    text_put(&value, "{\"a\":1");
    text_repeat(&value, "0", 400);
    text_put(&value, "}");
    text_put(&schema, "{\"match_importance\":1");
    text_repeat(&schema, "0", 400);
    text_put(&schema, "}");
    const struct driftcore_span spans[] = {
        {.input_value_json = text_slice(&value)},
        {.output_value_json = text_slice(&value)},
        {.metadata_json = text_slice(&value)},
        {.input_schema_json = text_slice(&schema)},
    };
    for (size_t i = 0; i < COUNT(spans); i++)
        assert_not_built(*state, &spans[i], DRIFTCORE_PUNT, DRIFTCORE_PUNT_OVERFLOW);
    free(value.data);
    free(schema.data);
}

static void a_span_that_was_built_tells_no_reason(void **state)
{
    struct driftcore_span span = {.input_schema_json = SLICE("{\"match_importance\":0.5}")};
    build(*state, &span);
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_build_span(*state, &span, &bytes), DRIFTCORE_OK);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_NONE);
}

/* ---- requests ----------------------------------------------------------------------- */

static void a_request_holds_its_strings_and_spans(void **state)
{
    struct driftcore *builder = driftcore_create(NULL);
    struct driftcore_slice span = build(builder, &full), bytes;
    const struct driftcore_slice spans[] = {span, SLICE(""), SLICE(PLAIN_TAIL), span};
    assert_int_equal(driftcore_build_export_request(*state, SLICE("service"), SLICE("\xC3\xA9"), SLICE("0.1"),
                                                    SLICE("instance"), spans, COUNT(spans), &bytes),
                     DRIFTCORE_OK);
    Tusk__Drift__Backend__V1__ExportSpansRequest *request = allocated(sizeof(*request));
    tusk__drift__backend__v1__export_spans_request__init(request);
    set_string(&request->observable_service_id, SLICE("service"));
    set_string(&request->environment, SLICE("\xC3\xA9"));
    set_string(&request->sdk_version, SLICE("0.1"));
    set_string(&request->sdk_instance_id, SLICE("instance"));
    request->n_spans = COUNT(spans);
    request->spans = allocated(sizeof(spans) / sizeof(*spans) * sizeof(*request->spans));
    for (size_t i = 0; i < COUNT(spans); i++)
        request->spans[i] = (Span *)message_unpack(&tusk__drift__core__v1__span__descriptor, spans[i]);
    assert_means(bytes, request);
    driftcore_destroy(builder);
}

static void spans_pass_through_unchanged(void **state)
{
    struct driftcore_slice bytes;
    const struct driftcore_slice spans[] = {SLICE("\x12\x01"
                                                  "b\x0a\x01"
                                                  "a"),
                                            SLICE("\x40\x81\x00"), SLICE("")};
    assert_int_equal(driftcore_build_export_request(*state, SLICE(""), SLICE(""), SLICE(""), SLICE(""), spans,
                                                    COUNT(spans), &bytes),
                     DRIFTCORE_OK);
    assert_slices_equal(bytes, SLICE("\x2a\x06\x12\x01" "b\x0a\x01" "a\x2a\x03\x40\x81\x00\x2a\x00"));
}

static void a_request_of_nothing_is_empty(void **state)
{
    struct driftcore_slice bytes = SLICE("x");
    assert_int_equal(
        driftcore_build_export_request(*state, SLICE(""), SLICE(""), SLICE(""), SLICE(""), NULL, 0, &bytes),
        DRIFTCORE_OK);
    assert_int_equal(bytes.size, 0);
}

/* Refused by its size, before anything is read. */
static void a_request_larger_than_memory_is_refused(void **state)
{
    static const char memory[100];
    struct driftcore_slice bytes, nothing = SLICE(""), half = {memory, SIZE_MAX / 2}, span = SLICE("\x0a\x05trace");
    assert_int_equal(driftcore_build_export_request(*state, half, half, half, half, &span, 1, &bytes),
                     DRIFTCORE_NO_MEMORY);
    struct driftcore_slice rest = {memory, SIZE_MAX / 2 - 25}; /* two heads fit, a span does not */
    assert_int_equal(driftcore_build_export_request(*state, half, rest, nothing, nothing, &span, 1, &bytes),
                     DRIFTCORE_NO_MEMORY);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_NONE);
}

static void a_malformed_span_punts(void **state)
{
    struct driftcore_slice bytes;
    const struct driftcore_slice spans[] = {SLICE(PLAIN_TAIL), SLICE("\x0a\x05x")};
    assert_int_equal(
        driftcore_build_export_request(*state, SLICE(""), SLICE(""), SLICE(""), SLICE(""), spans, 2, &bytes),
        DRIFTCORE_PUNT);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_MALFORMED);
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(of_an_empty_span_schemas_and_status_remain),
        WITH_CONTEXT(an_empty_environment_is_present),
        WITH_CONTEXT(an_environment_that_is_not_given_is_absent),
        WITH_CONTEXT(strings_may_hold_nuls),
        WITH_CONTEXT(negative_times_are_ten_bytes_long),
        WITH_CONTEXT(empty_structs_are_left_out),
        WITH_CONTEXT(metadata_loses_nulls_at_its_top_level_only),
        WITH_CONTEXT(struct_bytes_win_over_the_value),
        WITH_CONTEXT(schemas_mean_what_they_say),
        WITH_CONTEXT(booleans_in_a_schema_are_the_ints_of_python),
        WITH_CONTEXT(what_a_schema_does_not_know_is_left_out),
        WITH_CONTEXT(schemas_of_random_values_mean_what_they_say),
        WITH_CONTEXT(a_full_span_means_what_it_says),
        WITH_CONTEXT(fields_stand_in_number_order),
        WITH_CONTEXT(each_part_alone_means_what_it_says),
        WITH_CONTEXT(long_strings_need_longer_lengths),
        cmocka_unit_test(a_span_fits_into_what_is_reserved_for_it),
        WITH_CONTEXT(an_enum_out_of_range_is_an_invalid_argument),
        WITH_CONTEXT(schemas_and_metadata_that_are_no_objects_are_invalid_arguments),
        WITH_CONTEXT(faults_in_parts_punt_with_their_reason),
        WITH_CONTEXT(an_int_beyond_double_range_punts),
        WITH_CONTEXT(a_span_that_was_built_tells_no_reason),
        WITH_CONTEXT(a_request_holds_its_strings_and_spans),
        WITH_CONTEXT(spans_pass_through_unchanged),
        WITH_CONTEXT(a_request_of_nothing_is_empty),
        WITH_CONTEXT(a_request_larger_than_memory_is_refused),
        WITH_CONTEXT(a_malformed_span_punts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

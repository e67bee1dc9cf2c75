/* driftcore_export_span() against the three calls it stands for. */
#include "support.h"

#include <stdlib.h>

struct sides {
    struct driftcore_export input, output;
    struct driftcore_slice bytes;
};

static const struct driftcore_slice payloads[] = {
    INITIAL("{}"),
    INITIAL("[1,{\"a\":[]}]"),
    INITIAL("\"text\""),
    INITIAL("{\"b\":[{\"\xC3\xA9\":1.50,\"a\":null}],\"a\":{\"x\":true},\"\":\"\"}"),
    INITIAL("{\"k\":\"eyJhIjpbMSwiXHUwMGU5Il19\",\"j\":\"[1,{}]\",\"n\":12345678901234567890}"),
    INITIAL(" { \"a\" : 1 , \"b\" : 2 , \"a\" : { \"c\" : 3 } } "),
};
static const struct driftcore_slice merges[] = {
    INITIAL("{}"),
    INITIAL("{\"k\":{\"encoding\":1,\"decoded_type\":1,\"match_importance\":0.25},\"j\":{\"decoded_type\":1}}"),
    INITIAL("{\"b\":{\"encoding\":0},\"a\":{\"decoded_type\":24,\"match_importance\":1}}"),
};

static struct driftcore_span plain_span(struct driftcore_slice input, struct driftcore_slice output)
{
    return (struct driftcore_span){
        .trace_id = SLICE("trace"),
        .package_type = 1,
        .has_environment = true,
        .kind = 2,
        .status_message = SLICE("no"),
        .timestamp_seconds = -1,
        .metadata_json = SLICE("{\"a\":null,\"b\":{\"c\":null}}"),
        .input_value_json = input,
        .output_value_json = output,
    };
}

static void assert_side(const struct driftcore_export *side, const struct driftcore_export *expected)
{
    assert_int_equal(side->normalized.size, 0);
    assert_int_equal(side->decoded.size, 0);
    assert_slices_equal(side->schema, expected->schema);
    assert_slices_equal(side->struct_bytes, expected->struct_bytes);
    assert_memory_equal(side->value_hash, expected->value_hash, DRIFTCORE_HASH_SIZE);
    assert_memory_equal(side->schema_hash, expected->schema_hash, DRIFTCORE_HASH_SIZE);
}

static struct driftcore_slice hash_slice(const char *hash)
{
    return (struct driftcore_slice){hash, DRIFTCORE_HASH_SIZE};
}

static void check(struct driftcore *context, struct driftcore *others[3], struct driftcore_slice input,
                  struct driftcore_slice output, const struct driftcore_slice *input_merges,
                  const struct driftcore_slice *output_merges)
{
    struct sides whole, parts;
    struct driftcore_span span = plain_span(input, output);
    assert_int_equal(driftcore_export_span(context, &span, input_merges, output_merges, &whole.input, &whole.output,
                                           &whole.bytes),
                     DRIFTCORE_OK);
    assert_int_equal(driftcore_process_export_payload(others[0], input, input_merges, &parts.input), DRIFTCORE_OK);
    assert_int_equal(driftcore_process_export_payload(others[1], output, output_merges, &parts.output),
                     DRIFTCORE_OK);
    assert_side(&whole.input, &parts.input);
    assert_side(&whole.output, &parts.output);
    span.input_value_json = span.output_value_json = (struct driftcore_slice){NULL, 0};
    span.input_struct_bytes = parts.input.struct_bytes;
    span.output_struct_bytes = parts.output.struct_bytes;
    span.input_schema_json = parts.input.schema;
    span.output_schema_json = parts.output.schema;
    span.input_value_hash = hash_slice(parts.input.value_hash);
    span.output_value_hash = hash_slice(parts.output.value_hash);
    span.input_schema_hash = hash_slice(parts.input.schema_hash);
    span.output_schema_hash = hash_slice(parts.output.schema_hash);
    assert_int_equal(driftcore_build_span(others[2], &span, &parts.bytes), DRIFTCORE_OK);
    assert_slices_equal(whole.bytes, parts.bytes);
    assert_int_equal(driftcore_verify_span(others[2], whole.bytes), DRIFTCORE_OK);
}

static void it_is_the_three_calls(void **state)
{
    struct driftcore *others[3];
    for (size_t i = 0; i < COUNT(others); i++)
        assert_non_null(others[i] = driftcore_create(NULL));
    for (size_t i = 0; i < COUNT(payloads); i++)
        for (size_t j = 0; j < COUNT(payloads); j++) {
            check(*state, others, payloads[i], payloads[j], NULL, NULL);
            for (size_t k = 0; k < COUNT(merges); k++) {
                check(*state, others, payloads[i], payloads[j], &merges[k], NULL);
                check(*state, others, payloads[i], payloads[j], NULL, &merges[k]);
                check(*state, others, payloads[i], payloads[j], &merges[k], &merges[k]);
            }
        }
    for (size_t i = 0; i < COUNT(others); i++)
        driftcore_destroy(others[i]);
}

static void failures_are_told_in_order(void **state)
{
    struct sides whole;
    const struct {
        const char *input, *output, *metadata;
        int kind;
        enum driftcore_status status;
        enum driftcore_punt reason;
    } cases[] = {
        {"[1", "\"\\ud800\"", "[]", 0, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SYNTAX},
        {"[1]", "\"\\ud800\"", "[]", 0, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SURROGATE},
        {"[1]", "", "[]", 0, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SYNTAX},
        {"[1]", "[1]", "{", 0, DRIFTCORE_PUNT, DRIFTCORE_PUNT_SYNTAX},
        {"[1]", "[1]", "[]", 0, DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE},
        {"[1", "[1]", "", 6, DRIFTCORE_INVALID_ARGUMENT, DRIFTCORE_PUNT_NONE},
        {"[1]", "[1]", "", 0, DRIFTCORE_OK, DRIFTCORE_PUNT_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct driftcore_span span = {.input_value_json = slice_of(cases[i].input),
                                      .output_value_json = slice_of(cases[i].output),
                                      .metadata_json = slice_of(cases[i].metadata),
                                      .kind = cases[i].kind};
        assert_int_equal(
            driftcore_export_span(*state, &span, NULL, NULL, &whole.input, &whole.output, &whole.bytes),
            cases[i].status);
        assert_int_equal(driftcore_punt_reason(*state), cases[i].reason);
    }
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(it_is_the_three_calls),
        WITH_CONTEXT(failures_are_told_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

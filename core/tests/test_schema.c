/* Merges, decoding and schemas, by way of the export of a payload. */
#include "support.h"

#include "schema.h"

#include <stdlib.h>

static struct driftcore_export export_of(struct driftcore *context, const char *json, const char *merges)
{
    struct driftcore_slice merges_text = merges == NULL ? SLICE("") : slice_of(merges);
    struct driftcore_export result;
    enum driftcore_status status = driftcore_process_export_payload(
        context, slice_of(json), merges == NULL ? NULL : &merges_text, &result);
    if (status != DRIFTCORE_OK)
        fail_msg("%s with %s: status %d, reason %s", json, merges == NULL ? "no merges" : merges, (int)status,
                 driftcore_punt_name(driftcore_punt_reason(context)));
    return result;
}

static void assert_schema(void *context, const char *json, const char *merges, const char *schema)
{
    assert_slice(export_of(context, json, merges).schema, schema);
}

static void assert_decoded(void *context, const char *json, const char *merges, const char *decoded)
{
    assert_slice(export_of(context, json, merges).decoded, decoded);
}

static void assert_punts(void *context, const char *json, const char *merges, enum driftcore_punt reason)
{
    struct driftcore_slice merges_text = slice_of(merges);
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(context, slice_of(json), &merges_text, &result),
                     DRIFTCORE_PUNT);
    assert_string_equal(driftcore_punt_name(driftcore_punt_reason(context)), driftcore_punt_name(reason));
}

#define LEAF(type) "{\"type\":" #type ",\"properties\":{}}"

/* ---- inference -------------------------------------------------------------- */

static void each_kind_of_value_has_its_type(void **state)
{
    assert_schema(*state, "1", NULL, LEAF(1));
    assert_schema(*state, "1.5", NULL, LEAF(1));
    assert_schema(*state, "NaN", NULL, LEAF(1));
    assert_schema(*state, "\"x\"", NULL, LEAF(2));
    assert_schema(*state, "\"\\n\"", NULL, LEAF(2));
    assert_schema(*state, "true", NULL, LEAF(3));
    assert_schema(*state, "false", NULL, LEAF(3));
    assert_schema(*state, "null", NULL, LEAF(4));
    assert_schema(*state, "{}", NULL, LEAF(6));
    assert_schema(*state, "[]", NULL, LEAF(7));
}

static void properties_stand_in_insertion_order(void **state)
{
    assert_schema(*state, "{\"z\":1,\"a\":{\"y\":null,\"\":true}}", NULL,
                  "{\"type\":6,\"properties\":{\"z\":" LEAF(
                      1) ",\"a\":{\"type\":6,\"properties\":{\"y\":" LEAF(4) ",\"\":" LEAF(3) "}}}}");
}

static void items_is_the_schema_of_the_first_element(void **state)
{
    assert_schema(*state, "[[{\"a\":1},2],\"x\"]", NULL,
                  "{\"type\":7,\"properties\":{},\"items\":{\"type\":7,\"properties\":{},\"items\":"
                  "{\"type\":6,\"properties\":{\"a\":" LEAF(1) "}}}}");
    assert_schema(*state, "{\"a\":[]}", NULL, "{\"type\":6,\"properties\":{\"a\":" LEAF(7) "}}");
}

static void schema_nests_as_deep_as_the_value(void **state)
{
    struct text json = {0}, schema = {0};
    text_repeat(&json, "{\"a\":", DRIFTCORE_MAX_DEPTH);
    text_put(&json, "0");
    text_repeat(&json, "}", DRIFTCORE_MAX_DEPTH);
    text_repeat(&schema, "{\"type\":6,\"properties\":{\"a\":", DRIFTCORE_MAX_DEPTH);
    text_put(&schema, LEAF(1));
    text_repeat(&schema, "}}", DRIFTCORE_MAX_DEPTH);
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(*state, text_slice(&json), NULL, &result),
                     DRIFTCORE_OK);
    assert_slices_equal(result.schema, text_slice(&schema));
    free(json.data);
    free(schema.data);
}

static void the_schema_hash_is_that_of_the_schemas_text(void **state)
{
    static const char *const payloads[] = {"1", "{\"z\":[{\"y\":1,\"x\":2}],\"a\":null}", "[[[]]]"};
    for (size_t i = 0; i < COUNT(payloads); i++) {
        struct driftcore_export result = export_of(*state, payloads[i], NULL);
        struct text schema = {0};
        text_add(&schema, result.schema.data, result.schema.size);
        char hash[DRIFTCORE_HASH_SIZE];
        assert_int_equal(driftcore_deterministic_hash(*state, text_slice(&schema), hash), DRIFTCORE_OK);
        assert_memory_equal(hash, result.schema_hash, DRIFTCORE_HASH_SIZE);
        free(schema.data);
    }
}

/* ---- annotations -------------------------------------------------------------- */

static void annotations_follow_in_fixed_order(void **state)
{
    assert_schema(
        *state, "{\"k\":1}", "{\"k\":{\"match_importance\":2,\"decoded_type\":24,\"x\":[],\"encoding\":0}}",
        "{\"type\":6,\"properties\":{\"k\":{\"type\":1,\"properties\":{},\"encoding\":0,\"decoded_type\":24,"
        "\"match_importance\":2.0}}}");
    assert_schema(*state, "{\"k\":[1]}", "{\"k\":{\"decoded_type\":9}}",
                  "{\"type\":6,\"properties\":{\"k\":{\"type\":7,\"properties\":{},\"items\":" LEAF(1)
                  ",\"decoded_type\":9}}}");
}

static void importance_is_a_float(void **state)
{
    static const struct {
        const char *given, *written;
    } cases[] = {{"0", "0.0"},     {"-0", "0.0"},     {"-0.0", "-0.0"}, {"1e-7", "1e-07"},
                 {"0.5", "0.5"},   {"12345678901234567890", "1.2345678901234567e+19"}, {"1.50", "1.5"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text merges = {0}, schema = {0};
        text_put(&merges, "{\"k\":{\"match_importance\":");
        text_put(&merges, cases[i].given);
        text_add(&merges, "}}", 3);
        text_put(&schema,
                 "{\"type\":6,\"properties\":{\"k\":{\"type\":4,\"properties\":{},\"match_importance\":");
        text_put(&schema, cases[i].written);
        text_add(&schema, "}}}", 4);
        assert_schema(*state, "{\"k\":null}", merges.data, schema.data);
        free(merges.data);
        free(schema.data);
    }
}

static void every_decoded_type_is_written(void **state)
{
    for (int number = 0; number <= SCHEMA_LARGEST_DECODED_TYPE; number++) {
        char merges[] = "{\"k\":{\"decoded_type\":  }}";
        merges[21] = number < 10 ? ' ' : (char)('0' + number / 10);
        merges[22] = (char)('0' + number % 10);
        struct driftcore_export result = export_of(*state, "{\"k\":0}", merges);
        struct parsed schema = parsed_of(result.schema);
        const struct node *member = object_member(object_member(schema.tree.nodes, "properties"), "k");
        const struct node *written = object_member(member, "decoded_type");
        assert_int_equal(atoi(merges + 21), number);
        assert_int_equal(written->size, number < 10 ? 1 : 2);
        assert_memory_equal(written->text, merges + (number < 10 ? 22 : 21), written->size);
        parsed_release(&schema);
    }
}

static void annotations_are_for_top_level_members_only(void **state)
{
    assert_schema(
        *state, "{\"k\":{\"k\":1}}", "{\"k\":{\"encoding\":0}}",
        "{\"type\":6,\"properties\":{\"k\":{\"type\":6,\"properties\":{\"k\":" LEAF(1) "},\"encoding\":0}}}");
    assert_schema(*state, "[{\"k\":1}]", "{\"k\":{\"encoding\":0}}",
                  "{\"type\":7,\"properties\":{},\"items\":{\"type\":6,\"properties\":{\"k\":" LEAF(1) "}}}");
}

static void null_counts_as_not_given(void **state)
{
    assert_schema(*state, "{\"k\":1}",
                  "{\"k\":{\"encoding\":null,\"decoded_type\":null,\"match_importance\":null}}",
                  "{\"type\":6,\"properties\":{\"k\":" LEAF(1) "}}");
}

/* ---- decoding ------------------------------------------------------------------ */

static void base64_is_decoded(void **state)
{
    static const char merges[] = "{\"k\":{\"encoding\":1}}";
    assert_decoded(*state, "{\"k\":\"aMOpIPCfmIA=\",\"l\":\"YQ==\"}", merges,
                   "{\"k\":\"h\xC3\xA9 \xF0\x9F\x98\x80\",\"l\":\"YQ==\"}");
    assert_decoded(*state, "{\"k\":\"YQ\"}", merges, "{\"k\":\"YQ\"}");
    assert_decoded(*state, "{\"k\":\"\"}", merges, "{\"k\":\"\"}");
    assert_decoded(*state, "{\"k\":\"IgA=\"}", merges, "{\"k\":\"\\\"\\u0000\"}");
    assert_decoded(*state, "{\"k\":\"YcOA/2I=\"}", merges, "{\"k\":\"a\xC3\x80""b\"}");
    assert_decoded(*state, "{\"k\":[\"YQ==\"]}", merges, "{\"k\":[\"YQ==\"]}");
}

static void json_is_parsed(void **state)
{
    static const char merges[] = "{\"k\":{\"decoded_type\":1}}";
    assert_decoded(*state, "{\"a\":0,\"k\":\" {\\\"b\\\":1e1,\\\"b\\\":[-0]} \",\"z\":1}", merges,
                   "{\"a\":0,\"k\":{\"b\":[0]},\"z\":1}");
    assert_decoded(*state, "{\"k\":\"[1,\"}", merges, "{\"k\":\"[1,\"}");
    assert_decoded(*state, "{\"k\":\"\"}", merges, "{\"k\":\"\"}");
    assert_decoded(*state, "{\"k\":\"\\\"x\\\"\"}", merges, "{\"k\":\"x\"}");
    assert_decoded(*state, "{\"k\":\"5\"}", "{\"k\":{\"decoded_type\":2}}", "{\"k\":\"5\"}");
}

static void json_with_too_many_digits_stays_text(void **state)
{
    struct text json = {0}, decoded = {0};
    text_put(&json, "{\"k\":\"");
    text_repeat(&json, "7", 4301);
    text_add(&json, "\"}", 3);
    text_add(&decoded, json.data, json.size);
    assert_decoded(*state, json.data, "{\"k\":{\"decoded_type\":1}}", decoded.data);
    free(json.data);
    free(decoded.data);
}

static void base64_is_decoded_before_json(void **state)
{
    static const char merges[] = "{\"k\":{\"encoding\":1,\"decoded_type\":1}}";
    assert_decoded(*state, "{\"k\":\"eyJhIjpbMV19\"}", merges, "{\"k\":{\"a\":[1]}}");
    assert_decoded(*state, "{\"k\":\"e25vdA==\"}", merges, "{\"k\":\"{not\"}"); /* JSON fails: half decoded */
    assert_decoded(*state, "{\"k\":\"12345\"}", merges,
                   "{\"k\":\"12345\"}"); /* base64 fails: JSON not tried */
}

static void the_normalised_value_stays_undecoded(void **state)
{
    struct driftcore_export result =
        export_of(*state, " {\"k\":\"WzFd\"}", "{\"k\":{\"encoding\":1,\"decoded_type\":1}}");
    assert_slice(result.normalized, "{\"k\":\"WzFd\"}");
    assert_slice(result.decoded, "{\"k\":[1]}");
    assert_slices_equal(result.struct_bytes, SLICE("\x0a\x0b\x0a\x01k\x12\x06\x1a\x04WzFd"));
    char hash[DRIFTCORE_HASH_SIZE], expected[DRIFTCORE_HASH_SIZE];
    memcpy(hash, result.value_hash, sizeof(hash));
    assert_int_equal(driftcore_deterministic_hash(*state, SLICE("{\"k\":[1]}"), expected), DRIFTCORE_OK);
    assert_memory_equal(hash, expected, sizeof(hash));
}

static void many_merges_find_their_keys(void **state)
{
    struct text json = {0}, merges = {0}, decoded = {0};
    for (int i = 0; i < 120; i++) {
        char name[] = "\"common prefix 000\":";
        name[15] = (char)('0' + i / 100);
        name[16] = (char)('0' + i / 10 % 10);
        name[17] = (char)('0' + i % 10);
        text_put(&json, i == 0 ? "{" : ",");
        text_put(&json, name);
        text_put(&json, "\"YQ==\"");
        text_put(&decoded, i == 0 ? "{" : ",");
        text_put(&decoded, name);
        text_put(&decoded, i % 3 == 0 ? "\"a\"" : "\"YQ==\"");
        if (i % 3 == 0) {
            text_put(&merges, i == 0 ? "{" : ",");
            text_put(&merges, name);
            text_put(&merges, "{\"encoding\":1}");
        }
    }
    text_add(&json, "}", 2);
    text_add(&merges, "}", 2);
    text_add(&decoded, "}", 2);
    assert_decoded(*state, json.data, merges.data, decoded.data);
    free(json.data);
    free(merges.data);
    free(decoded.data);
}

/* ---- punts ------------------------------------------------------------------------ */

static void merges_that_are_not_right_punt(void **state)
{
    static const char *const merges[] = {
        "[]", "null", "5", "\"k\"", "{\"k\":[]}", "{\"k\":null}", "{\"k\":{\"encoding\":2}}",
        "{\"k\":{\"encoding\":-1}}", "{\"k\":{\"encoding\":1.0}}", "{\"k\":{\"encoding\":true}}",
        "{\"k\":{\"encoding\":\"1\"}}", "{\"k\":{\"decoded_type\":25}}", "{\"k\":{\"decoded_type\":100}}",
        "{\"k\":{\"decoded_type\":[]}}", "{\"k\":{\"match_importance\":NaN}}",
        "{\"k\":{\"match_importance\":1e400}}", "{\"k\":{\"match_importance\":\"1\"}}",
        "{\"k\":{\"match_importance\":true}}", "{\"a\":{},\"k\":1}",
    };
    for (size_t i = 0; i < COUNT(merges); i++) {
        assert_punts(*state, "{\"k\":\"YQ==\"}", merges[i], DRIFTCORE_PUNT_MERGES);
        assert_punts(*state, "1", merges[i], DRIFTCORE_PUNT_MERGES);
    }
}

static void an_importance_beyond_double_range_punts(void **state)
{
    struct text merges = {0};
    text_put(&merges, "{\"k\":{\"match_importance\":1");
    text_repeat(&merges, "0", 400);
    text_add(&merges, "}}", 3);
    assert_punts(*state, "{}", merges.data, DRIFTCORE_PUNT_MERGES);
    free(merges.data);
}

static void what_decoding_meets_punts(void **state)
{
    assert_punts(*state, "{\"k\":\"\\\"\\\\ud800\\\"\"}", "{\"k\":{\"decoded_type\":1}}",
                 DRIFTCORE_PUNT_SURROGATE);
    struct text json = {0};
    text_put(&json, "{\"k\":\"");
    text_repeat(&json, "[", DRIFTCORE_MAX_DEPTH + 1);
    text_repeat(&json, "]", DRIFTCORE_MAX_DEPTH + 1);
    text_add(&json, "\"}", 3);
    assert_punts(*state, json.data, "{\"k\":{\"decoded_type\":1}}", DRIFTCORE_PUNT_DEPTH);
    free(json.data);
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(each_kind_of_value_has_its_type),
        WITH_CONTEXT(properties_stand_in_insertion_order),
        WITH_CONTEXT(items_is_the_schema_of_the_first_element),
        WITH_CONTEXT(schema_nests_as_deep_as_the_value),
        WITH_CONTEXT(the_schema_hash_is_that_of_the_schemas_text),
        WITH_CONTEXT(annotations_follow_in_fixed_order),
        WITH_CONTEXT(importance_is_a_float),
        WITH_CONTEXT(every_decoded_type_is_written),
        WITH_CONTEXT(annotations_are_for_top_level_members_only),
        WITH_CONTEXT(null_counts_as_not_given),
        WITH_CONTEXT(base64_is_decoded),
        WITH_CONTEXT(json_is_parsed),
        WITH_CONTEXT(json_with_too_many_digits_stays_text),
        WITH_CONTEXT(base64_is_decoded_before_json),
        WITH_CONTEXT(the_normalised_value_stays_undecoded),
        WITH_CONTEXT(many_merges_find_their_keys),
        WITH_CONTEXT(merges_that_are_not_right_punt),
        WITH_CONTEXT(an_importance_beyond_double_range_punts),
        WITH_CONTEXT(what_decoding_meets_punts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

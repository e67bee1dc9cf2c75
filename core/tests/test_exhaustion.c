/*
 * Where memory runs out, anywhere in a text: what stands before a few values of every kind
 * grows step by step, so that each buffer comes to be full before each of them.  There
 * every allocation fails in turn, and the call says NO_MEMORY or gives the right answer.
 */
#include "calls.h"

#include "canonical.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- calls ------------------------------------------------------------------------- */

struct input {
    struct driftcore_slice json, merges;
};

static enum driftcore_status normalize(struct driftcore *context, const struct input *input, struct text *answer)
{
    return call_normalize_and_hash(context, input->json, answer);
}

static enum driftcore_status struct_bytes(struct driftcore *context, const struct input *input,
                                          struct text *answer)
{
    return call_struct_bytes(context, input->json, answer);
}

static enum driftcore_status export(struct driftcore *context, const struct input *input, struct text *answer)
{
    return call_export(context, input->json, NULL, answer);
}

static enum driftcore_status export_merged(struct driftcore *context, const struct input *input,
                                           struct text *answer)
{
    return call_export(context, input->json, &input->merges, answer);
}

static enum driftcore_status export_span(struct driftcore *context, const struct input *input,
                                         struct text *answer)
{
    return call_export_span(context, input->json, &input->merges, answer);
}

static enum driftcore_status metadata(struct driftcore *context, const struct input *input, struct text *answer)
{
    struct driftcore_span span = {.metadata_json = input->json};
    struct driftcore_slice bytes;
    enum driftcore_status status = driftcore_build_span(context, &span, &bytes);
    if (status == DRIFTCORE_OK)
        text_add(answer, bytes.data, bytes.size);
    return status;
}

/* ---- one text ------------------------------------------------------------------------ */

typedef enum driftcore_status make(struct driftcore *context, const struct input *input, struct text *answer);

/* False when the call needs fewer allocations than `fail_at`. */
static bool check_failure(make *call, const struct input *input, const struct text *expected, size_t fail_at)
{
    struct counting counting;
    counting_start(&counting);
    struct driftcore *context = driftcore_create(&counting.allocator);
    counting.calls = 0;
    counting.fail_at = fail_at;
    struct text answer = {0};
    enum driftcore_status status = call(context, input, &answer);
    bool failed = counting.failures != 0;
    if (status == DRIFTCORE_NO_MEMORY)
        assert_true(failed);
    else if (status == DRIFTCORE_OK)
        assert_slices_equal(text_slice(&answer), text_slice(expected));
    else
        fail_msg("allocation %zu: status %d for %.*s", fail_at, (int)status, (int)input->json.size,
                 input->json.data);
    free(answer.data);
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
    return failed;
}

static void check_text(make *call, const struct input *input)
{
    struct driftcore *context = driftcore_create(NULL);
    struct text expected = {0};
    assert_int_equal(call(context, input, &expected), DRIFTCORE_OK);
    driftcore_destroy(context);
    for (size_t fail_at = 1; check_failure(call, input, &expected, fail_at);)
        fail_at++;
    free(expected.data);
}

/*
 * The sorted texts of a value and of its schema from one walk, which only values that are
 * Python objects ask for, and the schema's text.
 */
static void check_canonical(const struct input *input)
{
    struct parsed value = parsed_of(input->json), rules = parsed_of(input->merges);
    struct buffer sorted_rules = {.allocator = &plain_allocator}, scratch = {.allocator = &plain_allocator};
    struct merges merges;
    enum driftcore_punt reason;
    assert_int_equal(
        merges_read(rules.tree.nodes, &sorted_rules, &scratch, &merges, &reason), DRIFTCORE_OK);
    struct text expected = {0};
    size_t fail_at = 0, failures;
    do {
        struct counting counting;
        counting_start(&counting);
        counting.fail_at = fail_at;
        struct buffer text = {.allocator = &counting.allocator}, schema = text, keys = text;
        struct buffer inferred = text;
        bool written = canonical_write(value.tree.nodes, &merges, &text, &schema, &keys);
        written = written && schema_write(value.tree.nodes, &merges, &inferred);
        failures = counting.failures;
        assert_int_equal(written, failures == 0);
        if (fail_at == 0) {
            text_add(&expected, text.data, text.size);
            text_add(&expected, schema.data, schema.size);
            text_add(&expected, inferred.data, inferred.size);
        } else if (written) {
            assert_int_equal(text.size + schema.size + inferred.size, expected.size);
            assert_memory_equal(text.data, expected.data, text.size);
            assert_memory_equal(schema.data, expected.data + text.size, schema.size);
            assert_memory_equal(inferred.data, expected.data + text.size + schema.size, inferred.size);
        }
        buffer_release(&inferred);
        buffer_release(&text);
        buffer_release(&schema);
        buffer_release(&keys);
        assert_int_equal(counting.blocks, 0);
        fail_at++;
    } while (fail_at == 1 || failures != 0);
    free(expected.data);
    buffer_release(&sorted_rules);
    buffer_release(&scratch);
    parsed_release(&value);
    parsed_release(&rules);
}

static void check_calls(const struct input *input)
{
    static make *const every[] = {normalize, struct_bytes, export, export_merged, export_span};
    for (size_t i = 0; i < COUNT(every); i++)
        check_text(every[i], input);
    check_canonical(input);
}

/* ---- what stands before ----------------------------------------------------------------- */

/* Between two doubles, and 1 more. */
#define HALFWAY_INT "5444517870735017228802723140852053442561"

static const char merges[] = "{\"s\":{\"encoding\":1,\"decoded_type\":24,\"match_importance\":0.5},"
                             "\"y\":{\"encoding\":1,\"decoded_type\":1},\"j\":{\"decoded_type\":1},"
                             "\"l\":{\"encoding\":1,\"decoded_type\":24,\"match_importance\":" HALFWAY_INT "},\"o\":{\"encoding\":1,\"decoded_type\":24},"
                             "\"d\":{\"encoding\":1},\"z\":{\"match_importance\":" HALFWAY_INT "},\"n\":{\"decoded_type\":2}}";

/* Longer than what is left of the room for a string. */
#define LONG_INT "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"

/* For the pass without a tree, and with an escape in a key, which needs one. */
static const char *const tails[] = {
    "\"s\":\"x\",\"y\":\"WzFd\",\"j\":\"[{}]\",\"n\":null,\"b\":true,\"f\":false,\"x\":-Infinity,\"z\":{\"v\":0},\"i\":" LONG_INT ","
    "\"d\":1.5,\"e\":1e16,\"l\":[0.25],\"m\":[],\"o\":{\"q\":[[]],\"p\":{}},\"r\":[{\"v\":1,\"u\":2},{\"v\":1,"
    "\"w\":2}],\"t\":\"\xc3\xa9\\n\"}",
    "\"n\":null,\"s\":\"x\\ty\",\"l\":[false],\"\\u00e9\":[1,{}],\"o\":{\"z\":true,\"a\":\"\",\"k\":-7,\"c\":[{"
    "\"z\":1,\"a\":2}]},\"d\":\"!!!!\",\"y\":\"WzFd\",\"g\":9007199254740993.0000000000000000000000000001}",
};

static void check_slide(const char *first, const char *repeated, const char *last, size_t most)
{
    for (size_t tail = 0; tail < COUNT(tails); tail++)
        for (size_t count = 0; count < most; count++) {
            struct text json = {0};
            text_put(&json, first);
            for (size_t i = 0; i < count; i++) {
                char piece[40];
                snprintf(piece, sizeof(piece), repeated, (int)i);
                text_put(&json, piece);
            }
            text_put(&json, last);
            text_put(&json, tails[tail]);
            struct input input = {text_slice(&json), SLICE(merges)};
            check_calls(&input);
            free(json.data);
        }
}

static void behind_a_string_of_any_length(void **state)
{
    (void)state;
    check_slide("{\"a\":\"", "x", "\",", 260);
}

static void behind_any_number_of_items(void **state)
{
    (void)state;
    check_slide("{\"a\":[0", ",0", "],", 70);
}

static void behind_any_number_of_members(void **state)
{
    (void)state;
    check_slide("{", "\"k%d\":0,", "", 40);
    check_slide("{\"a\":[0],", "\"k%d\":0,", "", 40);
}

static void behind_any_number_of_objects(void **state)
{
    (void)state;
    check_slide("{\"a\":[{}", ",{\"b\":0,\"a%d\":0}", "],", 24);
}

static void behind_a_key_of_any_length(void **state)
{
    (void)state;
    check_slide("{\"a", "a", "\":0,", 260);
    check_slide("{\"k", "k", "\":0,", 260);
}

static void among_alike_objects(void **state)
{
    (void)state;
    for (size_t size = 0; size < 24; size++) {
        struct text json = {0};
        text_put(&json, "{\"\\u0061\":\"");
        text_repeat(&json, "x", size);
        text_put(&json, "\",\"b\":[0");
        text_repeat(&json, ",{\"q\":[],\"p\":{},\"longer\":[]}", 40);
        text_put(&json, "]}");
        struct input input = {text_slice(&json), SLICE("{}")};
        check_calls(&input);
        free(json.data);
    }
}

/* Nothing but brackets, of which none leaves room for another. */
static void among_empty_containers(void **state)
{
    (void)state;
    for (size_t size = 0; size < 12; size++) {
        struct text json = {0};
        text_put(&json, "{\"\\u0061\":\"");
        text_repeat(&json, "x", size);
        text_put(&json, "\",\"b\":[[{}]");
        text_repeat(&json, ",[],{},[[],{}]", 60);
        text_put(&json, "]}");
        struct input input = {text_slice(&json), SLICE("{}")};
        check_calls(&input);
        free(json.data);
    }
}

/* The output of a text that needs no change has no room until its first change. */
static void before_the_first_change(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[ 1]", "[1 ]", "[1, 2]", "{\"a\" :1}", "{\"a\": 1}", "[-0]", "[\"\\/\"]", "[\"\\u0041\"]", "[1.50]",
        "{\"a\": {\"c\":1,\"b\":2}}", "[{\"b\":1,\"a\":[ ]}]", "[1,2]", "{\"y\":\"WzFd\"}",
        "{\"g\":9007199254740993.0000000000000000000000000001}", "{\"g\":" HALFWAY_INT "}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct input input = {slice_of(texts[i]), SLICE("{\"y\":{\"encoding\":1,\"decoded_type\":1}}")};
        check_text(normalize, &input);
        check_text(struct_bytes, &input);
        check_text(export, &input);
        check_text(export_merged, &input);
        if (*input.json.data == '{')
            check_text(metadata, &input);
        check_canonical(&input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_string_of_any_length), cmocka_unit_test(behind_a_key_of_any_length),
        cmocka_unit_test(behind_any_number_of_items),    cmocka_unit_test(behind_any_number_of_members),
        cmocka_unit_test(behind_any_number_of_objects),  cmocka_unit_test(among_empty_containers),
        cmocka_unit_test(among_alike_objects),
        cmocka_unit_test(before_the_first_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Where memory runs out, anywhere in a text: what stands before a few values of every kind
 * grows step by step, so that each buffer comes to be full before each of them.  There
 * every allocation fails in turn, and the call says NO_MEMORY or gives the right answer.
 */
#include "calls.h"

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

static void check_calls(const struct input *input)
{
    static make *const every[] = {normalize, struct_bytes, export, export_merged, export_span};
    for (size_t i = 0; i < COUNT(every); i++)
        check_text(every[i], input);
}

/* ---- what stands before ----------------------------------------------------------------- */

static const char merges[] = "{\"s\":{\"encoding\":1,\"decoded_type\":24,\"match_importance\":0.5},"
                             "\"y\":{\"encoding\":1,\"decoded_type\":1},\"j\":{\"decoded_type\":1},"
                             "\"l\":{\"match_importance\":1e-5},\"o\":{\"match_importance\":2},"
                             "\"d\":{\"encoding\":1},\"n\":{\"decoded_type\":2}}";

/* For the pass without a tree, and with an escape in a key, which needs one. */
static const char *const tails[] = {
    "\"s\":\"x\",\"y\":\"WzFd\",\"j\":\"[{}]\",\"t\":\"\xc3\xa9\\n\",\"n\":null,\"b\":true,\"f\":false,\"i\":12,"
    "\"d\":1.5,\"e\":1e16,\"l\":[0.25],\"m\":[],\"o\":{\"q\":[[]],\"p\":{}},\"r\":[{\"v\":1,\"u\":2},{\"v\":1,"
    "\"w\":2}]}",
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

/* The output of a text that needs no change has no room until its first change. */
static void before_the_first_change(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[ 1]", "[1 ]", "[1, 2]", "{\"a\" :1}", "{\"a\": 1}", "[-0]", "[\"\\/\"]", "[\"\\u0041\"]", "[1.50]",
        "{\"a\": {\"c\":1,\"b\":2}}", "[{\"b\":1,\"a\":[ ]}]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct input input = {slice_of(texts[i]), SLICE("{}")};
        check_text(normalize, &input);
        check_text(struct_bytes, &input);
        check_text(export, &input);
        check_text(export_merged, &input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_string_of_any_length), cmocka_unit_test(behind_any_number_of_items),
        cmocka_unit_test(behind_any_number_of_members),  cmocka_unit_test(behind_any_number_of_objects),
        cmocka_unit_test(before_the_first_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

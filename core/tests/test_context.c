/* The public API: who owns what, what a failure leaves behind, and how much memory stays. */
#include "calls.h"

#include <stdlib.h>

static void assert_call(struct driftcore *context, const struct call *call, const struct text *expected)
{
    struct text answer = {0};
    enum driftcore_status status = call->make(context, &answer);
    if (status != call->status || driftcore_punt_reason(context) != call->reason)
        fail_msg("%s: status %d, reason %s", call->name, (int)status,
                 driftcore_punt_name(driftcore_punt_reason(context)));
    if (expected != NULL)
        assert_slices_equal(text_slice(&answer), text_slice(expected));
    free(answer.data);
}

/* What a call gives in a context of its own. */
static struct text answer_of(const struct call *call)
{
    struct driftcore *context = driftcore_create(NULL);
    struct text answer = {0};
    assert_non_null(context);
    assert_int_equal(call->make(context, &answer), call->status);
    driftcore_destroy(context);
    return answer;
}

static void every_call_ends_as_it_should(void **state)
{
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_call(*state, &calls[i], NULL);
}

static void any_call_may_follow_any_other(void **state)
{
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct text expected = answer_of(&calls[i]);
        for (size_t j = 0; j < COUNT(calls); j++) {
            assert_call(*state, &calls[j], NULL);
            assert_call(*state, &calls[i], &expected);
        }
        free(expected.data);
    }
}

static void a_context_without_an_allocator_uses_the_c_librarys(void **state)
{
    (void)state;
    struct driftcore *context = driftcore_create(NULL);
    struct driftcore_slice normalized;
    assert_non_null(context);
    assert_int_equal(driftcore_normalize_json(context, SLICE(" [ ] "), &normalized), DRIFTCORE_OK);
    assert_slice(normalized, "[]");
    driftcore_destroy(context);
}

static void destroying_nothing_is_allowed(void **state)
{
    (void)state;
    driftcore_destroy(NULL);
}

static void a_new_context_tells_no_reason(void **state)
{
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_NONE);
}

static void the_allocator_is_copied(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct driftcore_allocator copy = counting.allocator;
    struct driftcore *context = driftcore_create(&copy);
    memset(&copy, 0, sizeof(copy));
    struct driftcore_slice normalized;
    assert_int_equal(driftcore_normalize_json(context, SLICE("[1]"), &normalized), DRIFTCORE_OK);
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
}

static void contexts_share_nothing(void **state)
{
    struct driftcore *other = driftcore_create(NULL);
    struct driftcore_slice one, two;
    assert_int_equal(driftcore_normalize_json(*state, SLICE("[\"one\"]"), &one), DRIFTCORE_OK);
    assert_int_equal(driftcore_normalize_json(other, SLICE("[\"two\"]"), &two), DRIFTCORE_OK);
    assert_slice(one, "[\"one\"]");
    assert_slice(two, "[\"two\"]");
    driftcore_destroy(other);
}

/* Output must not point into the input, which is borrowed for the call only. */
static void output_outlives_the_input(void **state)
{
    char json[] = "{\"plain\":\"text\",\"k\":\"[1]\",\"i\":12}", rules[] = "{\"k\":{\"decoded_type\":1}}";
    struct driftcore_slice merges = slice_of(rules);
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(*state, slice_of(json), &merges, &result),
                     DRIFTCORE_OK);
    memset(json, '#', sizeof(json) - 1);
    memset(rules, '#', sizeof(rules) - 1);
    assert_slice(result.normalized, "{\"plain\":\"text\",\"k\":\"[1]\",\"i\":12}");
    assert_slice(result.decoded, "{\"plain\":\"text\",\"k\":[1],\"i\":12}");
    assert_true(memchr(result.schema.data, '#', result.schema.size) == NULL);
    assert_true(memchr(result.struct_bytes.data, '#', result.struct_bytes.size) == NULL);
}

static void the_outputs_of_one_call_live_side_by_side(void **state)
{
    struct driftcore_slice normalized;
    char digits[DRIFTCORE_HASH_SIZE];
    struct text json = {0};
    text_put(&json, "{\"b\":\"");
    text_repeat(&json, "x", 100000);
    text_put(&json, "\",\"a\":1}");
    assert_int_equal(driftcore_normalize_and_hash(*state, text_slice(&json), &normalized, digits),
                     DRIFTCORE_OK);
    assert_slices_equal(normalized, text_slice(&json));
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(*state, text_slice(&json), NULL, &result),
                     DRIFTCORE_OK);
    assert_slices_equal(result.normalized, text_slice(&json));
    assert_slices_equal(result.decoded, text_slice(&json));
    assert_int_equal(driftcore_verify_struct(*state, result.struct_bytes), DRIFTCORE_OK);
    assert_slices_equal(result.normalized, text_slice(&json)); /* verifying ends no output's life */
    free(json.data);
}

static void hashes_are_lower_case_hex(void **state)
{
    char digits[DRIFTCORE_HASH_SIZE];
    assert_int_equal(driftcore_deterministic_hash(*state, SLICE("{\"b\":2,\"a\":1}"), digits), DRIFTCORE_OK);
    assert_memory_equal(digits, "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777",
                        DRIFTCORE_HASH_SIZE);
    assert_int_equal(driftcore_deterministic_hash(*state, SLICE("{}"), digits), DRIFTCORE_OK);
    assert_memory_equal(digits, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
                        DRIFTCORE_HASH_SIZE);
}

static void every_reason_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < DRIFTCORE_PUNT_COUNT; i++) {
        const char *name = driftcore_punt_name((enum driftcore_punt)i);
        assert_non_null(name);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, driftcore_punt_name((enum driftcore_punt)j));
    }
}

static void an_empty_slice_may_have_no_memory(void **state)
{
    struct driftcore_slice nothing = {NULL, 0}, bytes;
    assert_int_equal(driftcore_normalize_json(*state, nothing, &bytes), DRIFTCORE_PUNT);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_SYNTAX);
    assert_int_equal(
        driftcore_build_export_request(*state, nothing, nothing, nothing, nothing, &nothing, 1, &bytes),
        DRIFTCORE_OK);
    assert_slices_equal(bytes, SLICE("\x2a\x00"));
}

/* ---- the digit limit -------------------------------------------------------------- */

static size_t from_state(void *state)
{
    return *(size_t *)state;
}

static enum driftcore_status read_digits(struct driftcore *context, size_t digits)
{
    struct text json = {0};
    struct driftcore_slice normalized;
    text_repeat(&json, "7", digits);
    enum driftcore_status status = driftcore_normalize_json(context, text_slice(&json), &normalized);
    if (status == DRIFTCORE_OK)
        assert_slices_equal(normalized, text_slice(&json));
    else
        assert_int_equal(driftcore_punt_reason(context), DRIFTCORE_PUNT_DIGITS);
    free(json.data);
    return status;
}

static void the_default_digit_limit_is_cpythons(void **state)
{
    assert_int_equal(read_digits(*state, 4300), DRIFTCORE_OK);
    assert_int_equal(read_digits(*state, 4301), DRIFTCORE_PUNT);
}

static void the_digit_limit_is_asked_for_at_each_call(void **state)
{
    size_t limit = 700;
    driftcore_set_digit_limit(*state, from_state, &limit);
    assert_int_equal(read_digits(*state, 700), DRIFTCORE_OK);
    assert_int_equal(read_digits(*state, 701), DRIFTCORE_PUNT);
    limit = 0;
    assert_int_equal(read_digits(*state, 50000), DRIFTCORE_OK);
}

/* ---- memory that stays -------------------------------------------------------------- */

static void put_rows(struct text *json, size_t count)
{
    text_put(json, "{\"rows\":[");
    text_repeat(json, "{\"name\":\"a\\nb\",\"id\":12345,\"price\":1.50},", count);
    text_put(json, "0],\"b\":\"eyJhIjoxfQ==\"}");
}

static void small_calls_need_no_new_memory(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct driftcore *context = driftcore_create(&counting.allocator);
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_call(context, &calls[i], NULL);
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_call(context, &calls[i], NULL);
    size_t before = counting.calls;
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_call(context, &calls[i], NULL);
    /* The arena gives all blocks but its newest back, so a few calls may need one more. */
    assert_true(counting.calls - before < COUNT(calls));
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
}

static void memory_does_not_grow_from_call_to_call(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct driftcore *context = driftcore_create(&counting.allocator);
    size_t settled = 0;
    for (size_t round = 0; round < 40; round++) {
        for (size_t i = 0; i < COUNT(calls); i++)
            assert_call(context, &calls[i], NULL);
        if (round == 3)
            settled = counting.bytes;
        assert_true(round <= 3 || counting.bytes <= settled);
    }
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
}

static void large_scratch_memory_is_given_back(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct driftcore *context = driftcore_create(&counting.allocator);
    struct text json = {0};
    put_rows(&json, 100000);
    struct driftcore_slice merges = SLICE("{\"b\":{\"encoding\":1,\"decoded_type\":1}}");
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(context, text_slice(&json), &merges, &result),
                     DRIFTCORE_OK);
    assert_true(counting.bytes > 20 * MEMORY_KEPT);
    driftcore_trim(context);
    assert_true(counting.bytes < 8 * MEMORY_KEPT);

    /* So does the next call. */
    assert_int_equal(driftcore_process_export_payload(context, text_slice(&json), &merges, &result),
                     DRIFTCORE_OK);
    assert_true(counting.bytes > 20 * MEMORY_KEPT);
    struct driftcore_slice normalized;
    assert_int_equal(driftcore_normalize_json(context, SLICE("[1]"), &normalized), DRIFTCORE_OK);
    assert_slice(normalized, "[1]");
    assert_true(counting.bytes < 8 * MEMORY_KEPT);
    free(json.data);
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
}

static void large_spans_and_requests_are_given_back(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct driftcore *context = driftcore_create(&counting.allocator);
    struct text json = {0};
    put_rows(&json, 50000);
    struct driftcore_span span = {.input_value_json = text_slice(&json),
                                  .output_value_json = text_slice(&json)};
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_build_span(context, &span, &bytes), DRIFTCORE_OK);
    assert_true(bytes.size > 4 * MEMORY_KEPT);
    assert_int_equal(driftcore_verify_span(context, bytes), DRIFTCORE_OK);
    struct text copy = {0};
    text_add(&copy, bytes.data, bytes.size);
    struct driftcore_slice spans[] = {text_slice(&copy), text_slice(&copy)};
    assert_int_equal(
        driftcore_build_export_request(context, SLICE(""), SLICE(""), SLICE(""), SLICE(""), spans, 2, &bytes),
        DRIFTCORE_OK);
    assert_true(bytes.size > 2 * copy.size);
    driftcore_trim(context);
    assert_true(counting.bytes < 8 * MEMORY_KEPT);
    free(copy.data);
    free(json.data);
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
}

static void trimming_twice_or_first_is_harmless(void **state)
{
    driftcore_trim(*state);
    driftcore_trim(*state);
    for (size_t i = 0; i < COUNT(calls); i++) {
        assert_call(*state, &calls[i], NULL);
        driftcore_trim(*state);
    }
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(every_call_ends_as_it_should),
        WITH_CONTEXT(any_call_may_follow_any_other),
        cmocka_unit_test(a_context_without_an_allocator_uses_the_c_librarys),
        cmocka_unit_test(destroying_nothing_is_allowed),
        WITH_CONTEXT(a_new_context_tells_no_reason),
        cmocka_unit_test(the_allocator_is_copied),
        WITH_CONTEXT(contexts_share_nothing),
        WITH_CONTEXT(output_outlives_the_input),
        WITH_CONTEXT(the_outputs_of_one_call_live_side_by_side),
        WITH_CONTEXT(hashes_are_lower_case_hex),
        cmocka_unit_test(every_reason_has_a_name_of_its_own),
        WITH_CONTEXT(an_empty_slice_may_have_no_memory),
        WITH_CONTEXT(the_default_digit_limit_is_cpythons),
        WITH_CONTEXT(the_digit_limit_is_asked_for_at_each_call),
        cmocka_unit_test(small_calls_need_no_new_memory),
        cmocka_unit_test(memory_does_not_grow_from_call_to_call),
        cmocka_unit_test(large_scratch_memory_is_given_back),
        cmocka_unit_test(large_spans_and_requests_are_given_back),
        WITH_CONTEXT(trimming_twice_or_first_is_harmless),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    calls_release();
    return failed;
}

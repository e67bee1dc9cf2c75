/*
 * google.protobuf.Struct bytes: literals, then JSON by chance, unpacked by protobuf-c
 * and compared with the message that protobuf-c itself makes of the same JSON.
 */
#include "messages.h"

#include <stdlib.h>

static struct driftcore_slice struct_of(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_struct_bytes(context, json, &bytes), DRIFTCORE_OK);
    return bytes;
}

static void assert_same_meaning(struct driftcore *context, struct driftcore_slice json)
{
    struct parsed parsed = parsed_of(json);
    struct driftcore_slice bytes = struct_of(context, json);
    assert_means(bytes, struct_message(parsed.tree.nodes, false));
    assert_int_equal(driftcore_verify_struct(context, bytes), DRIFTCORE_OK);
    size_t count;
    size_t members = parsed.tree.nodes->size;
    assert_int_equal(driftcore_struct_field_count(context, json, &count), DRIFTCORE_OK);
    assert_int_equal(count, members);
    parsed_release(&parsed);
}

static void each_kind_of_value_on_the_wire(void **state)
{
    static const struct {
        const char *value;
        struct driftcore_slice bytes;
    } cases[] = {
        {"null", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x08\x00")},
        {"1.5", INITIAL("\x0a\x0e\x0a\x01k\x12\x09\x11\0\0\0\0\0\0\xf8\x3f")},
        {"-1", INITIAL("\x0a\x0e\x0a\x01k\x12\x09\x11\0\0\0\0\0\0\xf0\xbf")},
        {"\"\"", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x1a\x00")},
        {"\"xy\"", INITIAL("\x0a\x09\x0a\x01k\x12\x04\x1a\x02xy")},
        {"false", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x20\x00")},
        {"true", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x20\x01")},
        {"{}", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x2a\x00")},
        {"[]", INITIAL("\x0a\x07\x0a\x01k\x12\x02\x32\x00")},
        {"[[null]]", INITIAL("\x0a\x0f\x0a\x01k\x12\x0a\x32\x08\x0a\x06\x32\x04\x0a\x02\x08\x00")},
        {"{\"\":1}", INITIAL("\x0a\x14\x0a\x01k\x12\x0f\x2a\x0d\x0a\x0b\x12\x09\x11\0\0\0\0\0\0\xf0\x3f")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text json = {0};
        text_put(&json, "{\"k\":");
        text_put(&json, cases[i].value);
        text_put(&json, "}");
        assert_slices_equal(struct_of(*state, text_slice(&json)), cases[i].bytes);
        free(json.data);
    }
}

static void what_is_no_object_or_empty_has_no_bytes(void **state)
{
    static const char *const texts[] = {"{}", "[]", "[{\"a\":1}]", "null", "1", "\"x\"", "true"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t count;
        assert_int_equal(struct_of(*state, slice_of(texts[i])).size, 0);
        assert_int_equal(driftcore_struct_field_count(*state, slice_of(texts[i]), &count), DRIFTCORE_OK);
        assert_int_equal(count, 0);
    }
}

static void known_objects_mean_what_they_say(void **state)
{
    static const char *const texts[] = {
        "{\"\":null}",
        "{\"z\":1,\"a\":{\"y\":[true,false,null,\"s\"],\"\":{}},\"n\":[[],[[]]]}",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"big\":123456789012345678901234567890,\"tiny\":5e-324,\"zero\":-0.0,\"inf\":-Infinity}",
        "{\"\xC3\xA9\":\"\xF0\x9F\x98\x80\",\"\\n\":\"\\\"\"}",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_same_meaning(*state, slice_of(texts[i]));
}

static void random_objects_mean_what_they_say(void **state)
{
    uint64_t seed = 50;
    size_t objects = 0;
    for (size_t round = 0; round < 4000; round++) {
        struct text json = {0};
        text_put(&json, "{\"root\":");
        text_put_random_json(&json, &seed, 6);
        text_put(&json, "}");
        assert_same_meaning(*state, text_slice(&json));
        objects++;
        free(json.data);
    }
    assert_int_equal(objects, 4000);
}

/* Lengths around those where a varint needs one byte more, at several levels. */
static void lengths_of_more_than_one_byte(void **state)
{
    for (size_t size = 0; size < 40000; size += size < 300 ? 1 : size % 1000 < 500 ? 8111 : 7) {
        struct text json = {0};
        text_put(&json, "{\"k\":[{\"a\":\"");
        text_repeat(&json, "x", size);
        text_put(&json, "\"}]}");
        assert_same_meaning(*state, text_slice(&json));
        free(json.data);
    }
}

static void nesting_up_to_the_limit(void **state)
{
    struct text json = {0};
    text_repeat(&json, "{\"a\":[", DRIFTCORE_MAX_DEPTH / 2);
    text_repeat(&json, "]}", DRIFTCORE_MAX_DEPTH / 2);
    assert_same_meaning(*state, text_slice(&json));
    free(json.data);
}

static void an_int_beyond_double_range_punts(void **state)
{
    struct driftcore_slice bytes;
    struct text json = {0};
    text_put(&json, "{\"a\":[1,{\"b\":-1");
    text_repeat(&json, "0", 309);
    text_put(&json, "}]}");
    assert_int_equal(driftcore_struct_bytes(*state, text_slice(&json), &bytes), DRIFTCORE_PUNT);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_OVERFLOW);
    free(json.data);
}

static void infinity_as_a_float_is_no_overflow(void **state)
{
    assert_slices_equal(struct_of(*state, SLICE("{\"k\":1e400}")),
                        (struct driftcore_slice)INITIAL("\x0a\x0e\x0a\x01k\x12\x09\x11\0\0\0\0\0\0\xf0\x7f"));
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(each_kind_of_value_on_the_wire),
        WITH_CONTEXT(what_is_no_object_or_empty_has_no_bytes),
        WITH_CONTEXT(known_objects_mean_what_they_say),
        WITH_CONTEXT(random_objects_mean_what_they_say),
        WITH_CONTEXT(lengths_of_more_than_one_byte),
        WITH_CONTEXT(nesting_up_to_the_limit),
        WITH_CONTEXT(an_int_beyond_double_range_punts),
        WITH_CONTEXT(infinity_as_a_float_is_no_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

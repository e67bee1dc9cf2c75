/* JSON text to a tree: what is accepted, what the tree looks like, and why the rest punts. */
#include "support.h"

#include <math.h>
#include <stdlib.h>

/* A tree as text, one letter and its content for each node in order, for literals below. */
static void put_shape(const struct tree *tree, struct text *out)
{
    static const char letters[] = {'n', 'f', 't', 'i', 'd', 'x', 's', 'p', 'L', 'O'};
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        text_add(out, i == 0 ? "" : " ", i != 0);
        text_add(out, &letters[node->kind], 1);
        if (node->kind >= KIND_LIST) {
            char size = (char)('0' + node->size), span = (char)('0' + node->span);
            text_add(out, &size, 1);
            text_add(out, "/", 1);
            text_add(out, &span, 1);
        } else if (node->kind != KIND_FLOAT && node->kind > KIND_TRUE) {
            text_add(out, node->text, node->size);
        }
    }
}

static void assert_shape(const char *json, const char *expected)
{
    struct parsed parsed = parsed_of(slice_of(json));
    struct text shape = {0};
    put_shape(&parsed.tree, &shape);
    assert_slice(text_slice(&shape), expected);
    free(shape.data);
    parsed_release(&parsed);
}

static void assert_punts(struct driftcore_slice json, enum driftcore_punt reason)
{
    struct parsed parsed;
    parsed_start(&parsed, &plain_allocator);
    assert_int_equal(parsed_read(&parsed, SLICE("[1]")), DRIFTCORE_OK);
    enum driftcore_status status = parsed_read(&parsed, json);
    if (status != DRIFTCORE_PUNT || parsed.reason != reason)
        fail_msg("%.*s: status %d, reason %s", (int)(json.size < 200 ? json.size : 200), json.data,
                 (int)status, driftcore_punt_name(parsed.reason));
    assert_int_equal(parsed.tree.count, 2); /* as it was before */
    parsed_release(&parsed);
}

/* ---- trees ---------------------------------------------------------------- */

static void each_value_is_a_node(void **state)
{
    (void)state;
    assert_shape("null", "n");
    assert_shape(" true ", "t");
    assert_shape("false", "f");
    assert_shape("17", "i17");
    assert_shape("1.5", "d1.5");
    assert_shape("1e5", "x");
    assert_shape("\"abc\"", "pabc");
    assert_shape("\"\"", "p");
    assert_shape("[]", "L0/1");
    assert_shape("{}", "O0/1");
}

static void a_container_stands_before_its_children(void **state)
{
    (void)state;
    assert_shape("{\"a\":[1,2],\"b\":null}", "O2/7 pa L2/3 i1 i2 pb n");
    assert_shape("[[],[{}],3]", "L3/5 L0/1 L1/2 O0/1 i3");
}

static void minus_zero_is_the_int_zero(void **state)
{
    (void)state;
    assert_shape("[-0,-1,0]", "L3/4 i0 i-1 i0");
}

static void escapes_are_resolved(void **state)
{
    (void)state;
    assert_shape("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "s\"\\/\b\f\n\r\tA");
    assert_shape("\"x\\u00e9y\\u20AC\\ud83d\\uDE00\"", "sx\xC3\xA9y\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_shape("{\"\\u006b\":\"a b\"}", "O1/3 sk pa b");
}

static void a_nul_in_a_string_is_kept(void **state)
{
    (void)state;
    struct parsed parsed = parsed_of(SLICE("\"a\\u0000b\""));
    assert_int_equal(parsed.tree.nodes->size, 3);
    assert_memory_equal(parsed.tree.nodes->text, "a\0b", 3);
    parsed_release(&parsed);
}

static void text_without_escapes_is_borrowed_from_the_input(void **state)
{
    (void)state;
    const char json[] = "[\"plain\",12,0.5]";
    struct parsed parsed = parsed_of(slice_of(json));
    assert_ptr_equal(parsed.tree.nodes[1].text, json + 2);
    assert_ptr_equal(parsed.tree.nodes[2].text, json + 9);
    assert_ptr_equal(parsed.tree.nodes[3].text, json + 12);
    assert_null(parsed.text.newest);
    parsed_release(&parsed);
}

static void floats_that_are_not_their_own_repr_become_doubles(void **state)
{
    (void)state;
    struct parsed parsed = parsed_of(SLICE("[1.50,1E2,-0.0,NaN,Infinity,-Infinity,1e400]"));
    const struct node *nodes = parsed.tree.nodes;
    for (size_t i = 1; i < 8; i++)
        assert_true(nodes[i].kind == (i == 3 ? (unsigned)nodes[3].kind : (unsigned)KIND_FLOAT));
    assert_true(nodes[1].number == 1.5);
    assert_true(nodes[2].number == 100.0);
    assert_true(isnan(nodes[4].number));
    assert_true(nodes[5].number == HUGE_VAL && nodes[6].number == -HUGE_VAL && nodes[7].number == HUGE_VAL);
    parsed_release(&parsed);
}

static void a_second_text_is_appended(void **state)
{
    (void)state;
    struct parsed parsed = parsed_of(SLICE("{\"a\":1}"));
    assert_int_equal(parsed_read(&parsed, SLICE("[{\"b\":2,\"b\":3}]")), DRIFTCORE_OK);
    struct text shape = {0};
    put_shape(&parsed.tree, &shape);
    assert_slice(text_slice(&shape), "O1/3 pa i1 L1/4 O1/3 pb i3");
    free(shape.data);
    parsed_release(&parsed);
}

/* ---- repeated keys --------------------------------------------------------- */

static void repeated_key_keeps_first_position_and_last_value(void **state)
{
    (void)state;
    assert_shape("{\"a\":1,\"b\":2,\"a\":3}", "O2/5 pa i3 pb i2");
    assert_shape("{\"a\":[1],\"a\":{\"x\":0}}", "O1/5 pa O1/3 px i0");
    assert_shape("{\"a\":{\"x\":0,\"x\":[]},\"b\":0,\"a\":1}", "O2/5 pa i1 pb i0");
    assert_shape("{\"a\":1,\"\\u0061\":2}", "O1/3 pa i2");
}

/* ---- what is not JSON ------------------------------------------------------ */

static void what_is_not_json_punts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", " ", "[", "{", "]", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]", "{\"a\"", "{\"a\":",
        "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":,}", "{,}", "{1:2}", "{a:1}",
        "{\"a\":1 \"b\":2}", "{}{}", "1 2", "\"", "\"a", "\"a\\", "\"a\\\"", "\"\\x\"", "\"\\u\"",
        "\"\\u12\"", "\"\\u12G4\"", "\"\\u 123\"", "\"\\0\"", "\"\n\"", "\"\t\"", "\"\x1f\"", "nul",
        "nulll", "tru", "True", "fals", "nan", "NaNN", "Infinit", "-Infinit", "-NaN", "+1", "-", "--1",
        "01", "-01", "1.", "1.e5", ".5", "-.5", "1e", "1e+", "1e1.5", "0x10", "1_0", "1,", "//",
        "\xEF\xBB\xBF{}", "[\xC2\xA0]", "\v1", "\f1", "[1}", "{\"a\":1]", "[\"a\":1]", "'a'", "[1]x", "-I",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_punts(slice_of(texts[i]), DRIFTCORE_PUNT_SYNTAX);
    assert_punts(SLICE("1\0"), DRIFTCORE_PUNT_SYNTAX);
    assert_punts(SLICE("\0" "1"), DRIFTCORE_PUNT_SYNTAX);
    assert_punts(SLICE("\"a\0b\""), DRIFTCORE_PUNT_SYNTAX);
    assert_punts(SLICE("[\0]"), DRIFTCORE_PUNT_SYNTAX);
}

static void a_control_character_in_a_string_punts_at_any_place(void **state)
{
    (void)state;
    for (size_t size = 1; size < 40; size++)
        for (size_t place = 0; place < size; place++)
            for (char c = 0; c < 0x20; c++) {
                char json[42];
                memset(json, 'x', sizeof(json));
                json[0] = json[size + 1] = '"';
                json[1 + place] = c;
                assert_punts((struct driftcore_slice){json, size + 2}, DRIFTCORE_PUNT_SYNTAX);
            }
}

static void no_text_at_all_punts(void **state)
{
    (void)state;
    assert_punts((struct driftcore_slice){NULL, 0}, DRIFTCORE_PUNT_SYNTAX);
}

static void every_beginning_of_a_text_punts_and_reads_no_further(void **state)
{
    (void)state;
    static const char json[] =
        " {\"a\\u00e9\\ud83d\\ude00\":[-1.5e+10,true,false,null,\"x\\n\"],\"b\":{},\"c\":-Infinity} ";
    size_t size = sizeof(json) - 1;
    for (size_t i = 0; i < size; i++) {
        /* A copy of exact size: a sanitizer sees a byte too many. */
        char *copy = malloc(i + 1);
        assert_non_null(copy);
        memcpy(copy + 1, json, i);
        struct parsed parsed;
        parsed_start(&parsed, &plain_allocator);
        enum driftcore_status status = parsed_read(&parsed, (struct driftcore_slice){copy + 1, i});
        if (i == size - 1) {
            assert_int_equal(status, DRIFTCORE_OK);
        } else {
            assert_int_equal(status, DRIFTCORE_PUNT);
            assert_int_equal(parsed.tree.count, 0);
            /* A text that ends inside a pair of surrogates is broken anyway. */
            assert_true(parsed.reason == DRIFTCORE_PUNT_SYNTAX || parsed.reason == DRIFTCORE_PUNT_SURROGATE);
        }
        parsed_release(&parsed);
        free(copy);
    }
}

static void changed_bytes_never_harm(void **state)
{
    (void)state;
    static const char json[] =
        "{\"a\\u00e9\":[-1.5e+10,true,\"x\\n\\ud83d\\ude00\"],\"b\":{\"\":NaN},\"b\":0}";
    static const char likely[] = "{}[],:\"\\u0123456789abcdefE+-.ntNI \x01\x1f\x7f";
    uint64_t seed = 20;
    size_t accepted = 0;
    for (size_t round = 0; round < 100000; round++) {
        char copy[sizeof(json) - 1];
        memcpy(copy, json, sizeof(copy));
        for (size_t i = 1 + chance_below(&seed, 3); i > 0; i--)
            copy[chance_below(&seed, sizeof(copy))] = likely[chance_below(&seed, sizeof(likely) - 1)];
        struct parsed parsed;
        parsed_start(&parsed, &plain_allocator);
        enum driftcore_status status = parsed_read(&parsed, (struct driftcore_slice){copy, sizeof(copy)});
        assert_true(status == DRIFTCORE_OK || parsed.tree.count == 0);
        accepted += status == DRIFTCORE_OK;
        parsed_release(&parsed);
    }
    assert_in_range(accepted, 1000, 90000);
}

/* ---- surrogates ------------------------------------------------------------ */

static void lone_surrogates_punt(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\"\\ud800\"", "\"\\udc00\"", "\"\\udfff\"", "\"\\ude00\\ud83d\"", "\"\\udc00\\udc00\"",
        "\"\\ud83d\\ud83d\\ude00\"", "\"\\ud83dx\"", "\"\\ud83d\\n\"", "\"\\ud83d\\u0041\"",
        "\"\\ud83d\\\\ude00\"", "{\"\\udbff\":1}", "[\"\\ud83d\\ue000\"]",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_punts(slice_of(texts[i]), DRIFTCORE_PUNT_SURROGATE);
}

/* ---- depth ------------------------------------------------------------------ */

static void depth_of(struct text *text, size_t levels, bool objects)
{
    text->size = 0;
    text_repeat(text, objects ? "{\"a\":" : "[", levels);
    text_put(text, "0");
    text_repeat(text, objects ? "}" : "]", levels);
}

static void containers_may_nest_to_the_limit_and_no_deeper(void **state)
{
    (void)state;
    struct text text = {0};
    for (int objects = 0; objects < 2; objects++) {
        depth_of(&text, DRIFTCORE_MAX_DEPTH, objects);
        struct parsed parsed = parsed_of(text_slice(&text));
        assert_int_equal(parsed.tree.count, DRIFTCORE_MAX_DEPTH * (1 + objects) + 1);
        parsed_release(&parsed);
        depth_of(&text, DRIFTCORE_MAX_DEPTH + 1, objects);
        assert_punts(text_slice(&text), DRIFTCORE_PUNT_DEPTH);
        depth_of(&text, 1000000, objects);
        assert_punts(text_slice(&text), DRIFTCORE_PUNT_DEPTH);
    }
    free(text.data);
}

static void many_containers_side_by_side_are_not_deep(void **state)
{
    (void)state;
    struct text text = {0};
    text_put(&text, "[");
    text_repeat(&text, "[[]],{},", 5000);
    text_put(&text, "0]");
    struct parsed parsed = parsed_of(text_slice(&text));
    assert_int_equal(parsed.tree.nodes->size, 10001);
    parsed_release(&parsed);
    free(text.data);
}

/* ---- digits ----------------------------------------------------------------- */

struct limit {
    size_t digits, asked;
};

static size_t ask(void *state)
{
    struct limit *limit = state;
    limit->asked++;
    return limit->digits;
}

static enum driftcore_status read_int(size_t digits, struct limit *limit, const char *before,
                                      const char *after)
{
    struct text text = {0};
    text_put(&text, before);
    text_repeat(&text, "7", digits);
    text_put(&text, after);
    struct parsed parsed;
    parsed_start(&parsed, &plain_allocator);
    struct reader reader = {&parsed.tree, &parsed.text, &parsed.scratch, ask, limit};
    enum driftcore_status status = reader_parse(&reader, text_slice(&text), &parsed.reason);
    assert_int_equal(parsed.reason, status == DRIFTCORE_OK ? DRIFTCORE_PUNT_NONE : DRIFTCORE_PUNT_DIGITS);
    parsed_release(&parsed);
    free(text.data);
    return status;
}

static void ints_longer_than_the_limit_punt(void **state)
{
    (void)state;
    struct limit limit = {1000, 0};
    assert_int_equal(read_int(1000, &limit, "", ""), DRIFTCORE_OK);
    assert_int_equal(read_int(1001, &limit, "", ""), DRIFTCORE_PUNT);
    assert_int_equal(read_int(1000, &limit, "-", ""), DRIFTCORE_OK); /* the sign is no digit */
    assert_int_equal(read_int(1001, &limit, "[-", "]"), DRIFTCORE_PUNT);
}

static void the_limit_is_asked_only_for_long_ints(void **state)
{
    (void)state;
    struct limit limit = {1000, 0};
    assert_int_equal(read_int(DRIFTCORE_SMALLEST_DIGIT_LIMIT, &limit, "", ""), DRIFTCORE_OK);
    assert_int_equal(limit.asked, 0);
    assert_int_equal(read_int(DRIFTCORE_SMALLEST_DIGIT_LIMIT + 1, &limit, "", ""), DRIFTCORE_OK);
    assert_int_equal(limit.asked, 1);
}

static void zero_is_no_limit(void **state)
{
    (void)state;
    struct limit limit = {0, 0};
    assert_int_equal(read_int(100000, &limit, "", ""), DRIFTCORE_OK);
}

static void floats_have_no_limit(void **state)
{
    (void)state;
    struct limit limit = {640, 0};
    assert_int_equal(read_int(5000, &limit, "0.", ""), DRIFTCORE_OK);
    assert_int_equal(read_int(5000, &limit, "", ".5"), DRIFTCORE_OK);
    assert_int_equal(read_int(5000, &limit, "", "e1"), DRIFTCORE_OK);
    assert_int_equal(limit.asked, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_is_a_node),
        cmocka_unit_test(a_container_stands_before_its_children),
        cmocka_unit_test(minus_zero_is_the_int_zero),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(a_nul_in_a_string_is_kept),
        cmocka_unit_test(text_without_escapes_is_borrowed_from_the_input),
        cmocka_unit_test(floats_that_are_not_their_own_repr_become_doubles),
        cmocka_unit_test(a_second_text_is_appended),
        cmocka_unit_test(repeated_key_keeps_first_position_and_last_value),
        cmocka_unit_test(what_is_not_json_punts),
        cmocka_unit_test(a_control_character_in_a_string_punts_at_any_place),
        cmocka_unit_test(no_text_at_all_punts),
        cmocka_unit_test(every_beginning_of_a_text_punts_and_reads_no_further),
        cmocka_unit_test(changed_bytes_never_harm),
        cmocka_unit_test(lone_surrogates_punt),
        cmocka_unit_test(containers_may_nest_to_the_limit_and_no_deeper),
        cmocka_unit_test(many_containers_side_by_side_are_not_deep),
        cmocka_unit_test(ints_longer_than_the_limit_punt),
        cmocka_unit_test(the_limit_is_asked_only_for_long_ints),
        cmocka_unit_test(zero_is_no_limit),
        cmocka_unit_test(floats_have_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The pass without a tree against the reader, the writer and the encoder, on every processor level. */
#include "support.h"

#include "canonical.h"
#include "cpu.h"
#include "normal.h"
#include "schema.h"
#include "structpb.h"
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

static const int levels[] = {CPU_PORTABLE, CPU_UNKNOWN};

#define EVERYTHING (NORMAL_TEXT | NORMAL_SORTABLE | NORMAL_STRUCT | NORMAL_OUTLINE)

static int start(void **state)
{
    struct normal *normal = calloc(1, sizeof(*normal));
    assert_non_null(normal);
    normal_create(normal, &plain_allocator);
    *state = normal;
    return 0;
}

static int end(void **state)
{
    cpu_pretend(CPU_UNKNOWN);
    normal_release(*state);
    free(*state);
    return 0;
}

static void assert_struct(struct normal *normal, struct parsed *parsed)
{
    struct buffer buffer = {.allocator = &plain_allocator};
    struct sizes sizes;
    assert_true(sizes_for(parsed->tree.count, &buffer, &sizes));
    size_t size = structpb_measure(parsed->tree.nodes, false, &sizes);
    sizes = sizes_start(&buffer);
    char *expected = malloc(size + 1), *actual = malloc(size + 1);
    assert_non_null(expected);
    assert_non_null(actual);
    enum driftcore_status status;
    structpb_write(parsed->tree.nodes, false, &sizes, expected, &status);
    assert_int_equal(status, DRIFTCORE_OK);
    assert_int_equal(pieces_size(&normal->pieces), size);
    pieces_write(&normal->pieces, actual);
    assert_memory_equal(actual, expected, size);
    assert_true(pieces_join(&normal->pieces));
    assert_int_equal(normal->pieces.bytes.size, size);
    assert_memory_equal(normal->pieces.bytes.data, expected, size);
    free(expected);
    free(actual);
    buffer_release(&buffer);
}

static void assert_schema(const struct normal *normal, struct parsed *parsed)
{
    static const struct merges none = {NULL, 0};
    struct buffer expected = {.allocator = &plain_allocator}, actual = expected, scratch = expected;
    assert_true(schema_write(parsed->tree.nodes, &none, &expected));
    assert_true(schema_write(normal->outline.nodes, &none, &actual));
    assert_slices_equal(buffer_slice(&actual), buffer_slice(&expected));
    expected.size = actual.size = 0;
    assert_true(canonical_write(parsed->tree.nodes, &none, NULL, &expected, &scratch));
    assert_true(canonical_write(normal->outline.nodes, &none, NULL, &actual, &scratch));
    assert_slices_equal(buffer_slice(&actual), buffer_slice(&expected));
    buffer_release(&expected);
    buffer_release(&actual);
    buffer_release(&scratch);
}

/*
 * Whatever the pass answers is what the tree gives; it answers nothing that the reader
 * refuses.  True when it answered.
 */
static bool assert_same(struct normal *normal, struct driftcore_slice json)
{
    /* A copy of its very size, so that a sanitizer sees a step too far. */
    char *exact = malloc(json.size + (json.size == 0));
    assert_non_null(exact);
    memcpy(exact, json.data, json.size);
    struct driftcore_slice copy = {exact, json.size};
    enum driftcore_status status = normal_read(normal, copy, EVERYTHING);
    if (status == DRIFTCORE_OK) {
        struct parsed parsed;
        struct buffer expected = {.allocator = &plain_allocator}, scratch = expected, out = expected;
        struct driftcore_slice sorted;
        parsed_start(&parsed, &plain_allocator);
        assert_int_equal(parsed_read(&parsed, copy), DRIFTCORE_OK);
        assert_true(writer_compact(parsed.tree.nodes, &expected));
        assert_slices_equal(normal->text, buffer_slice(&expected));
        expected.size = 0;
        assert_true(canonical_write(parsed.tree.nodes, &(struct merges){NULL, 0}, &expected, NULL, &scratch));
        assert_int_equal(normal_sorted(normal, &out, &sorted), DRIFTCORE_OK);
        assert_slices_equal(sorted, buffer_slice(&expected));
        if (parsed.tree.nodes->kind == KIND_OBJECT)
            assert_struct(normal, &parsed);
        else
            assert_int_equal(pieces_size(&normal->pieces), 0);
        assert_schema(normal, &parsed);
        /* Less asked for, the same given. */
        assert_int_equal(normal_read(normal, copy, NORMAL_TEXT), DRIFTCORE_OK);
        expected.size = 0;
        assert_true(writer_compact(parsed.tree.nodes, &expected));
        assert_slices_equal(normal->text, buffer_slice(&expected));
        if (parsed.tree.nodes->kind == KIND_OBJECT) {
            assert_int_equal(normal_read(normal, copy, NORMAL_STRUCT), DRIFTCORE_OK);
            assert_struct(normal, &parsed);
        }
        buffer_release(&expected);
        buffer_release(&scratch);
        buffer_release(&out);
        parsed_release(&parsed);
    } else {
        assert_int_equal(status, DRIFTCORE_PUNT);
    }
    free(exact);
    return status == DRIFTCORE_OK;
}

static void assert_answers(struct normal *normal, const char *json)
{
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        assert_true(assert_same(normal, slice_of(json)));
    }
}

static void assert_declines(struct normal *normal, const char *json)
{
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        assert_int_equal(normal_read(normal, slice_of(json), EVERYTHING), DRIFTCORE_PUNT);
        assert_int_equal(normal_read(normal, slice_of(json), NORMAL_TEXT), DRIFTCORE_PUNT);
    }
}

static void normal_text_is_not_copied(void **state)
{
    struct normal *normal = *state;
    struct driftcore_slice json = SLICE(" {\"b\":[1,-2.5,\"\\n\"],\"a\":0.30000000000000004}\n");
    assert_int_equal(normal_read(normal, json, NORMAL_TEXT), DRIFTCORE_OK);
    assert_ptr_equal(normal->text.data, json.data + 1);
    assert_int_equal(normal->text.size, json.size - 2);
}

static void sorted_text_is_not_copied(void **state)
{
    struct normal *normal = *state;
    struct driftcore_slice json = SLICE("{\"a\":{},\"b\":[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}],\"c\":{\"d\":1}}"), sorted;
    struct buffer out = {.allocator = &plain_allocator};
    assert_int_equal(normal_read(normal, json, NORMAL_TEXT | NORMAL_SORTABLE), DRIFTCORE_OK);
    assert_int_equal(normal_sorted(normal, &out, &sorted), DRIFTCORE_OK);
    assert_ptr_equal(sorted.data, json.data);
    assert_null(out.data);
}

static void what_is_not_normal_is_put_right(void **state)
{
    assert_answers(*state, "[ 1 ,\t2\r\n, [ ] , { } ]");
    assert_answers(*state, "{\"a\" : 1 , \"b\" :2}");
    assert_answers(*state, "[-0,-0.0,1.50,1e2,1E400,-1e999,2e15,123456789012345678901.5,0.00001,1e-7,100000000000000000.0]");
    assert_answers(*state, "[NaN,Infinity,-Infinity,true,false,null]");
    assert_answers(*state, "[\"\\/\",\"\\u0041\",\"\\u00e9\\ud83d\\ude00\",\"\\u0000\\u001F\\u001f\\u000a\\u0022\\u005c\"]");
}

/* Around those lengths at which the heads of a member take a byte more. */
static void keys_of_any_length(void **state)
{
    static const char *const values[] = {"null", "true", "-1.5", "\"x\"", "[0]", "{}"};
    for (size_t i = 0; i < COUNT(values); i++)
        for (size_t size = 0; size < 300; size++) {
            struct text json = {0};
            text_put(&json, "{\"");
            text_repeat(&json, "k", size);
            text_put(&json, "\":");
            text_put(&json, values[i]);
            text_add(&json, "}", 2);
            assert_answers(*state, json.data);
            free(json.data);
        }
}

static void what_is_rare_or_wrong_is_declined(void **state)
{
    static const char *const texts[] = {
        "", " ", "1", "\"a\"", "null", "{", "[", "]", "[}", "{]", "[1", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{1:2}", "{\"a\":1}}", "[1]]", "[1] x", "[01]", "[1.]", "[.5]", "[-]", "[+1]", "[1e]",
        "[1e+]", "[tru]", "[nul]", "[Infinit]", "[-Infinit]", "[\"]", "[\"\\]", "[\"\\x\"]", "[\"\\u12\"]",
        "[\"\\u12g4\"]", "[\"\n\"]", "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\\ud800\\u0041\"]", "[\"\\ud800\\ue000\"]", "[\"\\ud800\\\"]",
        "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":3}", "[{\"a\":1},{\"a\":1,\"a\":2}]", "{\"\\n\":1}",
        "[{\"a\":1,\"b\":2,\"c\":3},{\"a\":1,\"b\":2,\"b\":3}]", "{\"\\u0061\":1,\"a\":2}", "[1 2]", "{\"a\" 1}", "[\"a\"\"b\"]", "[\x80]",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_declines(*state, texts[i]);
    struct text deep = {0};
    text_repeat(&deep, "[", DRIFTCORE_MAX_DEPTH + 1);
    text_repeat(&deep, "]", DRIFTCORE_MAX_DEPTH + 1);
    text_add(&deep, "", 1);
    assert_declines(*state, deep.data);
    struct driftcore_slice large = {"[]", (size_t)ORDER_LARGEST_TEXT + 1}; /* declined before it is read */
    assert_int_equal(normal_read(*state, large, NORMAL_TEXT), DRIFTCORE_PUNT);
    deep.data[deep.size - 2] = '\0';
    assert_answers(*state, deep.data + 1);
    free(deep.data);
}

static void objects_that_are_not_alike_are_told_apart(void **state)
{
    assert_answers(*state, "[{\"b\":1,\"a\":2},{\"b\":1,\"a\":2,\"c\":3},{\"b\":1},{\"a\":1,\"b\":2},{\"b\":1,\"A\":2},{}]");
    assert_answers(*state, "[{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"y\":0,\"x\":{}}]},{\"b\":{\"d\":1,\"e\":2},\"a\":[{\"y\":0,\"z\":{}}]},"
                           "{\"b\":[],\"a\":{\"y\":1}},{\"b\":{\"d\":3,\"c\":4},\"a\":[{\"x\":5,\"y\":6}]}]");
    assert_answers(*state, "[{\"key of more than sixteen\":1,\"key of more than\":2},{\"key of more than sixteen\":1,\"key of more than\":2}]");
    assert_answers(*state, "{\"sorted\":{\"a\":{\"z\":1,\"y\":[{\"b\":1,\"a\":2},7]},\"b\":2},\"plain\":[{\"n\":1,\"m\":2}]}");
}

static void an_outline_has_the_first_element_of_a_list_only(void **state)
{
    struct normal *normal = *state;
    assert_int_equal(normal_read(normal, SLICE("[[1,2,3],[4,{\"a\":5}],6]"), EVERYTHING), DRIFTCORE_OK);
    assert_int_equal(normal->outline.count, 3);
    assert_int_equal(normal_read(normal, SLICE("{\"a\":[{\"b\":[1,2]},{\"b\":3}],\"c\":4}"), EVERYTHING), DRIFTCORE_OK);
    assert_int_equal(normal->outline.count, 1 + 2 + 1 + 2 + 1 + 2); /* object, a: list, object, b: list, 1, c: 4 */
}

/* Text in normal form, spread out with blanks and spelled in other ways. */
static void spell(struct text *out, const struct text *json, uint64_t *seed)
{
    bool in_string = false;
    for (size_t i = 0; i < json->size; i++) {
        char c = json->data[i];
        if (in_string) {
            if (c == '\\') {
                text_add(out, &json->data[i++], 2);
                continue;
            }
            if (c == '"')
                in_string = false;
            else if (c >= ' ' && c < 0x7F && chance_below(seed, 20) == 0) {
                char escape[8];
                snprintf(escape, sizeof(escape), chance_below(seed, 2) ? "\\u%04x" : "\\u%04X", (unsigned)c);
                text_put(out, escape);
                continue;
            }
            text_add(out, &c, 1);
            continue;
        }
        in_string = c == '"';
        bool structural = strchr("{}[],:", c) != NULL;
        if (structural && chance_below(seed, 4) == 0)
            text_put(out, chance_below(seed, 2) ? " " : "\n\t  ");
        text_add(out, &c, 1);
        if (structural && chance_below(seed, 4) == 0)
            text_put(out, " ");
    }
}

static void random_texts_come_out_as_from_the_tree(void **state)
{
    uint64_t seed = 41;
    size_t answered = 0;
    for (size_t round = 0; round < 6000; round++) {
        cpu_pretend(levels[round % COUNT(levels)]);
        struct text json = {0}, spelled = {0};
        /* The same value several times: alike objects. */
        uint64_t again = seed;
        text_put(&json, "[");
        for (size_t i = 0; i <= round % 3; i++) {
            if (i != 0)
                text_put(&json, ",");
            seed = again + i / 2;
            text_put_random_json(&json, &seed, 4);
        }
        text_put(&json, "]");
        answered += assert_same(*state, text_slice(&json));
        spell(&spelled, &json, &seed);
        assert_same(*state, text_slice(&spelled));
        free(json.data);
        free(spelled.data);
    }
    assert_in_range(answered, 1000, 6000);
}

static void a_byte_that_changed_never_gives_a_wrong_answer(void **state)
{
    static const char likely[] = "{}[],:\"\\ \n0123456789.-+eEtfnNIu/x";
    uint64_t seed = 42;
    for (size_t round = 0; round < 60000; round++) {
        cpu_pretend(levels[round % COUNT(levels)]);
        struct text json = {0};
        text_put(&json, "{\"x\":");
        text_put_random_json(&json, &seed, 3);
        text_put(&json, "}");
        for (size_t i = chance_below(&seed, 3); i > 0; i--)
            json.data[chance_below(&seed, json.size)] = likely[chance_below(&seed, sizeof(likely) - 1)];
        if (chance_below(&seed, 4) == 0)
            json.size = chance_below(&seed, json.size + 1);
        /* A text may now be UTF-8 no more, which no caller passes. */
        assert_same(*state, text_slice(&json));
        free(json.data);
    }
}

#define LONGEST 40

/* {"x":[<digits>.<digits>, and as many blanks as stand between it and the end]} */
static void put_number(struct text *json, uint64_t *seed, size_t count, size_t fraction_count, size_t distance)
{
    static const char digits[] = "0123456789999000";
    text_put(json, chance_below(seed, 2) ? "{\"x\":[" : "{\"x\":[-");
    for (size_t i = 0; i < count; i++)
        text_add(json, &digits[i == 0 && count > 1 ? 1 + chance_below(seed, 9) : chance_below(seed, 16)], 1);
    if (fraction_count != 0)
        text_put(json, ".");
    for (size_t i = 0; i < fraction_count; i++)
        text_add(json, &digits[chance_below(seed, 16)], 1);
    text_repeat(json, " ", distance);
    text_put(json, "]}");
}

static void numbers_of_every_length_at_every_distance_from_the_end(void **state)
{
    static const char likely[] = "0123456789.-+eE, ";
    uint64_t seed = 43;
    size_t answered = 0, all = 0;
    for (size_t count = 1; count <= LONGEST; count++)
        for (size_t fraction_count = 0; fraction_count <= LONGEST; fraction_count++)
            for (size_t distance = 0; distance <= LONGEST; distance += 1 + chance_below(&seed, 6)) {
                cpu_pretend(levels[all++ % COUNT(levels)]);
                struct text json = {0};
                put_number(&json, &seed, count, fraction_count, distance);
                answered += assert_same(*state, text_slice(&json));
                json.data[strlen("{\"x\":[") + chance_below(&seed, count + fraction_count + 2)] =
                    likely[chance_below(&seed, sizeof(likely) - 1)];
                assert_same(*state, text_slice(&json));
                free(json.data);
            }
    /* What two neighbours of its first digits round apart is declined. */
    assert_in_range(answered, all - all / 100, all);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(normal_text_is_not_copied),
        TEST(sorted_text_is_not_copied),
        TEST(what_is_not_normal_is_put_right),
        TEST(keys_of_any_length),
        TEST(what_is_rare_or_wrong_is_declined),
        TEST(objects_that_are_not_alike_are_told_apart),
        TEST(an_outline_has_the_first_element_of_a_list_only),
        TEST(random_texts_come_out_as_from_the_tree),
        TEST(a_byte_that_changed_never_gives_a_wrong_answer),
        TEST(numbers_of_every_length_at_every_distance_from_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The two hashed texts from one walk: each is what it is alone, the schema's is the sorted
 * form of its plain text, and objects that are almost alike are told apart.
 */
#include "support.h"

#include "canonical.h"
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

static const struct merges no_merges = {NULL, 0};

struct outputs {
    struct buffer text, schema, scratch;
};

static struct outputs outputs_new(void)
{
    struct buffer empty = {.allocator = &plain_allocator};
    return (struct outputs){empty, empty, empty};
}

static void outputs_release(struct outputs *outputs)
{
    buffer_release(&outputs->text);
    buffer_release(&outputs->schema);
    buffer_release(&outputs->scratch);
}

static void write_both(struct outputs *outputs, const struct node *value, const struct merges *merges)
{
    outputs->text.size = outputs->schema.size = 0;
    assert_true(canonical_write(value, merges, &outputs->text, &outputs->schema, &outputs->scratch));
    assert_int_equal(outputs->scratch.size, 0);
}

/* What the schema's plain text sorts to. */
static void sort_schema(struct outputs *outputs, const struct node *value, const struct merges *merges)
{
    struct outputs plain = outputs_new();
    assert_true(schema_write(value, merges, &plain.text));
    struct parsed schema = parsed_of(buffer_slice(&plain.text));
    outputs->text.size = 0;
    assert_true(canonical_write(schema.tree.nodes, &no_merges, &outputs->text, NULL, &outputs->scratch));
    parsed_release(&schema);
    outputs_release(&plain);
}

static void assert_both(const char *json, const char *text, const char *schema)
{
    struct outputs outputs = outputs_new();
    struct parsed value = parsed_of(slice_of(json));
    write_both(&outputs, value.tree.nodes, &no_merges);
    assert_slice(buffer_slice(&outputs.text), text);
    assert_slice(buffer_slice(&outputs.schema), schema);
    parsed_release(&value);
    outputs_release(&outputs);
}

static void a_value_and_its_schema(void **state)
{
    (void)state;
    assert_both("{}", "{}", "{\"properties\":{},\"type\":6}");
    assert_both("[]", "[]", "{\"properties\":{},\"type\":7}");
    assert_both("[1,\"a\"]", "[1,\"a\"]", "{\"items\":{\"properties\":{},\"type\":1},\"properties\":{},\"type\":7}");
    assert_both("null", "null", "{\"properties\":{},\"type\":4}");
    assert_both("{\"b\":true,\"a\\n\":1.50}", "{\"a\\n\":1.5,\"b\":true}",
                "{\"properties\":{\"a\\n\":{\"properties\":{},\"type\":1},"
                "\"b\":{\"properties\":{},\"type\":3}},\"type\":6}");
}

static void merges_annotate_members_of_the_top(void **state)
{
    (void)state;
    struct outputs outputs = outputs_new();
    struct parsed value = parsed_of(SLICE("{\"k\":[{\"k\":1}],\"j\":\"x\"}"));
    struct parsed rule = parsed_of(SLICE("[\"k\",1e2]"));
    struct merge merge = {rule.tree.nodes + 1, 1, 24, rule.tree.nodes + 2};
    struct merges merges = {&merge, 1};
    write_both(&outputs, value.tree.nodes, &merges);
    assert_slice(buffer_slice(&outputs.schema),
                 "{\"properties\":{\"j\":{\"properties\":{},\"type\":2},\"k\":{\"decoded_type\":24,\"encoding\":1,"
                 "\"items\":{\"properties\":{\"k\":{\"properties\":{},\"type\":1}},\"type\":6},"
                 "\"match_importance\":100.0,\"properties\":{},\"type\":7}},\"type\":6}");
    struct text schema = {0};
    text_add(&schema, outputs.schema.data, outputs.schema.size);
    sort_schema(&outputs, value.tree.nodes, &merges);
    assert_slices_equal(buffer_slice(&outputs.text), text_slice(&schema));
    free(schema.data);
    parsed_release(&rule);
    parsed_release(&value);
    outputs_release(&outputs);
}

static void schemas_of_random_values_sort_to_what_is_written(void **state)
{
    (void)state;
    uint64_t seed = 17;
    struct outputs outputs = outputs_new(), alone = outputs_new();
    for (size_t round = 0; round < 1500; round++) {
        struct text json = {0};
        text_put_random_json(&json, &seed, 5);
        struct parsed value = parsed_of(text_slice(&json));
        write_both(&outputs, value.tree.nodes, &no_merges);
        /* Each alone. */
        alone.text.size = alone.schema.size = 0;
        assert_true(canonical_write(value.tree.nodes, &no_merges, &alone.text, NULL, &alone.scratch));
        assert_true(canonical_write(value.tree.nodes, &no_merges, NULL, &alone.schema, &alone.scratch));
        assert_slices_equal(buffer_slice(&alone.text), buffer_slice(&outputs.text));
        assert_slices_equal(buffer_slice(&alone.schema), buffer_slice(&outputs.schema));
        sort_schema(&alone, value.tree.nodes, &no_merges);
        assert_slices_equal(buffer_slice(&alone.text), buffer_slice(&outputs.schema));
        parsed_release(&value);
        free(json.data);
    }
    outputs_release(&outputs);
    outputs_release(&alone);
}

/* The keys of an object, in one of two orders, of `size` members with one of two last keys. */
static void put_row(struct text *json, size_t size, bool reversed, bool other)
{
    text_put(json, "{");
    for (size_t i = 0; i < size; i++) {
        char member[32];
        size_t number = reversed ? size - 1 - i : i;
        snprintf(member, sizeof(member), "%s\"k%zu%s\":%zu", i == 0 ? "" : ",", number % 10,
                 other && number + 1 == size ? "~" : "_", i);
        text_put(json, member);
    }
    text_put(json, "}");
}

/* Orders are remembered by what is seen of the keys at first: rows differ behind that. */
static void rows_that_are_almost_alike_are_told_apart(void **state)
{
    (void)state;
    uint64_t seed = 5;
    struct outputs rows = outputs_new(), row = outputs_new();
    for (size_t round = 0; round < 300; round++) {
        struct text json = {0}, expected = {0};
        text_put(&json, "[");
        text_put(&expected, "[");
        size_t size = 2 + chance_below(&seed, 9);
        for (size_t i = 0; i < 8; i++) {
            struct text alone = {0};
            put_row(&alone, size, chance_below(&seed, 2) == 0, chance_below(&seed, 2) == 0);
            text_put(&json, i == 0 ? "" : ",");
            text_put(&expected, i == 0 ? "" : ",");
            text_add(&json, alone.data, alone.size);
            struct parsed value = parsed_of(text_slice(&alone));
            write_both(&row, value.tree.nodes, &no_merges);
            text_add(&expected, row.text.data, row.text.size);
            parsed_release(&value);
            free(alone.data);
        }
        text_put(&json, "]");
        text_put(&expected, "]");
        struct parsed value = parsed_of(text_slice(&json));
        write_both(&rows, value.tree.nodes, &no_merges);
        assert_slices_equal(buffer_slice(&rows.text), text_slice(&expected));
        parsed_release(&value);
        free(json.data);
        free(expected.data);
    }
    outputs_release(&rows);
    outputs_release(&row);
}

static void assert_sorted(const char *json, const char *text)
{
    struct outputs outputs = outputs_new();
    struct parsed value = parsed_of(slice_of(json));
    assert_true(
        canonical_write(value.tree.nodes, &no_merges, &outputs.text, NULL, &outputs.scratch));
    assert_slice(buffer_slice(&outputs.text), text);
    parsed_release(&value);
    outputs_release(&outputs);
}

/* Keys are copied from the first object with them; an inner object of as many and as long keys takes its place. */
static void keys_of_alike_objects_are_copied_as_they_were_written(void **state)
{
    (void)state;
    assert_sorted("[{\"b\\n\":1,\"a\\u0001\":2},{\"b\\n\":3,\"a\\u0001\":4},{\"b\\n\":5,\"a\\u0001\":6}]",
                  "[{\"a\\u0001\":2,\"b\\n\":1},{\"a\\u0001\":4,\"b\\n\":3},{\"a\\u0001\":6,\"b\\n\":5}]");
    assert_sorted("[{\"b\":{\"d\":1,\"c\":2},\"a\":3},{\"d\":4,\"c\":5},{\"d\":6,\"c\":7},{\"b\":8,\"a\":9}]",
                  "[{\"a\":3,\"b\":{\"c\":2,\"d\":1}},{\"c\":5,\"d\":4},{\"c\":7,\"d\":6},{\"a\":9,\"b\":8}]");
    assert_sorted("[{\"b\":1,\"a\":{\"b\":2,\"a\":{\"b\":3,\"a\":4}}},{\"b\":5,\"a\":{\"b\":6,\"a\":7}}]",
                  "[{\"a\":{\"a\":{\"a\":4,\"b\":3},\"b\":2},\"b\":1},{\"a\":{\"a\":7,\"b\":6},\"b\":5}]");
}

/* Texts of every size around the steps they are copied by, with an escape at every place. */
static void escapes_are_found_at_every_place(void **state)
{
    (void)state;
    static const struct {
        char byte;
        const char *escape;
    } cases[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\x01', "\\u0001"}, {'\x1f', "\\u001f"},
                 {'\x7f', "\x7f"}, {' ', " "}};
    struct outputs outputs = outputs_new();
    for (size_t size = 0; size < 70; size++) {
        for (size_t place = 0; place <= size; place++) {
            for (size_t i = 0; i < COUNT(cases); i++) {
                char *exact = malloc(size == 0 ? 1 : size); /* so that a byte read beyond the text is noticed */
                assert_non_null(exact);
                memset(exact, 'x', size);
                if (place < size)
                    exact[place] = cases[i].byte;
                struct node node = {.kind = KIND_STRING, .size = size, .text = exact};
                struct text expected = {0};
                text_put(&expected, "\"");
                text_repeat(&expected, "x", place);
                if (place < size) {
                    text_put(&expected, cases[i].escape);
                    text_repeat(&expected, "x", size - place - 1);
                }
                text_put(&expected, "\"");
                outputs.text.size = 0;
                assert_true(
                    canonical_write(&node, &no_merges, &outputs.text, NULL, &outputs.scratch));
                assert_slices_equal(buffer_slice(&outputs.text), text_slice(&expected));
                free(expected.data);
                free(exact);
            }
        }
    }
    outputs_release(&outputs);
}

/* Many escapes in a block of sixteen, in blocks of text of every size. */
static void dense_escapes_are_each_written(void **state)
{
    (void)state;
    static const char bytes[] = {'x', '"', '\\', '\n', '\x01', 'y', '\x7f', '\xc3'};
    static const char *const written[] = {"x", "\\\"", "\\\\", "\\n", "\\u0001", "y", "\x7f", "\xc3"};
    struct outputs outputs = outputs_new();
    uint64_t seed = 23;
    for (size_t round = 0; round < 20000; round++) {
        size_t size = chance_below(&seed, 120), plain = 1 + chance_below(&seed, 12);
        char *exact = malloc(size == 0 ? 1 : size);
        assert_non_null(exact);
        struct text expected = {0};
        text_put(&expected, "\"");
        for (size_t i = 0; i < size; i++) {
            size_t kind = chance_below(&seed, plain) != 0 ? 0 : chance_below(&seed, COUNT(bytes));
            exact[i] = bytes[kind];
            text_put(&expected, written[kind]);
        }
        text_put(&expected, "\"");
        struct node node = {.kind = KIND_STRING, .size = size, .text = exact};
        outputs.text.size = 0;
        assert_true(canonical_write(&node, &no_merges, &outputs.text, NULL, &outputs.scratch));
        assert_slices_equal(buffer_slice(&outputs.text), text_slice(&expected));
        free(expected.data);
        free(exact);
    }
    outputs_release(&outputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_and_its_schema),
        cmocka_unit_test(merges_annotate_members_of_the_top),
        cmocka_unit_test(schemas_of_random_values_sort_to_what_is_written),
        cmocka_unit_test(rows_that_are_almost_alike_are_told_apart),
        cmocka_unit_test(keys_of_alike_objects_are_copied_as_they_were_written),
        cmocka_unit_test(escapes_are_found_at_every_place),
        cmocka_unit_test(dense_escapes_are_each_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

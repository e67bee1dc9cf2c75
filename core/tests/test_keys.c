/* Keys of one object: sorted by code point, and settled where they repeat. */
#include "support.h"

#include "keys.h"

#include <stdio.h>
#include <stdlib.h>

static int by_bytes(const void *a, const void *b)
{
    const struct node *left = *(const struct node *const *)a, *right = *(const struct node *const *)b;
    size_t common = left->size < right->size ? left->size : right->size;
    int order = common == 0 ? 0 : memcmp(left->text, right->text, common);
    if (order == 0)
        order = (left->size > right->size) - (left->size < right->size);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Compare with the C library's sort, over bytes and then positions. */
static void assert_sorted(const struct node *object, struct buffer *scratch)
{
    size_t before = scratch->size;
    struct key *keys = keys_sorted(object, scratch);
    assert_non_null(keys);
    assert_int_equal(scratch->size, before);
    const struct node **expected = malloc((object->size + 1) * sizeof(*expected));
    assert_non_null(expected);
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++, key = node_next(key + 1))
        expected[i] = key;
    qsort(expected, object->size, sizeof(*expected), by_bytes);
    for (size_t i = 0; i < object->size; i++)
        assert_ptr_equal(keys[i].node, expected[i]);
    free(expected);
}

static void assert_sorts(const char *json, const char *expected)
{
    struct parsed parsed = parsed_of(slice_of(json));
    struct key *keys = keys_sorted(parsed.tree.nodes, &parsed.scratch);
    struct text text = {0};
    for (size_t i = 0; i < parsed.tree.nodes->size; i++) {
        text_add(&text, keys[i].node->text, keys[i].node->size);
        text_put(&text, ";");
    }
    assert_slice(text_slice(&text), expected);
    free(text.data);
    parsed_release(&parsed);
}

static void keys_are_sorted_by_code_point(void **state)
{
    (void)state;
    assert_sorts("{}", "");
    assert_sorts("{\"b\":1,\"a\":2}", "a;b;");
    assert_sorts("{\"aa\":1,\"b\":2,\"a\":3,\"\":4,\"B\":5,\"0\":6}", ";0;B;a;aa;b;");
    assert_sorts("{\"\\ud800\\udc00\":1,\"\\uffff\":2,\"\\ue000\":3,\"\xC3\xA9\":4}",
                 "\xC3\xA9;\xEE\x80\x80;\xEF\xBF\xBF;\xF0\x90\x80\x80;");
}

static void keys_of_equal_beginnings_are_sorted_by_the_rest(void **state)
{
    (void)state;
    assert_sorts(
        "{\"1234567\":1,\"12345678\":2,\"123456789\":3,\"12345678a\":4,\"1234567a\":5,\"12345678A\":6}",
        "1234567;12345678;123456789;12345678A;12345678a;1234567a;");
}

static void a_nul_is_a_character_like_any_other(void **state)
{
    (void)state;
    struct parsed parsed = parsed_of(SLICE("{\"a\\u0000b\":1,\"a\":2,\"a\\u0000\":3,\"\\u0000\":4,\"\":5}"));
    static const size_t sizes[] = {0, 1, 1, 2, 3};
    struct key *keys = keys_sorted(parsed.tree.nodes, &parsed.scratch);
    for (size_t i = 0; i < COUNT(sizes); i++)
        assert_int_equal(keys[i].node->size, sizes[i]);
    assert_int_equal(keys[1].node->text[0], '\0');
    parsed_release(&parsed);
}

static void put_random_key(struct text *text, uint64_t *seed)
{
    static const char *const pieces[] = {"a", "b", "z", "common prefix ", "12345678", "\\u0000", "\xC3\xA9",
                                         "\xEF\xBF\xBF", "\xF0\x9F\x98\x80"};
    for (size_t i = chance_below(seed, 5); i > 0; i--)
        text_put(text, pieces[chance_below(seed, COUNT(pieces))]);
}

static void any_number_of_keys_is_sorted(void **state)
{
    (void)state;
    uint64_t seed = 40;
    for (size_t count = 0; count < 2000; count += count < 70 ? 1 : 193) {
        struct text text = {0};
        text_put(&text, "{");
        for (size_t i = 0; i < count; i++) {
            char digits[32];
            text_put(&text, i == 0 ? "\"" : ",\"");
            put_random_key(&text, &seed);
            snprintf(digits, sizeof(digits), "%zu\":[%zu]", chance_below(&seed, 3 * count), i);
            text_put(&text, digits);
        }
        text_put(&text, "}");
        struct parsed parsed = parsed_of(text_slice(&text));
        assert_sorted(parsed.tree.nodes, &parsed.scratch);
        /* Also behind something that is there already, at any address. */
        parsed.scratch.size = 1 + count % 8;
        if (buffer_reserve(&parsed.scratch, 0) && parsed.scratch.capacity > 8)
            assert_sorted(parsed.tree.nodes, &parsed.scratch);
        parsed_release(&parsed);
        free(text.data);
    }
}

/* Equal keys stand in their order of appearance; a tree has none, so one is made by hand. */
static void equal_keys_stay_in_order(void **state)
{
    (void)state;
    for (size_t count = 2; count < 200; count += 7) {
        struct tree tree = {.allocator = &plain_allocator};
        struct buffer scratch = {.allocator = &plain_allocator};
        assert_true(tree_reserve(&tree, 1 + 2 * count));
        size_t container = tree_open(&tree, KIND_OBJECT);
        for (size_t i = 0; i < count; i++) {
            static const char *const names[] = {"key b", "key a", "key c"};
            tree_push_text(&tree, KIND_PLAIN, names[i * 7 % 3], 5);
            tree_push(&tree, KIND_NULL, 0);
        }
        tree_close(&tree, container, count);
        assert_sorted(tree.nodes, &scratch);
        tree_release(&tree);
        buffer_release(&scratch);
    }
}

/* ---- repeated keys --------------------------------------------------------- */

/*
 * Settle `count` members whose keys repeat by chance, and compare with the plain way:
 * for each key at its first place the value of its last.
 */
static void check_settling(size_t count, size_t different, uint64_t *seed)
{
    struct tree tree = {.allocator = &plain_allocator};
    struct buffer scratch = {.allocator = &plain_allocator};
    char (*names)[32] = malloc((different + 1) * sizeof(*names));
    size_t *drawn = malloc((count + 1) * sizeof(*drawn));
    assert_non_null(names);
    assert_non_null(drawn);
    for (size_t i = 0; i < different; i++)
        snprintf(names[i], sizeof(names[i]), i % 2 ? "%zu" : "prefix %zu", i);

    /* Something stands before the object and must stay. */
    assert_true(tree_reserve(&tree, 2 + 6 * count));
    tree_push_text(&tree, KIND_PLAIN, "before", 6);
    size_t container = tree_open(&tree, KIND_OBJECT);
    for (size_t i = 0; i < count; i++) {
        drawn[i] = chance_below(seed, different);
        tree_push_text(&tree, KIND_PLAIN, names[drawn[i]], strlen(names[drawn[i]]));
        /* Values of different sizes: the i-th has i % 3 empty lists in a list, and its size tells it. */
        size_t value = tree_open(&tree, KIND_LIST);
        for (size_t j = 0; j < i % 3; j++)
            tree_push(&tree, KIND_NULL, 0);
        tree_close(&tree, value, 1000 + i);
    }
    tree_close(&tree, container, count);
    assert_true(keys_settle(&tree, container, &scratch));

    const struct node *object = &tree.nodes[container], *key = object + 1;
    assert_slice((struct driftcore_slice){tree.nodes->text, tree.nodes->size}, "before");
    size_t members = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first = 0, last = i;
        while (drawn[first] != drawn[i])
            first++;
        for (size_t j = i; j < count; j++)
            if (drawn[j] == drawn[i])
                last = j;
        if (first != i)
            continue;
        assert_slice((struct driftcore_slice){key->text, key->size}, names[drawn[i]]);
        assert_int_equal(key[1].size, 1000 + last);
        assert_int_equal(node_span(key + 1), 1 + last % 3);
        key = node_next(key + 1);
        members++;
    }
    assert_int_equal(object->size, members);
    assert_int_equal(object->span, key - object);
    assert_int_equal(tree.count, container + object->span);
    free(names);
    free(drawn);
    tree_release(&tree);
    buffer_release(&scratch);
}

static void first_position_and_last_value_however_many_keys_repeat(void **state)
{
    (void)state;
    uint64_t seed = 41;
    for (size_t count = 1; count < 60; count++)
        for (size_t different = 1; different < 2 * count; different += 1 + different / 4)
            check_settling(count, different, &seed);
    check_settling(2000, 1, &seed);
    check_settling(2000, 300, &seed);
    check_settling(2000, 100000, &seed);
}

static void distinct_keys_need_no_memory_up_to_sixteen(void **state)
{
    (void)state;
    struct parsed parsed =
        parsed_of(SLICE("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,"
                        "\"j\":10,\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16}"));
    struct parsed empty = parsed_of(SLICE("{}"));
    assert_int_equal(parsed.tree.nodes->size, 16);
    assert_int_equal(parsed.scratch.capacity, empty.scratch.capacity);
    parsed_release(&parsed);
    parsed_release(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_sorted_by_code_point),
        cmocka_unit_test(keys_of_equal_beginnings_are_sorted_by_the_rest),
        cmocka_unit_test(a_nul_is_a_character_like_any_other),
        cmocka_unit_test(any_number_of_keys_is_sorted),
        cmocka_unit_test(equal_keys_stay_in_order),
        cmocka_unit_test(first_position_and_last_value_however_many_keys_repeat),
        cmocka_unit_test(distinct_keys_need_no_memory_up_to_sixteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A tree to compact text, in insertion order and sorted. */
#include "support.h"

#include "canonical.h"
#include "writer.h"

#include <stdlib.h>

static const struct merges no_merges = {NULL, 0};

static bool write_sorted(const struct node *value, struct buffer *scratch, struct buffer *out)
{
    return canonical_write(value, &no_merges, out, NULL, scratch);
}

static void assert_written(const struct node *value, const char *compact, const char *sorted)
{
    struct buffer out = {.allocator = &plain_allocator}, scratch = out;
    assert_true(writer_compact(value, &out));
    assert_slice(buffer_slice(&out), compact);
    /* What is written is appended. */
    assert_true(write_sorted(value, &scratch, &out));
    struct driftcore_slice second = {out.data + strlen(compact), out.size - strlen(compact)};
    assert_slice(second, sorted);
    assert_int_equal(scratch.size, 0);
    buffer_release(&out);
    buffer_release(&scratch);
}

static void assert_writes(const char *json, const char *compact, const char *sorted)
{
    struct parsed parsed = parsed_of(slice_of(json));
    assert_written(parsed.tree.nodes, compact, sorted);
    parsed_release(&parsed);
}

static void assert_same(const char *json, const char *compact)
{
    assert_writes(json, compact, compact);
}

static void values_are_written_compactly(void **state)
{
    (void)state;
    assert_same(" null ", "null");
    assert_same("true", "true");
    assert_same("false", "false");
    assert_same("-12", "-12");
    assert_same("1.50", "1.5");
    assert_same("0.25", "0.25");
    assert_same("1E400", "Infinity");
    assert_same("[ NaN , -Infinity ]", "[NaN,-Infinity]");
    assert_same("[ ]", "[]");
    assert_same("{ }", "{}");
    assert_same("[ [ ] , [ { } ] ]", "[[],[{}]]");
    assert_same("{ \"a\" : [ 1 , 2 ] }", "{\"a\":[1,2]}");
}

static void strings_are_escaped_in_their_shortest_form(void **state)
{
    (void)state;
    assert_same("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    assert_same("\"\\u0000\\u001F\\u007f\\u0080\"", "\"\\u0000\\u001f\x7f\xC2\x80\"");
    assert_same("\"\\u2028\\ud83d\\ude00\"", "\"\xE2\x80\xA8\xF0\x9F\x98\x80\"");
}

static void every_control_character_is_escaped(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 0x20; c++) {
        static const char hex[] = "0123456789abcdef";
        char json[] = "\"\\u0000\"";
        json[5] = hex[c >> 4];
        json[6] = hex[c & 15];
        const char *letters = "btn fr", *expected = json;
        char letter[] = "\"\\?\"";
        if (c >= 8 && c <= 13 && letters[c - 8] != ' ') {
            letter[2] = letters[c - 8];
            expected = letter;
        }
        assert_same(json, expected);
    }
}

/* The run of plain characters is skipped in blocks: each special one must stop it wherever it stands. */
static void what_needs_an_escape_is_found_at_any_place(void **state)
{
    (void)state;
    for (size_t size = 1; size < 40; size++) {
        for (size_t place = 0; place < size; place++) {
            for (unsigned c = 0; c < 256; c++) {
                bool special = c < 0x20 || c == '"' || c == '\\';
                char text[40];
                memset(text, 'x', sizeof(text));
                text[place] = (char)c;
                struct node node = {.kind = KIND_STRING, .size = size & NODE_LARGEST_SIZE, .text = text};
                struct buffer out = {.allocator = &plain_allocator};
                assert_true(writer_compact(&node, &out));
                assert_int_equal(out.data[1 + place] == '\\', special);
                assert_int_equal(out.size > size + 2, special);
                buffer_release(&out);
            }
        }
    }
}

static void keys_are_escaped_too(void **state)
{
    (void)state;
    assert_same("{\"\\n\\u00e9\":0}", "{\"\\n\xC3\xA9\":0}");
}

static void sorted_means_by_code_point_at_every_level(void **state)
{
    (void)state;
    assert_writes("{\"b\":{\"d\":1,\"c\":[{\"f\":0,\"e\":1}]},\"a\":[]}",
                  "{\"b\":{\"d\":1,\"c\":[{\"f\":0,\"e\":1}]},\"a\":[]}",
                  "{\"a\":[],\"b\":{\"c\":[{\"e\":1,\"f\":0}],\"d\":1}}");
    assert_writes("{\"\\ud800\\udc00\":1,\"\\uffff\":2,\"z\":3,\"\":4}",
                  "{\"\xF0\x90\x80\x80\":1,\"\xEF\xBF\xBF\":2,\"z\":3,\"\":4}",
                  "{\"\":4,\"z\":3,\"\xEF\xBF\xBF\":2,\"\xF0\x90\x80\x80\":1}");
}

static void a_part_of_a_tree_can_be_written(void **state)
{
    (void)state;
    struct parsed parsed = parsed_of(SLICE("[0,{\"b\":1,\"a\":[2]},3]"));
    assert_written(parsed.tree.nodes + 2, "{\"b\":1,\"a\":[2]}", "{\"a\":[2],\"b\":1}");
    parsed_release(&parsed);
}

/* Text in normal form is its own compact form, whatever the sizes of the buffers on the way. */
static void normal_form_is_written_back_unchanged(void **state)
{
    (void)state;
    uint64_t seed = 30;
    struct buffer out = {.allocator = &plain_allocator};
    for (size_t round = 0; round < 3000; round++) {
        struct text text = {0};
        text_put_random_json(&text, &seed, 6);
        struct parsed parsed = parsed_of(text_slice(&text));
        out.size = 0;
        assert_true(writer_compact(parsed.tree.nodes, &out));
        assert_slices_equal(buffer_slice(&out), text_slice(&text));
        if (round % 7 == 0)
            buffer_release(&out);
        parsed_release(&parsed);
        free(text.data);
    }
    buffer_release(&out);
}

/* Sorting what was sorted changes nothing, and neither order of writing loses a byte. */
static void sorted_text_is_its_own_sorted_form(void **state)
{
    (void)state;
    uint64_t seed = 31;
    struct buffer out = {.allocator = &plain_allocator}, scratch = out;
    for (size_t round = 0; round < 1500; round++) {
        struct text text = {0};
        text_put_random_json(&text, &seed, 5);
        struct parsed parsed = parsed_of(text_slice(&text));
        out.size = 0;
        assert_true(write_sorted(parsed.tree.nodes, &scratch, &out));
        assert_int_equal(out.size, text.size);
        struct text sorted = {0};
        text_add(&sorted, out.data, out.size);
        struct parsed again = parsed_of(text_slice(&sorted));
        out.size = 0;
        assert_true(writer_compact(again.tree.nodes, &out));
        assert_slices_equal(buffer_slice(&out), text_slice(&sorted));
        out.size = 0;
        assert_true(write_sorted(again.tree.nodes, &scratch, &out));
        assert_slices_equal(buffer_slice(&out), text_slice(&sorted));
        parsed_release(&again);
        parsed_release(&parsed);
        free(sorted.data);
        free(text.data);
    }
    buffer_release(&scratch);
    buffer_release(&out);
}

static void a_long_string_of_escapes_fits(void **state)
{
    (void)state;
    for (size_t count = 1; count < 5000; count = count * 2 + 1) {
        struct text text = {0};
        text_put(&text, "\"");
        text_repeat(&text, "\\u0001x\\n", count);
        text_put(&text, "\"");
        struct parsed parsed = parsed_of(text_slice(&text));
        struct buffer out = {.allocator = &plain_allocator};
        assert_true(writer_compact(parsed.tree.nodes, &out));
        assert_slices_equal(buffer_slice(&out), text_slice(&text));
        buffer_release(&out);
        parsed_release(&parsed);
        free(text.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_compactly),
        cmocka_unit_test(strings_are_escaped_in_their_shortest_form),
        cmocka_unit_test(every_control_character_is_escaped),
        cmocka_unit_test(what_needs_an_escape_is_found_at_any_place),
        cmocka_unit_test(keys_are_escaped_too),
        cmocka_unit_test(sorted_means_by_code_point_at_every_level),
        cmocka_unit_test(a_part_of_a_tree_can_be_written),
        cmocka_unit_test(normal_form_is_written_back_unchanged),
        cmocka_unit_test(sorted_text_is_its_own_sorted_form),
        cmocka_unit_test(a_long_string_of_escapes_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is done a word at a time: digits, copies, comparisons. */
#include "support.h"

#include "copy.h"
#include "digits.h"

#include <stdio.h>
#include <stdlib.h>

static void digits_end_at_the_first_other_byte(void **state)
{
    (void)state;
    for (size_t size = 0; size < 30; size++)
        for (size_t place = 0; place <= size; place++)
            for (unsigned c = 0; c < 256; c++) {
                char text[30];
                memset(text, '7', sizeof(text));
                if (place < size)
                    text[place] = (char)c;
                const char *expected = place == size || (c >= '0' && c <= '9') ? text + size : text + place;
                assert_ptr_equal(digits_end(text, text + size), expected);
            }
}

static void digits_are_appended_whatever_may_be_read_behind_them(void **state)
{
    (void)state;
    uint64_t seed = 71;
    for (size_t round = 0; round < 100000; round++) {
        char text[32];
        size_t count = chance_below(&seed, 20), before = chance_below(&seed, 100);
        memset(text, (int)chance_below(&seed, 256), sizeof(text));
        uint64_t expected = before;
        for (size_t i = 0; i < count; i++) {
            text[i] = (char)('0' + chance_below(&seed, 10));
            expected = expected * 10 + (uint64_t)(text[i] - '0');
        }
        assert_int_equal(digits_append(before, text, count, text + count), expected);
        assert_int_equal(digits_append(before, text, count, text + sizeof(text)), expected);
    }
}

/* In memory of their own, so that a byte read beyond them is noticed. */
static void digits_are_a_number_and_nothing_else_is_read(void **state)
{
    (void)state;
    uint64_t seed = 73;
    for (size_t round = 0; round < 20000; round++) {
        size_t count = chance_below(&seed, 20);
        uint64_t expected = 0;
        char *exact = malloc(count == 0 ? 1 : count);
        assert_non_null(exact);
        for (size_t i = 0; i < count; i++) {
            exact[i] = (char)('0' + chance_below(&seed, 10));
            expected = expected * 10 + (uint64_t)(exact[i] - '0');
        }
        assert_int_equal(digits_number(exact, count), expected);
        free(exact);
    }
}

static void numbers_are_split_into_their_digits(void **state)
{
    (void)state;
    char expected[32], actual[9] = {0};
    uint64_t seed = 79;
    for (size_t round = 0; round < 200000; round++) {
        uint32_t number = (uint32_t)(round < 20000 ? round : chance_below(&seed, 100000000));
        snprintf(expected, sizeof(expected), "%08u", number);
        digits_put(actual, digits_split(number));
        assert_string_equal(actual, expected);
    }
    uint64_t power = 1;
    for (int digits = 1; digits <= 20; digits++, power *= 10) {
        assert_int_equal(digits_count(power), digits);
        assert_int_equal(digits_count(power - 1), digits == 1 ? 1 : digits - 1);
        assert_int_equal(digits_count(power + 1), digits);
    }
    assert_int_equal(digits_count(UINT64_MAX), 20);
}

static void copies_are_whole(void **state)
{
    (void)state;
    for (size_t size = 0; size < 100; size++)
        for (size_t behind = 0; behind < 20; behind++) {
            char *from = malloc(size + behind + 1), *out = malloc(size + COPY_SLACK);
            assert_non_null(from);
            assert_non_null(out);
            for (size_t i = 0; i < size + behind; i++)
                from[i] = (char)(i * 7 + 1);
            assert_ptr_equal(copy_behind(out, from, size, from + size + behind), out + size);
            assert_memory_equal(out, from, size);
            free(from);
            free(out);
        }
}

static void texts_are_the_same_only_when_all_bytes_are(void **state)
{
    (void)state;
    char a[48], b[48];
    memset(a, 'k', sizeof(a));
    for (size_t size = 0; size <= 40; size++)
        for (size_t place = 0; place < sizeof(b); place++) {
            memset(b, 'k', sizeof(b));
            b[place] = 'K';
            assert_int_equal(same_text(a, b, size, size), place >= size);
            assert_int_equal(same_text(a, b, size, sizeof(b)), place >= size);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_end_at_the_first_other_byte),
        cmocka_unit_test(digits_are_appended_whatever_may_be_read_behind_them),
        cmocka_unit_test(digits_are_a_number_and_nothing_else_is_read),
        cmocka_unit_test(numbers_are_split_into_their_digits),
        cmocka_unit_test(copies_are_whole),
        cmocka_unit_test(texts_are_the_same_only_when_all_bytes_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

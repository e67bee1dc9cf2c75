/* Long stretches of strings on every processor level, against one byte after another. */
#include "support.h"

#include "cpu.h"
#include "string_run.h"

#include <stdlib.h>

static const int levels[] = {CPU_PORTABLE, CPU_UNKNOWN};

/* The plain way; what the text stands for goes to `out`. */
static const char *plain_way(const char *at, const char *last, struct text *out)
{
    while (at < last && *at != '"' && (unsigned char)*at >= 0x20) {
        if (*at != '\\') {
            text_add(out, at++, 1);
            continue;
        }
        const char *letters = "\"\\bfnrt", *letter = at[1] == '\0' ? NULL : strchr(letters, at[1]);
        if (letter == NULL)
            return at;
        text_add(out, &"\"\\\b\f\n\r\t"[letter - letters], 1);
        at += 2;
    }
    return at;
}

/* `text` ends with the bracket that all text ends with, which is where the run must stop. */
static void assert_run(const char *text, size_t size)
{
    struct text expected = {0};
    char *exact = malloc(size + 1), *out = malloc(size + STRING_RUN_SLACK);
    assert_non_null(exact);
    assert_non_null(out);
    memcpy(exact, text, size);
    exact[size] = '}';
    const char *last = exact + size, *stop = plain_way(exact, last, &expected);
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        char *end = out;
        assert_int_equal(string_run(exact, last) - exact, stop - exact);
        assert_int_equal(string_run_copy(exact, last, &end) - exact, stop - exact);
        assert_int_equal(end - out, expected.size);
        assert_memory_equal(out, expected.data == NULL ? "" : expected.data, expected.size);
    }
    free(expected.data);
    free(exact);
    free(out);
}

static void each_byte_stops_or_not_at_any_place(void **state)
{
    (void)state;
    char text[140];
    for (size_t place = 0; place < sizeof(text); place++)
        for (unsigned c = 0; c < 256; c++)
            for (unsigned escaped = 0; escaped < 2; escaped++) {
                memset(text, 'x', sizeof(text));
                if (escaped && place > 0)
                    text[place - 1] = '\\';
                text[place] = (char)c;
                if (c == '\\')
                    continue; /* series of them follow */
                assert_run(text, sizeof(text));
            }
}

static void series_of_backslashes_pair_up(void **state)
{
    (void)state;
    char text[200];
    for (size_t start = 50; start < 70; start++)
        for (size_t count = 1; count < 130 && start + count + 1 < sizeof(text); count++) {
            memset(text, 'n', sizeof(text));
            memset(text + start, '\\', count);
            assert_run(text, sizeof(text));
            text[start + count] = '"';
            assert_run(text, sizeof(text));
        }
}

static void random_texts_stop_where_they_should(void **state)
{
    (void)state;
    static const char likely[] = "\\\\\\\\\"nrtbfux/ \x01\x1f\x7f\xc3\xa9";
    uint64_t seed = 51;
    for (size_t round = 0; round < 60000; round++) {
        char text[300];
        size_t size = chance_below(&seed, sizeof(text)), rare = 1 + chance_below(&seed, 40);
        for (size_t i = 0; i < size; i++)
            text[i] = chance_below(&seed, rare) != 0 ? 'n' : likely[chance_below(&seed, sizeof(likely) - 1)];
        assert_run(text, size);
    }
}

static int ask_again(void **state)
{
    (void)state;
    cpu_pretend(CPU_UNKNOWN);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_stops_or_not_at_any_place),
        cmocka_unit_test(series_of_backslashes_pair_up),
        cmocka_unit_test(random_texts_stop_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, ask_again);
}

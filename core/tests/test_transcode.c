/* Characters of each width to UTF-8 on every processor level, against one after another. */
#include "support.h"

#include "cpu.h"
#include "transcode.h"
#include "utf8.h"

#include <stdlib.h>

static const int levels[] = {CPU_PORTABLE, CPU_UNKNOWN};

static void assert_transcoded(const uint32_t *characters, size_t count, unsigned width)
{
    struct text expected = {0};
    bool surrogate = false;
    char *units = malloc(count * width + 1), *out = malloc(count * transcode_longest(width) + TRANSCODE_SLACK);
    assert_non_null(units);
    assert_non_null(out);
    for (size_t i = 0; i < count; i++) {
        uint32_t c = characters[i];
        uint8_t one = (uint8_t)c;
        uint16_t two = (uint16_t)c;
        memcpy(units + i * width, width == 1 ? (const void *)&one : width == 2 ? (const void *)&two : (const void *)&c,
               width);
        char bytes[4];
        surrogate |= c >= 0xD800 && c <= 0xDFFF;
        text_add(&expected, bytes, utf8_encode(bytes, c));
    }
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        const char *end = transcode(units, width, count, out);
        if (surrogate) {
            assert_null(end);
            continue;
        }
        assert_non_null(end);
        assert_int_equal(end - out, expected.size);
        assert_memory_equal(out, expected.data == NULL ? "" : expected.data, expected.size);
    }
    free(expected.data);
    free(units);
    free(out);
}

static const uint32_t limits[] = {0,      1,      0x7F,   0x80,   0xFF,    0x100,   0x7FF,   0x800,
                                  0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF};

static size_t below(unsigned width)
{
    return width == 1 ? 5 : width == 2 ? 12 : COUNT(limits);
}

static void each_form_comes_out_at_any_place(void **state)
{
    (void)state;
    for (unsigned width = 1; width <= 4; width *= 2)
        for (size_t count = 0; count < 40; count++)
            for (size_t place = 0; place < count; place++)
                for (size_t i = 0; i < below(width); i++) {
                    uint32_t characters[40];
                    for (size_t j = 0; j < count; j++)
                        characters[j] = 'a' + (uint32_t)j % 26;
                    characters[place] = limits[i];
                    assert_transcoded(characters, count, width);
                }
}

static void mixed_forms_come_out_in_order(void **state)
{
    (void)state;
    uint64_t seed = 61;
    for (size_t round = 0; round < 30000; round++) {
        uint32_t characters[90];
        unsigned width = 1U << chance_below(&seed, 3);
        size_t count = chance_below(&seed, COUNT(characters) + 1), mostly = chance_below(&seed, below(width));
        for (size_t i = 0; i < count; i++)
            characters[i] = chance_below(&seed, 3) ? limits[mostly] : limits[chance_below(&seed, below(width))];
        assert_transcoded(characters, count, width);
    }
}

static void a_surrogate_is_found_at_any_place(void **state)
{
    (void)state;
    static const uint32_t surrogates[] = {0xD800, 0xDBFF, 0xDC00, 0xDFFF};
    for (unsigned width = 2; width <= 4; width *= 2)
        for (size_t place = 0; place < 40; place++)
            for (size_t i = 0; i < COUNT(surrogates); i++) {
                uint32_t characters[40];
                for (size_t j = 0; j < COUNT(characters); j++)
                    characters[j] = 0x4E2D;
                characters[place] = surrogates[i];
                assert_transcoded(characters, COUNT(characters), width);
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
        cmocka_unit_test(each_form_comes_out_at_any_place),
        cmocka_unit_test(mixed_forms_come_out_in_order),
        cmocka_unit_test(a_surrogate_is_found_at_any_place),
    };
    return cmocka_run_group_tests(tests, NULL, ask_again);
}

/* UTF-8: what is well-formed, what is dropped, and how code points are written. */
#include "support.h"

#include "cpu.h"
#include "utf8.h"

/*
 * The length of the well-formed sequence at the start of `bytes`, 0 for none, from the
 * definition: decode as the first byte says, then ask whether the code point is a
 * scalar value and that many bytes are the fewest that can hold it.
 */
static size_t well_formed(const unsigned char *bytes, size_t size)
{
    if (size == 0)
        return 0;
    size_t length = bytes[0] < 0x80           ? 1
                    : (bytes[0] & 0xE0) == 0xC0 ? 2
                    : (bytes[0] & 0xF0) == 0xE0 ? 3
                    : (bytes[0] & 0xF8) == 0xF0 ? 4
                                                : 0;
    if (length == 0 || length > size)
        return 0;
    uint32_t code_point = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        code_point = code_point << 6 | (bytes[i] & 0x3F);
    }
    size_t fewest = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    return fewest != length || surrogate || code_point > 0x10FFFF ? 0 : length;
}

static bool all_well_formed(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t length = well_formed(bytes + i, size - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

static size_t keep_well_formed(unsigned char *bytes, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < size;) {
        size_t length = well_formed(bytes + i, size - i);
        memmove(bytes + kept, bytes + i, length);
        kept += length;
        i += length == 0 ? 1 : length;
    }
    return kept;
}

static void check(const unsigned char *bytes, size_t size)
{
    /* At the very end of an array, where a sanitizer sees a byte too many. */
    char actual[200];
    unsigned char expected[200];
    memcpy(actual + sizeof(actual) - size, bytes, size);
    memcpy(expected, bytes, size);
    char *text = actual + sizeof(actual) - size;
    bool valid = all_well_formed(bytes, size);
    static const int levels[] = {CPU_PORTABLE, CPU_UNKNOWN};
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        if (utf8_valid(text, size) != valid)
            fail_msg("%02x %02x %02x %02x of %zu bytes, level %d", bytes[0], bytes[1], bytes[2], bytes[3], size,
                     (int)levels[i]);
    }
#if CPU_HAS_X86_CODE
    if (cpu_is_wide() && utf8_valid_wide(text, size) != valid)
        fail_msg("%02x %02x %02x %02x of %zu bytes, all wide", bytes[0], bytes[1], bytes[2], bytes[3], size);
#endif
    size_t kept = keep_well_formed(expected, size);
    if (utf8_drop_invalid(text, size) != kept || memcmp(text, expected, kept) != 0)
        fail_msg("%02x %02x %02x %02x of %zu bytes kept otherwise", bytes[0], bytes[1], bytes[2], bytes[3],
                 size);
}

static void nothing_is_well_formed(void **state)
{
    (void)state;
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid(NULL, 0));
    assert_int_equal(utf8_drop_invalid((char[1]){'x'}, 0), 0);
}

static void every_two_bytes(void **state)
{
    (void)state;
    unsigned char bytes[4] = {0};
    for (unsigned i = 0; i < 0x10000; i++) {
        bytes[0] = (unsigned char)(i >> 8);
        bytes[1] = (unsigned char)i;
        check(bytes, 1);
        check(bytes, 2);
    }
}

/* One of each kind of byte that the definition tells apart, and their neighbours. */
static const unsigned char kinds[] = {0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xBF,
                                      0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
                                      0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFB, 0xFE, 0xFF};

static void every_four_kinds_of_bytes(void **state)
{
    (void)state;
    unsigned char bytes[4];
    for (size_t a = 0; a < COUNT(kinds); a++)
        for (size_t b = 0; b < COUNT(kinds); b++)
            for (size_t c = 0; c < COUNT(kinds); c++)
                for (size_t d = 0; d < COUNT(kinds); d++) {
                    bytes[0] = kinds[a], bytes[1] = kinds[b], bytes[2] = kinds[c], bytes[3] = kinds[d];
                    check(bytes, 4);
                    check(bytes, 3);
                }
}

static void longer_runs(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (size_t round = 0; round < 25000; round++) {
        unsigned char bytes[200] = {0};
        size_t size = chance_below(&seed, sizeof(bytes)), ascii = 1 + chance_below(&seed, 20);
        for (size_t i = 0; i < size; i++)
            bytes[i] = chance_below(&seed, ascii) != 0 ? 'x' : kinds[chance_below(&seed, COUNT(kinds))];
        check(bytes, size < 4 ? 4 : size);
    }
}

/* Well-formed text of all lengths of sequences, and the same with one byte changed, cut off or added. */
static void texts_with_one_fault(void **state)
{
    (void)state;
    static const char *const parts[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xF0\x9F\x98\x80",
                                        "\xF4\x8F\xBF\xBF", "\xE0\xA0\x80", "\xF0\x90\x80\x80"};
    uint64_t seed = 11;
    for (size_t round = 0; round < 15000; round++) {
        unsigned char bytes[200];
        size_t size = 0, wanted = 20 + chance_below(&seed, 170);
        while (size < wanted) {
            const char *part = parts[chance_below(&seed, COUNT(parts))];
            memcpy(bytes + size, part, strlen(part));
            size += strlen(part);
        }
        assert_true(all_well_formed(bytes, size));
        check(bytes, size);
        size_t place = chance_below(&seed, size);
        bytes[place] = kinds[chance_below(&seed, COUNT(kinds))];
        check(bytes, size);
        check(bytes, place < 4 ? 4 : place);
    }
}

static void every_code_point_is_written_as_its_own_sequence(void **state)
{
    (void)state;
    uint64_t order = 0;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char bytes[8] = {0};
        size_t size = utf8_encode(bytes, code_point);
        assert_int_equal(well_formed((const unsigned char *)bytes, size), size);
        assert_true(utf8_valid(bytes, size));
        /* Byte order is code-point order, which keys.c rests on. */
        uint64_t number = 0;
        for (size_t i = 0; i < 4; i++)
            number = number << 8 | (unsigned char)bytes[i];
        assert_true(code_point == 0 || number > order);
        order = number;
    }
}

static void known_sequences(void **state)
{
    (void)state;
    char bytes[4];
    assert_int_equal(utf8_encode(bytes, 0x41), 1);
    assert_memory_equal(bytes, "A", 1);
    assert_int_equal(utf8_encode(bytes, 0xE9), 2);
    assert_memory_equal(bytes, "\xC3\xA9", 2);
    assert_int_equal(utf8_encode(bytes, 0x20AC), 3);
    assert_memory_equal(bytes, "\xE2\x82\xAC", 3);
    assert_int_equal(utf8_encode(bytes, 0x1F600), 4);
    assert_memory_equal(bytes, "\xF0\x9F\x98\x80", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_well_formed),
        cmocka_unit_test(every_two_bytes),
        cmocka_unit_test(every_four_kinds_of_bytes),
        cmocka_unit_test(longer_runs),
        cmocka_unit_test(texts_with_one_fault),
        cmocka_unit_test(every_code_point_is_written_as_its_own_sequence),
        cmocka_unit_test(known_sequences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

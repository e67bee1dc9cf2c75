/* Ints of any size to decimal, and read back by the plainest means. */
#include "support.h"

#include "int_write.h"

#include <stdlib.h>

/* Write into places of exactly the promised size, so that a sanitizer sees a byte too many. */
static struct text written(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = malloc(size + 1);
    uint32_t *billions = malloc(int_billions(size) * sizeof(*billions));
    char *place = malloc(int_text_size(size));
    struct text text = {0};
    assert_non_null(copy);
    assert_non_null(billions);
    assert_non_null(place);
    memcpy(copy, bytes, size);
    size_t length = int_write(copy, size, billions, place);
    assert_true(length <= int_text_size(size));
    text_add(&text, place, length);
    free(copy);
    free(billions);
    free(place);
    return text;
}

static void assert_writes(const char *bytes, size_t size, const char *expected)
{
    struct text text = written((const unsigned char *)bytes, size);
    assert_slice(text_slice(&text), expected);
    free(text.data);
}
#define ASSERT_WRITES(bytes, expected) assert_writes(bytes, sizeof(bytes) - 1, expected)

static void small_ints_of_any_width(void **state)
{
    (void)state;
    ASSERT_WRITES("", "0");
    ASSERT_WRITES("\0\0\0\0\0", "0");
    ASSERT_WRITES("\x01", "1");
    ASSERT_WRITES("\xff", "-1");
    ASSERT_WRITES("\x80", "-128");
    ASSERT_WRITES("\xff\xff\xff\xff\xff\xff", "-1");
    ASSERT_WRITES("\xff\x00", "255");
    ASSERT_WRITES("\x00\xca\x9a\x3b\x00", "1000000000");
    ASSERT_WRITES("\xff\xc9\x9a\x3b", "999999999");
    ASSERT_WRITES("\x00\x36\x65\xc4\xff", "-1000000000");
    ASSERT_WRITES("\x00\x00\x64\xa7\xb3\xb6\xe0\x0d", "1000000000000000000");
}

static void ends_of_machine_ints(void **state)
{
    (void)state;
    ASSERT_WRITES("\xff\xff\xff\xff\xff\xff\xff\x7f", "9223372036854775807");
    ASSERT_WRITES("\x00\x00\x00\x00\x00\x00\x00\x80", "-9223372036854775808");
    ASSERT_WRITES("\xff\xff\xff\xff\xff\xff\xff\xff\x00", "18446744073709551615");
    ASSERT_WRITES("\x00\x00\x00\x00\x00\x00\x00\x00\x01", "18446744073709551616");
    ASSERT_WRITES("\x00\x00\x00\x00\x00\x00\x00\x00\xff", "-18446744073709551616");
}

/* Digits to two's complement of `size` bytes: times ten and plus the next, byte by byte. */
static void read_back(struct driftcore_slice text, unsigned char *bytes, size_t size)
{
    bool negative = *text.data == '-';
    memset(bytes, 0, size);
    for (size_t i = negative; i < text.size; i++) {
        unsigned carry = (unsigned)(text.data[i] - '0');
        for (size_t j = 0; j < size; j++) {
            carry += bytes[j] * 10U;
            bytes[j] = (unsigned char)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, 0);
    }
    unsigned carry = 1;
    for (size_t j = 0; negative && j < size; j++) {
        carry += (unsigned char)~bytes[j];
        bytes[j] = (unsigned char)carry;
        carry >>= 8;
    }
}

static void whatever_is_written_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 29000;
    unsigned char bytes[300], again[301];
    for (size_t size = 1; size <= sizeof(bytes); size += 1 + size / 8) {
        for (size_t round = 0; round < 8; round++) {
            for (size_t i = 0; i < size; i++)
                bytes[i] = round == 0 ? 0 : round == 1 ? 0xFF : (unsigned char)chance(&seed);
            bytes[size - 1] = round == 2 ? 0x7F : round == 3 ? 0x80 : bytes[size - 1];
            struct text text = written(bytes, size);
            assert_true(text.size == 1 || text.data[text.data[0] == '-'] != '0');
            read_back(text_slice(&text), again, size + 1);
            assert_memory_equal(again, bytes, size);
            assert_int_equal(again[size], (bytes[size - 1] & 0x80) != 0 ? 0xFF : 0);
            free(text.data);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ints_of_any_width),
        cmocka_unit_test(ends_of_machine_ints),
        cmocka_unit_test(whatever_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

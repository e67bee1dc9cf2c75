#include "int_write.h"

#include <stdbool.h>

#define BILLION 1000000000U

static void negate(unsigned char *bytes, size_t size)
{
    unsigned carry = 1;
    for (size_t i = 0; i < size; i++) {
        carry += (unsigned char)~bytes[i];
        bytes[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

/* Up to four bytes from `at` on as one number. */
static uint32_t limb_at(const unsigned char *bytes, size_t size, size_t at)
{
    uint32_t limb = 0;
    for (size_t i = 0; i < 4 && at + i < size; i++)
        limb |= (uint32_t)bytes[at + i] << (8 * i);
    return limb;
}

/* The magnitude in base 10^9, lowest first: times 2^32 and plus the next four bytes, from the highest on. */
static size_t to_billions(const unsigned char *bytes, size_t size, uint32_t *billions)
{
    size_t count = 0;
    for (size_t at = (size + 3) / 4 * 4; at != 0;) {
        at -= 4;
        uint64_t carry = limb_at(bytes, size, at);
        for (size_t i = 0; i < count; i++) {
            uint64_t number = (uint64_t)billions[i] << 32 | carry;
            carry = number / BILLION;
            billions[i] = (uint32_t)(number - carry * BILLION);
        }
        for (; carry != 0; carry /= BILLION)
            billions[count++] = (uint32_t)(carry % BILLION);
    }
    return count;
}

static char *put_nine(char *at, uint32_t number)
{
    for (int i = 8; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + 9;
}

size_t int_write(unsigned char *bytes, size_t size, uint32_t *billions, char *text)
{
    char *at = text, digits[9];
    bool negative = size != 0 && (bytes[size - 1] & 0x80) != 0;
    if (negative) {
        negate(bytes, size);
        *at++ = '-';
    }
    size_t count = to_billions(bytes, size, billions);
    if (count == 0) {
        *at = '0';
        return 1;
    }
    put_nine(digits, billions[--count]);
    size_t zeros = 0;
    while (digits[zeros] == '0')
        zeros++;
    while (zeros < 9)
        *at++ = digits[zeros++];
    while (count != 0)
        at = put_nine(at, billions[--count]);
    return (size_t)(at - text);
}

/*
 * Decimal digits, eight at a time in one word, read and written.
 *
 * A byte is a digit when it is at most 9 after '0' is taken off by an exclusive or;
 * adding 0x76 then leaves its top bit clear.  A byte that is none may carry into those
 * behind it, so only the first that is none is exact, and it is all that is asked for.
 */
#ifndef DRIFTCORE_DIGITS_H
#define DRIFTCORE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGITS_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t digits_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first byte in [at, end) that is no digit, or `end`. */
static inline const char *digits_end(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t word = digits_load(at) ^ DIGITS_EACH(0x30);
        uint64_t others = ((word + DIGITS_EACH(0x76)) | word) & DIGITS_EACH(0x80);
        if (others != 0)
            return at + __builtin_ctzll(others) / 8;
        at += 8;
    }
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The number that eight digits make, '0' taken off each: sums of neighbours, then of pairs, then of fours. */
static inline uint64_t digits_eight(uint64_t word)
{
    word = word * 10 + (word >> 8);
    uint64_t ones = word & UINT64_C(0x000000FF000000FF), twos = word >> 16 & UINT64_C(0x000000FF000000FF);
    return (ones * (100 + (UINT64_C(1000000) << 32)) + twos * (1 + (UINT64_C(10000) << 32))) >> 32;
}

/* `number` followed by `count` more digits, modulo 2^64; memory before `end` may be read. */
static inline uint64_t digits_append(uint64_t number, const char *at, size_t count, const char *end)
{
    static const uint32_t power[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    for (; count >= 8; count -= 8, at += 8)
        number = number * 100000000 + digits_eight(digits_load(at) ^ DIGITS_EACH(0x30));
    if (count != 0 && end - at >= 8) /* moving the digits to the end puts zeros before them */
        return number * power[count] + digits_eight((digits_load(at) ^ DIGITS_EACH(0x30)) << (64 - 8 * count));
    for (; count != 0; count--, at++)
        number = number * 10 + (uint64_t)(*at - '0');
    return number;
}

/* The number that up to 19 digits make, of which nothing else is read. */
static inline uint64_t digits_number(const char *at, size_t count)
{
    static const uint32_t power[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    uint64_t number = 0;
    size_t rest = count % 8;
    if (count < 8) {
        for (; count != 0; count--, at++)
            number = number * 10 + (uint64_t)(*at - '0');
        return number;
    }
    const char *last = at + count - 8;
    for (; count >= 8; count -= 8, at += 8)
        number = number * 100000000 + digits_eight(digits_load(at) ^ DIGITS_EACH(0x30));
    if (rest == 0)
        return number;
    /* The last eight, of which those that are read already become zeros. */
    uint64_t word = (digits_load(last) ^ DIGITS_EACH(0x30)) >> (64 - 8 * rest) << (64 - 8 * rest);
    return number * power[rest] + digits_eight(word);
}

/* A number below 10^8 as eight digits, the first in the lowest byte: fours, pairs, ones; '0' is not yet added. */
static inline uint64_t digits_split(uint32_t number)
{
    uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007F0000007F);
    uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000F000F000F000F);
    return tens | (pairs - 10 * tens) << 8;
}

static inline void digits_put(char *at, uint64_t word)
{
    word |= DIGITS_EACH(0x30);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(at, &word, sizeof(word));
}

/* How many digits a number has. */
static inline int digits_count(uint64_t number)
{
    static const uint64_t power[20] = {
        0, /* zero has one digit too */
        UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
        UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
        UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
        UINT64_C(1000000000000000), UINT64_C(10000000000000000), UINT64_C(100000000000000000),
        UINT64_C(1000000000000000000), UINT64_C(10000000000000000000),
    };
    int log = (64 - __builtin_clzll(number | 1)) * 1233 >> 12; /* bits * log10(2) */
    return log + (number >= power[log]);
}

#endif

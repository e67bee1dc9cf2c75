/*
 * Skipping what needs no care: the run of a JSON string up to the next quote,
 * backslash or control character.
 *
 * SSE2 is part of every x86-64, so it needs no dispatch.  Elsewhere eight bytes
 * are looked at as one word: a byte b is wanted when b < 0x20, b == 0x22 or
 * b == 0x5c, and the usual borrow trick flags the lowest such byte exactly.
 */
#ifndef DRIFTCORE_SCAN_H
#define DRIFTCORE_SCAN_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline int is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

#if defined(__SSE2__)
#define SCAN_BLOCK 16
typedef unsigned scan_mask;
/* A bit for each of 16 bytes, set where the byte is not plain. */
static inline scan_mask scan_bytes(__m128i bytes)
{
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    /* Unsigned b < 0x20 is max(b, 0x1f) == 0x1f. */
    __m128i limit = _mm_set1_epi8(0x1f);
    __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, limit), limit);
    return (scan_mask)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
}
static inline scan_mask scan_block(const char *at)
{
    return scan_bytes(_mm_loadu_si128((const __m128i *)(const void *)at));
}
#define SCAN_INDEX(found) ((unsigned)__builtin_ctz(found))
#else
#define SCAN_BLOCK 8
typedef uint64_t scan_mask;
#define SCAN_ONES UINT64_C(0x0101010101010101)
#define SCAN_HIGH UINT64_C(0x8080808080808080)
static inline uint64_t scan_zero_bytes(uint64_t word)
{
    return (word - SCAN_ONES) & ~word & SCAN_HIGH;
}
static inline scan_mask scan_block(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    uint64_t control = (word - SCAN_ONES * 0x20) & ~word & SCAN_HIGH;
    return control | scan_zero_bytes(word ^ SCAN_ONES * '"') | scan_zero_bytes(word ^ SCAN_ONES * '\\');
}
#define SCAN_INDEX(found) ((unsigned)__builtin_ctzll(found) / 8)
#endif

/* The first byte in [at, end) that is not plain, or `end`. */
static inline const char *scan_plain(const char *at, const char *end)
{
    while (end - at >= SCAN_BLOCK) {
        scan_mask found = scan_block(at);
        if (found != 0)
            return at + SCAN_INDEX(found);
        at += SCAN_BLOCK;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

#endif

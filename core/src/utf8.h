/* UTF-8: writing code points, and checking bytes that come from outside. */
#ifndef DRIFTCORE_UTF8_H
#define DRIFTCORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Write a code point, not a surrogate; gives the bytes written, 1 to 4. */
static inline size_t utf8_encode(char *out, uint32_t code_point)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* Whether bytes are UTF-8 as Unicode defines it: shortest forms, no surrogates, up to U+10FFFF. */
bool utf8_valid(const char *text, size_t size);

/* The same, for processors that have what CPU_AVX512 names. */
bool utf8_valid_wide(const char *text, size_t size);

/*
 * The same for text that stands within longer bytes which end at `limit`, so that a
 * short one is looked at in one step.
 */
static inline bool utf8_valid_within(const char *text, size_t size, const char *limit)
{
#if defined(__SSE2__)
    if (size <= 16 && limit - text >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
        if (((unsigned)_mm_movemask_epi8(bytes) & ((1U << size) - 1)) == 0)
            return true;
    }
#else
    (void)limit;
#endif
    return utf8_valid(text, size);
}

/*
 * Drop what is not UTF-8, in place, as Python's bytes.decode("utf-8", "ignore")
 * does; gives the bytes left.
 */
size_t utf8_drop_invalid(char *text, size_t size);

#endif

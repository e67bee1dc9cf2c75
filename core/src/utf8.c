#include "utf8.h"

#include "cpu.h"

#include <string.h>

#define UTF8_NARROW 6 /* up to here single steps are as fast */

/* Bytes of the well-formed sequence at `at`, 0 when there is none (Unicode, table 3-7). */
static size_t sequence_size(const unsigned char *at, const unsigned char *end)
{
    unsigned char first = at[0];
    size_t size, left = (size_t)(end - at);
    unsigned char least = 0x80, most = 0xBF; /* of the second byte */
    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0;
    if (first < 0xE0) {
        size = 2;
    } else if (first < 0xF0) {
        size = 3;
        if (first == 0xE0)
            least = 0xA0;
        else if (first == 0xED)
            most = 0x9F;
    } else if (first < 0xF5) {
        size = 4;
        if (first == 0xF0)
            least = 0x90;
        else if (first == 0xF4)
            most = 0x8F;
    } else {
        return 0;
    }
    if (left < size || at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < size; i++)
        if (at[i] < 0x80 || at[i] > 0xBF)
            return 0;
    return size;
}

/* The first byte that is not ASCII, or `end`. */
static const unsigned char *skip_ascii(const unsigned char *at, const unsigned char *end)
{
#if defined(__SSE2__)
    while (end - at >= 64) {
        const __m128i *block = (const __m128i *)(const void *)at;
        __m128i low = _mm_or_si128(_mm_loadu_si128(block), _mm_loadu_si128(block + 1));
        __m128i high = _mm_or_si128(_mm_loadu_si128(block + 2), _mm_loadu_si128(block + 3));
        if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0)
            break;
        at += 64;
    }
#endif
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        at += 8;
    }
    while (at < end && *at < 0x80)
        at++;
    return at;
}

/* The first byte that starts no well-formed sequence, or `end`. */
static const unsigned char *skip_valid(const unsigned char *at, const unsigned char *end)
{
    while ((at = skip_ascii(at, end)) < end) {
        size_t size = sequence_size(at, end);
        if (size == 0)
            return at;
        at += size;
    }
    return end;
}

bool utf8_valid(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text, *end;
    if (size == 0)
        return true;
    end = at + size;
    at = skip_ascii(at, end);
#if CPU_HAS_X86_CODE
    if (end - at > UTF8_NARROW && cpu_is_wide())
        return utf8_valid_wide((const char *)at, (size_t)(end - at));
#endif
    return skip_valid(at, end) == end;
}

size_t utf8_drop_invalid(char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    char *out = text;
    while (at < end) {
        const unsigned char *valid_end = skip_valid(at, end);
        memmove(out, at, (size_t)(valid_end - at));
        out += valid_end - at;
        /* Continuation bytes of a broken sequence start none themselves and go the same way. */
        at = valid_end < end ? valid_end + 1 : end;
    }
    return (size_t)(out - text);
}

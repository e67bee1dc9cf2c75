/*
 * Text between quotes, as Python's json.dumps(ensure_ascii=False) writes it: copied up
 * to what needs an escape, in the same step that looks for it.
 */
#ifndef DRIFTCORE_QUOTE_H
#define DRIFTCORE_QUOTE_H

#include "scan.h"

#include <stddef.h>

#define QUOTE_SLACK 16 /* bytes behind the copy that may be written with anything */
#define QUOTE_LONGEST 6 /* what one byte can become: \u001f */

#if defined(__SSE2__)
/* Up to 15 bytes in a register, zeros behind them, none read beyond them. */
static inline __m128i quote_load(const char *from, size_t size)
{
    uint64_t low = 0, high = 0;
    uint32_t first, last;
    if (size >= 8) {
        memcpy(&low, from, 8);
        memcpy(&high, from + size - 8, 8);
        high = size == 8 ? 0 : high >> (8 * (16 - size));
    } else if (size >= 4) {
        memcpy(&first, from, 4);
        memcpy(&last, from + size - 4, 4);
        low = (uint64_t)first | (uint64_t)last << (8 * (size - 4));
    } else if (size != 0) {
        low = (uint64_t)(uint8_t)from[0] | (uint64_t)(uint8_t)from[size / 2] << (8 * (size / 2))
              | (uint64_t)(uint8_t)from[size - 1] << (8 * (size - 1));
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}
#endif

/*
 * Copy bytes up to the first that needs an escape; gives how many.  Behind them up to
 * QUOTE_SLACK bytes are written, and those up to `size`.
 */
static inline size_t quote_plain(char *out, const char *from, size_t size)
{
    size_t at = 0;
#if defined(__SSE2__)
    for (; size - at >= SCAN_BLOCK; at += SCAN_BLOCK) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + at));
        _mm_storeu_si128((__m128i *)(void *)(out + at), bytes);
        scan_mask found = scan_bytes(bytes);
        if (found != 0)
            return at + SCAN_INDEX(found);
    }
    size_t rest = size - at;
    __m128i bytes = quote_load(from + at, rest);
    _mm_storeu_si128((__m128i *)(void *)(out + at), bytes);
    scan_mask found = scan_bytes(bytes) & ((1U << rest) - 1);
    return found != 0 ? at + SCAN_INDEX(found) : size;
#else
    for (; size - at >= SCAN_BLOCK; at += SCAN_BLOCK) {
        scan_mask found = scan_block(from + at);
        memcpy(out + at, from + at, SCAN_BLOCK);
        if (found != 0)
            return at + SCAN_INDEX(found);
    }
    for (; at < size && is_plain(from[at]); at++)
        out[at] = from[at];
    return at;
#endif
}

/* The escape of a byte that is not plain; gives its end. */
static inline char *quote_escape(char *out, char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    unsigned char byte = (unsigned char)c;
    char letter = byte < 0x20 ? letters[byte] : c;
    out[0] = '\\';
    if (letter != '\0') {
        out[1] = letter;
        return out + 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[byte >> 4];
    out[5] = hex[byte & 0xF];
    return out + 6;
}

/*
 * Sixteen bytes at a time with all their escapes, as far as twice as many are there.  Of
 * a block what stands behind an escape is copied anew, two places on; it is not searched
 * again.
 */
static inline char *quote_blocks(char *out, const char **text, size_t *size)
{
#if defined(__SSE2__)
    const char *at = *text;
    size_t left = *size;
    for (; left >= 2 * SCAN_BLOCK; at += SCAN_BLOCK, left -= SCAN_BLOCK) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        _mm_storeu_si128((__m128i *)(void *)out, bytes);
        size_t done = 0;
        for (scan_mask found = scan_bytes(bytes); found != 0; found &= found - 1) {
            size_t place = SCAN_INDEX(found);
            out = quote_escape(out + (place - done), at[place]);
            done = place + 1;
            bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + done));
            _mm_storeu_si128((__m128i *)(void *)out, bytes);
        }
        out += SCAN_BLOCK - done;
    }
    *text = at;
    *size = left;
#else
    (void)text;
    (void)size;
#endif
    return out;
}

#endif

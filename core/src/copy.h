/*
 * Copying short texts.
 *
 * A call of memcpy costs more than moving the few bytes that a token has.  Sixteen
 * bytes at a time, the last of them beyond the end, need neither a call nor a branch
 * for each length; for that both sides must have COPY_SLACK bytes to spare.
 */
#ifndef DRIFTCORE_COPY_H
#define DRIFTCORE_COPY_H

#include <stdint.h>
#include <string.h>

#define COPY_SLACK 16

/*
 * Copy `size` bytes; up to COPY_SLACK bytes after them are written too, with anything.
 * `end` is the end of the memory that `from` is read from.  Gives the end of the copy.
 */
static inline char *copy_behind(char *out, const char *from, size_t size, const char *end)
{
    if (size > 64 || (size_t)(end - from) < size + COPY_SLACK) {
        memcpy(out, from, size);
        return out + size;
    }
    size_t at = 0;
    do {
        char block[16]; /* what is beyond the text may overlap */
        memcpy(block, from + at, 16);
        memcpy(out + at, block, 16);
        at += 16;
    } while (at < size);
    return out + size;
}

/* Whether `size` bytes are equal; beyond the texts, `room` bytes can be read from each start. */
static inline int same_text(const char *a, const char *b, size_t size, size_t room)
{
    uint64_t x, y, u, v;
    if (size < 8) {
        if (room < 8)
            return memcmp(a, b, size) == 0;
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return size == 0 || (x ^ y) >> (64 - 8 * size) == 0;
#else
        return size == 0 || (x ^ y) << (64 - 8 * size) == 0;
#endif
    }
    if (size > 16)
        return memcmp(a, b, size) == 0;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    memcpy(&u, a + size - 8, 8);
    memcpy(&v, b + size - 8, 8);
    return ((x ^ y) | (u ^ v)) == 0;
}

#endif

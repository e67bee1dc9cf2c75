/* Characters of a fixed width, as CPython keeps a str, to UTF-8. */
#ifndef DRIFTCORE_TRANSCODE_H
#define DRIFTCORE_TRANSCODE_H

#include <stddef.h>

/* Bytes behind the text that may be written too. */
#define TRANSCODE_SLACK 64

/* The most bytes that a character of `width` bytes, 1, 2 or 4, becomes. */
static inline size_t transcode_longest(unsigned width)
{
    return width == 1 ? 2 : width == 2 ? 3 : 4;
}

/*
 * Write `count` characters; gives the end of the text, or NULL when one is a surrogate.
 * `out` has room for the longest text and TRANSCODE_SLACK bytes.
 */
char *transcode(const void *characters, unsigned width, size_t count, char *out);

#endif

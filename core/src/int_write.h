/*
 * Ints of any size to decimal.
 *
 * CPython's own int.__repr__() looks for signals while it works, and from 3.12 on for garbage
 * too, so Python code may run in the middle of it.  Where memory is borrowed from objects that
 * must not be: there the digits are made here.
 */
#ifndef DRIFTCORE_INT_WRITE_H
#define DRIFTCORE_INT_WRITE_H

#include <stddef.h>
#include <stdint.h>

/* How many numbers of nine decimal digits a number of so many bytes takes at most. */
static inline size_t int_billions(size_t size)
{
    return size * 8 / 29 + 1; /* 2^29 is less than 10^9 */
}

/* Characters of the text at most, a sign included. */
static inline size_t int_text_size(size_t size)
{
    return 9 * int_billions(size) + 1;
}

/*
 * Write an int of `size` bytes, little-endian in two's complement, which are overwritten; gives
 * the size of the text.  `billions` has room for int_billions(size) numbers, `text` for
 * int_text_size(size) characters.  The work grows with the square of the size.
 */
size_t int_write(unsigned char *bytes, size_t size, uint32_t *billions, char *text);

#endif

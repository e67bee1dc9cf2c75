/*
 * Floats between text and double, exactly as Python does it: reading rounds to
 * nearest even, writing gives float.__repr__, the shortest text that reads back.
 */
#ifndef DRIFTCORE_NUMBER_H
#define DRIFTCORE_NUMBER_H

#include "memory.h"

/* The longest text number_write() gives, -2.2250738585072014e-308, is of 24 bytes; it writes in pieces of 16. */
#define NUMBER_TEXT_SIZE 40

/*
 * Whether a decimal without exponent is its own repr: the digits before the point
 * (without sign) and behind it.  May say no where yes were right.
 */
bool decimal_is_repr(const char *digits, size_t count, const char *fraction, size_t fraction_count);

/* digits * 10^exponent */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* The shortest decimal that reads back as a positive finite double. */
struct decimal number_shortest(double number);

/* Whether a decimal of more digits is its own repr, told by comparing it with the shortest of its double. */
bool long_decimal_is_repr(const char *digits, size_t count, struct decimal decimal, double number);

/*
 * The double nearest to a JSON number, infinity past the largest.  The text is a
 * number by JSON's grammar; memory up to `readable_end` may be read.
 */
double number_read(const char *text, size_t size, const char *readable_end);

/*
 * What the digits before and behind the point make, up to DECIMAL_MOST_DIGITS.  Here and
 * below, memory up to `end` may be read, which spares single steps at the end of the digits.
 */
#define DECIMAL_MOST_DIGITS 19
struct decimal decimal_of(const char *digits, size_t count, const char *fraction, size_t fraction_count,
                          const char *end);

/* The double nearest to a decimal of which that is so, and of both in one. */
double decimal_nearest(struct decimal decimal);
double decimal_read(const char *digits, size_t count, const char *fraction, size_t fraction_count,
                    const char *end);

/*
 * repr() of a finite double into `out`, which has NUMBER_TEXT_SIZE bytes, all of which may
 * be written; gives its size.
 */
size_t number_write(double number, char *out);

#endif

/* Decimals of any length near the middle of two doubles, decided exactly. */
#ifndef DRIFTCORE_NUMBER_TIE_H
#define DRIFTCORE_NUMBER_TIE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Which of two neighbouring doubles is nearer to a decimal between them; a tie goes to even.
 * [digits, end) is its mantissa, which may have a point and has more than `counted` significant
 * digits; the first `counted` of them as an integer, times 10^exponent, are the decimal cut off.
 * `above` may be infinity.  Takes about 800 bytes of stack and no memory.
 */
double number_nearer(const char *digits, const char *end, int counted, int64_t exponent, double below,
                     double above);

#endif

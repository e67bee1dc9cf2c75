/*
 * The decimal and the middle of the two doubles, both times the same powers of two and five, are integers;
 * these are compared.  (William Clinger, "How to Read Floating Point Numbers Accurately", 1990.)
 *
 * The middle of two doubles has at most 768 significant digits.  So of a longer decimal the first MOST_DIGITS
 * decide, and of the rest only whether it is zero.
 */
#include "number_tie.h"

#include <stdbool.h>
#include <string.h>

#define MOST_DIGITS 769
#define FRACTION_BITS 52

/*
 * Both sides stay below 2^2704: a decimal of 770 digits is below 10^770, one that small has an exponent of at
 * least -1113, and the middle of two doubles is below 2^54 * 5^1113.
 */
#define MOST_LIMBS 88

/* An integer of 32-bit limbs, the lowest first; the highest is not 0. */
struct integer {
    uint32_t limbs[MOST_LIMBS];
    int count;
};

static void multiply_and_add(struct integer *integer, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (int i = 0; i < integer->count; i++) {
        carry += (uint64_t)integer->limbs[i] * factor;
        integer->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        integer->limbs[integer->count++] = (uint32_t)carry;
}

static void multiply_by_power_of_five(struct integer *integer, int64_t power)
{
    for (; power >= 13; power -= 13)
        multiply_and_add(integer, 1220703125, 0);
    for (; power > 0; power--)
        multiply_and_add(integer, 5, 0);
}

static void shift_left(struct integer *integer, int64_t bits)
{
    int limbs = (int)(bits / 32);
    multiply_and_add(integer, UINT32_C(1) << bits % 32, 0);
    memmove(integer->limbs + limbs, integer->limbs, (size_t)integer->count * sizeof(integer->limbs[0]));
    memset(integer->limbs, 0, (size_t)limbs * sizeof(integer->limbs[0]));
    integer->count += limbs;
}

static int compare(const struct integer *one, const struct integer *other)
{
    if (one->count != other->count)
        return one->count < other->count ? -1 : 1;
    for (int i = one->count - 1; i >= 0; i--)
        if (one->limbs[i] != other->limbs[i])
            return one->limbs[i] < other->limbs[i] ? -1 : 1;
    return 0;
}

/* The significant digits of [at, end) that decide; gives how many. */
static int read_digits(const char *at, const char *end, struct integer *integer)
{
    int count = 0;
    bool more = false;
    for (; at < end; at++) {
        if (*at == '.' || (count == 0 && *at == '0'))
            continue;
        if (count < MOST_DIGITS) {
            multiply_and_add(integer, 10, (uint32_t)(*at - '0'));
            count++;
        } else {
            more |= *at != '0';
        }
    }
    if (more) {
        multiply_and_add(integer, 10, 1);
        count++;
    }
    return count;
}

double number_nearer(const char *digits, const char *end, int counted, int64_t exponent, double below,
                     double above)
{
    uint64_t bits;
    memcpy(&bits, &below, sizeof(bits));
    uint64_t mantissa = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int64_t biased = (int64_t)(bits >> FRACTION_BITS);
    if (biased != 0)
        mantissa |= UINT64_C(1) << FRACTION_BITS;
    else
        biased = 1;
    /* The middle is (2 * mantissa + 1) * 2^power. */
    int64_t power = biased - 1076;
    uint64_t odd = 2 * mantissa + 1;
    struct integer middle = {{(uint32_t)odd, (uint32_t)(odd >> 32)}, odd >> 32 == 0 ? 1 : 2};
    struct integer decimal = {{0}, 0};
    exponent -= read_digits(digits, end, &decimal) - counted; /* decimal * 10^exponent */

    multiply_by_power_of_five(exponent < 0 ? &middle : &decimal, exponent < 0 ? -exponent : exponent);
    int64_t shift = exponent - power;
    shift_left(shift < 0 ? &middle : &decimal, shift < 0 ? -shift : shift);
    int order = compare(&decimal, &middle);
    if (order == 0)
        return (mantissa & 1) == 0 ? below : above;
    return order < 0 ? below : above;
}

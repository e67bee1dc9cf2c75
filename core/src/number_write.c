/*
 * The shortest decimal that reads back as the same double.
 *
 * Raffaello Giulietti, "The Schubfach way to render doubles" (2020).  A double
 * c * 2^q owns an interval of reals that round to it.  There is one power of ten
 * 10^k such that the interval holds at least one multiple of 10^k but at most one
 * of 10^(k+1).  Scaling the interval's ends and its middle by 10^-k takes three
 * multiplications by a 126-bit number; rounding them to odd keeps every comparison
 * exact, and the rest is a choice between neighbouring integers.
 */
#include "number.h"

#include "wide.h"

#define FRACTION_BITS 52
#define EXPONENT_MASK 0x7FF
#define EXPONENT_BIAS 1075 /* of c * 2^q with an integer c */

/* floor(e * log10(2)), floor(log10(3/4 * 2^e)) and floor(e * log2(10)), right for every double. */
static int floor_log10_power2(int e)
{
    return (int)(((int64_t)e * 1262611) >> 22);
}

static int floor_log10_three_quarters_power2(int e)
{
    return (int)(((int64_t)e * 1262611 - 524031) >> 22);
}

static int floor_log2_power10(int e)
{
    return (int)(((int64_t)e * 1741647) >> 19);
}

/* The upper 64 bits of g * c, its lowest bit set where bits below are. */
static uint64_t multiply_round_to_odd(uint128 g, uint64_t c)
{
    uint128 low = (uint128)(uint64_t)g * c;
    uint128 high = (uint128)high_half(g) * c + high_half(low);
    return high_half(high) | ((uint64_t)high > 1);
}

/* The upper 128 bits of 10^k, rounded up. */
static uint128 power10_ceiling(int k)
{
    bool exact = k >= 0 && k <= 55; /* 5^55 < 2^128 */
    return power10_floor(k) + !exact;
}

static struct decimal shortest(uint64_t fraction, int biased)
{
    uint64_t c;
    int q;
    if (biased != 0) {
        c = fraction | UINT64_C(1) << FRACTION_BITS;
        q = biased - EXPONENT_BIAS;
        if (q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0)
            return (struct decimal){c >> -q, 0};
    } else {
        c = fraction;
        q = 1 - EXPONENT_BIAS;
    }
    /* At a power of two the lower neighbour is only half as far. */
    bool lower_is_closer = fraction == 0 && biased > 1;
    int k = lower_is_closer ? floor_log10_three_quarters_power2(q) : floor_log10_power2(q);
    int h = q + floor_log2_power10(-k) + 1;
    uint128 g = power10_ceiling(-k);
    uint64_t below = multiply_round_to_odd(g, (4 * c - 2 + lower_is_closer) << h);
    uint64_t middle = multiply_round_to_odd(g, (4 * c) << h);
    uint64_t above = multiply_round_to_odd(g, (4 * c + 2) << h);
    /* The ends belong to the interval when ties round to this double. */
    bool odd = c & 1;
    uint64_t lower = below + odd, upper = above - odd;

    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up)
            return (struct decimal){tens + up, k + 1};
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    if (down != up)
        return (struct decimal){s + up, k};
    uint64_t half = 4 * s + 2;
    bool round_up = middle > half || (middle == half && (s & 1) != 0);
    return (struct decimal){s + round_up, k};
}

struct decimal number_shortest(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    return shortest(bits & ((UINT64_C(1) << FRACTION_BITS) - 1), (int)(bits >> FRACTION_BITS) & EXPONENT_MASK);
}

/* Decimal digits of a number into `out`; gives how many. */
static int write_digits(uint64_t number, char *out)
{
    char reversed[20];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    for (int i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    return count;
}

static char *fill_zeros(char *out, int count)
{
    memset(out, '0', (size_t)count);
    return out + count;
}

static char *copy(char *out, const char *from, int count)
{
    memcpy(out, from, (size_t)count);
    return out + count;
}

size_t number_write(double number, char *out)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int biased = (int)(bits >> FRACTION_BITS) & EXPONENT_MASK;
    char *at = out;
    if (bits >> 63)
        *at++ = '-';
    if (fraction == 0 && biased == 0)
        return (size_t)(copy(at, "0.0", 3) - out);

    struct decimal decimal = shortest(fraction, biased);
    char digits[20];
    int count = write_digits(decimal.digits, digits);
    int point = count + decimal.exponent; /* digits before the decimal point */
    while (count > 1 && digits[count - 1] == '0')
        count--;

    if (point > 16 || point <= -4) {
        int exponent = point - 1;
        *at++ = digits[0];
        if (count > 1) {
            *at++ = '.';
            at = copy(at, digits + 1, count - 1);
        }
        *at++ = 'e';
        *at++ = exponent < 0 ? '-' : '+';
        if (exponent < 0)
            exponent = -exponent;
        if (exponent < 10)
            *at++ = '0';
        return (size_t)(at + write_digits((uint64_t)exponent, at) - out);
    }
    if (point <= 0) {
        at = copy(at, "0.", 2);
        at = fill_zeros(at, -point);
        return (size_t)(copy(at, digits, count) - out);
    }
    if (count <= point) {
        at = copy(at, digits, count);
        at = fill_zeros(at, point - count);
        return (size_t)(copy(at, ".0", 2) - out);
    }
    at = copy(at, digits, point);
    *at++ = '.';
    return (size_t)(copy(at, digits + point, count - point) - out);
}

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

#include "digits.h"
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

/*
 * Up to 17 digits without '0' added: sixteen in a word whose lowest byte is the first, so
 * that a shift drops digits and leaves zeros behind the last, and the 17th by itself.
 */
struct row {
    uint128 digits;
    char last;
    int count;
    int significant; /* those up to the last that is no zero */
};

static int trailing_zeros(uint64_t word)
{
    return word == 0 ? 8 : __builtin_clzll(word) / 8;
}

static struct row row_of(uint64_t digits)
{
    const uint64_t eight = 100000000;
    uint64_t high = digits / eight, above = high / eight;
    uint64_t second = digits_split((uint32_t)(high % eight)), third = digits_split((uint32_t)(digits % eight));
    uint128 sixteen = (uint128)third << 64 | second;
    int count = digits_count(digits);
    int zeros = third != 0 ? trailing_zeros(third) : 8 + trailing_zeros(second);
    if (above != 0)
        return (struct row){sixteen << 8 | above, (char)(third >> 56), count, count - zeros};
    return (struct row){sixteen >> (8 * (16 - count)), 0, count, count - zeros};
}

/* Sixteen of them from `first` on, which is below 16. */
static void put_sixteen(char *out, const struct row *row, int first)
{
    uint128 digits = row->digits >> (8 * first);
    digits_put(out, (uint64_t)digits);
    digits_put(out + 8, high_half(digits));
}

/* "1.5e-07": one digit before the point, an exponent of at least two digits. */
static char *write_scientific(char *out, const struct row *row, int exponent)
{
    *out++ = (char)('0' + ((int)row->digits & 0xF));
    if (row->significant > 1) {
        *out++ = '.';
        put_sixteen(out, row, 1);
        out[15] = (char)('0' + row->last);
        out += row->significant - 1;
    }
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    if (exponent < 0)
        exponent = -exponent;
    if (exponent > 99) {
        *out++ = (char)('0' + exponent / 100);
        exponent %= 100;
    }
    *out++ = (char)('0' + exponent / 10);
    *out++ = (char)('0' + exponent % 10);
    return out;
}

size_t number_write(double number, char *out)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int biased = (int)(bits >> FRACTION_BITS) & EXPONENT_MASK;
    char *at = out;
    *at = '-';
    at += bits >> 63;
    if (fraction == 0 && biased == 0) {
        memcpy(at, "0.0", 3); /* NOLINT(bugprone-not-null-terminated-result): lengths go with texts here */
        return (size_t)(at + 3 - out);
    }
    struct decimal decimal = shortest(fraction, biased);
    struct row row = row_of(decimal.digits);
    int point = row.count + decimal.exponent; /* digits before the decimal point */
    if (point > 16 || point <= -4)
        return (size_t)(write_scientific(at, &row, point - 1) - out);
    if (point <= 0) {
        memcpy(at, "0.000", 5); /* NOLINT(bugprone-not-null-terminated-result): as above */
        at += 2 - point;
        put_sixteen(at, &row, 0);
        at[16] = (char)('0' + row.last);
        return (size_t)(at + row.significant - out);
    }
    /* The zeros behind the digits serve as those up to the point and as the one behind it. */
    int behind = row.significant - point;
    put_sixteen(at, &row, 0);
    at += point;
    *at = '.';
    row.digits >>= 8;
    put_sixteen(at + 1, &row, point - 1);
    at[17 - point] = (char)('0' + row.last);
    return (size_t)(at + 1 + (behind > 1 ? behind : 1) - out);
}

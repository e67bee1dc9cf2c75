/*
 * Decimal text to the nearest double.
 *
 * Up to 19 digits make an exact integer w, and the number is w * 10^q.
 * Small cases are one exact multiplication or division (William Clinger, "How to
 * Read Floating Point Numbers Accurately", 1990).  The others multiply w by the
 * upper 128 bits of 10^q, which decides the rounding (Daniel Lemire, "Number
 * Parsing at a Gigabyte per Second", 2021; that no case is left over was shown by
 * Noble Mushtak and Daniel Lemire, "Fast Number Parsing Without Fallback", 2023).
 * More digits are read as w and w + 1; when the two round apart, which is rare, all
 * digits are held against the middle of the two doubles (number_tie.c).
 */
#include "number.h"

#include "digits.h"
#include "number_tie.h"
#include "wide.h"

#define SMALLEST_POWER (-342) /* w * 10^q is zero below, infinity above */
#define LARGEST_POWER 308
#define FRACTION_BITS 52
#define FRACTION_MASK ((UINT64_C(1) << FRACTION_BITS) - 1)
#define INFINITE_EXPONENT 0x7FF
#define EXPONENT_LIMIT INT64_C(100000000000000000) /* more than any text has zeros */

bool decimal_is_repr(const char *digits, size_t count, const char *fraction, size_t fraction_count)
{
    /* Any decimal of up to 15 significant digits is the shortest text of its double. */
    if (count + fraction_count > 15)
        return false;
    if (fraction[fraction_count - 1] == '0')
        return fraction_count == 1;
    /* Below 1e-4 repr() changes to an exponent. */
    return digits[0] != '0' || memcmp(fraction, "0000", fraction_count < 4 ? fraction_count : 4) != 0;
}

static double make_double(uint64_t fraction, uint64_t biased)
{
    uint64_t bits = biased << FRACTION_BITS | fraction;
    double number;
    memcpy(&number, &bits, sizeof(number));
    return number;
}

/* w * 10^q where both are exact doubles and so is the rounding of one operation. */
static bool read_small(uint64_t w, int64_t q, double *number)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (w > UINT64_C(1) << 53 || q < -22 || q > 22)
        return false;
    *number = q < 0 ? (double)w / exact[-q] : (double)w * exact[q];
    return true;
}

/* w * 10^q rounded to nearest even, w not 0. */
static double read_scaled(uint64_t w, int64_t q)
{
    if (q < SMALLEST_POWER)
        return 0.0;
    if (q > LARGEST_POWER)
        return __builtin_inf();
    int zeros = __builtin_clzll(w);
    w <<= zeros;
    uint128 power = power10_floor(q);
    /* The proofs want 10^q rounded up where 1 / 10^-q is near a tie. */
    if (q < 0 && q >= -27)
        power++;
    uint128 product = (uint128)w * high_half(power);
    if ((high_half(product) & 0x1FF) == 0x1FF)
        product += high_half((uint128)w * (uint64_t)power);
    uint64_t upper = high_half(product), lower = (uint64_t)product;

    int top = (int)(upper >> 63);
    int shift = top + 64 - FRACTION_BITS - 3;
    uint64_t mantissa = upper >> shift; /* one bit more than the fraction keeps, for rounding */
    int64_t biased = ((q * (152170 + 65536)) >> 16) + 63 + top - zeros + 1023;
    if (biased <= 0) {
        if (biased <= -63)
            return 0.0;
        mantissa >>= 1 - biased;
        mantissa += mantissa & 1;
        mantissa >>= 1;
        /* Rounding up may reach the smallest normal number. */
        return make_double(mantissa & FRACTION_MASK, mantissa >> FRACTION_BITS);
    }
    /* An exact tie goes to even. */
    if (lower <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == upper)
        mantissa &= ~UINT64_C(1);
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> (FRACTION_BITS + 1) != 0) {
        mantissa >>= 1;
        biased++;
    }
    if (biased >= INFINITE_EXPONENT)
        return __builtin_inf();
    return make_double(mantissa & FRACTION_MASK, (uint64_t)biased);
}

/* w * 10^q rounded to nearest even. */
static double read_exact(uint64_t w, int64_t q)
{
    double number;
    if (w == 0 || q == 0)
        return (double)w; /* the conversion rounds to nearest even */
    return read_small(w, q, &number) ? number : read_scaled(w, q);
}

/* Signs come as they please, so no branch hangs on them. */
static inline double with_sign(double magnitude, bool negative)
{
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(&magnitude, &bits, sizeof(bits));
    return magnitude;
}

/* The digits before and behind the point as one number. */
static inline uint64_t read_digits(const char *digits, size_t count, const char *fraction, size_t fraction_count,
                                   const char *end)
{
    return digits_append(digits_append(0, digits, count, end), fraction, fraction_count, end);
}

struct decimal decimal_of(const char *digits, size_t count, const char *fraction, size_t fraction_count,
                          const char *end)
{
    return (struct decimal){read_digits(digits, count, fraction, fraction_count, end), -(int)fraction_count};
}

double decimal_nearest(struct decimal decimal)
{
    return read_exact(decimal.digits, decimal.exponent);
}

double decimal_read(const char *digits, size_t count, const char *fraction, size_t fraction_count,
                    const char *end)
{
    return decimal_nearest(decimal_of(digits, count, fraction, fraction_count, end));
}

/* The exponent behind its letter. */
static int64_t read_exponent(const char *at, const char *end)
{
    bool below = *at == '-';
    at += *at == '-' || *at == '+';
    int64_t exponent = 0;
    for (; at < end; at++)
        if (exponent < EXPONENT_LIMIT)
            exponent = exponent * 10 + (*at - '0');
    return below ? -exponent : exponent;
}

/* The first 19 significant digits of the mantissa [at, end); *truncated when one behind them counts. */
static uint64_t read_long_mantissa(const char *at, const char *end, int64_t *q, bool *truncated)
{
    uint64_t w = 0;
    int digits = 0;
    bool behind_point = false;
    for (; at < end; at++) {
        if (*at == '.') {
            behind_point = true;
        } else if (digits < DECIMAL_MOST_DIGITS) {
            w = w * 10 + (uint64_t)(*at - '0');
            digits += w != 0;
            *q -= behind_point;
        } else {
            *truncated |= *at != '0';
            *q += !behind_point;
        }
    }
    return w;
}

double number_read(const char *text, size_t size, const char *readable_end)
{
    const char *end = text + size;
    bool negative = *text == '-';
    const char *digits = text + negative, *fraction = digits_end(digits, end), *at = fraction;
    size_t count = (size_t)(at - digits);
    if (at < end && *at == '.') {
        fraction = at + 1;
        at = digits_end(fraction, end);
    }
    size_t fraction_count = (size_t)(at - fraction);
    int64_t q = at < end ? read_exponent(at + 1, end) : 0;
    if (count + fraction_count <= DECIMAL_MOST_DIGITS) {
        uint64_t w = read_digits(digits, count, fraction, fraction_count, readable_end);
        return with_sign(read_exact(w, q - (int64_t)fraction_count), negative);
    }
    bool truncated = false;
    uint64_t w = read_long_mantissa(digits, at, &q, &truncated);
    if (!truncated)
        return with_sign(read_exact(w, q), negative);
    double below = read_scaled(w, q), above = read_scaled(w + 1, q);
    if (below != above)
        below = number_nearer(digits, at, DECIMAL_MOST_DIGITS, q, below, above);
    return with_sign(below, negative);
}

bool long_decimal_is_repr(const char *digits, size_t count, struct decimal decimal, double number)
{
    /* Below 1e-4 and from 1e16 repr() has an exponent; a last zero is written only as ".0". */
    if (count > 16 || decimal.digits % 10 == 0 || (digits[0] == '0' && memcmp(digits + count + 1, "0000", 4) == 0))
        return false;
    struct decimal shortest = number_shortest(number);
    return shortest.digits == decimal.digits && shortest.exponent == decimal.exponent;
}

/*
 * Numbers.  The next token cannot be looked at before this one's end is known, so the end
 * is found first, from a mask of the bytes that a number is made of; what it says is made
 * out of the same mask while the next token is already under way.
 */
#include "normal_scan.h"

#include "digits.h"
#include "number.h"

struct numeral {
    const char *digits, *fraction, *end; /* the int part, what is behind the point, and the end of all */
    size_t count, fraction_count;
    bool is_float, has_exponent;
};

#if defined(__SSE2__)
/* A bit for each of 16 bytes: digits, and points. */
static inline void find_digits(const char *at, uint32_t *digits, uint32_t *points)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i offsets = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    __m128i are_digits = _mm_cmpeq_epi8(_mm_min_epu8(offsets, _mm_set1_epi8(9)), offsets);
    *digits = (uint32_t)_mm_movemask_epi8(are_digits);
    *points = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
}

/* A number without exponent and a byte behind it in two blocks; false for any other, and for what is none. */
static inline bool read_short(const char *at, const char *end, struct numeral *numeral)
{
    if (end - at < (ptrdiff_t)2 * SCAN_BLOCK)
        return false;
    uint32_t digits, points;
    find_digits(at, &digits, &points);
    uint32_t sign = *at == '-', used = digits | points | sign;
    if (used == 0xFFFF) {
        uint32_t more_digits, more_points;
        find_digits(at + 16, &more_digits, &more_points);
        points |= more_points << 16;
        used |= (more_digits | more_points) << 16;
        if (used == UINT32_MAX)
            return false;
    }
    unsigned size = (unsigned)__builtin_ctz(~used);
    points &= (UINT32_C(1) << size) - 1;
    unsigned int_end = (unsigned)__builtin_ctz(points | UINT32_C(1) << size);
    *numeral = (struct numeral){
        .digits = at + sign,
        .fraction = at + int_end + 1,
        .end = at + size,
        .count = int_end - sign,
        .fraction_count = size - int_end - 1,
        .is_float = points != 0,
    };
    if (points == 0) {
        numeral->fraction = numeral->end;
        numeral->fraction_count = 0;
    }
    return int_end > sign && (at[sign] != '0' || numeral->count == 1) && (points & (points - 1)) == 0
           && (points == 0 || numeral->fraction_count != 0) && (*numeral->end | 0x20) != 'e';
}
#else
static inline bool read_short(const char *at, const char *end, struct numeral *numeral)
{
    (void)at;
    (void)end;
    (void)numeral;
    return false;
}
#endif

/* Any number; false for what is none. */
static bool read_any(const char *at, const char *end, struct numeral *numeral)
{
    at += *at == '-';
    numeral->digits = at;
    at = *at == '0' ? at + 1 : digits_end(at, end);
    numeral->count = (size_t)(at - numeral->digits);
    numeral->is_float = *at == '.' || *at == 'e' || *at == 'E';
    numeral->fraction = at;
    if (*at == '.') {
        numeral->fraction = at + 1;
        at = digits_end(at + 1, end);
        if (at == numeral->fraction)
            return false;
    }
    numeral->fraction_count = (size_t)(at - numeral->fraction);
    numeral->has_exponent = *at == 'e' || *at == 'E';
    if (numeral->has_exponent) {
        at++;
        at += *at == '+' || *at == '-';
        const char *exponent = at;
        at = digits_end(at, end);
        if (at == exponent)
            return false;
    }
    numeral->end = at;
    return numeral->count != 0 && (numeral->is_float || numeral->count <= DRIFTCORE_SMALLEST_DIGIT_LIMIT);
}

/* A float in whatever form, from `start` to `end`, put in its normal form. */
static bool rewrite_float(struct scan *scan, const char *start, const char *end)
{
    char text[NUMBER_TEXT_SIZE];
    double number = number_read(start, (size_t)(end - start), scan->end);
    size_t size;
    if (__builtin_isinf(number)) {
        size = number < 0 ? 9 : 8;
        memcpy(text, number < 0 ? "-Infinity" : "Infinity", size);
    } else {
        size = number_write(number, text);
    }
    if (size == (size_t)(end - start) && memcmp(text, start, size) == 0)
        return true;
    if (!cut(scan, start, end) || !make_room(scan))
        return false;
    put(scan, text, size);
    return true;
}

static bool add_number(struct scan *scan, double number)
{
    return pieces_add_number(&scan->normal->pieces, scan->place, number) || no_memory(scan);
}

/* A number of more digits than a decimal may have, or with an exponent, added to the pieces. */
static bool add_long_number(struct scan *scan, const char *start, const struct numeral *numeral)
{
    double number = number_read(start, (size_t)(numeral->end - start), scan->end);
    if (__builtin_isinf(number) && !numeral->is_float)
        return false; /* an int that no double can hold */
    return add_number(scan, number);
}

static const char *skip_minus_infinity(struct scan *scan, const char *at)
{
    static const char word[] = "-Infinity";
    size_t size = sizeof(word) - 1;
    if ((size_t)(scan->last - at) < size || memcmp(at, word, size) != 0)
        return NULL;
    if ((scan->wanted & NORMAL_STRUCT) != 0 && !add_number(scan, -__builtin_inf()))
        return NULL;
    return at + size;
}

const char *take_number(struct scan *scan, const char *at)
{
    struct numeral numeral;
    if (!read_short(at, scan->end, &numeral) && !read_any(at, scan->end, &numeral))
        return skip_minus_infinity(scan, at);
    bool negative = *at == '-', wants_text = (scan->wanted & NORMAL_TEXT) != 0;
    bool wants_struct = (scan->wanted & NORMAL_STRUCT) != 0;
    bool exact = !numeral.has_exponent && numeral.count + numeral.fraction_count <= DECIMAL_MOST_DIGITS;
    bool rewritten = wants_text && numeral.is_float
                     && (numeral.has_exponent
                         || !decimal_is_repr(numeral.digits, numeral.count, numeral.fraction, numeral.fraction_count));
    double number = 0;
    if (exact && (wants_struct || rewritten)) {
        struct decimal decimal =
            decimal_of(numeral.digits, numeral.count, numeral.fraction, numeral.fraction_count, scan->end);
        number = decimal_nearest(decimal);
        rewritten = rewritten && !long_decimal_is_repr(numeral.digits, numeral.count, decimal, number);
    }
    if (rewritten && !rewrite_float(scan, at, numeral.end))
        return NULL;
    bool minus_zero = !numeral.is_float && negative && *numeral.digits == '0'; /* the int 0 */
    if (minus_zero && !cut(scan, at, numeral.digits))
        return NULL;
    if (!wants_struct)
        return numeral.end;
    bool added = exact ? add_number(scan, negative && !minus_zero ? -number : number)
                       : add_long_number(scan, at, &numeral);
    return added ? numeral.end : NULL;
}

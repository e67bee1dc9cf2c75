/*
 * Is this UTF-8?  Sixty-four bytes a step, by the method of John Keiser and Daniel
 * Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020).
 *
 * What can be wrong with two bytes in a row shows in three of their half-bytes: the
 * halves of the first and the upper half of the second.  Each half looks up the set of
 * errors it allows, and the errors common to all three are there.  Whether a third or
 * fourth byte has to be a continuation is asked of the bytes two and three before it,
 * and must agree with TWO_CONTINUATIONS.
 */
#include "utf8.h"

#include "cpu.h"

#if CPU_HAS_X86_CODE
#include <immintrin.h>

enum error {
    TOO_SHORT = 1 << 0,      /* 11?????? 0??????? and 11?????? 11?????? */
    TOO_LONG = 1 << 1,       /* 0??????? 10?????? */
    OVERLONG_3 = 1 << 2,     /* 11100000 100????? */
    TOO_LARGE = 1 << 3,      /* 11110100 101?????, 11110101 and above */
    SURROGATE = 1 << 4,      /* 11101101 101????? */
    OVERLONG_2 = 1 << 5,     /* 1100000? 10?????? */
    TOO_LARGE_1000 = 1 << 6, /* 11110101 1000???? and above */
    OVERLONG_4 = 1 << 6,     /* 11110000 1000???? */
    TWO_CONTINUATIONS = 1 << 7,
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS, /* shown by upper halves alone */
    ABOVE_4 = ANY_LOW | TOO_LARGE | TOO_LARGE_1000,
    SECOND = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS,
};

static const uint8_t first_upper[16] = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
};
static const uint8_t first_lower[16] = {
    ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW,
    ANY_LOW | TOO_LARGE, ABOVE_4, ABOVE_4, ABOVE_4, ABOVE_4, ABOVE_4, ABOVE_4, ABOVE_4, ABOVE_4,
    ABOVE_4 | SURROGATE, ABOVE_4, ABOVE_4,
};
static const uint8_t second_upper[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    SECOND | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, SECOND | OVERLONG_3 | TOO_LARGE,
    SECOND | SURROGATE | TOO_LARGE, SECOND | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
};

CPU_AVX512 static inline __m512i table(const uint8_t entries[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

/* Each byte's neighbour so many places before it, those of the last step included. */
CPU_AVX512 static inline __m512i before(__m512i last, __m512i bytes, char places)
{
    static const uint8_t counting[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    __m512i from = _mm512_add_epi8(_mm512_loadu_si512(counting), _mm512_set1_epi8((char)(64 - places)));
    return _mm512_permutex2var_epi8(last, from, bytes);
}

CPU_AVX512 static inline __m512i errors_of(__m512i last, __m512i bytes)
{
    __m512i low = _mm512_set1_epi8(0x0F), high = _mm512_set1_epi8((char)0x80);
    __m512i one = before(last, bytes, 1);
    __m512i upper = _mm512_and_si512(_mm512_srli_epi16(one, 4), low);
    __m512i second = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), low);
    __m512i found = _mm512_and_si512(_mm512_shuffle_epi8(table(first_upper), upper),
                                     _mm512_shuffle_epi8(table(first_lower), _mm512_and_si512(one, low)));
    found = _mm512_and_si512(found, _mm512_shuffle_epi8(table(second_upper), second));
    /* Above 0x7F where a third or fourth byte has to stand. */
    __m512i third = _mm512_subs_epu8(before(last, bytes, 2), _mm512_set1_epi8(0xE0 - 0x80));
    __m512i fourth = _mm512_subs_epu8(before(last, bytes, 3), _mm512_set1_epi8(0xF0 - 0x80));
    return _mm512_xor_si512(_mm512_and_si512(_mm512_or_si512(third, fourth), high), found);
}

CPU_AVX512 bool utf8_valid_wide(const char *text, size_t size)
{
    __m512i last = _mm512_setzero_si512(), errors = last;
    /* Zeros stand behind the text, in one step more if need be: a sequence cut short shows there. */
    for (size_t at = 0; at <= size; at += 64) {
        size_t left = size - at;
        __mmask64 mask = left >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << left) - 1;
        __m512i bytes = _mm512_maskz_loadu_epi8(mask, text + at);
        errors = _mm512_or_si512(errors, errors_of(last, bytes));
        last = bytes;
    }
    bool valid = _mm512_test_epi8_mask(errors, errors) == 0;
    _mm256_zeroupper(); /* see string_run.c */
    return valid;
}
#else
typedef int utf8_wide_is_empty;
#endif

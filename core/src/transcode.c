/*
 * With AVX-512, sixteen characters at a time: each becomes the one to four bytes of its
 * own in a 32-bit lane, all forms are made and masks choose, and compression closes the
 * gaps between them.  Which scripts are mixed makes no difference.
 */
#include "transcode.h"

#include "cpu.h"
#include "utf8.h"

#if CPU_HAS_X86_CODE
#include <immintrin.h>
#endif

/* One body for each width; NULL for a surrogate. */
#define DEFINE_NARROW(name, type)                                                                                \
    static char *name(const type *at, size_t count, char *out)                                                   \
    {                                                                                                            \
        for (const type *end = at + count; at < end; at++) {                                                     \
            uint32_t c = *at;                                                                                    \
            if (c < 0x80)                                                                                        \
                *out++ = (char)c;                                                                                \
            else if (sizeof(type) > 1 && c >= 0xD800 && c <= 0xDFFF)                                             \
                return NULL;                                                                                     \
            else                                                                                                 \
                out += utf8_encode(out, c);                                                                      \
        }                                                                                                        \
        return out;                                                                                              \
    }

DEFINE_NARROW(narrow_1, uint8_t)
DEFINE_NARROW(narrow_2, uint16_t)
DEFINE_NARROW(narrow_4, uint32_t)

static char *narrow(const void *characters, unsigned width, size_t count, char *out)
{
    switch (width) {
    case 1:
        return narrow_1(characters, count, out);
    case 2:
        return narrow_2(characters, count, out);
    default:
        return narrow_4(characters, count, out);
    }
}

#if CPU_HAS_X86_CODE
CPU_AVX512 static inline __m512i load(const char *at, unsigned width)
{
    if (width == 1)
        return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
    if (width == 2)
        return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)at));
    return _mm512_loadu_si512(at);
}

/* The six bits of a character from `shift` on, moved up to the byte at `place`. */
CPU_AVX512 static inline __m512i six_bits(__m512i c, unsigned shift, unsigned place)
{
    return _mm512_slli_epi32(_mm512_and_si512(_mm512_srli_epi32(c, shift), _mm512_set1_epi32(0x3F)), place);
}

/* The forms of two, three and four bytes, the first byte lowest. */
CPU_AVX512 static inline __m512i form2(__m512i c)
{
    __m512i bytes = _mm512_or_si512(_mm512_srli_epi32(c, 6), six_bits(c, 0, 8));
    return _mm512_or_si512(bytes, _mm512_set1_epi32(0x80C0));
}

CPU_AVX512 static inline __m512i form3(__m512i c)
{
    __m512i bytes = _mm512_or_si512(_mm512_srli_epi32(c, 12), six_bits(c, 6, 8));
    return _mm512_or_si512(_mm512_or_si512(bytes, six_bits(c, 0, 16)), _mm512_set1_epi32(0x8080E0));
}

CPU_AVX512 static inline __m512i form4(__m512i c)
{
    __m512i bytes = _mm512_or_si512(_mm512_srli_epi32(c, 18), six_bits(c, 12, 8));
    bytes = _mm512_or_si512(_mm512_or_si512(bytes, six_bits(c, 6, 16)), six_bits(c, 0, 24));
    return _mm512_or_si512(bytes, _mm512_set1_epi32((int)0x808080F0));
}

CPU_AVX512 static inline char *wide(const char *at, unsigned width, size_t count, char *out)
{
    for (; count >= 16; count -= 16, at += 16 * (size_t)width) {
        __m512i c = load(at, width), bytes = c;
        __mmask16 two = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x80));
        if (two == 0) {
            _mm_storeu_si128((__m128i *)(void *)out, _mm512_cvtepi32_epi8(c));
            out += 16;
            continue;
        }
        __mmask16 three = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x800));
        /* The top bit of each byte that counts. */
        __m512i counted = _mm512_set1_epi32(0x80);
        counted = _mm512_mask_or_epi32(counted, two, counted, _mm512_set1_epi32(0x8000));
        bytes = _mm512_mask_mov_epi32(bytes, two, form2(c));
        if (three != 0) {
            __m512i top = _mm512_and_si512(c, _mm512_set1_epi32((int)0xFFFFF800));
            if (_mm512_cmpeq_epi32_mask(top, _mm512_set1_epi32(0xD800)) != 0)
                return NULL;
            __mmask16 four = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x10000));
            counted = _mm512_mask_or_epi32(counted, three, counted, _mm512_set1_epi32(0x800000));
            counted = _mm512_mask_or_epi32(counted, four, counted, _mm512_set1_epi32((int)0x80000000));
            bytes = _mm512_mask_mov_epi32(bytes, three, form3(c));
            bytes = _mm512_mask_mov_epi32(bytes, four, form4(c));
        }
        __mmask64 kept = _mm512_movepi8_mask(counted);
        _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(kept, bytes));
        out += __builtin_popcountll(kept);
    }
    _mm256_zeroupper(); /* see string_run.c */
    return narrow(at, width, count, out);
}

CPU_AVX512 static char *wide_of(const void *characters, unsigned width, size_t count, char *out)
{
    switch (width) {
    case 1:
        return wide(characters, 1, count, out);
    case 2:
        return wide(characters, 2, count, out);
    default:
        return wide(characters, 4, count, out);
    }
}
#endif

char *transcode(const void *characters, unsigned width, size_t count, char *out)
{
#if CPU_HAS_X86_CODE
    if (cpu_is_wide())
        return wide_of(characters, width, count, out);
#endif
    return narrow(characters, width, count, out);
}

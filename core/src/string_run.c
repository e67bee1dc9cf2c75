#include "string_run.h"

#include "cpu.h"
#include "scan.h"

#include <stdbool.h>

#if CPU_HAS_X86_CODE
#include <immintrin.h>
#endif

const char letter_escapes[256] = {['"'] = '"',  ['\\'] = '\\', ['b'] = '\b', ['f'] = '\f',
                                  ['n'] = '\n', ['r'] = '\r',  ['t'] = '\t'};

/* ---- without wide registers, and the last bytes with them ------------------------- */

static const char *run_narrow(const char *at, const char *last)
{
    while ((at = scan_plain(at, last)) < last) {
        if (*at != '\\' || letter_escapes[(unsigned char)at[1]] == '\0')
            return at;
        at += 2;
    }
    return last;
}

static const char *copy_narrow(const char *at, const char *last, char **out)
{
    char *to = *out;
    while (at < last) {
        scan_mask found = 0;
        while (last - at >= SCAN_BLOCK && found == 0) {
            memcpy(to, at, SCAN_BLOCK);
            found = scan_block(at);
            size_t plain = found != 0 ? SCAN_INDEX(found) : SCAN_BLOCK;
            at += plain;
            to += plain;
        }
        while (found == 0 && at < last && is_plain(*at))
            *to++ = *at++;
        if (at == last)
            break;
        char letter = *at == '\\' ? letter_escapes[(unsigned char)at[1]] : '\0';
        if (letter == '\0')
            break;
        *to++ = letter;
        at += 2;
    }
    *out = to;
    return at;
}

#if defined(__SSE2__) || CPU_HAS_X86_CODE
/* ---- masks of 64 bytes ---------------------------------------------------------------- */

#define ODD UINT64_C(0xAAAAAAAAAAAAAAAA)

/*
 * Which bytes are escaped; `*carry` tells of the first one and becomes what it is for the
 * byte behind.  Subtracting the backslashes from the bits behind them carries through each
 * series of them and leaves every second one.
 */
static inline uint64_t find_escaped(uint64_t backslashes, uint64_t *carry)
{
    uint64_t starts = backslashes & ~*carry;
    uint64_t codes = (((starts << 1) | ODD) - starts) ^ ODD;
    uint64_t escaped = codes ^ (backslashes | *carry);
    *carry = (codes & backslashes) >> 63;
    return escaped;
}

/* Where a run ends that stops at one of these bits: an escape is left to its backslash. */
static inline const char *stop_at(const char *at, uint64_t stops, uint64_t escaped)
{
    unsigned first = (unsigned)__builtin_ctzll(stops);
    return at + first - (escaped >> first & 1);
}
#endif

#if defined(__SSE2__)
static inline uint64_t gather(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(a) | (uint64_t)(unsigned)_mm_movemask_epi8(b) << 16
           | (uint64_t)(unsigned)_mm_movemask_epi8(c) << 32 | (uint64_t)(unsigned)_mm_movemask_epi8(d) << 48;
}

static inline __m128i load16(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline uint64_t equal_to(const char *at, char c)
{
    __m128i wanted = _mm_set1_epi8(c);
    return gather(_mm_cmpeq_epi8(load16(at), wanted), _mm_cmpeq_epi8(load16(at + 16), wanted),
                  _mm_cmpeq_epi8(load16(at + 32), wanted), _mm_cmpeq_epi8(load16(at + 48), wanted));
}

static inline __m128i controls16(const char *at)
{
    __m128i limit = _mm_set1_epi8(0x1f);
    return _mm_cmpeq_epi8(_mm_max_epu8(load16(at), limit), limit);
}

static inline __m128i letters16(const char *at)
{
    static const char letters[] = {'"', '\\', 'b', 'f', 'n', 'r', 't'};
    __m128i bytes = load16(at), found = _mm_setzero_si128();
    for (size_t i = 0; i < sizeof(letters); i++)
        found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(letters[i])));
    return found;
}

static const char *run_sse2(const char *at, const char *last)
{
    uint64_t carry = 0;
    for (; last - at >= 64; at += 64) {
        uint64_t quotes = equal_to(at, '"'), backslashes = equal_to(at, '\\'), escaped = 0;
        uint64_t stops = gather(controls16(at), controls16(at + 16), controls16(at + 32), controls16(at + 48));
        if ((backslashes | carry) != 0) {
            escaped = find_escaped(backslashes, &carry);
            stops |= escaped & ~gather(letters16(at), letters16(at + 16), letters16(at + 32), letters16(at + 48));
        }
        stops |= quotes & ~escaped;
        if (stops != 0)
            return stop_at(at, stops, escaped);
    }
    return run_narrow(at - carry, last);
}
#else
#define run_sse2 run_narrow
#endif

#if CPU_HAS_X86_CODE
/*
 * The upper halves of the registers are cleared before other code runs: left as they are,
 * they slow down every SSE instruction after them, SHA-256 by a third.  Compilers do it
 * at returns, but not at all tail calls.
 */
CPU_AVX512 static inline uint64_t letters64(__m512i bytes)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'))
           | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('b'))
           | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('f'))
           | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('n'))
           | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('r'))
           | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('t'));
}

/* Which of 64 bytes end the run; *escaped and *escapes, the backslashes before those, are set. */
CPU_AVX512 static inline uint64_t stops64(__m512i bytes, uint64_t *carry, uint64_t *escaped, uint64_t *escapes)
{
    uint64_t backslashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
    uint64_t quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
    uint64_t stops = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
    *escaped = *escapes = 0;
    if ((backslashes | *carry) != 0) {
        *escaped = find_escaped(backslashes, carry);
        *escapes = backslashes & ~*escaped;
        stops |= *escaped & ~letters64(bytes);
    }
    return stops | (quotes & ~*escaped);
}

CPU_AVX512 static const char *run_wide(const char *at, const char *last)
{
    uint64_t carry = 0, escaped, escapes;
    for (; last - at >= 64; at += 64) {
        uint64_t stops = stops64(_mm512_loadu_si512(at), &carry, &escaped, &escapes);
        if (stops != 0)
            return stop_at(at, stops, escaped);
    }
    _mm256_zeroupper();
    return run_narrow(at - carry, last);
}

/* Each letter replaced by what it stands for, each backslash before one dropped. */
CPU_AVX512 static const char *copy_wide(const char *at, const char *last, char **out)
{
    char *to = *out;
    uint64_t carry = 0, escaped, escapes;
    for (; last - at >= 64; at += 64) {
        __m512i bytes = _mm512_loadu_si512(at);
        uint64_t stops = stops64(bytes, &carry, &escaped, &escapes);
        if (escaped != 0) {
            static const char letters[][2] = {{'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
            __m512i letters_of = bytes;
            for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
                bytes = _mm512_mask_mov_epi8(
                    bytes, _mm512_mask_cmpeq_epi8_mask(escaped, letters_of, _mm512_set1_epi8(letters[i][0])),
                    _mm512_set1_epi8(letters[i][1]));
        }
        uint64_t kept = ~escapes;
        const char *stop = NULL;
        if (stops != 0) {
            stop = stop_at(at, stops, escaped);
            if (stop < at) { /* the backslash was dropped with the block before */
                *out = to;
                return stop;
            }
            kept &= (UINT64_C(1) << (stop - at)) - 1;
        }
        _mm512_storeu_si512(to, _mm512_maskz_compress_epi8(kept, bytes));
        to += __builtin_popcountll(kept);
        if (stop != NULL) {
            *out = to;
            return stop;
        }
    }
    *out = to;
    _mm256_zeroupper();
    return copy_narrow(at - carry, last, out);
}
#endif

const char *string_run(const char *at, const char *last)
{
#if CPU_HAS_X86_CODE
    if (cpu_is_wide())
        return run_wide(at, last);
#endif
    return run_sse2(at, last);
}

const char *string_run_copy(const char *at, const char *last, char **out)
{
#if CPU_HAS_X86_CODE
    if (cpu_is_wide())
        return copy_wide(at, last, out);
#endif
    return copy_narrow(at, last, out);
}

/*
 * Each of the sixteen steps of a block, four rounds long, waits for the one before, which
 * leaves the processor idle half of the time.  A second text is hashed in that time: two
 * lanes go through one body, and one lane through the same with the loops over lanes gone.
 *
 * The state is kept as the instructions want it: words a, b, e, f in one register and
 * c, d, g, h in another, the first word named in the highest place.
 */
#include "digest_ni.h"

#if CPU_HAS_X86_CODE

#include "digest_blocks.h"
#include "digest_constants.h"
#include "quote.h"

#include <immintrin.h>

#define LANES 2
#define INLINE CPU_SHA_CODE static inline __attribute__((always_inline))

#define WORDS(a, b, c, d) _mm_set_epi32((int)(d), (int)(c), (int)(b), (int)(a))

struct lane {
    __m128i abef, cdgh;
};

INLINE __m128i load(const void *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

INLINE struct lane first_state(void)
{
    return (struct lane){WORDS(0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667),
                         WORDS(0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372)};
}

/* The bytes of each word the other way round. */
INLINE __m128i swapped(__m128i words)
{
    return _mm_shuffle_epi8(words, WORDS(0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f));
}

INLINE void four_rounds(struct lane *lane, __m128i words, const uint32_t *constants)
{
    __m128i sums = _mm_add_epi32(words, load(constants));
    lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, sums);
    lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(sums, 0x0E));
}

/* The four words of the schedule that follow sixteen, in place of the first of these. */
INLINE __m128i scheduled(__m128i first, __m128i second, __m128i third, __m128i fourth)
{
    __m128i sums = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8(fourth, third, 4));
    return _mm_sha256msg2_epu32(sums, fourth);
}

/* One block of each lane into its state. */
INLINE void compress(struct lane *lanes, size_t count, const unsigned char *const *blocks)
{
    struct lane before[LANES];
    __m128i words[LANES][4];
    for (size_t i = 0; i < count; i++)
        before[i] = lanes[i];
    for (size_t step = 0; step < 4; step++)
        for (size_t i = 0; i < count; i++) {
            words[i][step] = swapped(load(blocks[i] + 16 * step));
            four_rounds(&lanes[i], words[i][step], round_constants + 4 * step);
        }
    for (const uint32_t *next = round_constants + 16; next < round_constants + 64; next += 16)
        for (size_t step = 0; step < 4; step++)
            for (size_t i = 0; i < count; i++) {
                __m128i *w = words[i];
                w[step] = scheduled(w[step], w[(step + 1) % 4], w[(step + 2) % 4], w[(step + 3) % 4]);
                four_rounds(&lanes[i], w[step], next + 4 * step);
            }
    for (size_t i = 0; i < count; i++) {
        lanes[i].abef = _mm_add_epi32(lanes[i].abef, before[i].abef);
        lanes[i].cdgh = _mm_add_epi32(lanes[i].cdgh, before[i].cdgh);
    }
}

/*
 * What is left of a text behind its whole blocks, a one bit, zeros, and the length in bits;
 * gives the number of blocks.  Made of whole registers: a block that is read as it was
 * written need not wait for smaller writes to it.
 */
INLINE size_t pad(struct driftcore_slice text, unsigned char last[2 * DIGEST_BLOCK])
{
    static const unsigned char one_bit[32] = {[16] = 0x80};
    size_t rest = text.size % DIGEST_BLOCK, whole = rest / 16, part = rest % 16;
    const char *from = text.size == 0 ? "" : text.data + (text.size - rest);
    size_t registers = rest < DIGEST_BLOCK - 8 ? 4 : 8;
    __m128i bits = _mm_set_epi64x((long long)__builtin_bswap64((uint64_t)text.size * 8), 0);
    for (size_t i = 0; i < registers; i++) {
        __m128i bytes = _mm_setzero_si128();
        if (i < whole)
            bytes = load(from + 16 * i);
        else if (i == whole)
            bytes = _mm_or_si128(quote_load(from + 16 * i, part), load(one_bit + 16 - part));
        if (i == registers - 1)
            bytes = _mm_or_si128(bytes, bits);
        _mm_storeu_si128((__m128i *)(void *)(last + 16 * i), bytes);
    }
    return registers / 4;
}

/* Sixteen bytes as hex digits. */
INLINE void put_hex(char *out, __m128i bytes)
{
    const __m128i digits = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
    const __m128i nibble = _mm_set1_epi8(0xF);
    __m128i high = _mm_shuffle_epi8(digits, _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble));
    __m128i low = _mm_shuffle_epi8(digits, _mm_and_si128(bytes, nibble));
    _mm_storeu_si128((__m128i *)(void *)out, _mm_unpacklo_epi8(high, low));
    _mm_storeu_si128((__m128i *)(void *)(out + 16), _mm_unpackhi_epi8(high, low));
}

INLINE void put_digest(char *hex, struct lane lane)
{
    __m128i abef = _mm_shuffle_epi32(lane.abef, 0x1B), cdgh = _mm_shuffle_epi32(lane.cdgh, 0x1B);
    put_hex(hex, swapped(_mm_unpacklo_epi64(abef, cdgh)));
    put_hex(hex + 32, swapped(_mm_unpackhi_epi64(abef, cdgh)));
}

/* The blocks of one text still to come: first those where it lies, then those padded. */
struct input {
    const unsigned char *at;
    size_t blocks, padded;
    unsigned char last[2 * DIGEST_BLOCK];
};

INLINE void begin(struct input *input, struct driftcore_slice text)
{
    input->at = (const unsigned char *)text.data;
    input->blocks = text.size / DIGEST_BLOCK;
    input->padded = pad(text, input->last);
}

/* Go on with the padded blocks when there are no others. */
INLINE void turn(struct input *input)
{
    if (input->blocks != 0)
        return;
    input->at = input->last;
    input->blocks = input->padded;
    input->padded = 0;
}

INLINE void finish(struct lane *lane, struct input *input, char hex[DRIFTCORE_HASH_SIZE])
{
    for (turn(input); input->blocks != 0; turn(input))
        for (; input->blocks != 0; input->blocks--, input->at += DIGEST_BLOCK)
            compress(lane, 1, &input->at);
    put_digest(hex, *lane);
}

CPU_SHA_CODE void digest_ni(struct driftcore_slice text, char hex[DRIFTCORE_HASH_SIZE])
{
    struct input input;
    struct lane lane = first_state();
    begin(&input, text);
    finish(&lane, &input, hex);
}

CPU_SHA_CODE void digest_ni_pair(const struct driftcore_slice texts[2], char *const hex[2])
{
    struct input inputs[LANES];
    struct lane lanes[LANES];
    for (size_t i = 0; i < LANES; i++) {
        lanes[i] = first_state();
        begin(&inputs[i], texts[i]);
        turn(&inputs[i]);
    }
    while (inputs[0].blocks != 0 && inputs[1].blocks != 0) {
        size_t common = inputs[0].blocks < inputs[1].blocks ? inputs[0].blocks : inputs[1].blocks;
        const unsigned char *at[LANES] = {inputs[0].at, inputs[1].at};
        for (size_t left = common; left != 0; left--, at[0] += DIGEST_BLOCK, at[1] += DIGEST_BLOCK)
            compress(lanes, LANES, at);
        for (size_t i = 0; i < LANES; i++) {
            inputs[i].at = at[i];
            inputs[i].blocks -= common;
            turn(&inputs[i]);
        }
    }
    for (size_t i = 0; i < LANES; i++)
        finish(&lanes[i], &inputs[i], hex[i]);
}

#endif

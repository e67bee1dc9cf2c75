#include "digest.h"

#include "digest_blocks.h"
#include "digest_ni.h"

#include <string.h>

/* Four bytes of a word as eight hex digits: a nibble to a byte, then '0' to each and 39 more to those past 9. */
static void put_hex4(uint32_t word, char *out)
{
    uint64_t x = word >> 24 | (uint64_t)(word >> 16 & 0xFF) << 16 | (uint64_t)(word >> 8 & 0xFF) << 32
                 | (uint64_t)(word & 0xFF) << 48;
    x = (x >> 4 & UINT64_C(0x000F000F000F000F)) | (x & UINT64_C(0x000F000F000F000F)) << 8;
    uint64_t letters = (x + UINT64_C(0x0606060606060606)) >> 4 & UINT64_C(0x0101010101010101);
    x += UINT64_C(0x3030303030303030) + letters * 39;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    memcpy(out, &x, sizeof(x));
}

static void put_big_endian(unsigned char *out, uint64_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, number >>= 8)
        out[i] = (unsigned char)number;
}

/* On any processor.  FIPS 180-4. */
static void digest_anywhere(const char *data, size_t size, char hex[DRIFTCORE_HASH_SIZE])
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    size_t rest = size % DIGEST_BLOCK;
    if (size != rest)
        digest_blocks(state, (const unsigned char *)data, size / DIGEST_BLOCK);

    /* What is left, a one bit, zeros, and the length in bits. */
    unsigned char last[2 * DIGEST_BLOCK] = {0};
    size_t padded = rest < DIGEST_BLOCK - 8 ? 1 : 2;
    if (rest != 0)
        memcpy(last, data + (size - rest), rest);
    last[rest] = 0x80;
    put_big_endian(last + padded * DIGEST_BLOCK - 8, (uint64_t)size * 8, 8);
    digest_blocks(state, last, padded);

    for (size_t i = 0; i < 8; i++)
        put_hex4(state[i], hex + 8 * i);
}

void digest_sha256(struct driftcore_slice text, char hex[DRIFTCORE_HASH_SIZE])
{
#if CPU_HAS_X86_CODE
    if (cpu_has(CPU_SHA)) {
        digest_ni(text, hex);
        return;
    }
#endif
    digest_anywhere(text.data, text.size, hex);
}

void digest_sha256_pair(const struct driftcore_slice texts[2], char *const hex[2])
{
#if CPU_HAS_X86_CODE
    if (cpu_has(CPU_SHA)) {
        digest_ni_pair(texts, hex);
        return;
    }
#endif
    for (size_t i = 0; i < 2; i++)
        digest_anywhere(texts[i].data, texts[i].size, hex[i]);
}

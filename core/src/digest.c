/*
 * OpenSSL 3 looks its algorithm up anew in each one-shot SHA256() call, which costs
 * about 230 ns, more than hashing 300 bytes.  The low-level calls do not; they are
 * deprecated but part of every libcrypto 3, and a static link takes only these few
 * functions along.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "digest.h"

#include <openssl/sha.h>
#include <string.h>

#define BLOCK SHA256_CBLOCK

/* Four bytes as eight hex digits: a nibble to a byte, then '0' to each and 39 more to those past 9. */
static void put_hex4(const unsigned char *bytes, char *out)
{
    uint64_t x = bytes[0] | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 32 | (uint64_t)bytes[3] << 48;
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

/*
 * Whole blocks go to the library as they are; the last bytes are padded here, which
 * spares small texts the copying in and out of the library's own block.
 */
void digest_sha256(const char *data, size_t size, char hex[DRIFTCORE_HASH_SIZE])
{
    SHA256_CTX state;
    SHA256_Init(&state);
    size_t rest = size % BLOCK;
    if (size != rest)
        SHA256_Update(&state, data, size - rest);
    unsigned char last[2 * BLOCK] = {0};
    size_t padded = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    if (rest != 0)
        memcpy(last, data + (size - rest), rest);
    last[rest] = 0x80;
    put_big_endian(last + padded - 8, (uint64_t)size * 8, 8);
    for (size_t at = 0; at < padded; at += BLOCK)
        SHA256_Transform(&state, last + at);
    for (size_t i = 0; i < 8; i++) {
        unsigned char bytes[4];
        put_big_endian(bytes, state.h[i], 4);
        put_hex4(bytes, hex + 8 * i);
    }
}

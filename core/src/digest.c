/*
 * OpenSSL 3 looks its algorithm up anew in each one-shot SHA256() call, which costs
 * about 230 ns, more than hashing 300 bytes.  The low-level calls do not; they are
 * deprecated but part of every libcrypto 3, and a static link takes only these few
 * functions along.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "digest.h"

#include <openssl/sha.h>

void digest_sha256(const char *data, size_t size, char hex[DRIFTCORE_HASH_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, data, size);
    SHA256_Final(digest, &state);
    for (size_t i = 0; i < sizeof(digest); i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 0xF];
    }
}

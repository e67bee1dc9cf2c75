/*
 * OpenSSL 3 looks its algorithm up anew in each one-shot SHA256() call, which costs
 * about 230 ns, more than hashing 300 bytes.  The low-level calls do not; they are
 * deprecated but part of every libcrypto 3, and a static link takes only these few
 * functions along.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "digest_blocks.h"

#include <openssl/sha.h>
#include <string.h>

void digest_blocks(uint32_t state[8], const unsigned char *data, size_t count)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    memcpy(context.h, state, sizeof(context.h));
    SHA256_Update(&context, data, count * DIGEST_BLOCK); /* whole blocks are not kept back */
    memcpy(state, context.h, sizeof(context.h));
}

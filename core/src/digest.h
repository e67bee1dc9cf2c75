/* SHA-256 (FIPS 180-4), from OpenSSL's libcrypto. */
#ifndef DRIFTCORE_DIGEST_H
#define DRIFTCORE_DIGEST_H

#include "driftcore.h"

/* The digest of `data` as lower-case hex. */
void digest_sha256(const char *data, size_t size, char hex[DRIFTCORE_HASH_SIZE]);

#endif

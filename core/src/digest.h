/* SHA-256 (FIPS 180-4): by the processor's own instructions, else from OpenSSL's libcrypto or in plain C. */
#ifndef DRIFTCORE_DIGEST_H
#define DRIFTCORE_DIGEST_H

#include "driftcore.h"

/* The digest of a text as lower-case hex. */
void digest_sha256(struct driftcore_slice text, char hex[DRIFTCORE_HASH_SIZE]);

/* The digests of two texts, for which the time is less than for one after the other. */
void digest_sha256_pair(const struct driftcore_slice texts[2], char *const hex[2]);

#endif

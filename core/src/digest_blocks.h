/* The compression function of SHA-256 on any machine: OpenSSL's or our own, as the build has it. */
#ifndef DRIFTCORE_DIGEST_BLOCKS_H
#define DRIFTCORE_DIGEST_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BLOCK 64 /* bytes */

/* Take `count` blocks into the state. */
void digest_blocks(uint32_t state[8], const unsigned char *data, size_t count);

#endif

/* SHA-256 by the SHA instructions of x86-64 processors.  Asked for only where cpu_has_sha(). */
#ifndef DRIFTCORE_DIGEST_NI_H
#define DRIFTCORE_DIGEST_NI_H

#include "cpu.h"
#include "digest.h"

#if CPU_HAS_X86_CODE
/* The digests of one text, or of two at once, as lower-case hex. */
void digest_ni(struct driftcore_slice text, char hex[DRIFTCORE_HASH_SIZE]);
void digest_ni_pair(const struct driftcore_slice texts[2], char *const hex[2]);
#endif

#endif

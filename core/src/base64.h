/* Base64, read as leniently as Python's base64.b64decode() does by default. */
#ifndef DRIFTCORE_BASE64_H
#define DRIFTCORE_BASE64_H

#include "driftcore.h"

/* Bytes that decoding `size` bytes can give at most. */
static inline size_t base64_decoded_size(size_t size)
{
    return size / 4 * 3 + 3;
}

enum base64_outcome {
    BASE64_DECODED,
    BASE64_REFUSED, /* Python raises binascii.Error */
    BASE64_UNSURE,  /* hangs on what an unknown interpreter does behind a completed padding */
};

/*
 * Decode into `out`, which has base64_decoded_size() bytes.  Foreign bytes are skipped, and
 * so is padding that does not complete a group (binascii.a2b_base64 without strict mode).
 */
enum base64_outcome base64_decode(const char *text, size_t size, enum driftcore_padding padding, char *out,
                                  size_t *decoded);

#endif

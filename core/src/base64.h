/* Base64, read as leniently as Python's base64.b64decode() does by default. */
#ifndef DRIFTCORE_BASE64_H
#define DRIFTCORE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that decoding `size` bytes can give at most. */
static inline size_t base64_decoded_size(size_t size)
{
    return size / 4 * 3 + 3;
}

/*
 * Decode into `out`, which has base64_decoded_size() bytes.  Foreign bytes are
 * skipped; a padding that completes a group ends the text (binascii.a2b_base64
 * without strict mode).  False where Python raises binascii.Error.
 */
bool base64_decode(const char *text, size_t size, char *out, size_t *decoded);

#endif

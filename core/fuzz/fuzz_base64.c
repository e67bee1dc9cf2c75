/*
 * Base64 against two oracles: CPython's binascii.a2b_base64 as a few plain lines, and for
 * strict base64 a table the other way round.
 */
#include "fuzz.h"

#include "base64.h"

#include <stdlib.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/*
 * Modules/binascii.c, binascii_a2b_base64_impl() without strict mode; `skipping` as of
 * 3.13.13, 3.14.4 and 3.15, else as before them.
 */
static bool lenient(struct driftcore_slice text, bool skipping, char *out, size_t *size)
{
    unsigned position = 0, left = 0, pads = 0;
    *size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char character = text.data[i];
        if (character == '=') {
            if (position >= 2 && position + ++pads >= 4 && !skipping)
                return true;
            continue;
        }
        const char *found = character == '\0' ? NULL : strchr(alphabet, character);
        if (found == NULL)
            continue;
        unsigned value = (unsigned)(found - alphabet);
        pads = 0;
        if (position != 0)
            out[(*size)++] = (char)(uint8_t)(left << (2 * position) | value >> (6 - 2 * position));
        left = value & (0x3Fu >> (2 * position));
        position = (position + 1) % 4;
        if (position == 0)
            left = 0;
    }
    return position == 0 || (skipping && position != 1 && position + pads >= 4);
}

/* Base64 of some bytes as RFC 4648 has it. */
static struct driftcore_slice encoded(struct driftcore_slice bytes)
{
    static char text[4096];
    size_t size = 0;
    for (size_t i = 0; i < bytes.size && size + 4 <= sizeof(text); i += 3) {
        uint32_t group = (uint32_t)(uint8_t)bytes.data[i] << 16;
        if (i + 1 < bytes.size)
            group |= (uint32_t)(uint8_t)bytes.data[i + 1] << 8;
        if (i + 2 < bytes.size)
            group |= (uint8_t)bytes.data[i + 2];
        text[size++] = alphabet[group >> 18];
        text[size++] = alphabet[group >> 12 & 63];
        text[size++] = i + 1 < bytes.size ? alphabet[group >> 6 & 63] : '=';
        text[size++] = i + 2 < bytes.size ? alphabet[group & 63] : '=';
    }
    return (struct driftcore_slice){text, size};
}

static bool decode(struct driftcore_slice text, enum driftcore_padding padding, char **out, size_t *size)
{
    *out = malloc(base64_decoded_size(text.size));
    REQUIRE(*out != NULL);
    return base64_decode(text.data, text.size, padding, *out, size) == BASE64_DECODED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct driftcore_slice text = fuzz_copy((struct driftcore_slice){(const char *)data, size});
    char *out, *expected = malloc(size + 1);
    size_t decoded, right;
    REQUIRE(expected != NULL);
    for (int skipping = 0; skipping < 2; skipping++) {
        enum driftcore_padding padding = skipping ? DRIFTCORE_PADDING_SKIPPED : DRIFTCORE_PADDING_ENDS;
        bool good = lenient(text, skipping, expected, &right);
        REQUIRE(decode(text, padding, &out, &decoded) == good);
        if (good)
            REQUIRE(fuzz_equal((struct driftcore_slice){out, decoded}, (struct driftcore_slice){expected, right}));
        free(out);
    }
    free(expected);

    if (size < 3000) {
        struct driftcore_slice strict = fuzz_copy(encoded(text));
        REQUIRE(decode(strict, DRIFTCORE_PADDING_ENDS, &out, &decoded));
        REQUIRE(fuzz_equal((struct driftcore_slice){out, decoded}, text));
        free(out);
    }
    fuzz_release();
    return 0;
}

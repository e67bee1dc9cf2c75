#include "base64.h"

#include <stdint.h>

#define FOREIGN 0xFF

/* A character's six bits. */
static const unsigned char sextets[256] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  62, 255, 255, 255,  63,
     52,  53,  54,  55,  56,  57,  58,  59,  60,  61, 255, 255, 255, 255, 255, 255,
    255,   0,   1,   2,   3,   4,   5,   6,   7,   8,   9,  10,  11,  12,  13,  14,
     15,  16,  17,  18,  19,  20,  21,  22,  23,  24,  25, 255, 255, 255, 255, 255,
    255,  26,  27,  28,  29,  30,  31,  32,  33,  34,  35,  36,  37,  38,  39,  40,
     41,  42,  43,  44,  45,  46,  47,  48,  49,  50,  51, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
};

/* Groups of four characters without anything else between, as far as they go; gives how many bytes are read. */
static size_t decode_groups(const unsigned char *text, size_t size, char **out)
{
    size_t i = 0;
    char *at = *out;
    for (; size - i >= 4; i += 4, at += 3) {
        unsigned char a = sextets[text[i]], b = sextets[text[i + 1]], c = sextets[text[i + 2]],
                      d = sextets[text[i + 3]];
        if (((a | b | c | d) & 0xC0) != 0)
            break;
        uint32_t bits = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
        at[0] = (char)(uint8_t)(bits >> 16);
        at[1] = (char)(uint8_t)(bits >> 8);
        at[2] = (char)(uint8_t)bits;
    }
    *out = at;
    return i;
}

enum base64_outcome base64_decode(const char *text, size_t size, enum driftcore_padding padding, char *out,
                                  size_t *decoded)
{
    char *at = out;
    uint32_t bits = 0;
    unsigned place = 0; /* characters of the group of four that are read */
    unsigned pads = 0;  /* padding since the last of them */
    for (size_t i = decode_groups((const unsigned char *)text, size, &at); i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        bool complete = place >= 2 && place + pads >= 4;
        if (c == '=') {
            pads += place >= 2 && !complete;
            if (padding == DRIFTCORE_PADDING_ENDS && place + pads >= 4)
                break;
            continue;
        }
        unsigned char six = sextets[c];
        if (six == FOREIGN)
            continue;
        if (complete && padding == DRIFTCORE_PADDING_UNSURE)
            return BASE64_UNSURE;
        pads = 0;
        bits = bits << 6 | six;
        place = (place + 1) % 4;
        if (place != 1)
            *at++ = (char)(uint8_t)(bits >> (place == 0 ? 0 : 8 - 2 * place));
    }
    *decoded = (size_t)(at - out);
    return place == 0 || (place >= 2 && place + pads >= 4) ? BASE64_DECODED : BASE64_REFUSED;
}

#include "base64.h"

#include <stdint.h>

/* A character's six bits, or -1 for a foreign one. */
static int sextet(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    if (c == '/')
        return 63;
    return -1;
}

bool base64_decode(const char *text, size_t size, char *out, size_t *decoded)
{
    char *at = out;
    uint32_t bits = 0;
    unsigned place = 0; /* characters of the group of four that are read */
    unsigned pads = 0;  /* padding since the last of them */
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '=') {
            /* A complete group ends the text, whatever stands behind it. */
            if (place >= 2 && place + ++pads >= 4) {
                *decoded = (size_t)(at - out);
                return true;
            }
            continue;
        }
        int six = sextet(c);
        if (six < 0)
            continue;
        pads = 0;
        bits = bits << 6 | (uint32_t)six;
        place = (place + 1) % 4;
        if (place != 1)
            *at++ = (char)(uint8_t)(bits >> (place == 0 ? 0 : 8 - 2 * place));
    }
    *decoded = (size_t)(at - out);
    return place == 0;
}

/* Protobuf's wire format, writing side.  Sizes are bytes; field numbers here are below 2^12. */
#ifndef DRIFTCORE_WIRE_H
#define DRIFTCORE_WIRE_H

#include <stdint.h>
#include <string.h>

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_DELIMITED = 2, WIRE_FIXED32 = 5 };

/* The tag of a field below 16 as its one byte. */
#define VARINT_TAG(field) ((field) << 3 | WIRE_VARINT)
#define FIXED64_TAG(field) ((field) << 3 | WIRE_FIXED64)
#define DELIMITED_TAG(field) ((field) << 3 | WIRE_DELIMITED)

static inline size_t varint_size(uint64_t number)
{
    /* Seven bits a byte: (bits + 6) / 7, with one bit for zero. */
    return ((size_t)(63 - __builtin_clzll(number | 1)) * 9 + 73) / 64;
}

static inline char *put_varint(char *at, uint64_t number)
{
    while (number > 0x7F) {
        *at++ = (char)(uint8_t)(number | 0x80);
        number >>= 7;
    }
    *at++ = (char)number;
    return at;
}

static inline size_t tag_size(unsigned field)
{
    return field < 16 ? 1 : 2;
}

static inline char *put_tag(char *at, unsigned field, enum wire_type type)
{
    return put_varint(at, field << 3 | type);
}

/* A length-delimited field: its tag, length and content. */
static inline size_t delimited_size(unsigned field, size_t content)
{
    return tag_size(field) + varint_size(content) + content;
}

static inline char *put_delimited_head(char *at, unsigned field, size_t content)
{
    return put_varint(put_tag(at, field, WIRE_DELIMITED), content);
}

/*
 * Keys and most texts are short, and a call of memcpy costs more than moving them: up
 * to 32 bytes go as two halves that may overlap.  All of them are read before one is written.
 */
#define PUT_BYTES_AT_ONCE 32
static inline char *put_bytes(char *at, const char *bytes, size_t size)
{
    char half[2][16];
    if (size > PUT_BYTES_AT_ONCE) {
        memcpy(at, bytes, size);
    } else if (size >= 16) {
        memcpy(half[0], bytes, 16);
        memcpy(half[1], bytes + size - 16, 16);
        memcpy(at, half[0], 16);
        memcpy(at + size - 16, half[1], 16);
    } else if (size >= 8) {
        memcpy(half[0], bytes, 8);
        memcpy(half[1], bytes + size - 8, 8);
        memcpy(at, half[0], 8);
        memcpy(at + size - 8, half[1], 8);
    } else if (size >= 4) {
        memcpy(half[0], bytes, 4);
        memcpy(half[1], bytes + size - 4, 4);
        memcpy(at, half[0], 4);
        memcpy(at + size - 4, half[1], 4);
    } else if (size != 0) {
        char middle = bytes[size / 2], last = bytes[size - 1];
        at[0] = bytes[0];
        at[size / 2] = middle;
        at[size - 1] = last;
    }
    return at + size;
}

/* A string or message field that is left out when empty. */
static inline size_t optional_size(unsigned field, size_t content)
{
    return content == 0 ? 0 : delimited_size(field, content);
}

/* A varint field that is left out when zero. */
static inline size_t integer_size(unsigned field, uint64_t number)
{
    return number == 0 ? 0 : tag_size(field) + varint_size(number);
}

static inline char *put_integer(char *at, unsigned field, uint64_t number)
{
    return number == 0 ? at : put_varint(put_tag(at, field, WIRE_VARINT), number);
}

static inline char *put_double(char *at, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bits = __builtin_bswap64(bits);
#endif
    memcpy(at, &bits, sizeof(bits));
    return at + sizeof(bits);
}

#endif

#include "normal_scan.h"

#include "number.h"
#include "utf8.h"

bool make_room(struct scan *scan)
{
    struct buffer *out = &scan->normal->out;
    out->size = scan->text.written;
    size_t left = (size_t)(scan->end - scan->text.run);
    size_t needed = left + NUMBER_TEXT_SIZE + (size_t)2 * COPY_SLACK;
    /* A little more, since a second growth makes it half as large again. */
    if (needed > out->capacity - out->size && !buffer_grow(out, needed + left / 16))
        return no_memory(scan);
    scan->text.out = out->data;
    return true;
}

/* ---- strings -------------------------------------------------------------------- */

/* Four hex digits that end before the last bracket, or -1. */
static inline int32_t read_hex4(const struct scan *scan, const char *at)
{
    /* Its digit, or 16 for what is none. */
    static const uint8_t digits[256] = {
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
         0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 16, 16, 16, 16, 16, 16,
        16, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
    };
    if (scan->last - at < 4)
        return -1;
    const unsigned char *hex = (const unsigned char *)at;
    unsigned a = digits[hex[0]], b = digits[hex[1]], c = digits[hex[2]], d = digits[hex[3]];
    return ((a | b | c | d) & 16) != 0 ? -1 : (int32_t)(a << 12 | b << 8 | c << 4 | d);
}

/* The normal form of a character that is not written as it is; gives its size, 0 for one that is. */
static size_t escape_of(int32_t unit, char escape[6])
{
    static const char letters[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    static const char hex[] = "0123456789abcdef";
    escape[0] = '\\';
    escape[1] = (char)unit;
    if (unit == '"' || unit == '\\')
        return 2;
    if (unit >= 0x20)
        return 0;
    escape[1] = letters[unit];
    if (escape[1] != '\0')
        return 2;
    memcpy(escape + 1, "u00", 3);
    escape[4] = hex[unit >> 4];
    escape[5] = hex[unit & 0xF];
    return 6;
}

/* The code point of \uXXXX at `at`, or of two for a surrogate pair; gives the end, or NULL. */
static const char *read_unicode_escape(const struct scan *scan, const char *at, uint32_t *code_point)
{
    int32_t unit = read_hex4(scan, at + 2);
    if (unit < 0)
        return NULL;
    at += 6;
    *code_point = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return at;
    int32_t low = unit <= 0xDBFF && at[0] == '\\' && at[1] == 'u' ? read_hex4(scan, at + 2) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return NULL;
    *code_point = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    return at + 6;
}

/*
 * Where one escape is \uXXXX others follow, as in text from a writer that leaves only
 * ASCII: they are taken in series, with one cut before them.
 */
const char *skip_odd_escapes(struct scan *scan, const char *at, char **meaning)
{
    if (at[1] == '/') {
        if (meaning != NULL)
            *(*meaning)++ = '/';
        return cut(scan, at, at + 1) ? at + 2 : NULL;
    }
    if (at[1] != 'u' || !cut(scan, at, at))
        return NULL;
    do {
        char text[6];
        uint32_t code_point;
        at = read_unicode_escape(scan, at, &code_point);
        if (at == NULL)
            return NULL;
        size_t size = escape_of((int32_t)code_point, text);
        if (size == 0)
            size = utf8_encode(text, code_point);
        put(scan, text, size);
        if (meaning != NULL)
            *meaning += utf8_encode(*meaning, code_point);
    } while (at[0] == '\\' && at[1] == 'u');
    scan->text.run = at;
    return at;
}

#define LOOK_AHEAD 64

/* A string for the pieces that is plain up to a place. */
static const char *add_long_string(struct scan *scan, const char *start, const char *plain_end)
{
    struct pieces *pieces = &scan->normal->pieces;
    /* No escape is shorter than what it stands for. */
    char *room = pieces_string_room(pieces, scan->place, (size_t)(scan->last - start));
    if (room == NULL) {
        no_memory(scan);
        return NULL;
    }
    const char *at = plain_end, *last = scan->last;
    char *out = copy_behind(room, start, (size_t)(plain_end - start), scan->end);
    for (;;) {
        at = string_run_copy(at, last, &out);
        if (at == last)
            return NULL;
        if (*at == '"')
            break;
        if (*at != '\\')
            return NULL;
        at = skip_odd_escapes(scan, at, &out);
        if (at == NULL)
            return NULL;
    }
    pieces_add_room(pieces, scan->place, room, (size_t)(out - room));
    return at + 1;
}

/* Long ones, and those with escapes, are looked at and copied at once. */
const char *add_string(struct scan *scan, const char *at)
{
    const char *stop = scan->last - at > LOOK_AHEAD ? at + LOOK_AHEAD : scan->last;
    stop = scan_plain(at, stop);
    if (stop == scan->last)
        return NULL;
    if (*stop != '"')
        return add_long_string(scan, at, stop);
    if (!pieces_add_string(&scan->normal->pieces, scan->place, at, (size_t)(stop - at))) {
        no_memory(scan);
        return NULL;
    }
    return stop + 1;
}

/* ---- other tokens --------------------------------------------------------------- */

const char *skip_blanks(struct scan *scan, const char *at)
{
    const char *start = at;
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
        at++;
    return cut(scan, start, at) ? at : NULL;
}

static inline const char *skip_word(const struct scan *scan, const char *at, const char *word, size_t size)
{
    return (size_t)(scan->last - at) < size || memcmp(at, word, size) != 0 ? NULL : at + size;
}

static inline bool add_float(struct scan *scan, double number)
{
    return pieces_add_number(&scan->normal->pieces, scan->place, number);
}

/* Add a constant that starts with a letter to the pieces. */
static bool add_constant(struct scan *scan, char first)
{
    struct pieces *pieces = &scan->normal->pieces;
    switch (first) {
    case 't':
    case 'f':
        return pieces_add_bool(pieces, scan->place, first == 't');
    case 'n':
        return pieces_add_null(pieces, scan->place);
    case 'N':
        return add_float(scan, __builtin_nan(""));
    default:
        return add_float(scan, __builtin_inf());
    }
}

static inline const char *end_of_constant(const struct scan *scan, const char *at)
{
    switch (*at) {
    case 't':
        return skip_word(scan, at, "true", 4);
    case 'f':
        return skip_word(scan, at, "false", 5);
    case 'n':
        return skip_word(scan, at, "null", 4);
    case 'N':
        return skip_word(scan, at, "NaN", 3);
    case 'I':
        return skip_word(scan, at, "Infinity", 8);
    default:
        return NULL;
    }
}

const char *take_constant(struct scan *scan, const char *at)
{
    const char *end = end_of_constant(scan, at);
    if (end != NULL && (scan->wanted & NORMAL_STRUCT) != 0 && !add_constant(scan, *at)) {
        no_memory(scan);
        return NULL;
    }
    return end;
}

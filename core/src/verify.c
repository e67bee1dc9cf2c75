/*
 * The rules are those of the reference, driftcore/reference/verify.py: one walk from
 * the first byte to the last.  What is allowed where stands in one table, a row per
 * message; a test holds it against the descriptors that protobuf-c generates.
 *
 * Nearly all bytes of a span are Struct entries, written the one way that encoders
 * write them:
 *
 *     0a LENGTH  0a LENGTH key  12 LENGTH  1a LENGTH text     (or another value)
 *
 * where all lengths end at the same byte.  Such an entry, a list's element and a
 * schema's property are recognised as a whole, which spares opening and closing two
 * messages for each.  Whatever looks different takes the general road, byte for byte.
 *
 * Messages still open around the current one wait in a row of fixed size.  A JSON
 * value at depth d needs at most 3 d + 2 places, so everything within
 * DRIFTCORE_MAX_DEPTH fits.
 */
#include "verify.h"

#include "utf8.h"
#include "wire.h"

#define MOST_OPEN 1024
#define TAG_BYTES 5
#define VARINT_BYTES 10

/* The kind of a field: UNKNOWN, a scalar, or the message it holds. */
enum field_kind {
    UNKNOWN,
    VARINT,
    FIXED64,
    STRING,
    STRUCT, /* the first message */
    STRUCT_ENTRY,
    VALUE,
    LIST,
    SCHEMA,
    SCHEMA_ENTRY,
    SECONDS_AND_NANOS,
    STATUS,
    SPAN,
    KINDS
};

#define FIELDS 32 /* no known field has a larger number */

static const uint8_t kinds[KINDS][FIELDS] = {
    [STRUCT] = {[1] = STRUCT_ENTRY},
    [STRUCT_ENTRY] = {[1] = STRING, [2] = VALUE},
    [VALUE] = {[1] = VARINT, [2] = FIXED64, [3] = STRING, [4] = VARINT, [5] = STRUCT, [6] = LIST},
    [LIST] = {[1] = VALUE},
    [SCHEMA] = {[1] = VARINT, [2] = SCHEMA_ENTRY, [3] = SCHEMA, [4] = VARINT, [5] = VARINT, [6] = FIXED64},
    [SCHEMA_ENTRY] = {[1] = STRING, [2] = SCHEMA},
    [SECONDS_AND_NANOS] = {[1] = VARINT, [2] = VARINT},
    [STATUS] = {[1] = VARINT, [2] = STRING},
    [SPAN] = {[1] = STRING,  [2] = STRING,  [3] = STRING,  [4] = STRING,  [5] = STRING,
              [6] = STRING,  [7] = STRING,  [8] = VARINT,  [9] = STRUCT,  [10] = STRUCT,
              [11] = SCHEMA, [12] = SCHEMA, [13] = STRING, [14] = STRING, [15] = STRING,
              [16] = STRING, [17] = VARINT, [18] = STATUS, [19] = VARINT, [20] = SECONDS_AND_NANOS,
              [21] = SECONDS_AND_NANOS, [22] = VARINT, [23] = STRUCT, [24] = STRING, [25] = STRING},
};

static enum wire_type wire_type_of(enum field_kind kind)
{
    return kind == VARINT ? WIRE_VARINT : kind == FIXED64 ? WIRE_FIXED64 : WIRE_DELIMITED;
}

struct open_message {
    enum field_kind message;
    const char *end;
};

struct walk {
    const char *at, *end;      /* of the innermost open message */
    const char *limit;         /* of all bytes */
    enum field_kind message;   /* the innermost one */
    unsigned depth;            /* messages around it */
    struct open_message *open;
};

/* The place after a varint of at most `most` bytes that stays within `largest`, or NULL. */
static const char *read_long_varint(const char *at, const char *end, unsigned most, uint64_t largest,
                                    uint64_t *number)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < most && at < end; i++) {
        uint8_t byte = (uint8_t)*at++;
        uint64_t bits = byte & 0x7F;
        if (bits > largest >> (7 * i))
            return NULL;
        value |= bits << (7 * i);
        if (byte < 0x80) {
            *number = value;
            return at;
        }
    }
    return NULL;
}

static inline const char *read_varint(const char *at, const char *end, unsigned most, uint64_t largest,
                                      uint64_t *number)
{
    if (at < end && (uint8_t)*at < 0x80) {
        *number = (uint8_t)*at;
        return at + 1;
    }
    return read_long_varint(at, end, most, largest, number);
}

/* The place after a length and the length; NULL where the content would go past `end`. */
static inline const char *read_length(const char *at, const char *end, size_t *size)
{
    uint64_t number;
    at = read_varint(at, end, VARINT_BYTES, UINT64_MAX, &number);
    if (at == NULL || number > (size_t)(end - at))
        return NULL;
    *size = number;
    return at;
}

/* Open a message that ends at `end`; false where no place is left. */
static inline bool open_message(struct walk *walk, enum field_kind message, const char *at, const char *end)
{
    if (walk->depth == MOST_OPEN)
        return false;
    walk->open[walk->depth++] = (struct open_message){walk->message, walk->end};
    walk->message = message;
    walk->at = at;
    walk->end = end;
    return true;
}

/* ---- whole entries -------------------------------------------------------- */

/* What became of an attempt to take a whole entry. */
enum taken { TAKEN, OPENED, NOT_PLAIN };

/* A string of a whole entry; what is no UTF-8 is found again, and told, on the general road. */
static inline bool plain_text(const struct walk *walk, const char *at, size_t size)
{
    return utf8_valid_within(at, size, walk->limit);
}

/*
 * A Value that fills [at, end) with one field.  Containers that hold something are
 * opened in place of the value; the caller's message goes on behind them.
 */
ALWAYS_INLINE enum taken take_value(struct walk *walk, const char *at, const char *end)
{
    size_t size;
    if (at == end)
        return NOT_PLAIN;
    switch (*at++) {
    case VARINT_TAG(1): /* null_value */
    case VARINT_TAG(4): /* bool_value */
        if (end - at != 1 || (uint8_t)*at > 0x7F)
            return NOT_PLAIN;
        break;
    case FIXED64_TAG(2): /* number_value */
        if (end - at != 8)
            return NOT_PLAIN;
        break;
    case DELIMITED_TAG(3): /* string_value */
        at = read_length(at, end, &size);
        if (at == NULL || at + size != end || !plain_text(walk, at, size))
            return NOT_PLAIN;
        break;
    case DELIMITED_TAG(5): /* struct_value */
    case DELIMITED_TAG(6): { /* list_value */
        enum field_kind message = at[-1] == DELIMITED_TAG(5) ? STRUCT : LIST;
        at = read_length(at, end, &size);
        if (at == NULL || at + size != end || !open_message(walk, message, at, end))
            return NOT_PLAIN;
        return OPENED;
    }
    default:
        return NOT_PLAIN;
    }
    walk->at = end;
    return TAKEN;
}

/* A map entry of a key and a message, both there and in this order: where the message is. */
static inline const char *entry_value(const struct walk *walk, const char *at, const char **end)
{
    size_t size;
    at = read_length(at, walk->end, &size);
    if (at == NULL)
        return NULL;
    *end = at + size;
    if (size < 4 || *at != DELIMITED_TAG(1))
        return NULL;
    at = read_length(at + 1, *end, &size);
    if (at == NULL || !plain_text(walk, at, size))
        return NULL;
    at += size;
    if (at == *end || *at != DELIMITED_TAG(2))
        return NULL;
    at = read_length(at + 1, *end, &size);
    return at != NULL && at + size == *end ? at : NULL;
}

static inline enum taken take_property(struct walk *walk, const char *at, const char *end)
{
    if (end - at == 2 && *at == VARINT_TAG(1) && (uint8_t)at[1] < 0x80) {
        walk->at = end;
        return TAKEN;
    }
    return open_message(walk, SCHEMA, at, end) ? OPENED : NOT_PLAIN;
}

/* Numbers of a list stand in rows of eleven bytes: 0a 09 11 and the double. */
#define LIST_NUMBER 11
static inline void take_list_numbers(struct walk *walk)
{
    const char *at = walk->at;
    while (walk->end - at >= LIST_NUMBER && at[0] == DELIMITED_TAG(1) && at[1] == 9 && at[2] == FIXED64_TAG(2))
        at += LIST_NUMBER;
    walk->at = at;
}

/* The entry or element that begins at walk->at, taken as a whole if it is plain. */
static inline enum taken take_entry(struct walk *walk)
{
    const char *at = walk->at, *end;
    size_t size;
    switch (walk->message) {
    case STRUCT:
        if (*at != DELIMITED_TAG(1) || (at = entry_value(walk, at + 1, &end)) == NULL)
            return NOT_PLAIN;
        return take_value(walk, at, end);
    case LIST:
        if (*at != DELIMITED_TAG(1) || (at = read_length(at + 1, walk->end, &size)) == NULL)
            return NOT_PLAIN;
        return take_value(walk, at, at + size);
    case SCHEMA:
        if (*at != DELIMITED_TAG(2) || (at = entry_value(walk, at + 1, &end)) == NULL)
            return NOT_PLAIN;
        return take_property(walk, at, end);
    default:
        return NOT_PLAIN;
    }
}

/* ---- field by field -------------------------------------------------------- */

/* One field of any kind, entered where it is a message. */
static inline enum driftcore_punt take_field(struct walk *walk)
{
    const char *at = walk->at, *end = walk->end;
    uint64_t tag, number;
    size_t size;
    at = read_varint(at, end, TAG_BYTES, UINT32_MAX, &tag);
    if (at == NULL || tag >> 3 == 0)
        return DRIFTCORE_PUNT_MALFORMED;
    enum field_kind kind = tag >> 3 < FIELDS ? kinds[walk->message][tag >> 3] : UNKNOWN;
    if (kind != UNKNOWN && (enum wire_type)(tag & 7) != wire_type_of(kind))
        return DRIFTCORE_PUNT_MALFORMED;
    switch (tag & 7) {
    case WIRE_VARINT:
        at = read_varint(at, end, VARINT_BYTES, UINT64_MAX, &number);
        break;
    case WIRE_FIXED64:
        at = end - at < 8 ? NULL : at + 8;
        break;
    case WIRE_FIXED32:
        at = end - at < 4 ? NULL : at + 4;
        break;
    case WIRE_DELIMITED:
        at = read_length(at, end, &size);
        if (at == NULL)
            return DRIFTCORE_PUNT_MALFORMED;
        if (kind >= STRUCT)
            return open_message(walk, kind, at, at + size) ? DRIFTCORE_PUNT_NONE : DRIFTCORE_PUNT_DEPTH;
        if (kind == STRING && !utf8_valid_within(at, size, walk->limit))
            return DRIFTCORE_PUNT_MALFORMED;
        at += size;
        break;
    default:
        return DRIFTCORE_PUNT_MALFORMED;
    }
    walk->at = at;
    return at == NULL ? DRIFTCORE_PUNT_MALFORMED : DRIFTCORE_PUNT_NONE;
}

enum driftcore_status verify(enum verify_message message, struct driftcore_slice bytes, struct buffer *open,
                             enum driftcore_punt *reason)
{
    *reason = DRIFTCORE_PUNT_NONE;
    if (bytes.size == 0)
        return DRIFTCORE_OK;
    open->size = 0;
    if (!buffer_reserve(open, MOST_OPEN * sizeof(struct open_message)))
        return DRIFTCORE_NO_MEMORY;
    struct walk walk = {
        .at = bytes.data,
        .end = bytes.data + bytes.size,
        .limit = bytes.data + bytes.size,
        .message = message == VERIFY_SPAN ? SPAN : STRUCT,
        .open = (struct open_message *)(void *)open->data,
    };
    for (;;) {
        while (walk.at == walk.end) {
            if (walk.depth == 0)
                return DRIFTCORE_OK;
            walk.depth--;
            walk.message = walk.open[walk.depth].message;
            walk.end = walk.open[walk.depth].end;
        }
        if (walk.message == LIST)
            take_list_numbers(&walk);
        if (walk.at == walk.end || take_entry(&walk) != NOT_PLAIN)
            continue;
        enum driftcore_punt fault = take_field(&walk);
        if (fault != DRIFTCORE_PUNT_NONE) {
            *reason = fault;
            return DRIFTCORE_PUNT;
        }
    }
}

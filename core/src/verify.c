/*
 * The rules are those of the reference, driftcore/reference/verify.py.  Messages
 * still open around the current one wait on a stack of fixed size; a JSON value at
 * depth d needs at most 3 d + 2 places, so everything within DRIFTCORE_MAX_DEPTH fits.
 */
#include "verify.h"

#include "utf8.h"
#include "wire.h"

#include "google/protobuf/struct.pb-c.h"
#include "tusk/drift/core/v1/span.pb-c.h"

#define MOST_OPEN 1024
#define TAG_BYTES 5
#define VARINT_BYTES 10

struct open_message {
    const ProtobufCMessageDescriptor *descriptor;
    const char *end;
};

/* The field of a number, or NULL.  Ranges are runs of consecutive numbers, sorted. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor, uint32_t number)
{
    for (unsigned i = 0; i < descriptor->n_field_ranges; i++) {
        const ProtobufCIntRange *range = &descriptor->field_ranges[i];
        if (number < (uint32_t)range->start_value)
            return NULL;
        uint32_t offset = number - (uint32_t)range->start_value;
        if (offset < range[1].orig_index - range->orig_index)
            return &descriptor->fields[range->orig_index + offset];
    }
    return NULL;
}

static enum wire_type wire_type_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_DELIMITED;
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return WIRE_FIXED64;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return WIRE_FIXED32;
    default:
        return WIRE_VARINT;
    }
}

/* The place after a varint of at most `most` bytes that stays within `largest`, or NULL. */
static const char *read_varint(const char *at, const char *end, unsigned most, uint64_t largest, uint64_t *number)
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

enum driftcore_punt verify(enum verify_message message, struct driftcore_slice bytes)
{
    struct open_message open[MOST_OPEN];
    unsigned depth = 0;
    const ProtobufCMessageDescriptor *descriptor = message == VERIFY_SPAN
                                                       ? &tusk__drift__core__v1__span__descriptor
                                                       : &google__protobuf__struct__descriptor;
    const char *at = bytes.data, *end = at + bytes.size;
    for (;;) {
        if (at == end) {
            if (depth == 0)
                return DRIFTCORE_PUNT_NONE;
            depth--;
            descriptor = open[depth].descriptor;
            end = open[depth].end;
            continue;
        }
        uint64_t tag, number;
        at = read_varint(at, end, TAG_BYTES, UINT32_MAX, &tag);
        if (at == NULL || tag >> 3 == 0)
            return DRIFTCORE_PUNT_MALFORMED;
        const ProtobufCFieldDescriptor *field = find_field(descriptor, (uint32_t)(tag >> 3));
        if (field != NULL && (enum wire_type)(tag & 7) != wire_type_of(field))
            return DRIFTCORE_PUNT_MALFORMED;
        switch (tag & 7) {
        case WIRE_VARINT:
            at = read_varint(at, end, VARINT_BYTES, UINT64_MAX, &number);
            if (at == NULL)
                return DRIFTCORE_PUNT_MALFORMED;
            break;
        case WIRE_FIXED64:
        case WIRE_FIXED32:
            number = (tag & 7) == WIRE_FIXED64 ? 8 : 4;
            if ((size_t)(end - at) < number)
                return DRIFTCORE_PUNT_MALFORMED;
            at += number;
            break;
        case WIRE_DELIMITED:
            at = read_varint(at, end, VARINT_BYTES, UINT64_MAX, &number);
            if (at == NULL || number > (size_t)(end - at))
                return DRIFTCORE_PUNT_MALFORMED;
            if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE) {
                if (depth == MOST_OPEN)
                    return DRIFTCORE_PUNT_DEPTH;
                open[depth++] = (struct open_message){descriptor, end};
                descriptor = field->descriptor;
                end = at + number;
                continue;
            }
            if (field != NULL && field->type == PROTOBUF_C_TYPE_STRING && !utf8_valid(at, number))
                return DRIFTCORE_PUNT_MALFORMED;
            at += number;
            break;
        default:
            return DRIFTCORE_PUNT_MALFORMED;
        }
    }
}

/*
 * google.protobuf.Struct bytes of a tree.
 *
 * A protobuf message stands behind its length, so lengths come first: one walk over
 * the tree measures, a second one writes forward into a place of exactly the right
 * size, and nothing is moved.  Both walks meet the containers in the same order, so
 * the sizes found by the first are simply read one after another by the second.
 */
#ifndef DRIFTCORE_STRUCTPB_H
#define DRIFTCORE_STRUCTPB_H

#include "tree.h"
#include "wire.h"

enum struct_field { STRUCT_FIELDS = 1, ENTRY_KEY = 1, ENTRY_VALUE = 2, LIST_VALUES = 1 };
enum value_field {
    VALUE_NULL = 1,
    VALUE_NUMBER = 2,
    VALUE_STRING = 3,
    VALUE_BOOL = 4,
    VALUE_STRUCT = 5,
    VALUE_LIST = 6,
};

/* Bytes of a google.protobuf.Value: of a number, of null or a bool, of a text, of a Struct or ListValue. */
#define STRUCTPB_NUMBER_SIZE ((size_t)9)
#define STRUCTPB_WORD_SIZE ((size_t)2)

/* Short messages, whose length is one byte, are nearly all there are, and are told by one comparison. */
static inline size_t structpb_short_size(unsigned field, size_t content)
{
    return content <= 0x7F ? 2 + content : delimited_size(field, content);
}

static inline size_t structpb_text_size(size_t text)
{
    return structpb_short_size(VALUE_STRING, text);
}

static inline size_t structpb_container_size(size_t content)
{
    return structpb_short_size(VALUE_STRUCT, content);
}

/* Bytes of a map entry: a key, left out when empty, and a Value. */
static inline size_t structpb_entry_size(size_t key, size_t value)
{
    return optional_size(ENTRY_KEY, key) + delimited_size(ENTRY_VALUE, value);
}

/* Whether all lengths of a member are single bytes: that of the entry, which holds two more, and those in it. */
static inline bool structpb_member_is_short(size_t key, size_t value)
{
    return key != 0 && key <= 0x7F && value <= 0x7F - 4 && key + value <= 0x7F - 4;
}

/* What a member adds to a Struct, and an element to a ListValue. */
static inline size_t structpb_member_size(size_t key, size_t value)
{
    return structpb_member_is_short(key, value) ? 6 + key + value
                                                : delimited_size(STRUCT_FIELDS, structpb_entry_size(key, value));
}

static inline size_t structpb_element_size(size_t value)
{
    return structpb_short_size(LIST_VALUES, value);
}

/*
 * Sizes of containers in the order of the tree: of an object the bytes of its Struct,
 * of a list those of its ListValue.  What measures puts them at `next`, what writes
 * takes them from there.
 */
struct sizes {
    size_t *next;
};

/* Room for the sizes of so many nodes, which lives in `buffer`. */
bool sizes_for(size_t nodes, struct buffer *buffer, struct sizes *sizes);

/* The sizes that were measured, from the first on. */
static inline struct sizes sizes_start(const struct buffer *buffer)
{
    return (struct sizes){(size_t *)(void *)buffer->data};
}

/* Bytes of an object's Struct.  With `skip_null` its own null members do not count. */
size_t structpb_measure(const struct node *object, bool skip_null, struct sizes *sizes);

/*
 * Write an object's Struct, measured before; gives the end, or NULL with a status:
 * NO_MEMORY, or PUNT for an int beyond double range.
 */
char *structpb_write(const struct node *object, bool skip_null, struct sizes *sizes, char *at,
                     enum driftcore_status *status);

/* A number as a double, with the same two failures. */
enum driftcore_status structpb_number(const struct node *node, double *number);

#endif

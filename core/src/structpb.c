#include "structpb.h"

#include "digits.h"
#include "number.h"

bool sizes_for(size_t nodes, struct buffer *buffer, struct sizes *sizes)
{
    size_t bytes;
    buffer->size = 0;
    if (!size_multiply(nodes, sizeof(size_t), &bytes) || !buffer_reserve(buffer, bytes))
        return false;
    *sizes = sizes_start(buffer);
    return true;
}

/* ---- measuring ---------------------------------------------------------- */

/* Bytes of a google.protobuf.Value that is no container. */
static inline size_t leaf_size(const struct node *node)
{
    if (node_is_string(node))
        return structpb_text_size(node->size);
    return node_is_number(node) ? STRUCTPB_NUMBER_SIZE : STRUCTPB_WORD_SIZE;
}

static size_t measure_list(const struct node *list, struct sizes *sizes);

/* Bytes of a Value; containers below it are measured on the way. */
static inline size_t measure_value(const struct node *node, struct sizes *sizes)
{
    if (node->kind < KIND_LIST)
        return leaf_size(node);
    return structpb_container_size(node->kind == KIND_LIST ? measure_list(node, sizes)
                                                           : structpb_measure(node, false, sizes));
}

size_t structpb_measure(const struct node *object, bool skip_null, struct sizes *sizes)
{
    size_t size = 0, *place = sizes->next++;
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++, key = node_next(key + 1)) {
        if (skip_null && key[1].kind == KIND_NULL)
            continue;
        size += structpb_member_size(key->size, measure_value(key + 1, sizes));
    }
    *place = size;
    return size;
}

static size_t measure_list(const struct node *list, struct sizes *sizes)
{
    size_t size = 0, *place = sizes->next++;
    const struct node *element = list + 1;
    for (size_t i = 0; i < list->size; i++, element = node_next(element))
        size += structpb_element_size(measure_value(element, sizes));
    *place = size;
    return size;
}

/* ---- numbers ------------------------------------------------------------ */

#define EXACT_DIGITS 19 /* fit in 64 bits without a sign */

/* An int of few digits; the machine's conversion rounds to nearest even. */
static double small_int(const char *text, size_t size)
{
    bool negative = *text == '-';
    uint64_t magnitude = digits_number(text + negative, size - negative);
    return negative ? 0.0 - (double)magnitude : (double)magnitude;
}

enum driftcore_status structpb_number(const struct node *node, struct arena *scratch, double *number)
{
    if (node->kind == KIND_FLOAT) {
        *number = node->number;
        return DRIFTCORE_OK;
    }
    if (node->kind == KIND_INT && node->size <= EXACT_DIGITS) {
        *number = small_int(node->text, node->size);
        return DRIFTCORE_OK;
    }
    (void)scratch;
    *number = number_read(node->text, node->size, node->text + node->size);
    return node->kind == KIND_INT && __builtin_isinf(*number) ? DRIFTCORE_PUNT : DRIFTCORE_OK;
}

/* ---- writing ------------------------------------------------------------ */

struct struct_writer {
    struct sizes *sizes;
    struct arena *scratch;
    enum driftcore_status status;
};

static char *write_object(struct struct_writer *writer, const struct node *object, bool skip_null, char *at);
static char *write_list(struct struct_writer *writer, const struct node *list, char *at);

/* Bytes of a Value.  A container's size stands next in the row until it is written. */
static inline size_t value_size(const struct struct_writer *writer, const struct node *node)
{
    return node->kind < KIND_LIST ? leaf_size(node) : structpb_container_size(*writer->sizes->next);
}

/* A head that is mostly of two bytes. */
static inline char *put_short_head(char *at, unsigned field, size_t content)
{
    if (content > 0x7F)
        return put_delimited_head(at, field, content);
    at[0] = (char)DELIMITED_TAG(field);
    at[1] = (char)content;
    return at + 2;
}

static inline char *write_number(struct struct_writer *writer, const struct node *node, char *at)
{
    double number = 0;
    if (node->kind == KIND_FLOAT) {
        number = node->number;
    } else {
        writer->status = structpb_number(node, writer->scratch, &number);
        if (writer->status != DRIFTCORE_OK)
            return NULL;
    }
    *at++ = FIXED64_TAG(VALUE_NUMBER);
    return put_double(at, number);
}

static inline char *write_value(struct struct_writer *writer, const struct node *node, char *at)
{
    switch ((enum kind)node->kind) {
    case KIND_NULL:
        *at++ = VARINT_TAG(VALUE_NULL);
        *at++ = 0;
        return at;
    case KIND_FALSE:
    case KIND_TRUE:
        *at++ = VARINT_TAG(VALUE_BOOL);
        *at++ = node->kind == KIND_TRUE;
        return at;
    case KIND_INT:
    case KIND_DECIMAL:
    case KIND_FLOAT:
        return write_number(writer, node, at);
    case KIND_STRING:
    case KIND_PLAIN:
        return put_bytes(put_short_head(at, VALUE_STRING, node->size), node->text, node->size);
    case KIND_LIST:
        return write_list(writer, node, put_delimited_head(at, VALUE_LIST, *writer->sizes->next));
    case KIND_OBJECT:
        return write_object(writer, node, false, put_delimited_head(at, VALUE_STRUCT, *writer->sizes->next));
    }
    __builtin_unreachable();
}

/* The heads of a member around its key, up to its Value of `size` bytes. */
static inline char *write_key(const struct node *key, size_t size, char *at)
{
    if (structpb_member_is_short(key->size, size)) {
        at[0] = DELIMITED_TAG(STRUCT_FIELDS);
        at[1] = (char)(4 + key->size + size);
        at[2] = DELIMITED_TAG(ENTRY_KEY);
        at[3] = (char)key->size;
        at = put_bytes(at + 4, key->text, key->size);
        at[0] = DELIMITED_TAG(ENTRY_VALUE);
        at[1] = (char)size;
        return at + 2;
    }
    at = put_delimited_head(at, STRUCT_FIELDS, structpb_entry_size(key->size, size));
    if (key->size != 0)
        at = put_bytes(put_delimited_head(at, ENTRY_KEY, key->size), key->text, key->size);
    return put_delimited_head(at, ENTRY_VALUE, size);
}

static char *write_object(struct struct_writer *writer, const struct node *object, bool skip_null, char *at)
{
    writer->sizes->next++;
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++, key = node_next(key + 1)) {
        const struct node *value = key + 1;
        if (skip_null && value->kind == KIND_NULL)
            continue;
        at = write_value(writer, value, write_key(key, value_size(writer, value), at));
        if (at == NULL)
            return NULL;
    }
    return at;
}

static char *write_list(struct struct_writer *writer, const struct node *list, char *at)
{
    writer->sizes->next++;
    const struct node *element = list + 1;
    for (size_t i = 0; i < list->size; i++, element = node_next(element)) {
        at = write_value(writer, element, put_short_head(at, LIST_VALUES, value_size(writer, element)));
        if (at == NULL)
            return NULL;
    }
    return at;
}

char *structpb_write(const struct node *object, bool skip_null, struct sizes *sizes, struct arena *scratch,
                     char *at, enum driftcore_status *status)
{
    struct struct_writer writer = {sizes, scratch, DRIFTCORE_OK};
    at = write_object(&writer, object, skip_null, at);
    *status = writer.status;
    return at;
}

#include "structpb.h"

#include "number.h"
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

bool sizes_for(const struct tree *tree, struct buffer *buffer, struct sizes *sizes)
{
    size_t bytes;
    buffer->size = 0;
    if (!size_multiply(tree->count, sizeof(size_t), &bytes) || !buffer_reserve(buffer, bytes))
        return false;
    *sizes = (struct sizes){tree->nodes, (size_t *)(void *)buffer->data};
    return true;
}

/* Bytes of a google.protobuf.Value; its containers are measured. */
static size_t value_size(const struct node *node, const struct sizes *sizes)
{
    switch ((enum kind)node->kind) {
    case KIND_NULL:
    case KIND_FALSE:
    case KIND_TRUE:
        return 2;
    case KIND_INT:
    case KIND_DECIMAL:
    case KIND_FLOAT:
        return 9;
    case KIND_STRING:
    case KIND_PLAIN:
        return delimited_size(VALUE_STRING, node->size);
    case KIND_LIST:
    case KIND_OBJECT:
        return delimited_size(VALUE_STRUCT, *size_of(sizes, node));
    }
    __builtin_unreachable();
}

static size_t entry_size(const struct node *key, const struct sizes *sizes)
{
    return optional_size(ENTRY_KEY, key->size) + delimited_size(ENTRY_VALUE, value_size(key + 1, sizes));
}

static size_t object_size(const struct node *object, bool skip_null, const struct sizes *sizes)
{
    size_t size = 0;
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++) {
        if (!skip_null || key[1].kind != KIND_NULL)
            size += delimited_size(STRUCT_FIELDS, entry_size(key, sizes));
        key = node_next(key + 1);
    }
    return size;
}

static size_t list_size(const struct node *list, const struct sizes *sizes)
{
    size_t size = 0;
    const struct node *element = list + 1;
    for (size_t i = 0; i < list->size; i++) {
        size += delimited_size(LIST_VALUES, value_size(element, sizes));
        element = node_next(element);
    }
    return size;
}

void structpb_measure(const struct node *object, bool skip_null, const struct sizes *sizes)
{
    for (const struct node *node = object + node_span(object); node-- != object;) {
        if (node->kind == KIND_OBJECT)
            *size_of(sizes, node) = object_size(node, skip_null && node == object, sizes);
        else if (node->kind == KIND_LIST)
            *size_of(sizes, node) = list_size(node, sizes);
    }
}

enum driftcore_status structpb_number(const struct node *node, struct arena *scratch, double *number)
{
    if (node->kind == KIND_FLOAT) {
        *number = node->number;
        return DRIFTCORE_OK;
    }
    if (!number_read(node->text, node->size, scratch, number))
        return DRIFTCORE_NO_MEMORY;
    return node->kind == KIND_INT && __builtin_isinf(*number) ? DRIFTCORE_PUNT : DRIFTCORE_OK;
}

struct struct_writer {
    const struct sizes *sizes;
    struct arena *scratch;
    enum driftcore_status status;
};

static char *write_object(struct struct_writer *writer, const struct node *object, bool skip_null, char *at);
static char *write_list(struct struct_writer *writer, const struct node *list, char *at);

static char *write_value(struct struct_writer *writer, const struct node *node, char *at)
{
    switch ((enum kind)node->kind) {
    case KIND_NULL:
        return put_varint(put_tag(at, VALUE_NULL, WIRE_VARINT), 0);
    case KIND_FALSE:
    case KIND_TRUE:
        return put_varint(put_tag(at, VALUE_BOOL, WIRE_VARINT), node->kind == KIND_TRUE);
    case KIND_INT:
    case KIND_DECIMAL:
    case KIND_FLOAT: {
        double number;
        writer->status = structpb_number(node, writer->scratch, &number);
        if (writer->status != DRIFTCORE_OK)
            return NULL;
        return put_double(put_tag(at, VALUE_NUMBER, WIRE_FIXED64), number);
    }
    case KIND_STRING:
    case KIND_PLAIN:
        return put_bytes(put_delimited_head(at, VALUE_STRING, node->size), node->text, node->size);
    case KIND_LIST:
        at = put_delimited_head(at, VALUE_LIST, *size_of(writer->sizes, node));
        return write_list(writer, node, at);
    case KIND_OBJECT:
        at = put_delimited_head(at, VALUE_STRUCT, *size_of(writer->sizes, node));
        return write_object(writer, node, false, at);
    }
    __builtin_unreachable();
}

static char *write_object(struct struct_writer *writer, const struct node *object, bool skip_null, char *at)
{
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++, key = node_next(key + 1)) {
        const struct node *value = key + 1;
        if (skip_null && value->kind == KIND_NULL)
            continue;
        at = put_delimited_head(at, STRUCT_FIELDS, entry_size(key, writer->sizes));
        if (key->size != 0)
            at = put_bytes(put_delimited_head(at, ENTRY_KEY, key->size), key->text, key->size);
        at = put_delimited_head(at, ENTRY_VALUE, value_size(value, writer->sizes));
        at = write_value(writer, value, at);
        if (at == NULL)
            return NULL;
    }
    return at;
}

static char *write_list(struct struct_writer *writer, const struct node *list, char *at)
{
    const struct node *element = list + 1;
    for (size_t i = 0; i < list->size; i++) {
        at = put_delimited_head(at, LIST_VALUES, value_size(element, writer->sizes));
        at = write_value(writer, element, at);
        if (at == NULL)
            return NULL;
        element = node_next(element);
    }
    return at;
}

char *structpb_write(const struct node *object, bool skip_null, const struct sizes *sizes, struct arena *scratch,
                     char *at, enum driftcore_status *status)
{
    struct struct_writer writer = {sizes, scratch, DRIFTCORE_OK};
    at = write_object(&writer, object, skip_null, at);
    *status = writer.status;
    return at;
}

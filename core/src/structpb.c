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

/* A container that is open: where its size goes, which grows there while a container inside it is measured. */
struct level {
    const struct node *container;
    size_t *place;
};

/* What a Value adds to the container it stands in, behind its key if it has one. */
static inline size_t child_size(const struct node *container, const struct node *value, size_t size)
{
    return container->kind == KIND_OBJECT ? structpb_member_size(value[-1].size, size) : structpb_element_size(size);
}

size_t structpb_measure(const struct node *object, bool skip_null, struct sizes *sizes)
{
    struct level levels[TREE_DEEPEST], *level = levels;
    const struct node *container = object, *end = node_next(object), *node = object + 1;
    size_t size = 0;
    *level = (struct level){object, sizes->next++};
    for (;;) {
        while (node == end) {
            *level->place = size;
            if (level == levels)
                return size;
            const struct node *value = container;
            level--;
            container = level->container;
            end = node_next(container);
            size = *level->place + child_size(container, value, structpb_container_size(size));
        }
        node += container->kind == KIND_OBJECT;
        if (node->kind >= KIND_LIST) {
            *level->place = size;
            *++level = (struct level){node, sizes->next++};
            container = node;
            end = node_next(node);
            size = 0;
        } else if (!skip_null || level != levels || node->kind != KIND_NULL) {
            size += child_size(container, node, leaf_size(node));
        }
        node++;
    }
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

enum driftcore_status structpb_number(const struct node *node, double *number)
{
    if (node->kind == KIND_FLOAT) {
        *number = node->number;
        return DRIFTCORE_OK;
    }
    if (node->kind == KIND_INT && node->size <= EXACT_DIGITS) {
        *number = small_int(node->text, node->size);
        return DRIFTCORE_OK;
    }
    *number = number_read(node->text, node->size, node->text + node->size);
    return node->kind == KIND_INT && __builtin_isinf(*number) ? DRIFTCORE_PUNT : DRIFTCORE_OK;
}

/* ---- writing ------------------------------------------------------------ */

struct struct_writer {
    struct sizes *sizes;
    enum driftcore_status status;
};

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
        writer->status = structpb_number(node, &number);
        if (writer->status != DRIFTCORE_OK)
            return NULL;
    }
    *at++ = FIXED64_TAG(VALUE_NUMBER);
    return put_double(at, number);
}

/* A Value, of a container the heads alone.  NULL with a status. */
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
        return put_delimited_head(at, VALUE_LIST, *writer->sizes->next++);
    case KIND_OBJECT:
        return put_delimited_head(at, VALUE_STRUCT, *writer->sizes->next++);
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

/* Write members up to one whose value is a container, heads included, and give that, or `end`. */
ALWAYS_INLINE const struct node *write_members(struct struct_writer *writer, const struct node *key,
                                               const struct node *end, bool skip_null, char **at)
{
    while (key != end) {
        const struct node *value = key + 1;
        if (!skip_null || value->kind != KIND_NULL) {
            *at = write_value(writer, value, write_key(key, value_size(writer, value), *at));
            if (value->kind >= KIND_LIST || *at == NULL)
                return value;
        }
        key = value + 1;
    }
    return end;
}

/* The same of elements. */
ALWAYS_INLINE const struct node *write_elements(struct struct_writer *writer, const struct node *element,
                                                const struct node *end, char **at)
{
    for (; element != end; element++) {
        *at = write_value(writer, element, put_short_head(*at, LIST_VALUES, value_size(writer, element)));
        if (element->kind >= KIND_LIST || *at == NULL)
            return element;
    }
    return end;
}

char *structpb_write(const struct node *object, bool skip_null, struct sizes *sizes, char *at,
                     enum driftcore_status *status)
{
    struct struct_writer writer = {sizes, DRIFTCORE_OK};
    const struct node *open[TREE_DEEPEST], *container = object, *end = node_next(object), *node = object + 1;
    size_t depth = 0; /* containers around this one */
    sizes->next++;
    for (;;) {
        node = container->kind == KIND_OBJECT ? write_members(&writer, node, end, skip_null && depth == 0, &at)
                                              : write_elements(&writer, node, end, &at);
        if (at == NULL)
            break;
        if (node != end) {
            open[depth++] = container;
            container = node++;
            end = node_next(container);
        } else if (depth != 0) {
            container = open[--depth];
            end = node_next(container);
        } else {
            break;
        }
    }
    *status = writer.status;
    return at;
}

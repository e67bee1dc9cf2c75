#include "schema_text.h"

#include "keys.h"
#include "schema.h"

struct writing {
    struct buffer *out;
    struct buffer *scratch; /* NULL: members stay in insertion order */
};

#define PIECE(literal) literal, sizeof(literal) - 1
#define LONGEST_PIECE 32

/* Append one of the words below; all around a value or a key fits what one reserve gives. */
static inline void put(struct buffer *out, const char *text, size_t size)
{
    memcpy(out->data + out->size, text, size);
    out->size += size;
}

static inline void put_digit(struct buffer *out, int digit)
{
    out->data[out->size++] = (char)('0' + digit);
}

static bool write_schema(const struct writing *writing, const struct node *value);

/* A member of "properties" and a comma. */
static bool write_property(const struct writing *writing, const struct node *key)
{
    struct buffer *out = writing->out;
    if (!buffer_reserve(out, key->size + LONGEST_PIECE))
        return false;
    put(out, "\"", 1);
    put(out, key->text, key->size);
    put(out, PIECE("\":"));
    if (!write_schema(writing, key + 1))
        return false;
    put(out, ",", 1);
    return true;
}

static bool write_sorted_properties(const struct writing *writing, const struct node *object)
{
    struct buffer *scratch = writing->scratch;
    size_t before = scratch->size;
    struct key *keys = keys_sorted(object, scratch);
    if (keys == NULL)
        return false;
    /* Nested objects sort behind these keys; a grown scratch moves them, so hold an offset. */
    size_t offset = (size_t)((char *)keys - scratch->data);
    scratch->size = offset + object->size * sizeof(struct key);
    for (size_t i = 0; i < object->size; i++) {
        keys = (struct key *)(void *)(scratch->data + offset);
        if (!write_property(writing, keys[i].node))
            return false;
    }
    scratch->size = before;
    return true;
}

/* What stands between the braces of "properties". */
static bool write_properties(const struct writing *writing, const struct node *value)
{
    if (value->kind != KIND_OBJECT || value->size == 0)
        return true;
    if (writing->scratch != NULL && value->size > 1) {
        if (!write_sorted_properties(writing, value))
            return false;
    } else {
        const struct node *key = value + 1;
        for (size_t i = 0; i < value->size; i++) {
            if (!write_property(writing, key))
                return false;
            key = node_next(key + 1);
        }
    }
    writing->out->size--; /* the last comma */
    return true;
}

/* Leaves room for one more piece. */
static bool write_schema(const struct writing *writing, const struct node *value)
{
    struct buffer *out = writing->out;
    bool has_items = value->kind == KIND_LIST && value->size != 0, sorted = writing->scratch != NULL;
    int type = (int)schema_type_of(value);
    if (!buffer_reserve(out, 3 * LONGEST_PIECE))
        return false;
    if (!sorted) {
        put(out, PIECE("{\"type\":"));
        put_digit(out, type);
        put(out, PIECE(",\"properties\":{"));
        if (!write_properties(writing, value) || !buffer_reserve(out, 3 * LONGEST_PIECE))
            return false;
        put(out, "}", 1);
        if (has_items) {
            put(out, PIECE(",\"items\":"));
            if (!write_schema(writing, value + 1))
                return false;
        }
        put(out, "}", 1);
    } else {
        put(out, "{", 1);
        if (has_items) {
            put(out, PIECE("\"items\":"));
            if (!write_schema(writing, value + 1))
                return false;
            put(out, ",", 1);
            if (!buffer_reserve(out, LONGEST_PIECE))
                return false;
        }
        put(out, PIECE("\"properties\":{"));
        if (!write_properties(writing, value) || !buffer_reserve(out, 2 * LONGEST_PIECE))
            return false;
        put(out, PIECE("},\"type\":"));
        put_digit(out, type);
        put(out, "}", 1);
    }
    return buffer_reserve(out, LONGEST_PIECE);
}

bool schema_write(const struct node *value, struct buffer *out)
{
    return write_schema(&(struct writing){out, NULL}, value);
}

bool schema_write_sorted(const struct node *value, struct buffer *scratch, struct buffer *out)
{
    return write_schema(&(struct writing){out, scratch}, value);
}

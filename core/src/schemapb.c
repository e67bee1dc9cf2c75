#include "schemapb.h"

#include "wire.h"

enum schema_field {
    SCHEMA_TYPE = 1,
    SCHEMA_PROPERTIES = 2,
    SCHEMA_ITEMS = 3,
    SCHEMA_ENCODING = 4,
    SCHEMA_DECODED_TYPE = 5,
    SCHEMA_MATCH_IMPORTANCE = 6,
};
enum { PROPERTY_KEY = 1, PROPERTY_SCHEMA = 2 };

/* ---- given as a tree ---------------------------------------------------- */

/* The parts of a schema that count; -1 and NULL stand for what is not given, for a type 0. */
struct parts {
    int type, encoding, decoded_type;
    const struct node *properties, *items, *match_importance;
};

/* A number within its enum or -1; true and false are the ints they are in Python. */
static int read_enum(const struct node *value, int largest)
{
    if (value->kind == KIND_FALSE || value->kind == KIND_TRUE)
        return value->kind == KIND_TRUE;
    if (value->kind != KIND_INT || value->size > 2 || value->text[0] == '-')
        return -1;
    int number = value->text[0] - '0';
    if (value->size == 2)
        number = number * 10 + (value->text[1] - '0');
    return number <= largest ? number : -1;
}

static const struct node *of_kind(const struct node *value, enum kind kind)
{
    return value->kind == kind ? value : NULL;
}

#define KEY_IS(key, name) ((key)->size == sizeof(name) - 1 && memcmp((key)->text, name, sizeof(name) - 1) == 0)

static struct parts read_parts(const struct node *schema)
{
    struct parts parts = {0, -1, -1, NULL, NULL, NULL};
    const struct node *key = schema + 1;
    for (size_t i = 0; i < schema->size; i++, key = node_next(key + 1)) {
        const struct node *value = key + 1;
        if (KEY_IS(key, "type")) {
            int type = read_enum(value, SCHEMA_LARGEST_TYPE);
            parts.type = type < 0 ? 0 : type;
        } else if (KEY_IS(key, "properties")) {
            parts.properties = of_kind(value, KIND_OBJECT);
        } else if (KEY_IS(key, "items")) {
            parts.items = of_kind(value, KIND_OBJECT);
        } else if (KEY_IS(key, "encoding")) {
            parts.encoding = read_enum(value, SCHEMA_LARGEST_ENCODING);
        } else if (KEY_IS(key, "decoded_type")) {
            parts.decoded_type = read_enum(value, SCHEMA_LARGEST_DECODED_TYPE);
        } else if (KEY_IS(key, "match_importance") && value->kind != KIND_NULL) {
            parts.match_importance = value;
        }
    }
    return parts;
}

static size_t property_size(const struct node *key, size_t schema)
{
    return optional_size(PROPERTY_KEY, key->size) + optional_size(PROPERTY_SCHEMA, schema);
}

static enum driftcore_status importance_of(const struct node *value, double *number)
{
    if (value->kind == KIND_FALSE || value->kind == KIND_TRUE) {
        *number = value->kind == KIND_TRUE;
        return DRIFTCORE_OK;
    }
    return structpb_number(value, number);
}

static enum driftcore_status check_importance(const struct node *value, enum driftcore_punt *reason)
{
    if (!node_is_number(value) && value->kind != KIND_FALSE && value->kind != KIND_TRUE) {
        *reason = DRIFTCORE_PUNT_SCHEMA;
        return DRIFTCORE_PUNT;
    }
    double number;
    enum driftcore_status status = importance_of(value, &number);
    if (status == DRIFTCORE_PUNT)
        *reason = DRIFTCORE_PUNT_OVERFLOW;
    return status;
}

/* A schema that is open. */
struct given {
    struct parts parts;
    const struct node *at; /* the part at hand: a property's key, or the items; NULL behind them */
    size_t *place;         /* where its size goes, which grows there */
};

/* The innermost schema that is open. */
static struct given *innermost(const struct buffer *open)
{
    return (struct given *)(void *)(open->data + open->size) - 1;
}

/* Open one more; there is room for it. */
static struct given *open_given(const struct node *schema, struct sizes *sizes, struct buffer *open)
{
    open->size += sizeof(struct given);
    struct given *given = innermost(open);
    given->parts = read_parts(schema);
    const struct node *properties = given->parts.properties;
    given->at = properties != NULL && properties->size != 0 ? properties + 1 : given->parts.items;
    given->place = sizes->next++;
    return given;
}

/* Close it; gives the one around it, or NULL. */
static struct given *close_given(struct buffer *open)
{
    open->size -= sizeof(struct given);
    return open->size == 0 ? NULL : innermost(open);
}

static void next_part(struct given *given)
{
    if (given->at == given->parts.items) {
        given->at = NULL;
        return;
    }
    given->at = node_next(given->at + 1);
    if (given->at == node_next(given->parts.properties))
        given->at = given->parts.items;
}

/* What the part at hand, a schema of `size` bytes, adds to the schema around it. */
static size_t part_size(const struct given *given, size_t size)
{
    return given->at == given->parts.items ? delimited_size(SCHEMA_ITEMS, size)
                                           : delimited_size(SCHEMA_PROPERTIES, property_size(given->at, size));
}

/* The part at hand if it is a schema of its own; a property may be null instead, which stands for an empty one. */
static const struct node *inner_schema(const struct given *given)
{
    const struct node *schema = given->at == given->parts.items ? given->at : given->at + 1;
    return schema->kind == KIND_OBJECT ? schema : NULL;
}

/* Bytes behind properties and items.  Both enums fit in one byte, and zero is written too. */
static enum driftcore_status measure_rest(const struct parts *parts, size_t *size, enum driftcore_punt *reason)
{
    *size += parts->encoding >= 0 ? 2 : 0;
    *size += parts->decoded_type >= 0 ? 2 : 0;
    if (parts->match_importance == NULL)
        return DRIFTCORE_OK;
    *size += 9;
    return check_importance(parts->match_importance, reason);
}

static enum driftcore_status measure_given(const struct node *schema, struct sizes *sizes,
                                           struct buffer *open, size_t *size, enum driftcore_punt *reason)
{
    const struct node *opened = schema;
    struct given *given = NULL;
    *size = open->size = 0;
    for (;;) {
        if (opened != NULL) {
            if (!buffer_reserve(open, sizeof(*given)))
                return DRIFTCORE_NO_MEMORY;
            given = open_given(opened, sizes, open);
            *given->place = integer_size(SCHEMA_TYPE, (uint64_t)given->parts.type);
        } else if (given->at != NULL) {
            if (given->at[1].kind != KIND_NULL) {
                *reason = DRIFTCORE_PUNT_SCHEMA;
                return DRIFTCORE_PUNT;
            }
            *given->place += part_size(given, 0);
            next_part(given);
        } else {
            enum driftcore_status status = measure_rest(&given->parts, given->place, reason);
            if (status != DRIFTCORE_OK)
                return status;
            *size = *given->place;
            given = close_given(open);
            if (given == NULL)
                return DRIFTCORE_OK;
            *given->place += part_size(given, *size);
            next_part(given);
        }
        opened = given->at == NULL ? NULL : inner_schema(given);
    }
}

/* The heads of the part at hand, a schema of `size` bytes. */
static char *write_part_head(const struct given *given, size_t size, char *at)
{
    const struct node *key = given->at;
    if (key == given->parts.items)
        return put_delimited_head(at, SCHEMA_ITEMS, size);
    at = put_delimited_head(at, SCHEMA_PROPERTIES, property_size(key, size));
    if (key->size != 0)
        at = put_bytes(put_delimited_head(at, PROPERTY_KEY, key->size), key->text, key->size);
    return size != 0 ? put_delimited_head(at, PROPERTY_SCHEMA, size) : at;
}

static char *write_rest(const struct parts *parts, char *at)
{
    if (parts->encoding >= 0)
        at = put_varint(put_tag(at, SCHEMA_ENCODING, WIRE_VARINT), (uint64_t)parts->encoding);
    if (parts->decoded_type >= 0)
        at = put_varint(put_tag(at, SCHEMA_DECODED_TYPE, WIRE_VARINT), (uint64_t)parts->decoded_type);
    if (parts->match_importance != NULL) {
        double number = 0;
        importance_of(parts->match_importance, &number); /* measured, so it succeeds */
        at = put_double(put_tag(at, SCHEMA_MATCH_IMPORTANCE, WIRE_FIXED64), number);
    }
    return at;
}

/* Measured before, so that there is room for all levels. */
static char *write_given(const struct node *schema, struct sizes *sizes,
                         struct buffer *open, char *at)
{
    open->size = 0;
    struct given *given = open_given(schema, sizes, open);
    at = put_integer(at, SCHEMA_TYPE, (uint64_t)given->parts.type);
    for (;;) {
        if (given->at != NULL) {
            const struct node *opened = inner_schema(given);
            at = write_part_head(given, opened != NULL ? *sizes->next : 0, at);
            if (opened != NULL) {
                given = open_given(opened, sizes, open);
                at = put_integer(at, SCHEMA_TYPE, (uint64_t)given->parts.type);
                continue;
            }
        } else {
            at = write_rest(&given->parts, at);
            given = close_given(open);
            if (given == NULL)
                return at;
        }
        next_part(given);
    }
}

/* ---- of a value --------------------------------------------------------- */

/* A container that is open. */
struct inferred {
    const struct node *container;
    size_t *place; /* where the size of its schema goes, which grows there */
};

static size_t annotations_size(const struct merge *merge)
{
    return (merge->encoding >= 0 ? 2U : 0U) + (merge->decoded_type >= 0 ? 2U : 0U)
           + (merge->match_importance != NULL ? 9U : 0U);
}

/* A schema of a value is never empty: its type is at least 1.  A list shows its first element alone. */
static size_t measure_inferred(const struct node *value, const struct merges *merges, struct sizes *sizes)
{
    struct inferred levels[1 + TREE_DEEPEST], *level = levels; /* the first one stands around the value */
    const struct merge *merge = NULL; /* of the member of the top level that is at hand */
    const struct node *node = value;
    for (;;) {
        size_t size = integer_size(SCHEMA_TYPE, schema_type_of(node)), *place = sizes->next++;
        bool opened = node->kind >= KIND_LIST && node->size != 0;
        if (opened) {
            *++level = (struct inferred){node, place};
            *place = size;
            node++;
        }
        while (!opened) {
            if (merge != NULL && level == levels + 1)
                size += annotations_size(merge);
            *place = size;
            if (level == levels)
                return size;
            *level->place += level->container->kind == KIND_LIST
                                 ? delimited_size(SCHEMA_ITEMS, size)
                                 : delimited_size(SCHEMA_PROPERTIES, property_size(node - 1, size));
            const struct node *container = level->container;
            node = node_next(node);
            if (container->kind == KIND_OBJECT && node != node_next(container))
                break;
            node = container;
            place = level->place;
            size = *place;
            level--;
        }
        if (level->container->kind == KIND_OBJECT) {
            if (level == levels + 1)
                merge = merges_find(merges, node);
            node++;
        }
    }
}

static char *write_annotations(const struct merge *merge, char *at)
{
    if (merge->encoding >= 0)
        at = put_varint(put_tag(at, SCHEMA_ENCODING, WIRE_VARINT), (uint64_t)merge->encoding);
    if (merge->decoded_type >= 0)
        at = put_varint(put_tag(at, SCHEMA_DECODED_TYPE, WIRE_VARINT), (uint64_t)merge->decoded_type);
    if (merge->match_importance != NULL) {
        double number = 0;
        structpb_number(merge->match_importance, &number); /* was read before, so it succeeds */
        at = put_double(put_tag(at, SCHEMA_MATCH_IMPORTANCE, WIRE_FIXED64), number);
    }
    return at;
}

static char *write_inferred(const struct node *value, const struct merges *merges, struct sizes *sizes, char *at)
{
    const struct node *open[TREE_DEEPEST], *node = value;
    const struct merge *merge = NULL; /* of the member of the top level that is at hand */
    size_t depth = 0;
    for (;;) {
        sizes->next++;
        at = put_integer(at, SCHEMA_TYPE, schema_type_of(node));
        bool opened = node->kind >= KIND_LIST && node->size != 0;
        if (opened)
            open[depth++] = node++;
        while (!opened) {
            if (merge != NULL && depth == 1)
                at = write_annotations(merge, at);
            if (depth == 0)
                return at;
            const struct node *container = open[depth - 1];
            node = node_next(node);
            if (container->kind == KIND_OBJECT && node != node_next(container))
                break;
            node = container;
            depth--;
        }
        size_t size = *sizes->next;
        if (open[depth - 1]->kind == KIND_LIST) {
            at = put_delimited_head(at, SCHEMA_ITEMS, size);
            continue;
        }
        if (depth == 1)
            merge = merges_find(merges, node);
        at = put_delimited_head(at, SCHEMA_PROPERTIES, property_size(node, size));
        if (node->size != 0)
            at = put_bytes(put_delimited_head(at, PROPERTY_KEY, node->size), node->text, node->size);
        at = put_delimited_head(at, PROPERTY_SCHEMA, size);
        node++;
    }
}

/* ---- both --------------------------------------------------------------- */

enum driftcore_status schemapb_measure(const struct schema_source *schema, struct sizes *sizes,
                                       struct buffer *open, size_t *size, enum driftcore_punt *reason)
{
    *size = 0;
    if (schema->node == NULL)
        return DRIFTCORE_OK;
    if (schema->merges == NULL)
        return measure_given(schema->node, sizes, open, size, reason);
    *size = measure_inferred(schema->node, schema->merges, sizes);
    return DRIFTCORE_OK;
}

char *schemapb_write(const struct schema_source *schema, struct sizes *sizes,
                     struct buffer *open, char *at)
{
    if (schema->node == NULL)
        return at;
    if (schema->merges == NULL)
        return write_given(schema->node, sizes, open, at);
    return write_inferred(schema->node, schema->merges, sizes, at);
}

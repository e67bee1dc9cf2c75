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

static enum driftcore_status importance_of(const struct node *value, struct arena *scratch, double *number)
{
    if (value->kind == KIND_FALSE || value->kind == KIND_TRUE) {
        *number = value->kind == KIND_TRUE;
        return DRIFTCORE_OK;
    }
    return structpb_number(value, scratch, number);
}

static enum driftcore_status check_importance(const struct node *value, struct arena *scratch,
                                              enum driftcore_punt *reason)
{
    if (!node_is_number(value) && value->kind != KIND_FALSE && value->kind != KIND_TRUE) {
        *reason = DRIFTCORE_PUNT_SCHEMA;
        return DRIFTCORE_PUNT;
    }
    double number;
    enum driftcore_status status = importance_of(value, scratch, &number);
    if (status == DRIFTCORE_PUNT)
        *reason = DRIFTCORE_PUNT_OVERFLOW;
    return status;
}

static enum driftcore_status measure_given(const struct node *schema, struct sizes *sizes, struct arena *scratch,
                                           size_t *size, enum driftcore_punt *reason);
static char *write_given(const struct node *schema, struct sizes *sizes, struct arena *scratch, char *at);

/* Null stands for the empty schema, which has no size of its own. */
static enum driftcore_status measure_property(const struct node *schema, struct sizes *sizes,
                                              struct arena *scratch, size_t *size, enum driftcore_punt *reason)
{
    *size = 0;
    if (schema->kind == KIND_OBJECT)
        return measure_given(schema, sizes, scratch, size, reason);
    if (schema->kind == KIND_NULL)
        return DRIFTCORE_OK;
    *reason = DRIFTCORE_PUNT_SCHEMA;
    return DRIFTCORE_PUNT;
}

static enum driftcore_status measure_given(const struct node *schema, struct sizes *sizes, struct arena *scratch,
                                           size_t *size, enum driftcore_punt *reason)
{
    struct parts parts = read_parts(schema);
    enum driftcore_status status;
    size_t total = integer_size(SCHEMA_TYPE, (uint64_t)parts.type), part, *place = sizes->next++;
    if (parts.properties != NULL) {
        const struct node *key = parts.properties + 1;
        for (size_t i = 0; i < parts.properties->size; i++, key = node_next(key + 1)) {
            status = measure_property(key + 1, sizes, scratch, &part, reason);
            if (status != DRIFTCORE_OK)
                return status;
            total += delimited_size(SCHEMA_PROPERTIES, property_size(key, part));
        }
    }
    if (parts.items != NULL) {
        status = measure_given(parts.items, sizes, scratch, &part, reason);
        if (status != DRIFTCORE_OK)
            return status;
        total += delimited_size(SCHEMA_ITEMS, part);
    }
    /* Both enums fit in one byte, and zero is written too. */
    total += parts.encoding >= 0 ? 2 : 0;
    total += parts.decoded_type >= 0 ? 2 : 0;
    if (parts.match_importance != NULL) {
        status = check_importance(parts.match_importance, scratch, reason);
        if (status != DRIFTCORE_OK)
            return status;
        total += 9;
    }
    *size = *place = total;
    return DRIFTCORE_OK;
}

static char *write_property(const struct node *key, struct sizes *sizes, struct arena *scratch, char *at)
{
    bool given = key[1].kind == KIND_OBJECT;
    size_t size = given ? *sizes->next : 0;
    at = put_delimited_head(at, SCHEMA_PROPERTIES, property_size(key, size));
    if (key->size != 0)
        at = put_bytes(put_delimited_head(at, PROPERTY_KEY, key->size), key->text, key->size);
    if (size != 0)
        at = put_delimited_head(at, PROPERTY_SCHEMA, size);
    return given ? write_given(key + 1, sizes, scratch, at) : at;
}

static char *write_given(const struct node *schema, struct sizes *sizes, struct arena *scratch, char *at)
{
    struct parts parts = read_parts(schema);
    sizes->next++;
    at = put_integer(at, SCHEMA_TYPE, (uint64_t)parts.type);
    if (parts.properties != NULL) {
        const struct node *key = parts.properties + 1;
        for (size_t i = 0; i < parts.properties->size; i++, key = node_next(key + 1))
            at = write_property(key, sizes, scratch, at);
    }
    if (parts.items != NULL) {
        at = put_delimited_head(at, SCHEMA_ITEMS, *sizes->next);
        at = write_given(parts.items, sizes, scratch, at);
    }
    if (parts.encoding >= 0)
        at = put_varint(put_tag(at, SCHEMA_ENCODING, WIRE_VARINT), (uint64_t)parts.encoding);
    if (parts.decoded_type >= 0)
        at = put_varint(put_tag(at, SCHEMA_DECODED_TYPE, WIRE_VARINT), (uint64_t)parts.decoded_type);
    if (parts.match_importance != NULL) {
        double number = 0;
        importance_of(parts.match_importance, scratch, &number); /* measured, so it succeeds */
        at = put_double(put_tag(at, SCHEMA_MATCH_IMPORTANCE, WIRE_FIXED64), number);
    }
    return at;
}

/* ---- of a value --------------------------------------------------------- */

/* A schema of a value is never empty: its type is at least 1. */
static size_t measure_inferred(const struct node *value, const struct merge *merge, const struct merges *merges,
                               struct sizes *sizes)
{
    size_t size = integer_size(SCHEMA_TYPE, schema_type_of(value)), *place = sizes->next++;
    if (value->kind == KIND_OBJECT) {
        const struct node *key = value + 1;
        for (size_t i = 0; i < value->size; i++, key = node_next(key + 1)) {
            const struct merge *found = merges == NULL ? NULL : merges_find(merges, key);
            size_t property = measure_inferred(key + 1, found, NULL, sizes);
            size += delimited_size(SCHEMA_PROPERTIES, property_size(key, property));
        }
    } else if (value->kind == KIND_LIST && value->size != 0) {
        size += delimited_size(SCHEMA_ITEMS, measure_inferred(value + 1, NULL, NULL, sizes));
    }
    if (merge != NULL)
        size += (merge->encoding >= 0 ? 2U : 0U) + (merge->decoded_type >= 0 ? 2U : 0U)
                + (merge->match_importance != NULL ? 9U : 0U);
    *place = size;
    return size;
}

static char *write_annotations(const struct merge *merge, struct arena *scratch, char *at)
{
    if (merge->encoding >= 0)
        at = put_varint(put_tag(at, SCHEMA_ENCODING, WIRE_VARINT), (uint64_t)merge->encoding);
    if (merge->decoded_type >= 0)
        at = put_varint(put_tag(at, SCHEMA_DECODED_TYPE, WIRE_VARINT), (uint64_t)merge->decoded_type);
    if (merge->match_importance != NULL) {
        double number = 0;
        structpb_number(merge->match_importance, scratch, &number); /* was read before, so it succeeds */
        at = put_double(put_tag(at, SCHEMA_MATCH_IMPORTANCE, WIRE_FIXED64), number);
    }
    return at;
}

static char *write_inferred(const struct node *value, const struct merge *merge, const struct merges *merges,
                            struct sizes *sizes, struct arena *scratch, char *at)
{
    sizes->next++;
    at = put_integer(at, SCHEMA_TYPE, schema_type_of(value));
    if (value->kind == KIND_OBJECT) {
        const struct node *key = value + 1;
        for (size_t i = 0; i < value->size; i++, key = node_next(key + 1)) {
            const struct merge *found = merges == NULL ? NULL : merges_find(merges, key);
            size_t size = *sizes->next;
            at = put_delimited_head(at, SCHEMA_PROPERTIES, property_size(key, size));
            if (key->size != 0)
                at = put_bytes(put_delimited_head(at, PROPERTY_KEY, key->size), key->text, key->size);
            at = put_delimited_head(at, PROPERTY_SCHEMA, size);
            at = write_inferred(key + 1, found, NULL, sizes, scratch, at);
        }
    } else if (value->kind == KIND_LIST && value->size != 0) {
        at = put_delimited_head(at, SCHEMA_ITEMS, *sizes->next);
        at = write_inferred(value + 1, NULL, NULL, sizes, scratch, at);
    }
    return merge == NULL ? at : write_annotations(merge, scratch, at);
}

/* ---- both --------------------------------------------------------------- */

enum driftcore_status schemapb_measure(const struct schema_source *schema, struct sizes *sizes,
                                       struct arena *scratch, size_t *size, enum driftcore_punt *reason)
{
    *size = 0;
    if (schema->node == NULL)
        return DRIFTCORE_OK;
    if (schema->merges == NULL)
        return measure_given(schema->node, sizes, scratch, size, reason);
    *size = measure_inferred(schema->node, NULL, schema->merges, sizes);
    return DRIFTCORE_OK;
}

char *schemapb_write(const struct schema_source *schema, struct sizes *sizes, struct arena *scratch, char *at)
{
    if (schema->node == NULL)
        return at;
    if (schema->merges == NULL)
        return write_given(schema->node, sizes, scratch, at);
    return write_inferred(schema->node, NULL, schema->merges, sizes, scratch, at);
}

#include "schemapb.h"

#include "schema.h"
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

/* The parts of a schema that count; -1 and NULL stand for what is not given. */
struct parts {
    int type, encoding, decoded_type;
    const struct node *properties, *items, *match_importance;
};

/* A number within its enum or -1; true and false are the ints they are in Python. */
static int read_enum(const struct node *value, int largest)
{
    if (value == NULL)
        return -1;
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
    return value != NULL && value->kind == kind ? value : NULL;
}

static struct parts read_parts(const struct node *schema)
{
    struct parts parts = {
        .type = read_enum(object_member(schema, "type"), SCHEMA_LARGEST_TYPE),
        .encoding = read_enum(object_member(schema, "encoding"), SCHEMA_LARGEST_ENCODING),
        .decoded_type = read_enum(object_member(schema, "decoded_type"), SCHEMA_LARGEST_DECODED_TYPE),
        .properties = of_kind(object_member(schema, "properties"), KIND_OBJECT),
        .items = of_kind(object_member(schema, "items"), KIND_OBJECT),
        .match_importance = object_member(schema, "match_importance"),
    };
    if (parts.type < 0)
        parts.type = 0;
    if (parts.match_importance != NULL && parts.match_importance->kind == KIND_NULL)
        parts.match_importance = NULL;
    return parts;
}

/* Null stands for the empty schema. */
static size_t property_schema_size(const struct node *schema, const struct sizes *sizes)
{
    return schema->kind == KIND_OBJECT ? *size_of(sizes, schema) : 0;
}

static size_t property_size(const struct node *key, const struct sizes *sizes)
{
    return optional_size(PROPERTY_KEY, key->size)
           + optional_size(PROPERTY_SCHEMA, property_schema_size(key + 1, sizes));
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

enum driftcore_status schemapb_measure(const struct node *schema, const struct sizes *sizes, struct arena *scratch,
                                       enum driftcore_punt *reason)
{
    struct parts parts = read_parts(schema);
    enum driftcore_status status;
    size_t size = integer_size(SCHEMA_TYPE, (uint64_t)parts.type);
    if (parts.properties != NULL) {
        const struct node *key = parts.properties + 1;
        for (size_t i = 0; i < parts.properties->size; i++) {
            const struct node *property = key + 1;
            if (property->kind == KIND_OBJECT) {
                status = schemapb_measure(property, sizes, scratch, reason);
                if (status != DRIFTCORE_OK)
                    return status;
            } else if (property->kind != KIND_NULL) {
                *reason = DRIFTCORE_PUNT_SCHEMA;
                return DRIFTCORE_PUNT;
            }
            size += delimited_size(SCHEMA_PROPERTIES, property_size(key, sizes));
            key = node_next(property);
        }
    }
    if (parts.items != NULL) {
        status = schemapb_measure(parts.items, sizes, scratch, reason);
        if (status != DRIFTCORE_OK)
            return status;
        size += delimited_size(SCHEMA_ITEMS, *size_of(sizes, parts.items));
    }
    /* Both enums fit in one byte, and zero is written too. */
    size += parts.encoding >= 0 ? 2 : 0;
    size += parts.decoded_type >= 0 ? 2 : 0;
    if (parts.match_importance != NULL) {
        status = check_importance(parts.match_importance, scratch, reason);
        if (status != DRIFTCORE_OK)
            return status;
        size += 9;
    }
    *size_of(sizes, schema) = size;
    return DRIFTCORE_OK;
}

static char *write_property(const struct node *key, const struct sizes *sizes, struct arena *scratch, char *at)
{
    at = put_delimited_head(at, SCHEMA_PROPERTIES, property_size(key, sizes));
    if (key->size != 0)
        at = put_bytes(put_delimited_head(at, PROPERTY_KEY, key->size), key->text, key->size);
    size_t size = property_schema_size(key + 1, sizes);
    if (size == 0)
        return at;
    return schemapb_write(key + 1, sizes, scratch, put_delimited_head(at, PROPERTY_SCHEMA, size));
}

char *schemapb_write(const struct node *schema, const struct sizes *sizes, struct arena *scratch, char *at)
{
    struct parts parts = read_parts(schema);
    at = put_integer(at, SCHEMA_TYPE, (uint64_t)parts.type);
    if (parts.properties != NULL) {
        const struct node *key = parts.properties + 1;
        for (size_t i = 0; i < parts.properties->size; i++) {
            at = write_property(key, sizes, scratch, at);
            key = node_next(key + 1);
        }
    }
    if (parts.items != NULL) {
        at = put_delimited_head(at, SCHEMA_ITEMS, *size_of(sizes, parts.items));
        at = schemapb_write(parts.items, sizes, scratch, at);
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

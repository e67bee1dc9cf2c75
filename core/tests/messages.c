#include "messages.h"

#include <stdio.h>
#include <stdlib.h>

ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct driftcore_slice bytes)
{
    return protobuf_c_message_unpack(descriptor, NULL, bytes.size, (const uint8_t *)(const void *)bytes.data);
}

void message_free(void *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}

/* ---- equality ----------------------------------------------------------- */

static size_t element_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_INT64:
        return 8;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    default:
        fail_msg("no message here has a field of type %d", (int)type);
        return 0;
    }
}

static bool values_equal(ProtobufCType type, const char *a, const char *b)
{
    if (type != PROTOBUF_C_TYPE_STRING && type != PROTOBUF_C_TYPE_MESSAGE)
        return memcmp(a, b, element_size(type)) == 0; /* doubles by their bits */
    const void *left, *right;
    memcpy(&left, a, sizeof(left));
    memcpy(&right, b, sizeof(right));
    if (left == NULL || right == NULL)
        return left == right;
    return type == PROTOBUF_C_TYPE_STRING ? strcmp(left, right) == 0 : messages_equal(left, right);
}

static bool fields_equal(const ProtobufCFieldDescriptor *field, const char *a, const char *b)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count, other;
        const char *left, *right;
        memcpy(&count, a + field->quantifier_offset, sizeof(count));
        memcpy(&other, b + field->quantifier_offset, sizeof(other));
        memcpy(&left, a + field->offset, sizeof(left));
        memcpy(&right, b + field->offset, sizeof(right));
        size_t size = element_size(field->type);
        bool equal = count == other;
        for (size_t i = 0; equal && i < count; i++)
            equal = values_equal(field->type, left + i * size, right + i * size);
        return equal;
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        uint32_t left, right;
        memcpy(&left, a + field->quantifier_offset, sizeof(left));
        memcpy(&right, b + field->quantifier_offset, sizeof(right));
        if (left != right || left != field->id)
            return left == right;
    }
    return values_equal(field->type, a + field->offset, b + field->offset);
}

bool messages_equal(const void *a, const void *b)
{
    const ProtobufCMessage *left = a, *right = b;
    if (left->descriptor != right->descriptor || left->n_unknown_fields != right->n_unknown_fields)
        return false;
    for (unsigned i = 0; i < left->descriptor->n_fields; i++)
        if (!fields_equal(&left->descriptor->fields[i], a, b))
            return false;
    return true;
}

void assert_means(struct driftcore_slice bytes, void *expected)
{
    const ProtobufCMessageDescriptor *descriptor = ((ProtobufCMessage *)expected)->descriptor;
    size_t size = protobuf_c_message_get_packed_size(expected);
    uint8_t *packed = malloc(size + 1);
    assert_non_null(packed);
    assert_int_equal(protobuf_c_message_pack(expected, packed), size);
    ProtobufCMessage *again = protobuf_c_message_unpack(descriptor, NULL, size, packed);
    ProtobufCMessage *actual = message_unpack(descriptor, bytes);
    assert_non_null(again);
    assert_non_null(actual);
    assert_true(messages_equal(actual, expected));
    assert_true(messages_equal(actual, again));
    message_free(actual);
    message_free(again);
    message_free(expected);
    free(packed);
}

/* ---- making ------------------------------------------------------------- */

static void *make(size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);
    assert_non_null(memory);
    return memory;
}

char *string_copy(struct driftcore_slice text)
{
    char *copy = make(text.size + 1);
    if (text.size != 0)
        memcpy(copy, text.data, text.size);
    assert_int_equal(strlen(copy), text.size); /* protobuf-c has no NULs in strings */
    return copy;
}

static char *text_of(const struct node *node)
{
    return string_copy((struct driftcore_slice){node->text, node->size});
}

/* By way of the C library, not of the core. */
static double number_of(const struct node *node)
{
    if (node->kind == KIND_FLOAT)
        return node->number;
    char *text = text_of(node);
    double number = strtod(text, NULL);
    free(text);
    return number;
}

static Google__Protobuf__Value *value_message(const struct node *node)
{
    Google__Protobuf__Value *value = make(sizeof(*value));
    google__protobuf__value__init(value);
    if (node->kind == KIND_NULL) {
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_NULL_VALUE;
    } else if (node->kind == KIND_TRUE || node->kind == KIND_FALSE) {
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_BOOL_VALUE;
        value->bool_value = node->kind == KIND_TRUE;
    } else if (node_is_number(node)) {
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_NUMBER_VALUE;
        value->number_value = number_of(node);
    } else if (node_is_string(node)) {
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_STRING_VALUE;
        value->string_value = text_of(node);
    } else if (node->kind == KIND_OBJECT) {
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_STRUCT_VALUE;
        value->struct_value = struct_message(node, false);
    } else {
        Google__Protobuf__ListValue *list = make(sizeof(*list));
        google__protobuf__list_value__init(list);
        list->n_values = node->size;
        list->values = make(node->size * sizeof(*list->values));
        const struct node *element = node + 1;
        for (size_t i = 0; i < node->size; i++, element = node_next(element))
            list->values[i] = value_message(element);
        value->kind_case = GOOGLE__PROTOBUF__VALUE__KIND_LIST_VALUE;
        value->list_value = list;
    }
    return value;
}

Google__Protobuf__Struct *struct_message(const struct node *object, bool skip_null)
{
    Google__Protobuf__Struct *message = make(sizeof(*message));
    google__protobuf__struct__init(message);
    message->fields = make(object->size * sizeof(*message->fields));
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++, key = node_next(key + 1)) {
        if (skip_null && key[1].kind == KIND_NULL)
            continue;
        Google__Protobuf__Struct__FieldsEntry *entry = make(sizeof(*entry));
        google__protobuf__struct__fields_entry__init(entry);
        entry->key = text_of(key);
        entry->value = value_message(key + 1);
        message->fields[message->n_fields++] = entry;
    }
    return message;
}

/* An int within a range, or -1; the schemas of the tests hold no other kinds here. */
static int enum_of(const struct node *schema, const char *name, int largest)
{
    const struct node *value = object_member(schema, name);
    if (value == NULL || value->kind != KIND_INT)
        return -1;
    double number = number_of(value);
    return number >= 0 && number <= largest ? (int)number : -1;
}

static Tusk__Drift__Core__V1__JsonSchema__PropertiesEntry *property_message(const struct node *key)
{
    Tusk__Drift__Core__V1__JsonSchema__PropertiesEntry *entry = make(sizeof(*entry));
    tusk__drift__core__v1__json_schema__properties_entry__init(entry);
    entry->key = text_of(key);
    entry->value = schema_message(key + 1);
    if (protobuf_c_message_get_packed_size(&entry->value->base) == 0) {
        message_free(entry->value);
        entry->value = NULL; /* the core leaves empty schemas of properties out */
    }
    return entry;
}

Tusk__Drift__Core__V1__JsonSchema *schema_message(const struct node *schema)
{
    Tusk__Drift__Core__V1__JsonSchema *message = make(sizeof(*message));
    tusk__drift__core__v1__json_schema__init(message);
    if (schema->kind != KIND_OBJECT)
        return message;
    int type = enum_of(schema, "type", 9), encoding = enum_of(schema, "encoding", 1);
    int decoded_type = enum_of(schema, "decoded_type", 24);
    message->type = (Tusk__Drift__Core__V1__JsonSchemaType)(type < 0 ? 0 : type);
    const struct node *properties = object_member(schema, "properties");
    if (properties != NULL && properties->kind == KIND_OBJECT) {
        message->n_properties = properties->size;
        message->properties = make(properties->size * sizeof(*message->properties));
        const struct node *key = properties + 1;
        for (size_t i = 0; i < properties->size; i++, key = node_next(key + 1))
            message->properties[i] = property_message(key);
    }
    const struct node *items = object_member(schema, "items");
    if (items != NULL && items->kind == KIND_OBJECT) {
        message->has_items_case = TUSK__DRIFT__CORE__V1__JSON_SCHEMA__HAS_ITEMS_ITEMS;
        message->items = schema_message(items);
    }
    if (encoding >= 0) {
        message->has_encoding_case = TUSK__DRIFT__CORE__V1__JSON_SCHEMA__HAS_ENCODING_ENCODING;
        message->encoding = (Tusk__Drift__Core__V1__EncodingType)encoding;
    }
    if (decoded_type >= 0) {
        message->has_decoded_type_case = TUSK__DRIFT__CORE__V1__JSON_SCHEMA__HAS_DECODED_TYPE_DECODED_TYPE;
        message->decoded_type = (Tusk__Drift__Core__V1__DecodedType)decoded_type;
    }
    const struct node *importance = object_member(schema, "match_importance");
    if (importance != NULL && importance->kind != KIND_NULL) {
        message->has_match_importance_case =
            TUSK__DRIFT__CORE__V1__JSON_SCHEMA__HAS_MATCH_IMPORTANCE_MATCH_IMPORTANCE;
        message->match_importance = number_of(importance);
    }
    return message;
}

/* ---- reading field by field -------------------------------------------------- */

static uint64_t take_varint(struct driftcore_slice *rest)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        assert_true(rest->size > 0);
        unsigned char byte = (unsigned char)*rest->data;
        rest->data++;
        rest->size--;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
    fail_msg("a varint of more than ten bytes");
    return 0;
}

void text_put_varint(struct text *text, uint64_t number)
{
    do {
        char byte = (char)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        text_add(text, &byte, 1);
        number >>= 7;
    } while (number != 0);
}

static bool unpacks(const ProtobufCMessageDescriptor *descriptor, struct driftcore_slice bytes)
{
    void *message = message_unpack(descriptor, bytes);
    message_free(message);
    return message != NULL;
}

bool message_readable(const ProtobufCMessageDescriptor *descriptor, struct driftcore_slice rest)
{
    if (unpacks(descriptor, rest))
        return true;
    bool whole = true;
    while (whole && rest.size != 0) {
        struct text alone = {0};
        uint64_t tag = take_varint(&rest);
        size_t size = (tag & 7) == 1 ? 8 : 4;
        text_put_varint(&alone, tag);
        if ((tag & 7) == 0)
            text_put_varint(&alone, take_varint(&rest));
        if ((tag & 7) == 2)
            text_put_varint(&alone, size = take_varint(&rest));
        struct driftcore_slice content = {rest.data, (tag & 7) == 0 ? 0 : size};
        assert_true(content.size <= rest.size);
        text_add(&alone, content.data, content.size);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
        if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE)
            whole = message_readable(field->descriptor, content);
        else
            whole = unpacks(descriptor, text_slice(&alone));
        rest.data += content.size;
        rest.size -= content.size;
        free(alone.data);
    }
    return whole;
}

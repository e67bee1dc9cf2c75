#include "schema.h"

#include "base64.h"
#include "keys.h"
#include "structpb.h"
#include "utf8.h"

#define ENCODING_BASE64 1
#define DECODED_TYPE_JSON 1

/* ---- merges ------------------------------------------------------------- */

/* An int from 0 to `largest`, -1 for null or nothing; false for anything else. */
static bool read_enum(const struct node *rule, const char *name, int largest, int *number)
{
    const struct node *value = object_member(rule, name);
    *number = -1;
    if (value == NULL || value->kind == KIND_NULL)
        return true;
    if (value->kind != KIND_INT || value->size > 2 || value->text[0] == '-')
        return false;
    *number = value->text[0] - '0';
    if (value->size == 2)
        *number = *number * 10 + (value->text[1] - '0');
    return *number <= largest;
}

static enum driftcore_status read_importance(const struct node *rule, struct arena *text,
                                             const struct node **importance)
{
    const struct node *value = object_member(rule, "match_importance");
    *importance = NULL;
    if (value == NULL || value->kind == KIND_NULL)
        return DRIFTCORE_OK;
    if (!node_is_number(value))
        return DRIFTCORE_PUNT;
    double number;
    enum driftcore_status status = structpb_number(value, text, &number);
    if (status != DRIFTCORE_OK)
        return status;
    *importance = value;
    return __builtin_isfinite(number) ? DRIFTCORE_OK : DRIFTCORE_PUNT;
}

static enum driftcore_status read_rule(const struct node *key, struct arena *text, struct merge *merge)
{
    const struct node *rule = key + 1;
    merge->key = key;
    if (rule->kind != KIND_OBJECT
        || !read_enum(rule, "encoding", SCHEMA_LARGEST_ENCODING, &merge->encoding)
        || !read_enum(rule, "decoded_type", SCHEMA_LARGEST_DECODED_TYPE, &merge->decoded_type))
        return DRIFTCORE_PUNT;
    return read_importance(rule, text, &merge->match_importance);
}

enum driftcore_status merges_read(const struct node *object, struct buffer *rules, struct buffer *scratch,
                                  struct arena *text, struct merges *merges, enum driftcore_punt *reason)
{
    *merges = (struct merges){NULL, 0};
    enum driftcore_status status = DRIFTCORE_PUNT;
    if (object->kind == KIND_OBJECT) {
        size_t bytes;
        struct key *keys = keys_sorted(object, scratch);
        rules->size = 0;
        if (keys == NULL || !size_multiply(object->size, sizeof(struct merge), &bytes)
            || !buffer_reserve(rules, bytes))
            return DRIFTCORE_NO_MEMORY;
        struct merge *sorted = (struct merge *)(void *)rules->data;
        status = DRIFTCORE_OK;
        for (size_t i = 0; i < object->size && status == DRIFTCORE_OK; i++)
            status = read_rule(keys[i].node, text, &sorted[i]);
        *merges = (struct merges){sorted, object->size};
    }
    if (status == DRIFTCORE_PUNT)
        *reason = DRIFTCORE_PUNT_MERGES;
    return status;
}

const struct merge *merges_find(const struct merges *merges, const struct node *key)
{
    size_t low = 0, high = merges->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct node *candidate = merges->rules[middle].key;
        size_t common = candidate->size < key->size ? candidate->size : key->size;
        int order = memcmp(candidate->text, key->text, common);
        if (order == 0)
            order = (candidate->size > key->size) - (candidate->size < key->size);
        if (order == 0)
            return &merges->rules[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- decoding ----------------------------------------------------------- */

/* Decode base64 to text in the arena; *decoded tells whether it was base64.  False: no memory. */
static bool decode_base64(struct node *value, struct arena *text, bool *decoded)
{
    char *bytes = arena_take(text, base64_decoded_size(value->size));
    if (bytes == NULL)
        return false;
    size_t size;
    *decoded = base64_decode(value->text, value->size, bytes, &size);
    if (*decoded) {
        size = utf8_drop_invalid(bytes, size);
        arena_keep(text, size);
        value->kind = KIND_STRING;
        value->text = bytes;
        value->size = size & NODE_LARGEST_SIZE;
    }
    return true;
}

static enum driftcore_status decode_member(const struct node *value, const struct merge *merge,
                                           const struct reader *reader, enum driftcore_punt *reason)
{
    if (merge == NULL || !node_is_string(value))
        return tree_copy(reader->tree, value) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
    struct node string = *value;
    bool readable = true;
    if (merge->encoding == ENCODING_BASE64 && !decode_base64(&string, reader->text, &readable))
        return DRIFTCORE_NO_MEMORY;
    if (readable && merge->decoded_type == DECODED_TYPE_JSON) {
        struct driftcore_slice json = {string.text, string.size};
        enum driftcore_status status = reader_parse(reader, json, reason);
        bool not_json =
            status == DRIFTCORE_PUNT && (*reason == DRIFTCORE_PUNT_SYNTAX || *reason == DRIFTCORE_PUNT_DIGITS);
        if (!not_json)
            return status;
        *reason = DRIFTCORE_PUNT_NONE;
    }
    return tree_copy(reader->tree, &string) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
}

enum driftcore_status schema_decode(const struct node *object, const struct merges *merges,
                                    const struct reader *reader, enum driftcore_punt *reason)
{
    struct tree *decoded = reader->tree;
    if (!tree_reserve(decoded, 1))
        return DRIFTCORE_NO_MEMORY;
    size_t container = tree_open(decoded, KIND_OBJECT);
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++) {
        if (!tree_copy(decoded, key))
            return DRIFTCORE_NO_MEMORY;
        enum driftcore_status status = decode_member(key + 1, merges_find(merges, key), reader, reason);
        if (status != DRIFTCORE_OK)
            return status;
        key = node_next(key + 1);
    }
    tree_close(decoded, container, object->size);
    return DRIFTCORE_OK;
}

/* ---- inference ---------------------------------------------------------- */

#define PUSH_NAME(tree, name) tree_push_text(tree, KIND_PLAIN, name, sizeof(name) - 1)

static void push_number(struct tree *schema, unsigned number)
{
    static const char digits[] = "0123456789101112131415161718192021222324";
    if (number < 10)
        tree_push_text(schema, KIND_INT, &digits[number], 1);
    else
        tree_push_text(schema, KIND_INT, &digits[10 + 2 * (number - 10)], 2);
}

enum schema_type schema_type_of(const struct node *value)
{
    switch ((enum kind)value->kind) {
    case KIND_NULL:
        return SCHEMA_NULL;
    case KIND_FALSE:
    case KIND_TRUE:
        return SCHEMA_BOOLEAN;
    case KIND_INT:
    case KIND_DECIMAL:
    case KIND_FLOAT:
        return SCHEMA_NUMBER;
    case KIND_STRING:
    case KIND_PLAIN:
        return SCHEMA_STRING;
    case KIND_LIST:
        return SCHEMA_ORDERED_LIST;
    case KIND_OBJECT:
        return SCHEMA_OBJECT;
    }
    __builtin_unreachable();
}

/* The members that a merge adds to a schema; gives how many.  Their nodes are reserved. */
static size_t push_annotations(const struct merge *merge, double importance, struct tree *schema)
{
    size_t before = schema->count;
    if (merge->encoding >= 0) {
        PUSH_NAME(schema, "encoding");
        push_number(schema, (unsigned)merge->encoding);
    }
    if (merge->decoded_type >= 0) {
        PUSH_NAME(schema, "decoded_type");
        push_number(schema, (unsigned)merge->decoded_type);
    }
    if (merge->match_importance != NULL) {
        PUSH_NAME(schema, "match_importance");
        tree_push(schema, KIND_FLOAT, 0)->number = importance;
    }
    return (schema->count - before) / 2;
}

/* `merge` annotates this value's schema, `merges` those of its members; both may be NULL. */
static bool infer(const struct node *value, const struct merge *merge, const struct merges *merges,
                  struct tree *schema, struct arena *text)
{
    /* The most that is pushed here besides members and items: 1 + 2 + 2 + 1 + 6. */
    if (!tree_reserve(schema, 12))
        return false;
    size_t container = tree_open(schema, KIND_OBJECT), members = 2;
    PUSH_NAME(schema, "type");
    push_number(schema, schema_type_of(value));
    PUSH_NAME(schema, "properties");
    size_t properties = tree_open(schema, KIND_OBJECT);
    if (value->kind == KIND_OBJECT) {
        const struct node *key = value + 1;
        for (size_t i = 0; i < value->size; i++) {
            const struct merge *found = merges == NULL ? NULL : merges_find(merges, key);
            if (!tree_copy(schema, key) || !infer(key + 1, found, NULL, schema, text))
                return false;
            key = node_next(key + 1);
        }
        tree_close(schema, properties, value->size);
    }
    if (value->kind == KIND_LIST && value->size != 0) {
        if (!tree_reserve(schema, 1))
            return false;
        PUSH_NAME(schema, "items");
        members++;
        if (!infer(value + 1, NULL, NULL, schema, text))
            return false;
    }
    if (merge != NULL) {
        double importance = 0;
        if (merge->match_importance != NULL
            && structpb_number(merge->match_importance, text, &importance) == DRIFTCORE_NO_MEMORY)
            return false;
        if (!tree_reserve(schema, 6))
            return false;
        members += push_annotations(merge, importance, schema);
    }
    tree_close(schema, container, members);
    return true;
}

bool schema_infer(const struct node *value, const struct merges *merges, struct tree *schema, struct arena *text)
{
    return infer(value, NULL, merges, schema, text);
}

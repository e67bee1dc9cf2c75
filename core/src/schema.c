#include "schema.h"

#include "base64.h"
#include "keys.h"
#include "output.h"
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

static enum driftcore_status read_importance(const struct node *rule, const struct node **importance)
{
    const struct node *value = object_member(rule, "match_importance");
    *importance = NULL;
    if (value == NULL || value->kind == KIND_NULL)
        return DRIFTCORE_OK;
    if (!node_is_number(value))
        return DRIFTCORE_PUNT;
    double number;
    enum driftcore_status status = structpb_number(value, &number);
    if (status != DRIFTCORE_OK)
        return status;
    *importance = value;
    return __builtin_isfinite(number) ? DRIFTCORE_OK : DRIFTCORE_PUNT;
}

static enum driftcore_status read_rule(const struct node *key, struct merge *merge)
{
    const struct node *rule = key + 1;
    merge->key = key;
    if (rule->kind != KIND_OBJECT
        || !read_enum(rule, "encoding", SCHEMA_LARGEST_ENCODING, &merge->encoding)
        || !read_enum(rule, "decoded_type", SCHEMA_LARGEST_DECODED_TYPE, &merge->decoded_type))
        return DRIFTCORE_PUNT;
    return read_importance(rule, &merge->match_importance);
}

enum driftcore_status merges_read(const struct node *object, struct buffer *rules, struct buffer *scratch,
                                  struct merges *merges, enum driftcore_punt *reason)
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
            status = read_rule(keys[i].node, &sorted[i]);
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

/* Decode base64 to text in the arena, where it is that.  PUNT: it hangs on the interpreter. */
static enum driftcore_status decode_base64(struct node *value, enum driftcore_padding padding, struct arena *text,
                                           bool *decoded)
{
    char *bytes = arena_take(text, base64_decoded_size(value->size));
    if (bytes == NULL)
        return DRIFTCORE_NO_MEMORY;
    size_t size;
    enum base64_outcome outcome = base64_decode(value->text, value->size, padding, bytes, &size);
    *decoded = outcome == BASE64_DECODED;
    if (*decoded) {
        size = utf8_drop_invalid(bytes, size);
        arena_keep(text, size);
        value->kind = KIND_STRING;
        value->text = bytes;
        value->size = size & NODE_LARGEST_SIZE;
    }
    return outcome == BASE64_UNSURE ? DRIFTCORE_PUNT : DRIFTCORE_OK;
}

static enum driftcore_status decode_member(const struct node *value, const struct merge *merge,
                                           enum driftcore_padding padding, const struct reader *reader,
                                           enum driftcore_punt *reason)
{
    if (merge == NULL || !node_is_string(value))
        return tree_copy(reader->tree, value) ? DRIFTCORE_OK : DRIFTCORE_NO_MEMORY;
    struct node string = *value;
    bool readable = true;
    if (merge->encoding == ENCODING_BASE64) {
        enum driftcore_status status = decode_base64(&string, padding, reader->text, &readable);
        if (status == DRIFTCORE_PUNT)
            *reason = DRIFTCORE_PUNT_ASSUMPTION;
        if (status != DRIFTCORE_OK)
            return status;
    }
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
                                    enum driftcore_padding padding, const struct reader *reader,
                                    enum driftcore_punt *reason)
{
    struct tree *decoded = reader->tree;
    if (!tree_reserve(decoded, 1))
        return DRIFTCORE_NO_MEMORY;
    size_t container = tree_open(decoded, KIND_OBJECT);
    const struct node *key = object + 1;
    for (size_t i = 0; i < object->size; i++) {
        if (!tree_copy(decoded, key))
            return DRIFTCORE_NO_MEMORY;
        enum driftcore_status status =
            decode_member(key + 1, merges_find(merges, key), padding, reader, reason);
        if (status != DRIFTCORE_OK)
            return status;
        key = node_next(key + 1);
    }
    tree_close(decoded, container, object->size);
    return DRIFTCORE_OK;
}

/* ---- inference ---------------------------------------------------------- */

enum schema_type schema_type_of(const struct node *value)
{
    static const uint8_t types[] = {
        [KIND_NULL] = SCHEMA_NULL,       [KIND_FALSE] = SCHEMA_BOOLEAN,  [KIND_TRUE] = SCHEMA_BOOLEAN,
        [KIND_INT] = SCHEMA_NUMBER,      [KIND_DECIMAL] = SCHEMA_NUMBER, [KIND_FLOAT] = SCHEMA_NUMBER,
        [KIND_STRING] = SCHEMA_STRING,   [KIND_PLAIN] = SCHEMA_STRING,   [KIND_LIST] = SCHEMA_ORDERED_LIST,
        [KIND_OBJECT] = SCHEMA_OBJECT,
    };
    return types[value->kind];
}

struct schema_writer {
    struct output output;
    const struct merges *merges;
};

static bool annotate(struct schema_writer *writer, const struct merge *merge)
{
    struct output *output = &writer->output;
    double importance = 0;
    if (!output_reserve(output, sizeof(",\"encoding\":1,\"decoded_type\":24,\"match_importance\":")))
        return false;
    if (merge->encoding >= 0) {
        OUTPUT_PUT(output, "\"encoding\":");
        output_put_small(output, merge->encoding, ',');
    }
    if (merge->decoded_type >= 0) {
        OUTPUT_PUT(output, "\"decoded_type\":");
        output_put_small(output, merge->decoded_type, ',');
    }
    if (merge->match_importance == NULL)
        return true;
    OUTPUT_PUT(output, "\"match_importance\":");
    return structpb_number(merge->match_importance, &importance) == DRIFTCORE_OK
           && output_float(output, importance, ',');
}

/* A schema up to its properties or, of a list that holds something, to its items. */
static bool begin_schema(struct output *output, const struct node *value)
{
    if (!output_reserve(output, sizeof("{\"type\":7,\"properties\":{},\"items\":")))
        return false;
    OUTPUT_PUT(output, "{\"type\":");
    output_put_small(output, (int)schema_type_of(value), ',');
    OUTPUT_PUT(output, "\"properties\":{");
    if (value->kind == KIND_LIST && value->size != 0)
        OUTPUT_PUT(output, "},\"items\":");
    return true;
}

/* What follows them, and a comma; `merge` annotates the schema and may be NULL. */
static bool end_schema(struct schema_writer *writer, const struct node *value, const struct merge *merge)
{
    struct output *output = &writer->output;
    if (!output_reserve(output, sizeof("},")))
        return false;
    if (value->kind != KIND_LIST || value->size == 0) {
        output->at -= value->kind == KIND_OBJECT && value->size != 0; /* the last property's comma */
        OUTPUT_PUT(output, "},");
    }
    if ((merge != NULL && !annotate(writer, merge)) || !output_reserve(output, 1))
        return false;
    output->at[-1] = '}'; /* over the last comma */
    *output->at++ = ',';
    return true;
}

/* The node behind what a schema shows of a container: of a list its first element alone. */
static const struct node *shown_end(const struct node *container)
{
    return container->kind == KIND_LIST ? node_next(container + 1) : node_next(container);
}

static bool infer(struct schema_writer *writer, const struct node *value)
{
    const struct node *open[TREE_DEEPEST], *node = value;
    const struct merge *merge = NULL; /* of the member of the top level that is at hand */
    size_t depth = 0;
    do {
        if (depth != 0 && open[depth - 1]->kind == KIND_OBJECT) {
            if (!output_string(&writer->output, node->text, node->size, ':'))
                return false;
            if (depth == 1 && writer->merges->count != 0)
                merge = merges_find(writer->merges, node);
            node++;
        }
        if (!begin_schema(&writer->output, node))
            return false;
        if (node->kind >= KIND_LIST && node->size != 0) {
            open[depth++] = node++;
            continue;
        }
        if (!end_schema(writer, node, depth == 1 ? merge : NULL))
            return false;
        node = node_next(node);
        for (; depth != 0 && node == shown_end(open[depth - 1]); depth--) {
            node = node_next(open[depth - 1]);
            if (!end_schema(writer, open[depth - 1], depth == 2 ? merge : NULL))
                return false;
        }
    } while (depth != 0);
    return true;
}

bool schema_write(const struct node *value, const struct merges *merges, struct buffer *out)
{
    struct schema_writer writer = {.merges = merges};
    output_open(&writer.output, out);
    if (!infer(&writer, value))
        return false;
    output_close(&writer.output, 1);
    return true;
}

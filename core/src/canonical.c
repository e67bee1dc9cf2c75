/*
 * Every value is followed by a comma, which the bracket that closes its container
 * overwrites.
 *
 * Objects of one list are mostly alike.  The order of the keys of recent small objects
 * is kept, and an object with the very same keys in the same places has the same order,
 * so rows are sorted once.  Where their keys were written is kept too: the next object
 * copies them from there, quotes and escapes included.
 */
#include "canonical.h"

#include "copy.h"
#include "keys.h"
#include "output.h"
#include "structpb.h"

#define SMALL_OBJECT 24 /* members whose places fit on the stack */
#define SHAPES 16       /* places for known orders; a power of two */

struct known_key {
    const char *text;
    size_t size;
};

/* Where a key and its colon stand in the sorted text, which may move; kept of its first four gigabytes. */
struct written_key {
    uint32_t at, size;
};

/* The keys of an object as they come, their order, and each as it was written, in order. */
struct shape {
    size_t count;
    size_t learnt; /* how many shapes were learnt before it */
    bool written;  /* false until the first object with it is complete */
    struct written_key texts[SMALL_OBJECT];
    uint8_t order[SMALL_OBJECT];
    struct known_key keys[SMALL_OBJECT];
};

struct canonical {
    struct output text, schema;
    bool with_text;
    const struct merges *merges;
    struct buffer *scratch;
    struct arena *numbers;
    unsigned known; /* a bit for each of the shapes that is in use */
    size_t learnt;  /* shapes so far */
    struct shape shapes[SHAPES];
};

/* ---- schemas ------------------------------------------------------------ */

/* A schema's members up to its properties, in two parts: around `items`, which sorts between them. */
static bool begin_schema(struct output *output, const struct merge *merge)
{
    if (!output_reserve(output, sizeof("{\"decoded_type\":24,\"encoding\":1,")))
        return false;
    *output->at++ = '{';
    if (merge == NULL)
        return true;
    if (merge->decoded_type >= 0) {
        OUTPUT_PUT(output, "\"decoded_type\":");
        output_put_small(output, merge->decoded_type, ',');
    }
    if (merge->encoding >= 0) {
        OUTPUT_PUT(output, "\"encoding\":");
        output_put_small(output, merge->encoding, ',');
    }
    return true;
}

static bool write_importance(struct canonical *canonical, const struct merge *merge)
{
    double importance = 0;
    if (merge == NULL || merge->match_importance == NULL)
        return true;
    return structpb_number(merge->match_importance, canonical->numbers, &importance) == DRIFTCORE_OK
           && OUTPUT_ADD(&canonical->schema, "\"match_importance\":")
           && output_float(&canonical->schema, importance, ',');
}

/* Properties of a value that has none, and its type. */
static bool end_schema(struct output *output, const struct node *value)
{
    if (!output_reserve(output, sizeof("\"properties\":{},\"type\":7},")))
        return false;
    OUTPUT_PUT(output, "\"properties\":{},\"type\":");
    *output->at++ = (char)('0' + schema_type_of(value));
    OUTPUT_PUT(output, "},");
    return true;
}

/* ---- objects ------------------------------------------------------------ */

/*
 * Write a value, followed by a comma, and with `inferred` its schema too, which `merge`
 * may annotate.
 */
static bool write_value(struct canonical *canonical, const struct node *node, bool inferred,
                        const struct merge *merge);

/* A key in both texts. */
static bool write_key(struct canonical *canonical, const struct node *key, bool inferred)
{
    struct output *text = &canonical->text, *schema = &canonical->schema;
    if (!canonical->with_text)
        return output_string(schema, key->text, key->size, ':');
    size_t before = output_size(text);
    if (!output_string(text, key->text, key->size, ':'))
        return false;
    size_t size = output_size(text) - before;
    return !inferred || output_add(schema, text->at - size, size);
}

/* A member's value, and with `inferred` the property that stands for it; those of the top have merges. */
static bool write_property(struct canonical *canonical, const struct node *key, bool inferred, bool top)
{
    const struct merge *merge = NULL;
    if (inferred && top && canonical->merges->count != 0)
        merge = merges_find(canonical->merges, key);
    return write_value(canonical, key + 1, inferred, merge);
}

static bool write_member(struct canonical *canonical, const struct node *key, bool inferred, bool top)
{
    return write_key(canonical, key, inferred) && write_property(canonical, key, inferred, top);
}

static bool alike(const struct shape *shape, const struct node *const *keys)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct known_key *known = &shape->keys[i];
        if (known->size != keys[i]->size
            || (known->text != keys[i]->text && memcmp(known->text, keys[i]->text, known->size) != 0))
            return false;
    }
    return true;
}

/* Find the order of an object's keys by sorting them.  False when there is no memory. */
static bool learn(struct canonical *canonical, struct shape *shape, const struct node *object,
                  const struct node *const *keys)
{
    const struct key *sorted = keys_sorted(object, canonical->scratch);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < object->size; i++) {
        shape->keys[i] = (struct known_key){keys[i]->text, keys[i]->size};
        size_t place = 0;
        while (keys[place] != sorted[i].node)
            place++;
        shape->order[i] = (uint8_t)place;
    }
    shape->count = object->size;
    shape->written = false;
    shape->learnt = canonical->learnt++;
    canonical->known |= 1U << (shape - canonical->shapes);
    return true;
}

/* Write the members of an object whose keys were written before. */
static bool write_alike_members(struct canonical *canonical, const struct node *const *keys,
                                const uint8_t *order, const struct written_key *texts, size_t count)
{
    struct output *text = &canonical->text;
    for (size_t i = 0; i < count; i++) {
        size_t size = texts[i].size;
        if (!output_reserve(text, size + COPY_SLACK))
            return false;
        copy_behind(text->at, text->buffer->data + texts[i].at, size, text->end);
        text->at += size;
        if (!write_value(canonical, keys[order[i]] + 1, false, NULL))
            return false;
    }
    return true;
}

static bool write_small_members(struct canonical *canonical, const struct node *object, bool inferred, bool top)
{
    const struct node *keys[SMALL_OBJECT], *key = object + 1;
    size_t count = object->size;
    for (size_t i = 0; i < count; i++, key = node_next(key + 1))
        keys[i] = key;
    if (count == 1)
        return write_member(canonical, keys[0], inferred, top);
    size_t place = (count * 5 + keys[0]->size + keys[1]->size) % SHAPES;
    struct shape *shape = &canonical->shapes[place];
    bool known = (canonical->known >> place & 1) != 0 && shape->count == count && alike(shape, keys);
    if (!known && !learn(canonical, shape, object, keys))
        return false;
    /* The shape may be learnt anew for an object inside this one. */
    uint8_t order[SMALL_OBJECT];
    struct written_key texts[SMALL_OBJECT];
    memcpy(order, shape->order, sizeof(order));
    if (shape->written && !inferred) {
        memcpy(texts, shape->texts, count * sizeof(*texts));
        return write_alike_members(canonical, keys, order, texts, count);
    }
    size_t learnt = shape->learnt;
    for (size_t i = 0; i < count; i++) {
        const struct node *member = keys[order[i]];
        size_t at = canonical->with_text ? output_size(&canonical->text) : 0;
        if (!write_key(canonical, member, inferred))
            return false;
        if (canonical->with_text)
            texts[i] = (struct written_key){(uint32_t)at, (uint32_t)(output_size(&canonical->text) - at)};
        if (!write_property(canonical, member, inferred, top))
            return false;
    }
    if (canonical->with_text && shape->learnt == learnt && output_size(&canonical->text) <= UINT32_MAX) {
        memcpy(shape->texts, texts, count * sizeof(*texts));
        shape->written = true;
    }
    return true;
}

static bool write_many_members(struct canonical *canonical, const struct node *object, bool inferred, bool top)
{
    struct buffer *scratch = canonical->scratch;
    size_t before = scratch->size;
    struct key *keys = keys_sorted(object, scratch);
    if (keys == NULL)
        return false;
    /* Nested objects sort behind these keys; a grown scratch moves them, so hold an offset. */
    size_t offset = (size_t)((char *)keys - scratch->data);
    scratch->size = offset + object->size * sizeof(struct key);
    for (size_t i = 0; i < object->size; i++) {
        keys = (struct key *)(void *)(scratch->data + offset);
        if (!write_member(canonical, keys[i].node, inferred, top))
            return false;
    }
    scratch->size = before;
    return true;
}

static bool write_members(struct canonical *canonical, const struct node *object, bool inferred, bool top)
{
    return object->size <= SMALL_OBJECT ? write_small_members(canonical, object, inferred, top)
                                        : write_many_members(canonical, object, inferred, top);
}

/* Replace the comma behind the last child, or append to the bracket that has none. */
static bool close_container(struct output *output, bool empty, char bracket)
{
    if (!output_reserve(output, 2))
        return false;
    output->at -= !empty;
    *output->at++ = bracket;
    *output->at++ = ',';
    return true;
}

static bool write_object(struct canonical *canonical, const struct node *object, bool inferred,
                         const struct merge *merge, bool top)
{
    struct output *text = &canonical->text, *schema = &canonical->schema;
    bool empty = object->size == 0;
    if (canonical->with_text && !output_add(text, "{", 1))
        return false;
    if (inferred
        && (!begin_schema(schema, merge) || !write_importance(canonical, merge)
            || !OUTPUT_ADD(schema, "\"properties\":{")))
        return false;
    if (!empty && !write_members(canonical, object, inferred, top))
        return false;
    if (inferred
        && (!close_container(schema, empty, '}') || !OUTPUT_ADD(schema, "\"type\":6},")))
        return false;
    return !canonical->with_text || close_container(text, empty, '}');
}

static bool write_list(struct canonical *canonical, const struct node *list, bool inferred,
                       const struct merge *merge)
{
    struct output *text = &canonical->text, *schema = &canonical->schema;
    bool empty = list->size == 0;
    if (canonical->with_text && !output_add(text, "[", 1))
        return false;
    if (inferred
        && (!begin_schema(schema, merge)
            || (!empty && !OUTPUT_ADD(schema, "\"items\":"))))
        return false;
    const struct node *element = list + 1;
    size_t visited = canonical->with_text || empty ? list->size : 1; /* a schema needs the first only */
    for (size_t i = 0; i < visited; i++, element = node_next(element))
        if (!write_value(canonical, element, inferred && i == 0, NULL))
            return false;
    if (inferred && (!write_importance(canonical, merge) || !end_schema(schema, list)))
        return false;
    return !canonical->with_text || close_container(text, empty, ']');
}

static bool write_scalar(struct output *text, const struct node *node)
{
    switch ((enum kind)node->kind) {
    case KIND_NULL:
        return output_add(text, "null,", 5);
    case KIND_FALSE:
        return output_add(text, "false,", 6);
    case KIND_TRUE:
        return output_add(text, "true,", 5);
    case KIND_FLOAT:
        return output_float(text, node->number, ',');
    case KIND_STRING:
    case KIND_PLAIN:
        return output_string(text, node->text, node->size, ',');
    default: /* an int or a decimal */
        if (!output_reserve(text, node->size + 1))
            return false;
        output_put(text, node->text, node->size);
        *text->at++ = ',';
        return true;
    }
}

static bool write_value(struct canonical *canonical, const struct node *node, bool inferred,
                        const struct merge *merge)
{
    if (node->kind == KIND_OBJECT)
        return write_object(canonical, node, inferred, merge, false);
    if (node->kind == KIND_LIST)
        return write_list(canonical, node, inferred, merge);
    if (inferred
        && (!begin_schema(&canonical->schema, merge) || !write_importance(canonical, merge)
            || !end_schema(&canonical->schema, node)))
        return false;
    return !canonical->with_text || write_scalar(&canonical->text, node);
}

bool canonical_write(const struct node *value, const struct merges *merges, struct buffer *text,
                     struct buffer *schema, struct buffer *scratch, struct arena *numbers)
{
    struct canonical canonical; /* no shape is set before it is learnt */
    canonical.with_text = text != NULL;
    if (text != NULL)
        output_open(&canonical.text, text);
    if (schema != NULL)
        output_open(&canonical.schema, schema);
    canonical.merges = merges;
    canonical.scratch = scratch;
    canonical.numbers = numbers;
    canonical.known = 0;
    canonical.learnt = 0;
    bool inferred = schema != NULL;
    bool written = value->kind == KIND_OBJECT ? write_object(&canonical, value, inferred, NULL, true)
                                              : write_value(&canonical, value, inferred, NULL);
    if (!written)
        return false;
    /* Nothing follows the comma behind the whole. */
    if (text != NULL)
        output_close(&canonical.text, 1);
    if (schema != NULL)
        output_close(&canonical.schema, 1);
    return true;
}

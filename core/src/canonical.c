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

#define SMALL_OBJECT 24 /* members whose order is kept */
#define SHAPES 16       /* places for known orders; a power of two */

struct known_key {
    const char *text;
    size_t size;
};

/* The keys of an object as they come, their order, and each as it was written, in order. */
struct shape {
    size_t count;
    size_t learnt; /* how many shapes were learnt before it */
    bool written;  /* false until the first object with it is complete */
    uint64_t texts[SMALL_OBJECT]; /* see written_key() */
    uint8_t order[SMALL_OBJECT];
    struct known_key keys[SMALL_OBJECT];
};

/*
 * A container that is open.  The levels stand in the scratch, which moves when it grows:
 * the shapes first, then one level after the other, each object's with its keys behind it.
 */
struct level {
    const struct node *container;
    const struct node *element;  /* list: the next one */
    const struct merge *merge;   /* annotates its schema */
    size_t next, count;          /* children that were written, and that are to be */
    size_t around;               /* where in the scratch the level around it stands */
    size_t learnt;               /* when the shape of its keys was */
    uint32_t shape;              /* the place of that, or NO_SHAPE */
    bool inferred;               /* its schema is written too */
    bool copied;                 /* its keys are, from where they were written before */
};
#define NO_SHAPE SHAPES
#define NOWHERE SIZE_MAX

struct canonical {
    struct output text, schema;
    bool with_text;
    const struct merges *merges;
    struct buffer *scratch;
    size_t at;      /* where in the scratch the innermost level stands, or NOWHERE */
    unsigned known; /* a bit for each of the shapes that is in use */
    size_t learnt;  /* shapes so far */
};

static inline struct shape *shape_of(const struct canonical *canonical, uint32_t place)
{
    return (struct shape *)(void *)canonical->scratch->data + place;
}

static inline struct level *level_of(const struct canonical *canonical)
{
    return (struct level *)(void *)(canonical->scratch->data + canonical->at);
}

/* An object's keys, in order.  Once they are sorted their prefixes serve as their places in the text. */
static inline struct key *keys_of(struct level *level)
{
    return (struct key *)(void *)(level + 1);
}

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
    return structpb_number(merge->match_importance, &importance) == DRIFTCORE_OK
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

/* Find the order of an object's keys by sorting them, and keep it.  False when there is no memory. */
static bool learn(struct canonical *canonical, uint32_t place, const struct node *object,
                  const struct node *const *keys)
{
    const struct key *sorted = keys_sorted(object, canonical->scratch);
    if (sorted == NULL)
        return false;
    struct shape *shape = shape_of(canonical, place);
    for (size_t i = 0; i < object->size; i++) {
        shape->keys[i] = (struct known_key){keys[i]->text, keys[i]->size};
        size_t at = 0;
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): each sorted node is among the keys */
        while (keys[at] != sorted[i].node)
            at++;
        shape->order[i] = (uint8_t)at;
    }
    shape->count = object->size;
    shape->written = false;
    shape->learnt = canonical->learnt++;
    canonical->known |= 1U << place;
    return true;
}

/* Where a key and its colon stand in the sorted text, which may move; kept of its first four gigabytes. */
static inline uint64_t written_key(size_t at, size_t size)
{
    return (uint64_t)(uint32_t)at << 32 | (uint32_t)size;
}

/* The keys of a small object, sorted, behind its level. */
static bool sort_few(struct canonical *canonical, struct level *level)
{
    const struct node *keys[SMALL_OBJECT], *object = level->container, *key = object + 1;
    size_t count = object->size;
    for (size_t i = 0; i < count; i++, key = node_next(key + 1))
        keys[i] = key;
    uint32_t place = (uint32_t)((count * 5 + keys[0]->size + keys[1]->size) % SHAPES);
    const struct shape *shape = shape_of(canonical, place);
    bool known = (canonical->known >> place & 1) != 0 && shape->count == count && alike(shape, keys);
    if (!known) {
        if (!learn(canonical, place, object, keys))
            return false;
        level = level_of(canonical);
        shape = shape_of(canonical, place);
    }
    struct key *sorted = keys_of(level);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct key){shape->texts[i], keys[shape->order[i]]};
    level->shape = place;
    level->learnt = shape->learnt;
    level->copied = shape->written && !level->inferred;
    return true;
}

/* The same of any object that has members. */
static bool sort_members(struct canonical *canonical, struct level *level)
{
    struct buffer *scratch = canonical->scratch;
    size_t count = level->count, bytes;
    level->shape = NO_SHAPE;
    level->copied = false;
    if (!size_multiply(count, sizeof(struct key), &bytes) || !buffer_reserve(scratch, bytes))
        return false;
    level = level_of(canonical);
    if (count == 1)
        *keys_of(level) = (struct key){0, level->container + 1};
    else if (count <= SMALL_OBJECT ? !sort_few(canonical, level) : keys_sorted(level->container, scratch) == NULL)
        return false;
    scratch->size += bytes;
    return true;
}

/* Keep where the keys of an object were written, if its shape was not learnt anew for one inside it. */
static void keep_keys(struct canonical *canonical, struct level *level)
{
    struct shape *shape = shape_of(canonical, level->shape);
    if (level->copied || !canonical->with_text || shape->learnt != level->learnt
        || output_size(&canonical->text) > UINT32_MAX)
        return;
    for (size_t i = 0; i < level->count; i++)
        shape->texts[i] = keys_of(level)[i].prefix;
    shape->written = true;
}

/* ---- containers --------------------------------------------------------- */

/* Write a container up to its first child and open it; `merge` annotates its schema and may be NULL. */
static bool open_container(struct canonical *canonical, const struct node *container, bool inferred,
                           const struct merge *merge)
{
    struct output *text = &canonical->text, *schema = &canonical->schema;
    struct buffer *scratch = canonical->scratch;
    bool is_object = container->kind == KIND_OBJECT;
    if (canonical->with_text && !output_add(text, is_object ? "{" : "[", 1))
        return false;
    if (inferred && !begin_schema(schema, merge))
        return false;
    if (inferred && is_object && (!write_importance(canonical, merge) || !OUTPUT_ADD(schema, "\"properties\":{")))
        return false;
    if (inferred && !is_object && container->size != 0 && !OUTPUT_ADD(schema, "\"items\":"))
        return false;
    if (!buffer_reserve(scratch, sizeof(struct level)))
        return false;
    size_t around = canonical->at;
    canonical->at = scratch->size;
    scratch->size += sizeof(struct level);
    struct level *level = level_of(canonical);
    *level = (struct level){
        .container = container,
        .element = container + 1,
        .merge = merge,
        .count = container->size,
        .around = around,
        .shape = NO_SHAPE,
        .inferred = inferred,
    };
    if (is_object)
        return container->size == 0 || sort_members(canonical, level);
    if (!canonical->with_text && container->size != 0)
        level->count = 1; /* a schema needs the first only */
    return true;
}

/* Replace the comma behind the last child, or append to the bracket that has none. */
static bool write_close(struct output *output, bool empty, char bracket)
{
    if (!output_reserve(output, 2))
        return false;
    output->at -= !empty;
    *output->at++ = bracket;
    *output->at++ = ',';
    return true;
}

/* Write what is left of the innermost container and close it. */
static bool close_container(struct canonical *canonical, struct level *level)
{
    const struct node *container = level->container;
    struct output *schema = &canonical->schema;
    bool is_object = container->kind == KIND_OBJECT, empty = container->size == 0;
    if (level->inferred && is_object && (!write_close(schema, empty, '}') || !OUTPUT_ADD(schema, "\"type\":6},")))
        return false;
    if (level->inferred && !is_object
        && (!write_importance(canonical, level->merge) || !end_schema(schema, container)))
        return false;
    if (level->shape != NO_SHAPE)
        keep_keys(canonical, level);
    canonical->scratch->size = canonical->at;
    canonical->at = level->around;
    return !canonical->with_text || write_close(&canonical->text, empty, is_object ? '}' : ']');
}

/* ---- values ------------------------------------------------------------- */

ALWAYS_INLINE bool write_scalar(struct output *text, const struct node *node)
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

/* Write a value that is no container, and a comma, and with `inferred` its schema, which `merge` may annotate. */
ALWAYS_INLINE bool write_leaf(struct canonical *canonical, const struct node *node, bool inferred,
                              const struct merge *merge)
{
    if (inferred
        && (!begin_schema(&canonical->schema, merge) || !write_importance(canonical, merge)
            || !end_schema(&canonical->schema, node)))
        return false;
    return !canonical->with_text || write_scalar(&canonical->text, node);
}

/* A key from where it was written before. */
ALWAYS_INLINE bool copy_key(struct output *text, const struct key *key)
{
    size_t size = (uint32_t)key->prefix;
    if (!output_reserve(text, size + COPY_SLACK))
        return false;
    copy_behind(text->at, text->buffer->data + (key->prefix >> 32), size, text->end);
    text->at += size;
    return true;
}

/* A key, noting where. */
ALWAYS_INLINE bool write_new_key(struct canonical *canonical, struct key *key, bool inferred)
{
    size_t before = canonical->with_text ? output_size(&canonical->text) : 0;
    if (!write_key(canonical, key->node, inferred))
        return false;
    if (canonical->with_text)
        key->prefix = written_key(before, output_size(&canonical->text) - before);
    return true;
}

/* Write the members of an object up to one whose value is a container, which is opened, or close it. */
ALWAYS_INLINE bool write_members(struct canonical *canonical, struct level *level, bool top)
{
    struct key *keys = keys_of(level);
    bool inferred = level->inferred, copied = level->copied;
    size_t count = level->count;
    for (size_t i = level->next; i < count; i++) {
        const struct node *value = keys[i].node + 1;
        const struct merge *merge = NULL;
        if (copied ? !copy_key(&canonical->text, &keys[i]) : !write_new_key(canonical, &keys[i], inferred))
            return false;
        if (inferred && top && canonical->merges->count != 0)
            merge = merges_find(canonical->merges, keys[i].node);
        if (value->kind >= KIND_LIST) {
            level->next = i + 1;
            return open_container(canonical, value, inferred, merge);
        }
        if (!write_leaf(canonical, value, inferred, merge))
            return false;
    }
    return close_container(canonical, level);
}

/* The same of a list. */
ALWAYS_INLINE bool write_elements(struct canonical *canonical, struct level *level)
{
    const struct node *element = level->element;
    for (size_t i = level->next; i < level->count; i++) {
        bool inferred = level->inferred && i == 0;
        if (element->kind >= KIND_LIST) {
            level->next = i + 1;
            level->element = node_next(element);
            return open_container(canonical, element, inferred, NULL);
        }
        if (!write_leaf(canonical, element++, inferred, NULL))
            return false;
    }
    return close_container(canonical, level);
}

static bool write_all(struct canonical *canonical, const struct node *value, bool inferred)
{
    canonical->at = NOWHERE;
    if (value->kind < KIND_LIST)
        return write_leaf(canonical, value, inferred, NULL);
    bool written = open_container(canonical, value, inferred, NULL);
    size_t outermost = canonical->at;
    while (written && canonical->at != NOWHERE) {
        struct level *level = level_of(canonical);
        written = level->container->kind == KIND_OBJECT
                      ? write_members(canonical, level, canonical->at == outermost)
                      : write_elements(canonical, level);
    }
    return written;
}

bool canonical_write(const struct node *value, const struct merges *merges, struct buffer *text,
                     struct buffer *schema, struct buffer *scratch)
{
    struct canonical canonical = {
        .with_text = text != NULL,
        .merges = merges,
        .scratch = scratch,
    };
    if (text != NULL)
        output_open(&canonical.text, text);
    if (schema != NULL)
        output_open(&canonical.schema, schema);
    /* None of the shapes is set before it is learnt.  An object with two members is a tree of five nodes. */
    size_t shapes = node_span(value) < 5 ? 0 : SHAPES * sizeof(struct shape);
    scratch->size = 0;
    if (!buffer_reserve(scratch, shapes))
        return false;
    scratch->size = shapes;
    bool written = write_all(&canonical, value, schema != NULL);
    scratch->size = 0;
    if (!written)
        return false;
    /* Nothing follows the comma behind the whole. */
    if (text != NULL)
        output_close(&canonical.text, 1);
    if (schema != NULL)
        output_close(&canonical.schema, 1);
    return true;
}

/*
 * Schemas as Python objects.
 *
 * A schema's dict is a copy of a pattern, {"type": its number, "properties": {}} and
 * for a list that holds something "items", since copying a dict costs less than
 * filling one.  What differs is replaced.  The properties of an object are a copy of
 * the object, whose keys and their hashes they share, with the values replaced.
 */
#include "objects.h"

#include "structpb.h"
#include "text.h"

#define PATTERN_ITEMS 8 /* above the types that are inferred */

bool object_schema_patterns(struct state *state)
{
    static const unsigned char types[STATE_PATTERNS] = {
        [SCHEMA_NUMBER] = SCHEMA_NUMBER, [SCHEMA_STRING] = SCHEMA_STRING,
        [SCHEMA_BOOLEAN] = SCHEMA_BOOLEAN, [SCHEMA_NULL] = SCHEMA_NULL,
        [SCHEMA_OBJECT] = SCHEMA_OBJECT, [SCHEMA_ORDERED_LIST] = SCHEMA_ORDERED_LIST,
        [PATTERN_ITEMS] = SCHEMA_ORDERED_LIST,
    };
    for (int i = 0; i < STATE_PATTERNS; i++) {
        if (types[i] == 0)
            continue;
        state->patterns[i] = Py_BuildValue("{O:i,O:{}}", state->type, (int)types[i], state->properties);
        if (state->patterns[i] == NULL)
            return false;
    }
    return PyDict_SetItem(state->patterns[PATTERN_ITEMS], state->items, Py_None) == 0;
}

/* Set a member to a new reference, which is taken; false, with an exception set, when there is none. */
static bool set_member(PyObject *dict, PyObject *name, PyObject *value)
{
    bool set = value != NULL && PyDict_SetItem(dict, name, value) == 0;
    Py_XDECREF(value);
    return set;
}

struct schemas {
    struct driftcore *context;
    const struct state *state;
    struct buffer *open; /* struct level */
    PyObject *whole;     /* owns all that is made */
};

static bool annotate(const struct schemas *schemas, const struct merge *merge, PyObject *schema)
{
    const struct state *state = schemas->state;
    if (merge->encoding >= 0 && !set_member(schema, state->encoding, PyLong_FromLong(merge->encoding)))
        return false;
    if (merge->decoded_type >= 0
        && !set_member(schema, state->decoded_type, PyLong_FromLong(merge->decoded_type)))
        return false;
    double importance = 0;
    if (merge->match_importance == NULL)
        return true;
    if (structpb_number(merge->match_importance, &importance) != DRIFTCORE_OK) {
        PyErr_NoMemory();
        return false;
    }
    return set_member(schema, state->match_importance, PyFloat_FromDouble(importance));
}

/* A container whose schema is being made. */
struct level {
    const struct node *value;
    const struct node *next; /* the next child: a member's key, or the first element */
    PyObject *object;        /* that the value was made from, or NULL where it has been decoded */
    PyObject *into;          /* where the schemas of its children belong: its properties, or a list's schema itself */
    Py_ssize_t position;     /* in properties that are a copy of the object */
};

static struct level *innermost(const struct schemas *schemas)
{
    return (struct level *)(void *)(schemas->open->data + schemas->open->size) - 1;
}

static bool has_children(const struct node *value)
{
    return value->kind >= KIND_LIST && value->size != 0;
}

/* An object if a value with children was made from it, or else NULL. */
static PyObject *object_of(const struct node *value, PyObject *object)
{
    if (object == NULL || !has_children(value))
        return NULL;
    if (value->kind == KIND_LIST)
        return PyList_CheckExact(object) && PyList_GET_SIZE(object) != 0 ? object : NULL;
    return PyDict_CheckExact(object) && (size_t)PyDict_GET_SIZE(object) == value->size ? object : NULL;
}

/* Make the schema of a value, whose object may be NULL, without what its children give; `merge` may be NULL. */
ALWAYS_INLINE PyObject *make_schema(const struct schemas *schemas, const struct node *value, const struct merge *merge,
                             PyObject *object, PyObject **properties)
{
    const struct state *state = schemas->state;
    bool has_items = value->kind == KIND_LIST && value->size != 0;
    PyObject *schema = PyDict_Copy(state->patterns[has_items ? PATTERN_ITEMS : schema_type_of(value)]);
    if (schema == NULL)
        return NULL;
    /* An object without members too, or all would share the pattern's properties. */
    *properties = object != NULL && !has_items ? PyDict_Copy(object) : PyDict_New();
    if (!set_member(schema, state->properties, *properties) || (merge != NULL && !annotate(schemas, merge, schema)))
        Py_CLEAR(schema);
    return schema;
}

/* Put the schema of a value under a name into that of the container around it, and open a container. */
ALWAYS_INLINE bool add_schema(struct schemas *schemas, const struct node *value, const struct merge *merge,
                       PyObject *object, PyObject *name)
{
    PyObject *properties;
    object = object_of(value, object);
    PyObject *schema = make_schema(schemas, value, merge, object, &properties);
    if (schemas->whole == NULL)
        schemas->whole = schema;
    else if (!set_member(innermost(schemas)->into, name, schema))
        return false;
    if (schema == NULL)
        return false;
    if (!has_children(value))
        return true;
    if (!buffer_reserve(schemas->open, sizeof(struct level))) {
        PyErr_NoMemory();
        return false;
    }
    schemas->open->size += sizeof(struct level);
    *innermost(schemas) =
        (struct level){value, value + 1, object, value->kind == KIND_LIST ? schema : properties, 0};
    return true;
}

/* The schema of the next member of an object. */
ALWAYS_INLINE bool add_member(struct schemas *schemas, struct level *level, const struct merges *merges)
{
    const struct node *key = level->next;
    const struct merge *merge = merges->count != 0 ? merges_find(merges, key) : NULL;
    PyObject *name, *object = NULL;
    level->next = node_next(key + 1);
    if (level->object != NULL) {
        PyDict_Next(level->into, &level->position, &name, &object); /* replacing values is allowed meanwhile */
        return add_schema(schemas, key + 1, merge, object, name);
    }
    name = text_to_str((struct driftcore_slice){key->text, key->size});
    bool added = name != NULL && add_schema(schemas, key + 1, merge, NULL, name);
    Py_XDECREF(name);
    return added;
}

/* The schema of a list's first element, which stands for all. */
static bool add_items(struct schemas *schemas, struct level *level)
{
    const struct node *first = level->next;
    level->next = node_next(level->value);
    PyObject *object = level->object != NULL ? PyList_GET_ITEM(level->object, 0) : NULL;
    return add_schema(schemas, first, NULL, object, schemas->state->items);
}

PyObject *object_schema(struct driftcore *context, const struct state *state, const struct node *value,
                        const struct merges *merges, PyObject *object)
{
    static const struct merges none = {NULL, 0};
    struct schemas schemas = {context, state, &context->scratch, NULL};
    schemas.open->size = 0;
    bool added = add_schema(&schemas, value, NULL, object, NULL);
    while (added && schemas.open->size != 0) {
        struct level *level = innermost(&schemas);
        if (level->next == node_next(level->value))
            schemas.open->size -= sizeof(struct level);
        else if (level->value->kind == KIND_OBJECT)
            added = add_member(&schemas, level, schemas.open->size == sizeof(struct level) ? merges : &none);
        else
            added = add_items(&schemas, level);
    }
    if (!added)
        Py_CLEAR(schemas.whole);
    return schemas.whole;
}

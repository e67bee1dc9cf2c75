#include "objects.h"

#include "digits.h"
#include "structpb.h"
#include "text.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define INT64_ROOM 24 /* three times eight digits, of which zeros leave room for a sign */

/*
 * Ints of more bits punt: from 3.12 on their repr() is Python code, which lets other
 * threads change the objects that are being walked.  About 8,700 digits, twice
 * what Python allows by default.
 */
#define MOST_BITS 29000

/* ---- objects to trees --------------------------------------------------- */

struct walk {
    struct driftcore *context;
    struct tree *tree; /* that is filled */
    enum driftcore_status status;
};

/* Steps of a walk give the bytes of a google.protobuf.Value, never none, or FAILED with a status. */
#define FAILED ((size_t)0)

static size_t fail(struct walk *walk, enum driftcore_status status)
{
    walk->status = status;
    return FAILED;
}

static size_t punt(struct walk *walk, enum driftcore_punt reason)
{
    walk->context->reason = reason;
    return fail(walk, DRIFTCORE_PUNT);
}

/* An int beyond 64 bits, through int's own repr(); it fails for more digits than Python allows. */
static size_t push_large_int(struct walk *walk, PyObject *object)
{
    if (_PyLong_NumBits(object) > MOST_BITS)
        return punt(walk, DRIFTCORE_PUNT_DIGITS);
    PyObject *text = PyLong_Type.tp_repr(object);
    if (text == NULL) {
        bool too_long = PyErr_ExceptionMatches(PyExc_ValueError);
        PyErr_Clear();
        return too_long ? punt(walk, DRIFTCORE_PUNT_DIGITS) : fail(walk, DRIFTCORE_NO_MEMORY);
    }
    size_t size = (size_t)PyUnicode_GET_LENGTH(text);
    char *digits = arena_take(&walk->context->text, size);
    if (digits != NULL) {
        memcpy(digits, PyUnicode_DATA(text), size);
        arena_keep(&walk->context->text, size);
        tree_push_text(walk->tree, KIND_INT, digits, size);
    }
    Py_DECREF(text);
    return digits == NULL ? fail(walk, DRIFTCORE_NO_MEMORY) : STRUCTPB_NUMBER_SIZE;
}

/* A machine int; there is room for a sign before its digits. */
static size_t push_int(struct walk *walk, PyObject *object)
{
    const uint64_t eight = 100000000;
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0)
        return push_large_int(walk, object);
    if (number >= 0 && number <= 9) {
        /* As the numbers of a schema are. */
        static const char digits[] = "0123456789";
        tree_push_text(walk->tree, KIND_INT, &digits[number], 1);
        return STRUCTPB_NUMBER_SIZE;
    }
    char *room = arena_take(&walk->context->text, INT64_ROOM);
    if (room == NULL)
        return fail(walk, DRIFTCORE_NO_MEMORY);
    uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char *end = room + 1 + 8;
    if (magnitude < eight) {
        digits_put(room + 1, digits_split((uint32_t)magnitude));
    } else {
        uint64_t high = magnitude / eight;
        digits_put(room, digits_split((uint32_t)(high / eight)));
        digits_put(room + 8, digits_split((uint32_t)(high % eight)));
        digits_put(room + 16, digits_split((uint32_t)(magnitude % eight)));
        end = room + INT64_ROOM;
    }
    arena_keep(&walk->context->text, (size_t)(end - room));
    size_t size = (size_t)digits_count(magnitude);
    if (number < 0)
        end[-(ptrdiff_t)++size] = '-';
    tree_push_text(walk->tree, KIND_INT, end - size, size);
    return STRUCTPB_NUMBER_SIZE;
}

/* Append a str as a node; `*size` becomes the bytes of its UTF-8. */
ALWAYS_INLINE bool push_text(struct walk *walk, PyObject *object, size_t *size)
{
    if (PyUnicode_IS_COMPACT_ASCII(object)) {
        *size = (size_t)PyUnicode_GET_LENGTH(object);
        tree_push_text(walk->tree, KIND_STRING, PyUnicode_DATA(object), *size);
        return true;
    }
    struct driftcore_slice utf8;
    enum driftcore_status status = text_from_str(walk->context, object, &utf8);
    if (status != DRIFTCORE_OK) {
        walk->status = status;
        return false;
    }
    *size = utf8.size;
    tree_push_text(walk->tree, KIND_STRING, utf8.data, utf8.size);
    return true;
}

/* Append what is no container; the node is reserved. */
ALWAYS_INLINE size_t push_leaf(struct walk *walk, PyObject *object)
{
    const PyTypeObject *type = Py_TYPE(object);
    if (type == &PyUnicode_Type) {
        size_t size;
        return push_text(walk, object, &size) ? structpb_text_size(size) : FAILED;
    }
    if (type == &PyLong_Type)
        return push_int(walk, object);
    if (type == &PyFloat_Type) {
        tree_push(walk->tree, KIND_FLOAT, 0)->number = PyFloat_AS_DOUBLE(object);
        return STRUCTPB_NUMBER_SIZE;
    }
    if (object == Py_None)
        tree_push(walk->tree, KIND_NULL, 0);
    else if (object == Py_True)
        tree_push(walk->tree, KIND_TRUE, 0);
    else if (object == Py_False)
        tree_push(walk->tree, KIND_FALSE, 0);
    else
        return punt(walk, DRIFTCORE_PUNT_TYPE);
    return STRUCTPB_WORD_SIZE;
}

static bool is_container(PyObject *object)
{
    return PyDict_CheckExact(object) || PyList_CheckExact(object);
}

/*
 * There are two walks.  One makes nodes only.  The one that exports also measures, and it
 * copies each container first and walks the copy, which then owns what is walked.  They are
 * compiled from one text, in which `exporting` is known, since the tests cost what they save.
 *
 * Both append a container, whose node is reserved; its copy goes to `*copied`.
 */
static size_t push_container(struct walk *walk, PyObject *object, unsigned depth);
static size_t export_container(struct walk *walk, PyObject *object, unsigned depth, PyObject **copied);

/* Append the value of a dict's key.  Replacing it by its copy is what PyDict_Next() allows while it runs. */
static size_t export_member(struct walk *walk, PyObject *dict, PyObject *key, PyObject *value, unsigned depth)
{
    PyObject *copied = NULL;
    size_t size = export_container(walk, value, depth, &copied);
    if (copied != NULL) {
        if (size != FAILED && PyDict_SetItem(dict, key, copied) < 0)
            size = fail(walk, DRIFTCORE_NO_MEMORY);
        Py_DECREF(copied);
    }
    return size;
}

static size_t export_element(struct walk *walk, PyObject *list, Py_ssize_t place, unsigned depth)
{
    PyObject *element = PyList_GET_ITEM(list, place), *copied = NULL;
    size_t size = export_container(walk, element, depth, &copied);
    if (copied != NULL) {
        PyList_SET_ITEM(list, place, copied);
        Py_DECREF(element);
    }
    return size;
}

/* What is inside a dict; `*content` becomes the bytes of its Struct. */
ALWAYS_INLINE bool push_members(struct walk *walk, PyObject *dict, unsigned depth, bool exporting, size_t *content)
{
    size_t container = tree_open(walk->tree, KIND_OBJECT), members = 0, total = 0;
    Py_ssize_t position = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &position, &key, &value)) {
        size_t key_size, size;
        if (!PyUnicode_CheckExact(key))
            return punt(walk, DRIFTCORE_PUNT_TYPE);
        if (!tree_reserve(walk->tree, 2))
            return fail(walk, DRIFTCORE_NO_MEMORY);
        if (!push_text(walk, key, &key_size))
            return false;
        if (!is_container(value))
            size = push_leaf(walk, value);
        else
            size = exporting ? export_member(walk, dict, key, value, depth) : push_container(walk, value, depth);
        if (size == FAILED)
            return false;
        if (exporting)
            total += structpb_member_size(key_size, size);
        members++;
    }
    tree_close(walk->tree, container, members);
    *content = total;
    return true;
}

/* What is inside a list; `*content` becomes the bytes of its ListValue. */
ALWAYS_INLINE bool push_elements(struct walk *walk, PyObject *list, unsigned depth, bool exporting, size_t *content)
{
    size_t container = tree_open(walk->tree, KIND_LIST), total = 0;
    Py_ssize_t elements = 0;
    for (; elements < PyList_GET_SIZE(list); elements++) {
        if (!tree_reserve(walk->tree, 1))
            return fail(walk, DRIFTCORE_NO_MEMORY);
        PyObject *element = PyList_GET_ITEM(list, elements);
        size_t size;
        if (!is_container(element))
            size = push_leaf(walk, element);
        else
            size = exporting ? export_element(walk, list, elements, depth) : push_container(walk, element, depth);
        if (size == FAILED)
            return false;
        if (exporting)
            total += structpb_element_size(size);
    }
    tree_close(walk->tree, container, (size_t)elements);
    *content = total;
    return true;
}

static size_t push_container(struct walk *walk, PyObject *object, unsigned depth)
{
    size_t content = 0;
    if (depth == DRIFTCORE_MAX_DEPTH)
        return punt(walk, DRIFTCORE_PUNT_DEPTH);
    bool pushed = PyDict_CheckExact(object) ? push_members(walk, object, depth + 1, false, &content)
                                            : push_elements(walk, object, depth + 1, false, &content);
    return pushed ? structpb_container_size(content) : FAILED;
}

static size_t export_container(struct walk *walk, PyObject *object, unsigned depth, PyObject **copied)
{
    struct buffer *sizes = &walk->context->sizes;
    size_t place = sizes->size, content = 0;
    if (depth == DRIFTCORE_MAX_DEPTH)
        return punt(walk, DRIFTCORE_PUNT_DEPTH);
    if (!buffer_reserve(sizes, sizeof(content)))
        return fail(walk, DRIFTCORE_NO_MEMORY);
    sizes->size += sizeof(content);
    bool dict = PyDict_CheckExact(object);
    *copied = dict ? PyDict_Copy(object) : PyList_GetSlice(object, 0, PyList_GET_SIZE(object));
    if (*copied == NULL)
        return fail(walk, DRIFTCORE_NO_MEMORY);
    if (!(dict ? push_members(walk, *copied, depth + 1, true, &content)
               : push_elements(walk, *copied, depth + 1, true, &content)))
        return FAILED;
    memcpy(sizes->data + place, &content, sizeof(content));
    return structpb_container_size(content);
}

enum driftcore_status object_to_tree(struct driftcore *context, PyObject *object, struct tree *tree)
{
    struct walk walk = {context, tree, DRIFTCORE_OK};
    if (!tree_reserve(walk.tree, 1))
        return DRIFTCORE_NO_MEMORY;
    if (is_container(object))
        push_container(&walk, object, 0);
    else
        push_leaf(&walk, object);
    return walk.status;
}

enum driftcore_status object_export(struct driftcore *context, PyObject *object, PyObject **normalized)
{
    struct walk walk = {context, &context->value, DRIFTCORE_OK};
    *normalized = NULL;
    if (!tree_reserve(walk.tree, 1))
        return DRIFTCORE_NO_MEMORY;
    if (is_container(object)) {
        export_container(&walk, object, 0, normalized);
    } else if (push_leaf(&walk, object) != FAILED) {
        Py_INCREF(object);
        *normalized = object;
    }
    if (walk.status != DRIFTCORE_OK)
        Py_CLEAR(*normalized);
    return walk.status;
}

/* ---- schemas ------------------------------------------------------------ */

/*
 * A schema's dict is a copy of a pattern, {"type": its number, "properties": {}} and
 * for a list that holds something "items", since copying a dict costs less than
 * filling one.  What differs is replaced.  The properties of an object are a copy of
 * the object, whose keys and their hashes they share, with the values replaced.
 */
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
    const struct merges *merges; /* of the top level's members */
};

static PyObject *schema_of(const struct schemas *schemas, const struct node *value, const struct merge *merge,
                           bool top, PyObject *object);

static PyObject *member_schema(const struct schemas *schemas, const struct node *key, bool top, PyObject *object)
{
    const struct merge *merge = top && schemas->merges->count != 0 ? merges_find(schemas->merges, key) : NULL;
    return schema_of(schemas, key + 1, merge, false, object);
}

/* Replace each value of a copied object by its schema. */
static bool properties_in_place(const struct schemas *schemas, const struct node *object, bool top, PyObject *dict)
{
    Py_ssize_t position = 0;
    PyObject *name, *value;
    const struct node *key = object + 1;
    while (PyDict_Next(dict, &position, &name, &value)) {
        if (!set_member(dict, name, member_schema(schemas, key, top, value)))
            return false;
        key = node_next(key + 1);
    }
    return true;
}

static bool properties_from_text(const struct schemas *schemas, const struct node *object, bool top, PyObject *dict)
{
    const struct node *key = object + 1;
    bool set = true;
    for (size_t i = 0; set && i < object->size; i++, key = node_next(key + 1)) {
        PyObject *name = text_to_str((struct driftcore_slice){key->text, key->size});
        set = name != NULL && set_member(dict, name, member_schema(schemas, key, top, NULL));
        Py_XDECREF(name);
    }
    return set;
}

static PyObject *properties_of(const struct schemas *schemas, const struct node *value, bool top, PyObject *object)
{
    bool shared = object != NULL && PyDict_CheckExact(object) && (size_t)PyDict_GET_SIZE(object) == value->size;
    PyObject *dict = shared ? PyDict_Copy(object) : PyDict_New();
    if (dict != NULL
        && !(shared ? properties_in_place(schemas, value, top, dict)
                    : properties_from_text(schemas, value, top, dict)))
        Py_CLEAR(dict);
    return dict;
}

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
    if (structpb_number(merge->match_importance, &schemas->context->text, &importance) != DRIFTCORE_OK) {
        PyErr_NoMemory();
        return false;
    }
    return set_member(schema, state->match_importance, PyFloat_FromDouble(importance));
}

/* `object` is the value where it has not been decoded and NULL otherwise. */
static PyObject *schema_of(const struct schemas *schemas, const struct node *value, const struct merge *merge,
                           bool top, PyObject *object)
{
    const struct state *state = schemas->state;
    bool has_items = value->kind == KIND_LIST && value->size != 0, set = true;
    PyObject *schema = PyDict_Copy(state->patterns[has_items ? PATTERN_ITEMS : schema_type_of(value)]);
    if (schema == NULL)
        return NULL;
    /* An object without members too, or all would share the pattern's properties. */
    set = set_member(schema, state->properties,
                     value->kind == KIND_OBJECT ? properties_of(schemas, value, top, object) : PyDict_New());
    if (set && has_items) {
        bool shared = object != NULL && PyList_CheckExact(object) && PyList_GET_SIZE(object) != 0;
        PyObject *first = shared ? PyList_GET_ITEM(object, 0) : NULL;
        set = set_member(schema, state->items, schema_of(schemas, value + 1, NULL, false, first));
    }
    if (set && merge != NULL)
        set = annotate(schemas, merge, schema);
    if (!set)
        Py_CLEAR(schema);
    return schema;
}

PyObject *object_schema(struct driftcore *context, const struct state *state, const struct node *value,
                        const struct merges *merges, PyObject *object)
{
    struct schemas schemas = {context, state, merges};
    return schema_of(&schemas, value, NULL, true, object);
}

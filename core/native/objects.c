#include "objects.h"

#include "structpb.h"
#include "text.h"

#define INT64_TEXT_SIZE 20 /* -9223372036854775808 */

/*
 * Ints of more bits punt: from 3.12 on their repr() is Python code, which lets other
 * threads change the objects that are being walked.  About 8,700 digits, twice
 * what Python allows by default.
 */
#define MOST_BITS 29000

static enum driftcore_status punt(struct driftcore *context, enum driftcore_punt reason)
{
    context->reason = reason;
    return DRIFTCORE_PUNT;
}

/* ---- objects to trees --------------------------------------------------- */

/* Digits of a machine int, written backwards from `end`, two at a time; gives their start. */
static char *write_int64(long long number, char *end)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    unsigned long long magnitude = number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    while (magnitude > 99) {
        end -= 2;
        memcpy(end, &pairs[2 * (magnitude % 100)], 2);
        magnitude /= 100;
    }
    if (magnitude > 9) {
        end -= 2;
        memcpy(end, &pairs[2 * magnitude], 2);
    } else {
        *--end = (char)('0' + magnitude);
    }
    if (number < 0)
        *--end = '-';
    return end;
}

/* An int beyond 64 bits, through int's own repr(); it fails for more digits than Python allows. */
static enum driftcore_status push_large_int(struct driftcore *context, PyObject *object, struct tree *tree)
{
    if (_PyLong_NumBits(object) > MOST_BITS)
        return punt(context, DRIFTCORE_PUNT_DIGITS);
    PyObject *text = PyLong_Type.tp_repr(object);
    if (text == NULL) {
        bool too_long = PyErr_ExceptionMatches(PyExc_ValueError);
        PyErr_Clear();
        return too_long ? punt(context, DRIFTCORE_PUNT_DIGITS) : DRIFTCORE_NO_MEMORY;
    }
    size_t size = (size_t)PyUnicode_GET_LENGTH(text);
    char *digits = arena_take(&context->text, size);
    if (digits != NULL) {
        memcpy(digits, PyUnicode_DATA(text), size);
        arena_keep(&context->text, size);
        tree_push_text(tree, KIND_INT, digits, size);
    }
    Py_DECREF(text);
    return digits == NULL ? DRIFTCORE_NO_MEMORY : DRIFTCORE_OK;
}

static enum driftcore_status push_int(struct driftcore *context, PyObject *object, struct tree *tree)
{
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0)
        return push_large_int(context, object, tree);
    char *digits = arena_take(&context->text, INT64_TEXT_SIZE);
    if (digits == NULL)
        return DRIFTCORE_NO_MEMORY;
    char *end = digits + INT64_TEXT_SIZE, *start = write_int64(number, end);
    arena_keep(&context->text, INT64_TEXT_SIZE);
    tree_push_text(tree, KIND_INT, start, (size_t)(end - start));
    return DRIFTCORE_OK;
}

static enum driftcore_status push_str(struct driftcore *context, PyObject *object, struct tree *tree)
{
    struct driftcore_slice utf8;
    enum driftcore_status status = text_from_str(context, object, &utf8);
    if (status == DRIFTCORE_OK)
        tree_push_text(tree, KIND_STRING, utf8.data, utf8.size);
    return status;
}

static enum driftcore_status walk(struct driftcore *context, PyObject *object, struct tree *tree, unsigned depth);

static enum driftcore_status push_dict(struct driftcore *context, PyObject *dict, struct tree *tree, unsigned depth)
{
    size_t container = tree_open(tree, KIND_OBJECT), members = 0;
    Py_ssize_t position = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (!PyUnicode_CheckExact(key))
            return punt(context, DRIFTCORE_PUNT_TYPE);
        if (!tree_reserve(tree, 2))
            return DRIFTCORE_NO_MEMORY;
        enum driftcore_status status = push_str(context, key, tree);
        if (status == DRIFTCORE_OK)
            status = walk(context, value, tree, depth);
        if (status != DRIFTCORE_OK)
            return status;
        members++;
    }
    tree_close(tree, container, members);
    return DRIFTCORE_OK;
}

static enum driftcore_status push_list(struct driftcore *context, PyObject *list, struct tree *tree, unsigned depth)
{
    size_t container = tree_open(tree, KIND_LIST), elements = 0;
    for (; elements < (size_t)PyList_GET_SIZE(list); elements++) {
        enum driftcore_status status =
            walk(context, PyList_GET_ITEM(list, (Py_ssize_t)elements), tree, depth);
        if (status != DRIFTCORE_OK)
            return status;
    }
    tree_close(tree, container, elements);
    return DRIFTCORE_OK;
}

static enum driftcore_status walk(struct driftcore *context, PyObject *object, struct tree *tree, unsigned depth)
{
    if (!tree_reserve(tree, 1))
        return DRIFTCORE_NO_MEMORY;
    const PyTypeObject *type = Py_TYPE(object);
    if (type == &PyUnicode_Type)
        return push_str(context, object, tree);
    if (type == &PyLong_Type)
        return push_int(context, object, tree);
    if (type == &PyFloat_Type) {
        tree_push(tree, KIND_FLOAT, 0)->number = PyFloat_AS_DOUBLE(object);
    } else if (type == &PyDict_Type || type == &PyList_Type) {
        if (depth == DRIFTCORE_MAX_DEPTH)
            return punt(context, DRIFTCORE_PUNT_DEPTH);
        return type == &PyDict_Type ? push_dict(context, object, tree, depth + 1)
                                    : push_list(context, object, tree, depth + 1);
    } else if (object == Py_None) {
        tree_push(tree, KIND_NULL, 0);
    } else if (object == Py_True) {
        tree_push(tree, KIND_TRUE, 0);
    } else if (object == Py_False) {
        tree_push(tree, KIND_FALSE, 0);
    } else {
        return punt(context, DRIFTCORE_PUNT_TYPE);
    }
    return DRIFTCORE_OK;
}

enum driftcore_status object_to_tree(struct driftcore *context, PyObject *object, struct tree *tree)
{
    return walk(context, object, tree, 0);
}

/* ---- copies ------------------------------------------------------------- */

static bool is_container(PyObject *object)
{
    return PyDict_CheckExact(object) || PyList_CheckExact(object);
}

static PyObject *copy(PyObject *object, unsigned depth);

/* Replacing values of existing keys is what PyDict_Next() allows while it runs. */
static int copy_members(PyObject *dict, unsigned depth)
{
    Py_ssize_t position = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (!is_container(value))
            continue;
        PyObject *copied = copy(value, depth);
        if (copied == NULL)
            return -1;
        int failed = PyDict_SetItem(dict, key, copied);
        Py_DECREF(copied);
        if (failed)
            return -1;
    }
    return 0;
}

static int copy_elements(PyObject *list, unsigned depth)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *element = PyList_GET_ITEM(list, i);
        if (!is_container(element))
            continue;
        PyObject *copied = copy(element, depth);
        if (copied == NULL)
            return -1;
        PyList_SET_ITEM(list, i, copied);
        Py_DECREF(element);
    }
    return 0;
}

/*
 * A new container can start a garbage collection whose finalizers make the object
 * deeper than the tree was, so the depth is watched here too.
 */
static PyObject *copy(PyObject *object, unsigned depth)
{
    if (!is_container(object)) {
        Py_INCREF(object);
        return object;
    }
    if (depth == DRIFTCORE_MAX_DEPTH) {
        PyErr_SetString(PyExc_RecursionError, "payload became deeper while it was copied");
        return NULL;
    }
    bool dict = PyDict_CheckExact(object);
    PyObject *copied = dict ? PyDict_Copy(object) : PyList_GetSlice(object, 0, PyList_GET_SIZE(object));
    if (copied == NULL)
        return NULL;
    if ((dict ? copy_members(copied, depth + 1) : copy_elements(copied, depth + 1)) < 0)
        Py_CLEAR(copied);
    return copied;
}

PyObject *object_copy(PyObject *object)
{
    return copy(object, 0);
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

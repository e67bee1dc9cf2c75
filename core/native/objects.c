#include "objects.h"

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

/* Digits of a machine int, written backwards from `end`; gives their start. */
static char *write_int64(long long number, char *end)
{
    unsigned long long magnitude = number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    do {
        *--end = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude != 0);
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
    char text[INT64_TEXT_SIZE];
    char *start = write_int64(number, text + INT64_TEXT_SIZE);
    size_t size = (size_t)(text + INT64_TEXT_SIZE - start);
    memcpy(digits, start, size);
    arena_keep(&context->text, size);
    tree_push_text(tree, KIND_INT, digits, size);
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
    if (PyUnicode_CheckExact(object))
        return push_str(context, object, tree);
    if (PyLong_CheckExact(object))
        return push_int(context, object, tree);
    if (PyDict_CheckExact(object) || PyList_CheckExact(object)) {
        if (depth == DRIFTCORE_MAX_DEPTH)
            return punt(context, DRIFTCORE_PUNT_DEPTH);
        return PyDict_CheckExact(object) ? push_dict(context, object, tree, depth + 1)
                                         : push_list(context, object, tree, depth + 1);
    }
    if (PyFloat_CheckExact(object))
        tree_push(tree, KIND_FLOAT, 0)->number = PyFloat_AS_DOUBLE(object);
    else if (object == Py_None)
        tree_push(tree, KIND_NULL, 0);
    else if (object == Py_True)
        tree_push(tree, KIND_TRUE, 0);
    else if (object == Py_False)
        tree_push(tree, KIND_FALSE, 0);
    else
        return punt(context, DRIFTCORE_PUNT_TYPE);
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

static bool text_is(const struct node *key, const char *text, size_t size)
{
    return key->size == size && memcmp(key->text, text, size) == 0;
}

/* A schema's numbers are enum numbers of one or two digits, and a match_importance. */
static PyObject *schema_number(const struct node *node)
{
    if (node->kind == KIND_FLOAT)
        return PyFloat_FromDouble(node->number);
    long number = 0;
    for (size_t i = 0; i < node->size; i++)
        number = number * 10 + (node->text[i] - '0');
    return PyLong_FromLong(number);
}

/* A schema, or the map of its properties: both are objects, and so dicts. */
PyObject *schema_to_dict(const struct state *state, const struct node *schema)
{
    PyObject *dict = PyDict_New();
    const struct node *key = schema + 1;
    for (size_t i = 0; dict != NULL && i < schema->size; i++) {
        PyObject *name;
        if (text_is(key, "type", 4)) {
            name = state->type;
            Py_INCREF(name);
        } else if (text_is(key, "properties", 10)) {
            name = state->properties;
            Py_INCREF(name);
        } else {
            name = text_to_str((struct driftcore_slice){key->text, key->size});
        }
        const struct node *value = key + 1;
        PyObject *object = value->kind == KIND_OBJECT ? schema_to_dict(state, value) : schema_number(value);
        if (name == NULL || object == NULL || PyDict_SetItem(dict, name, object) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(name);
        Py_XDECREF(object);
        key = node_next(value);
    }
    return dict;
}

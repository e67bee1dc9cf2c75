/*
 * There are two walks.  One makes nodes only.  The one that exports also measures and makes
 * the normal form.  They are compiled from one text, in which `exporting` is known, since the
 * tests cost what they save.
 *
 * A container is copied when all in it was walked.  By then every key has been seen to be a
 * plain str, so that no key's own __eq__ is asked, neither by copying a dict nor by setting
 * what differs in the copy.
 */
#include "objects.h"

#include "digits.h"
#include "int_write.h"
#include "structpb.h"
#include "text.h"

#define INT64_ROOM 24 /* three times eight digits, of which zeros leave room for a sign */

/* Ints of more bits punt, since writing them takes the square of their size: about 8,700 digits, twice Python's limit. */
#define MOST_BITS 29000

/* ---- leaves ------------------------------------------------------------- */

struct walk {
    struct driftcore *context;
    struct tree *tree;        /* that is filled */
    struct buffer *open;      /* struct level */
    struct buffer *replaced;  /* exporting: struct replaced */
    PyObject *nan;            /* exporting: what json.loads() makes of a NaN */
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

/* The bytes of an int, little-endian in two's complement. */
static bool int_bytes(PyObject *object, unsigned char *bytes, size_t size)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyLong_AsNativeBytes(object, bytes, (Py_ssize_t)size, Py_ASNATIVEBYTES_LITTLE_ENDIAN) >= 0;
#else
    return _PyLong_AsByteArray((PyLongObject *)object, bytes, size, 1, 1) == 0;
#endif
}

/* Whether an int of so many digits is longer than Python allows. */
static bool exceeds_digit_limit(const struct driftcore *context, size_t digits)
{
    if (digits <= DRIFTCORE_SMALLEST_DIGIT_LIMIT)
        return false;
    size_t limit = context->digit_limit(context->digit_limit_state);
    return limit != 0 && digits > limit;
}

/* An int beyond 64 bits.  Its own repr() looks for signals on the way, and so may run anything. */
static size_t push_large_int(struct walk *walk, PyObject *object)
{
    struct driftcore *context = walk->context;
    struct buffer *numbers = &context->outputs[1];
    size_t bits = (size_t)_PyLong_NumBits(object);
    if (bits > MOST_BITS)
        return punt(walk, DRIFTCORE_PUNT_DIGITS);
    size_t size = bits / 8 + 1, billions = int_billions(size) * sizeof(uint32_t);
    char *text = arena_take(&context->text, int_text_size(size));
    if (text == NULL || !buffer_reserve(numbers, billions + size))
        return fail(walk, DRIFTCORE_NO_MEMORY);
    unsigned char *bytes = (unsigned char *)numbers->data + billions;
    if (!int_bytes(object, bytes, size))
        return fail(walk, DRIFTCORE_NO_MEMORY);
    size_t length = int_write(bytes, size, (uint32_t *)(void *)numbers->data, text);
    if (exceeds_digit_limit(context, length - (*text == '-')))
        return punt(walk, DRIFTCORE_PUNT_DIGITS);
    arena_keep(&context->text, length);
    tree_push_text(walk->tree, KIND_INT, text, length);
    return STRUCTPB_NUMBER_SIZE;
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

/* Append what is no container; the node is reserved.  `*leaf` becomes what the normal form has in its place. */
ALWAYS_INLINE size_t push_leaf(struct walk *walk, PyObject **leaf, bool exporting)
{
    PyObject *object = *leaf;
    const PyTypeObject *type = Py_TYPE(object);
    if (type == &PyUnicode_Type) {
        size_t size;
        return push_text(walk, object, &size) ? structpb_text_size(size) : FAILED;
    }
    if (type == &PyLong_Type)
        return push_int(walk, object);
    if (type == &PyFloat_Type) {
        if (exporting && __builtin_isnan(PyFloat_AS_DOUBLE(object)))
            *leaf = walk->nan; /* of whatever sign and payload it is */
        tree_push(walk->tree, KIND_FLOAT, 0)->number = PyFloat_AS_DOUBLE(*leaf);
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

/* ---- what differs in the normal form ------------------------------------ */

/* A child that is replaced, by its copy or by the one NaN. */
struct replaced {
    PyObject *key; /* borrowed from the dict; NULL in a list */
    Py_ssize_t index;
    PyObject *by; /* owned */
};

/* Note one; the reference `by` is taken. */
static bool replace(struct walk *walk, PyObject *key, Py_ssize_t index, PyObject *by)
{
    struct buffer *replaced = walk->replaced;
    if (!buffer_reserve(replaced, sizeof(struct replaced))) {
        Py_DECREF(by);
        return fail(walk, DRIFTCORE_NO_MEMORY);
    }
    *(struct replaced *)(void *)(replaced->data + replaced->size) = (struct replaced){key, index, by};
    replaced->size += sizeof(struct replaced);
    return true;
}

static bool replace_leaf(struct walk *walk, PyObject *key, Py_ssize_t index, PyObject *leaf)
{
    Py_INCREF(leaf);
    return replace(walk, key, index, leaf);
}

/* The last one, taken from the row. */
static struct replaced take_replaced(struct buffer *replaced)
{
    replaced->size -= sizeof(struct replaced);
    return *(struct replaced *)(void *)(replaced->data + replaced->size);
}

static bool put_replaced(PyObject *copy, struct replaced child)
{
    if (child.key != NULL) {
        bool set = PyDict_SetItem(copy, child.key, child.by) == 0;
        Py_DECREF(child.by);
        return set;
    }
    PyObject *element = PyList_GET_ITEM(copy, child.index);
    PyList_SET_ITEM(copy, child.index, child.by);
    Py_DECREF(element); /* the container that was copied has it */
    return true;
}

/* A container's copy, in which the children that were replaced since a place are so.  NULL when there is no memory. */
static PyObject *normal_copy(PyObject *container, struct buffer *replaced, size_t since)
{
    PyObject *copy = PyDict_CheckExact(container) ? PyDict_Copy(container)
                                                  : PyList_GetSlice(container, 0, PyList_GET_SIZE(container));
    while (copy != NULL && replaced->size != since)
        if (!put_replaced(copy, take_replaced(replaced)))
            Py_CLEAR(copy);
    return copy;
}

/* ---- containers --------------------------------------------------------- */

static bool is_container(PyObject *object)
{
    return PyDict_CheckExact(object) || PyList_CheckExact(object);
}

/* A container that is open. */
struct level {
    PyObject *container;
    Py_ssize_t next;  /* where PyDict_Next() goes on, or the next element */
    size_t node;      /* in the tree */
    size_t children;  /* so far */
    PyObject *key;    /* of the child at hand, and the bytes of its text */
    size_t key_size;
    size_t content;   /* exporting: bytes of the Struct or ListValue so far */
    size_t place;     /* exporting: where among the sizes they go */
    size_t replaced;  /* exporting: what was replaced before */
};

#define LEVELS_FIRST 16

/* Room for more levels than are used, all of which may move; NULL with a status. */
static __attribute__((noinline)) struct level *more_levels(struct walk *walk, size_t used)
{
    struct buffer *open = walk->open;
    if (used == DRIFTCORE_MAX_DEPTH) {
        punt(walk, DRIFTCORE_PUNT_DEPTH);
        return NULL;
    }
    open->size = used * sizeof(struct level);
    if (!buffer_reserve(open, LEVELS_FIRST * sizeof(struct level))) {
        fail(walk, DRIFTCORE_NO_MEMORY);
        return NULL;
    }
    return (struct level *)(void *)open->data;
}

/* The level behind the last that there is room for. */
static const struct level *levels_end(const struct walk *walk)
{
    size_t room = walk->open->capacity / sizeof(struct level);
    return (const struct level *)(const void *)walk->open->data
           + (room < DRIFTCORE_MAX_DEPTH ? room : DRIFTCORE_MAX_DEPTH);
}

/* Open a container, whose node is reserved, in a level. */
ALWAYS_INLINE bool open_level(struct walk *walk, struct level *level, PyObject *container, bool exporting)
{
    struct buffer *sizes = &walk->context->sizes;
    if (exporting && !buffer_reserve(sizes, sizeof(size_t)))
        return fail(walk, DRIFTCORE_NO_MEMORY);
    level->container = container;
    level->next = 0;
    level->node = tree_open(walk->tree, PyDict_CheckExact(container) ? KIND_OBJECT : KIND_LIST);
    level->children = 0;
    level->key = NULL;
    if (exporting) {
        level->content = 0;
        level->place = sizes->size;
        level->replaced = walk->replaced->size;
        sizes->size += sizeof(size_t);
    }
    return true;
}

/* Append members up to one whose value is a container, which becomes `*inner`, or NULL. */
ALWAYS_INLINE bool push_members(struct walk *walk, struct level *level, bool exporting, PyObject **inner)
{
    PyObject *dict = level->container, *key, *value;
    Py_ssize_t position = level->next;
    size_t content = exporting ? level->content : 0, children = level->children;
    *inner = NULL;
    while (*inner == NULL && PyDict_Next(dict, &position, &key, &value)) {
        size_t key_size;
        if (!PyUnicode_CheckExact(key))
            return punt(walk, DRIFTCORE_PUNT_TYPE);
        if (!tree_reserve(walk->tree, 2))
            return fail(walk, DRIFTCORE_NO_MEMORY);
        if (!push_text(walk, key, &key_size))
            return false;
        children++;
        if (is_container(value)) {
            level->key = key;
            level->key_size = key_size;
            *inner = value;
            continue;
        }
        PyObject *leaf = value;
        size_t size = push_leaf(walk, &leaf, exporting);
        if (size == FAILED)
            return false;
        if (exporting) {
            content += structpb_member_size(key_size, size);
            if (leaf != value && !replace_leaf(walk, key, 0, leaf))
                return false;
        }
    }
    level->next = position;
    level->children = children;
    if (exporting)
        level->content = content;
    return true;
}

/* The same of elements. */
ALWAYS_INLINE bool push_elements(struct walk *walk, struct level *level, bool exporting, PyObject **inner)
{
    PyObject *list = level->container;
    Py_ssize_t next = level->next;
    size_t content = exporting ? level->content : 0;
    *inner = NULL;
    while (*inner == NULL && next < PyList_GET_SIZE(list)) {
        PyObject *element = PyList_GET_ITEM(list, next++);
        if (!tree_reserve(walk->tree, 1))
            return fail(walk, DRIFTCORE_NO_MEMORY);
        if (is_container(element)) {
            *inner = element;
            continue;
        }
        PyObject *leaf = element;
        size_t size = push_leaf(walk, &leaf, exporting);
        if (size == FAILED)
            return false;
        if (exporting) {
            content += structpb_element_size(size);
            if (leaf != element && !replace_leaf(walk, NULL, next - 1, leaf))
                return false;
        }
    }
    level->next = next;
    level->children = (size_t)next;
    if (exporting)
        level->content = content;
    return true;
}

/* Close a container, whose copy goes to the one around it or, if there is none, to `*normalized`. */
ALWAYS_INLINE bool close_level(struct walk *walk, const struct level *level, struct level *around, bool exporting,
                               PyObject **normalized)
{
    tree_close(walk->tree, level->node, level->children);
    if (!exporting)
        return true;
    memcpy(walk->context->sizes.data + level->place, &level->content, sizeof(level->content));
    PyObject *copy = normal_copy(level->container, walk->replaced, level->replaced);
    if (copy == NULL)
        return fail(walk, DRIFTCORE_NO_MEMORY);
    if (around == NULL) {
        *normalized = copy;
        return true;
    }
    size_t size = structpb_container_size(level->content);
    around->content +=
        around->key != NULL ? structpb_member_size(around->key_size, size) : structpb_element_size(size);
    return replace(walk, around->key, around->next - 1, copy);
}

/* Append a container, whose node is reserved. */
ALWAYS_INLINE void push_container(struct walk *walk, PyObject *container, bool exporting, PyObject **normalized)
{
    struct level *levels = more_levels(walk, 0), *level = levels;
    if (levels == NULL || !open_level(walk, level, container, exporting))
        return;
    const struct level *end = levels_end(walk);
    for (;;) {
        PyObject *inner;
        if (!(PyDict_CheckExact(level->container) ? push_members(walk, level, exporting, &inner)
                                                  : push_elements(walk, level, exporting, &inner)))
            return;
        if (inner != NULL) {
            if (++level == end) {
                size_t used = (size_t)(level - levels);
                levels = more_levels(walk, used);
                if (levels == NULL)
                    return;
                level = levels + used;
                end = levels_end(walk);
            }
            if (!open_level(walk, level, inner, exporting))
                return;
        } else {
            struct level *around = level == levels ? NULL : level - 1;
            if (!close_level(walk, level, around, exporting, normalized) || around == NULL)
                return;
            level = around;
        }
    }
}

enum driftcore_status object_to_tree(struct driftcore *context, PyObject *object, struct tree *tree)
{
    struct walk walk = {context, tree, &context->scratch, NULL, NULL, DRIFTCORE_OK};
    if (!tree_reserve(walk.tree, 1))
        return DRIFTCORE_NO_MEMORY;
    if (is_container(object))
        push_container(&walk, object, false, NULL);
    else
        push_leaf(&walk, &object, false);
    return walk.status;
}

enum driftcore_status object_export(struct driftcore *context, const struct state *state, PyObject *object,
                                    PyObject **normalized)
{
    struct buffer *replaced = &context->outputs[0];
    struct walk walk = {context, &context->value, &context->scratch, replaced, state->nan, DRIFTCORE_OK};
    *normalized = NULL;
    replaced->size = 0;
    if (!tree_reserve(walk.tree, 1))
        return DRIFTCORE_NO_MEMORY;
    if (is_container(object)) {
        push_container(&walk, object, true, normalized);
    } else if (push_leaf(&walk, &object, true) != FAILED) {
        Py_INCREF(object);
        *normalized = object;
    }
    while (replaced->size != 0)
        Py_DECREF(take_replaced(replaced).by);
    if (walk.status != DRIFTCORE_OK)
        Py_CLEAR(*normalized);
    return walk.status;
}

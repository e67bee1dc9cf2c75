#include "struct_bytes.h"

#include <stddef.h>

/* Below it a copy costs less than giving back what the object has too much. */
#define LARGE_TEXT ((size_t)1 << 12)

static PyObject *object_around(void *memory)
{
    return (PyObject *)(void *)((char *)memory - offsetof(PyBytesObject, ob_sval));
}

static void release(void *unused, void *memory)
{
    (void)unused;
    if (memory != NULL)
        Py_DECREF(object_around(memory));
}

/* A new object: _PyBytes_Resize() loses the old one when it fails.  Growth is rare. */
static void *reallocate(void *unused, void *memory, size_t size)
{
    PyObject *object = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size); /* refuses what turns negative */
    if (object == NULL) {
        PyErr_Clear(); /* the status says it */
        return NULL;
    }
    if (memory != NULL) {
        memcpy(PyBytes_AS_STRING(object), memory, (size_t)PyBytes_GET_SIZE(object_around(memory)));
        release(unused, memory);
    }
    return PyBytes_AS_STRING(object);
}

static const struct driftcore_allocator in_object = {reallocate, release, NULL};

void struct_bytes_begin(struct struct_bytes *bytes, struct driftcore *context, struct driftcore_slice json)
{
    struct buffer *buffer = &context->normal.pieces.bytes;
    *bytes = (struct struct_bytes){buffer, *buffer, json.size >= LARGE_TEXT};
    if (bytes->in_object)
        *buffer = (struct buffer){.allocator = &in_object};
}

/* Where many heads are to be put in, much has to be moved: then that is better done on the way to another object. */
static bool pays(const struct pieces *pieces)
{
    return pieces->heads.size < pieces_size(pieces) / 32;
}

static PyObject *copied(const struct pieces *pieces)
{
    PyObject *object = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)pieces_size(pieces));
    if (object != NULL)
        pieces_write(pieces, PyBytes_AS_STRING(object));
    return object;
}

static PyObject *joined(struct pieces *pieces)
{
    if (!pieces_join(pieces))
        return PyErr_NoMemory();
    PyObject *object = object_around(pieces->bytes.data);
    pieces->bytes.data = NULL;
    _PyBytes_Resize(&object, (Py_ssize_t)pieces->bytes.size);
    return object;
}

PyObject *struct_bytes_end(struct struct_bytes *bytes, struct driftcore *context, bool answer)
{
    struct pieces *pieces = &context->normal.pieces;
    PyObject *object = NULL;
    if (answer)
        object = bytes->in_object && pays(pieces) ? joined(pieces) : copied(pieces);
    if (bytes->in_object) {
        buffer_release(bytes->buffer);
        *bytes->buffer = bytes->scratch;
    }
    return object;
}

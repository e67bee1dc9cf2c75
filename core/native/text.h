/* Python str to UTF-8 and back. */
#ifndef DRIFTCORE_NATIVE_TEXT_H
#define DRIFTCORE_NATIVE_TEXT_H

#include "state.h"

/*
 * A str's UTF-8: borrowed from the object when it is ASCII, else written to the
 * context's arena (CPython's own conversion would stay attached to the caller's
 * object for its lifetime).  Punts with SURROGATE.
 */
enum driftcore_status text_from_wide_str(struct driftcore *context, PyObject *text, struct driftcore_slice *utf8);

static inline enum driftcore_status text_from_str(struct driftcore *context, PyObject *text,
                                                  struct driftcore_slice *utf8)
{
    if (!PyUnicode_IS_COMPACT_ASCII(text))
        return text_from_wide_str(context, text, utf8);
    *utf8 = (struct driftcore_slice){PyUnicode_DATA(text), (size_t)PyUnicode_GET_LENGTH(text)};
    return DRIFTCORE_OK;
}

static inline PyObject *text_to_str(struct driftcore_slice utf8)
{
    return PyUnicode_DecodeUTF8(utf8.data, (Py_ssize_t)utf8.size, NULL);
}

static inline PyObject *text_to_bytes(struct driftcore_slice bytes)
{
    return PyBytes_FromStringAndSize(bytes.data, (Py_ssize_t)bytes.size);
}

/* A digest's hex digits as a str. */
static inline PyObject *text_from_hash(const char hash[DRIFTCORE_HASH_SIZE])
{
    PyObject *text = PyUnicode_New(DRIFTCORE_HASH_SIZE, 127);
    if (text != NULL)
        memcpy(PyUnicode_DATA(text), hash, DRIFTCORE_HASH_SIZE);
    return text;
}

#endif

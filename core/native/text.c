#include "text.h"

#include "utf8.h"

/* The most UTF-8 bytes one character can need, by the width CPython stores it with. */
static size_t longest(int kind)
{
    return kind == PyUnicode_1BYTE_KIND ? 2 : kind == PyUnicode_2BYTE_KIND ? 3 : 4;
}

enum driftcore_status text_from_str(struct driftcore *context, PyObject *text, struct driftcore_slice *utf8)
{
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(text) < 0) {
        PyErr_Clear();
        return DRIFTCORE_NO_MEMORY;
    }
#endif
    size_t length = (size_t)PyUnicode_GET_LENGTH(text), needed;
    if (PyUnicode_IS_ASCII(text)) {
        *utf8 = (struct driftcore_slice){PyUnicode_DATA(text), length};
        return DRIFTCORE_OK;
    }
    int kind = (int)PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    char *out = size_multiply(length, longest(kind), &needed) ? arena_take(&context->text, needed) : NULL;
    if (out == NULL)
        return DRIFTCORE_NO_MEMORY;
    char *at = out;
    for (size_t i = 0; i < length; i++) {
        Py_UCS4 code_point = PyUnicode_READ(kind, data, (Py_ssize_t)i);
        if (code_point >= 0xD800 && code_point <= 0xDFFF) {
            context->reason = DRIFTCORE_PUNT_SURROGATE;
            return DRIFTCORE_PUNT;
        }
        at += utf8_encode(at, code_point);
    }
    *utf8 = (struct driftcore_slice){out, (size_t)(at - out)};
    arena_keep(&context->text, utf8->size);
    return DRIFTCORE_OK;
}

#include "text.h"

#include "utf8.h"

/* The most UTF-8 bytes one character can need, by the width CPython stores it with. */
static size_t longest(int kind)
{
    return kind == PyUnicode_1BYTE_KIND ? 2 : kind == PyUnicode_2BYTE_KIND ? 3 : 4;
}

/* One body for each of CPython's three widths; NULL for a surrogate. */
#define DEFINE_ENCODE(name, type)                                                                                \
    static char *name(const type *at, const type *end, char *out)                                                \
    {                                                                                                            \
        for (; at < end; at++) {                                                                                 \
            if (*at < 0x80)                                                                                      \
                *out++ = (char)*at;                                                                              \
            else if (*at >= 0xD800 && *at <= 0xDFFF)                                                             \
                return NULL;                                                                                     \
            else                                                                                                 \
                out += utf8_encode(out, *at);                                                                    \
        }                                                                                                        \
        return out;                                                                                              \
    }

DEFINE_ENCODE(encode_4, Py_UCS4)
DEFINE_ENCODE(encode_2, Py_UCS2)

/* No character of this width is a surrogate or needs more than two bytes. */
static char *encode_1(const Py_UCS1 *at, const Py_UCS1 *end, char *out)
{
    for (; at < end; at++) {
        if (*at < 0x80) {
            *out++ = (char)*at;
        } else {
            *out++ = (char)(0xC0 | *at >> 6);
            *out++ = (char)(0x80 | (*at & 0x3F));
        }
    }
    return out;
}

static char *encode(PyObject *text, size_t length, char *out)
{
    const void *data = PyUnicode_DATA(text);
    switch ((int)PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        return encode_1(data, (const Py_UCS1 *)data + length, out);
    case PyUnicode_2BYTE_KIND:
        return encode_2(data, (const Py_UCS2 *)data + length, out);
    default:
        return encode_4(data, (const Py_UCS4 *)data + length, out);
    }
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
    char *out = size_multiply(length, longest((int)PyUnicode_KIND(text)), &needed)
                    ? arena_take(&context->text, needed)
                    : NULL;
    if (out == NULL)
        return DRIFTCORE_NO_MEMORY;
    const char *end = encode(text, length, out);
    if (end == NULL) {
        context->reason = DRIFTCORE_PUNT_SURROGATE;
        return DRIFTCORE_PUNT;
    }
    *utf8 = (struct driftcore_slice){out, (size_t)(end - out)};
    arena_keep(&context->text, utf8->size);
    return DRIFTCORE_OK;
}

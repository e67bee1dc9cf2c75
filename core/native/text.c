#include "text.h"

#include "transcode.h"

enum driftcore_status text_from_wide_str(struct driftcore *context, PyObject *text, struct driftcore_slice *utf8)
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
    unsigned width = (unsigned)PyUnicode_KIND(text);
    char *out = size_multiply(length, transcode_longest(width), &needed)
                        && size_add(needed, TRANSCODE_SLACK, &needed)
                    ? arena_take(&context->text, needed)
                    : NULL;
    if (out == NULL)
        return DRIFTCORE_NO_MEMORY;
    const char *end = transcode(PyUnicode_DATA(text), width, length, out);
    if (end == NULL) {
        context->reason = DRIFTCORE_PUNT_SURROGATE;
        return DRIFTCORE_PUNT;
    }
    *utf8 = (struct driftcore_slice){out, (size_t)(end - out)};
    arena_keep(&context->text, utf8->size);
    return DRIFTCORE_OK;
}

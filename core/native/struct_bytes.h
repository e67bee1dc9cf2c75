/*
 * The Struct bytes of a JSON text as a bytes object.
 *
 * Those of a large text are written into the object's own memory: copying them would
 * take as long as reading the text.
 */
#ifndef DRIFTCORE_NATIVE_STRUCT_BYTES_H
#define DRIFTCORE_NATIVE_STRUCT_BYTES_H

#include "state.h"

struct struct_bytes {
    struct buffer *buffer; /* where the context makes them */
    struct buffer scratch; /* what it has there otherwise */
    bool in_object;
};

/* Before the text is read. */
void struct_bytes_begin(struct struct_bytes *bytes, struct driftcore *context, struct driftcore_slice json);

/* After that, once: the bytes object, or NULL with an exception; without an `answer` NULL and no exception. */
PyObject *struct_bytes_end(struct struct_bytes *bytes, struct driftcore *context, bool answer);

#endif

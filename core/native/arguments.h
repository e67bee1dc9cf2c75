/*
 * Reading arguments one after another.
 *
 * They are taken only in their plainest form, exactly of the type the contract names
 * and within range.  Whatever else comes punts and goes to the reference, which knows
 * which of it is right and what to say of the rest.
 */
#ifndef DRIFTCORE_NATIVE_ARGUMENTS_H
#define DRIFTCORE_NATIVE_ARGUMENTS_H

#include "state.h"

/* The first failure sticks in `status`. */
struct arguments {
    struct driftcore *context;
    PyObject *const *next;
    enum driftcore_status status;
};

/* Punt, unless something failed before. */
void arguments_fail(struct arguments *arguments);

/* Each takes the next argument. */
void argument_text(struct arguments *arguments, struct driftcore_slice *text);
void argument_optional_text(struct arguments *arguments, struct driftcore_slice *text, bool *given);
long long argument_int(struct arguments *arguments, long long least, long long most);
bool argument_bool(struct arguments *arguments);
void argument_optional_bytes(struct arguments *arguments, struct driftcore_slice *bytes);

/* The span's fields from trace_id to kind, and from status_code to duration_nanos. */
void arguments_span_identity(struct arguments *arguments, struct driftcore_span *span);
void arguments_span_outcome(struct arguments *arguments, struct driftcore_span *span);

#endif

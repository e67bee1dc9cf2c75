/*
 * export_span(): JSON texts and a span's fields in, everything an export needs out, and
 * no Python object in between that the caller does not get.
 */
#include "../src/export_span.h"

#include "arguments.h"
#include "assumptions.h"
#include "spans.h"
#include "text.h"

enum { INPUT_MERGES = 11, OUTPUT_MERGES = 13, ARGUMENTS = 23, RESULTS = 9 };

/* Read the 23 arguments; what `merges` point to must live as long as the job. */
static enum driftcore_status read_arguments(struct driftcore *context, PyObject *const *slots,
                                            struct export_span *job, struct driftcore_slice merges[2])
{
    struct arguments arguments = {context, slots, DRIFTCORE_OK};
    struct driftcore_span *span = &job->span;
    bool given;
    arguments_span_identity(&arguments, span);
    argument_text(&arguments, &span->input_value_json);
    argument_optional_text(&arguments, &merges[0], &given);
    job->input_merges = given ? &merges[0] : NULL;
    argument_text(&arguments, &span->output_value_json);
    argument_optional_text(&arguments, &merges[1], &given);
    job->output_merges = given ? &merges[1] : NULL;
    arguments_span_outcome(&arguments, span);
    argument_optional_text(&arguments, &span->metadata_json, &given);
    if (given && span->metadata_json.size == 0)
        arguments_fail(&arguments); /* an empty text is no JSON, an empty slice none at all */
    return arguments.status;
}

/* The span as a bytes object; NULL and OK: an exception is set.  Making it runs no Python code. */
static PyObject *make_span(struct driftcore *context, struct export_span *job, enum driftcore_status *status)
{
    size_t size;
    *status = export_span_measure(context, job, &size);
    if (*status != DRIFTCORE_OK)
        return NULL;
    PyObject *span = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (span == NULL)
        return NULL;
    *status = export_span_write(context, job, PyBytes_AS_STRING(span));
    if (*status != DRIFTCORE_OK)
        Py_CLEAR(span);
    return span;
}

static PyObject *make_result(PyObject *span, const struct export_span *job)
{
    PyObject *items[RESULTS] = {
        span,
        text_from_hash(job->input.value_hash),
        text_from_hash(job->output.value_hash),
        text_from_hash(job->input.schema_hash),
        text_from_hash(job->output.schema_hash),
        text_to_str(job->input.schema),
        text_to_str(job->output.schema),
        text_to_bytes(job->input.struct_bytes),
        text_to_bytes(job->output.struct_bytes),
    };
    return take_tuple(items, RESULTS);
}

PyObject *spans_export(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[ARGUMENTS] = {
        "trace_id",           "span_id",           "parent_span_id",
        "name",               "package_name",      "instrumentation_name",
        "submodule_name",     "package_type",      "environment",
        "kind",               "input_json",        "input_schema_merges_json",
        "output_json",        "output_schema_merges_json", "status_code",
        "status_message",     "is_pre_app_start",  "is_root_span",
        "timestamp_seconds",  "timestamp_nanos",   "duration_seconds",
        "duration_nanos",     "metadata_json",
    };
    struct call call = {module, "export_span", arguments, count, keywords};
    PyObject *slots[ARGUMENTS];
    if (!call_bind(&call, names, ARGUMENTS, slots))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    struct state *state = state_of(module);
    unsigned uses = USES_READING | USES_WRITING | USES_SORTING | USES_DOUBLES;
    if (slots[INPUT_MERGES] != Py_None || slots[OUTPUT_MERGES] != Py_None)
        uses |= USES_DECODING;
    if (in_doubt(state, uses))
        return call_in_doubt(&call, uses);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;
    struct export_span job = {.input_merges = NULL};
    struct driftcore_slice merges[2];
    PyObject *result = NULL, *span = NULL;
    enum driftcore_status status = read_arguments(context, slots, &job, merges);
    if (status == DRIFTCORE_OK)
        span = make_span(context, &job, &status);
    if (span != NULL)
        result = make_result(span, &job);
    if (status == DRIFTCORE_INVALID_ARGUMENT)
        result = call_reference(&call, DRIFTCORE_PUNT_ARGUMENT); /* metadata that is no object */
    else if (status != DRIFTCORE_OK)
        result = call_without_answer(&call, context, status);
    state_return(state, context);
    return result;
}

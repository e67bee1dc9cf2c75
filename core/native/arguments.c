#include "arguments.h"

#include "text.h"

void arguments_fail(struct arguments *arguments)
{
    if (arguments->status == DRIFTCORE_OK) {
        arguments->context->reason = DRIFTCORE_PUNT_ARGUMENT;
        arguments->status = DRIFTCORE_PUNT;
    }
}

void argument_text(struct arguments *arguments, struct driftcore_slice *text)
{
    PyObject *object = *arguments->next++;
    if (!PyUnicode_CheckExact(object))
        arguments_fail(arguments);
    else if (arguments->status == DRIFTCORE_OK)
        arguments->status = text_from_str(arguments->context, object, text);
}

void argument_optional_text(struct arguments *arguments, struct driftcore_slice *text, bool *given)
{
    *given = *arguments->next != Py_None;
    if (*given)
        argument_text(arguments, text);
    else
        arguments->next++;
}

long long argument_int(struct arguments *arguments, long long least, long long most)
{
    PyObject *object = *arguments->next++;
    int overflow = 1;
    long long number = PyLong_CheckExact(object) ? PyLong_AsLongLongAndOverflow(object, &overflow) : 0;
    if (overflow != 0 || number < least || number > most) {
        arguments_fail(arguments);
        return least;
    }
    return number;
}

bool argument_bool(struct arguments *arguments)
{
    PyObject *object = *arguments->next++;
    if (object != Py_True && object != Py_False)
        arguments_fail(arguments);
    return object == Py_True;
}

void argument_optional_bytes(struct arguments *arguments, struct driftcore_slice *bytes)
{
    PyObject *object = *arguments->next++;
    if (PyBytes_CheckExact(object))
        *bytes = (struct driftcore_slice){PyBytes_AS_STRING(object), (size_t)PyBytes_GET_SIZE(object)};
    else if (object != Py_None)
        arguments_fail(arguments);
}

void arguments_span_identity(struct arguments *arguments, struct driftcore_span *span)
{
    argument_text(arguments, &span->trace_id);
    argument_text(arguments, &span->span_id);
    argument_text(arguments, &span->parent_span_id);
    argument_text(arguments, &span->name);
    argument_text(arguments, &span->package_name);
    argument_text(arguments, &span->instrumentation_name);
    argument_text(arguments, &span->submodule_name);
    span->package_type = (int)argument_int(arguments, 0, DRIFTCORE_LARGEST_PACKAGE_TYPE);
    argument_optional_text(arguments, &span->environment, &span->has_environment);
    span->kind = (int)argument_int(arguments, 0, DRIFTCORE_LARGEST_SPAN_KIND);
}

void arguments_span_outcome(struct arguments *arguments, struct driftcore_span *span)
{
    span->status_code = (int)argument_int(arguments, 0, DRIFTCORE_LARGEST_STATUS_CODE);
    argument_text(arguments, &span->status_message);
    span->is_pre_app_start = argument_bool(arguments);
    span->is_root_span = argument_bool(arguments);
    span->timestamp_seconds = argument_int(arguments, INT64_MIN, INT64_MAX);
    span->timestamp_nanos = (int32_t)argument_int(arguments, INT32_MIN, INT32_MAX);
    span->duration_seconds = argument_int(arguments, INT64_MIN, INT64_MAX);
    span->duration_nanos = (int32_t)argument_int(arguments, INT32_MIN, INT32_MAX);
}

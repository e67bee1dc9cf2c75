#include "spans.h"

#include "arguments.h"
#include "assumptions.h"
#include "objects.h"
#include "text.h"
#include "verify.h"

enum { SPAN_ARGUMENTS = 29, REQUEST_ARGUMENTS = 5 };

static const char *const span_names[SPAN_ARGUMENTS] = {
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "package_name",
    "instrumentation_name",
    "submodule_name",
    "package_type",
    "environment",
    "kind",
    "input_schema",
    "output_schema",
    "input_schema_hash",
    "output_schema_hash",
    "input_value_hash",
    "output_value_hash",
    "status_code",
    "status_message",
    "is_pre_app_start",
    "is_root_span",
    "timestamp_seconds",
    "timestamp_nanos",
    "duration_seconds",
    "duration_nanos",
    "metadata",
    "input_value",
    "output_value",
    "input_value_proto_struct_bytes",
    "output_value_proto_struct_bytes",
};

#define NO_PLACE SIZE_MAX

/* Append an object to the context's tree and tell its place there. */
static size_t read_tree(struct arguments *arguments, PyObject *object)
{
    struct tree *tree = &arguments->context->value;
    size_t place = tree->count;
    if (arguments->status == DRIFTCORE_OK)
        arguments->status = object_to_tree(arguments->context, object, tree);
    return place;
}

static size_t read_dict(struct arguments *arguments)
{
    PyObject *object = *arguments->next++;
    if (!PyDict_CheckExact(object)) {
        arguments_fail(arguments);
        return NO_PLACE;
    }
    return read_tree(arguments, object);
}

static size_t read_optional_dict(struct arguments *arguments)
{
    if (*arguments->next != Py_None)
        return read_dict(arguments);
    arguments->next++;
    return NO_PLACE;
}

/* A value counts only where it has no struct bytes, and only as a dict. */
static size_t read_value(struct arguments *arguments, PyObject *value, struct driftcore_slice bytes)
{
    if (bytes.size != 0 || !PyDict_Check(value))
        return NO_PLACE;
    return read_tree(arguments, value);
}

static const struct node *node_at(const struct driftcore *context, size_t place)
{
    return place == NO_PLACE ? NULL : &context->value.nodes[place];
}

/*
 * Read the 29 arguments, trees included, and write the span into a bytes object of its
 * exact size; `*bytes` is NULL with an exception set when there is no memory for it.
 * Making that object runs no Python code, so what was read stays valid.
 */
static OFF_THE_STACK enum driftcore_status build_span(struct driftcore *context, PyObject *const *slots, PyObject **bytes)
{
    struct arguments arguments = {context, slots, DRIFTCORE_OK};
    struct driftcore_span span = {0};
    arguments_span_identity(&arguments, &span);
    size_t input_schema = read_dict(&arguments);
    size_t output_schema = read_dict(&arguments);
    argument_text(&arguments, &span.input_schema_hash);
    argument_text(&arguments, &span.output_schema_hash);
    argument_text(&arguments, &span.input_value_hash);
    argument_text(&arguments, &span.output_value_hash);
    arguments_span_outcome(&arguments, &span);
    size_t metadata = read_optional_dict(&arguments);
    PyObject *input = *arguments.next++, *output = *arguments.next++;
    argument_optional_bytes(&arguments, &span.input_struct_bytes);
    argument_optional_bytes(&arguments, &span.output_struct_bytes);
    size_t input_value = read_value(&arguments, input, span.input_struct_bytes);
    size_t output_value = read_value(&arguments, output, span.output_struct_bytes);
    if (arguments.status != DRIFTCORE_OK)
        return arguments.status;
    /* The tree is complete, so its nodes no longer move. */
    struct span_trees trees = {
        .input_schema = {node_at(context, input_schema), NULL},
        .output_schema = {node_at(context, output_schema), NULL},
        .metadata = node_at(context, metadata),
        .input_value = node_at(context, input_value),
        .output_value = node_at(context, output_value),
    };
    size_t size;
    enum driftcore_status status = context_measure_span(context, &span, &trees, &size);
    if (status != DRIFTCORE_OK)
        return status;
    *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (*bytes == NULL)
        return DRIFTCORE_OK;
    status = context_write_span(context, &span, &trees, PyBytes_AS_STRING(*bytes));
    if (status != DRIFTCORE_OK)
        Py_CLEAR(*bytes);
    return status;
}

/* The spans of an exact list of exact bytes, in `context->rules`, which holds no merges here. */
static enum driftcore_status read_spans(struct driftcore *context, PyObject *list, struct driftcore_slice **spans)
{
    size_t count = (size_t)PyList_GET_SIZE(list), size;
    struct buffer *buffer = &context->rules;
    if (!size_multiply(count, sizeof(**spans), &size) || !buffer_reserve(buffer, size))
        return DRIFTCORE_NO_MEMORY;
    *spans = (struct driftcore_slice *)(void *)buffer->data;
    for (size_t i = 0; i < count; i++) {
        PyObject *span = PyList_GET_ITEM(list, (Py_ssize_t)i);
        if (!PyBytes_CheckExact(span)) {
            context->reason = DRIFTCORE_PUNT_ARGUMENT;
            return DRIFTCORE_PUNT;
        }
        (*spans)[i] = (struct driftcore_slice){PyBytes_AS_STRING(span), (size_t)PyBytes_GET_SIZE(span)};
    }
    return DRIFTCORE_OK;
}

/* Read the five arguments and verify the spans; `*size` is the request's. */
static OFF_THE_STACK enum driftcore_status read_request(struct driftcore *context, PyObject *const *slots,
                                          struct request *request, size_t *size)
{
    struct arguments arguments = {context, slots, DRIFTCORE_OK};
    struct driftcore_slice *spans = NULL;
    for (size_t i = 0; i < 4; i++)
        argument_text(&arguments, &request->header[i]);
    PyObject *list = *arguments.next++;
    if (!PyList_CheckExact(list))
        arguments_fail(&arguments);
    if (arguments.status == DRIFTCORE_OK)
        arguments.status = read_spans(context, list, &spans);
    if (arguments.status != DRIFTCORE_OK)
        return arguments.status;
    request->spans = spans;
    request->count = (size_t)PyList_GET_SIZE(list);
    return request_measure(request, &context->scratch, size, &context->reason);
}

PyObject *spans_build(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    struct call call = {module, "build_span_proto_bytes_pyobject", arguments, count, keywords};
    PyObject *slots[SPAN_ARGUMENTS];
    if (!call_bind(&call, span_names, SPAN_ARGUMENTS, slots))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    struct state *state = state_of(module);
    if (in_doubt(state, USES_DOUBLES))
        return call_in_doubt(&call, USES_DOUBLES);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;
    PyObject *result = NULL;
    enum driftcore_status status = build_span(context, slots, &result);
    if (status != DRIFTCORE_OK)
        result = call_without_answer(&call, context, status);
    state_return(state, context);
    return result;
}

PyObject *spans_build_request(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[REQUEST_ARGUMENTS] = {"observable_service_id", "environment", "sdk_version",
                                                         "sdk_instance_id", "spans"};
    struct call call = {module, "build_export_spans_request_bytes_pyobject", arguments, count, keywords};
    PyObject *slots[REQUEST_ARGUMENTS];
    if (!call_bind(&call, names, REQUEST_ARGUMENTS, slots))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    struct state *state = state_of(module);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;
    PyObject *result = NULL;
    struct request request = {0};
    size_t size;
    enum driftcore_status status = read_request(context, slots, &request, &size);
    if (status != DRIFTCORE_OK) {
        result = call_without_answer(&call, context, status);
    } else {
        /* No Python code runs between reading the spans and writing them here. */
        result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
        if (result != NULL)
            request_write(&request, PyBytes_AS_STRING(result));
    }
    state_return(state, context);
    return result;
}

PyObject *spans_verify(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"span"};
    struct call call = {module, "verify_span", arguments, count, keywords};
    struct state *state = state_of(module);
    PyObject *span;
    if (!call_bind(&call, names, 1, &span) || !PyBytes_CheckExact(span))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;
    struct driftcore_slice bytes = {PyBytes_AS_STRING(span), (size_t)PyBytes_GET_SIZE(span)};
    enum driftcore_status status = verify(VERIFY_SPAN, bytes, &context->scratch, &context->reason);
    PyObject *result = Py_None;
    if (status == DRIFTCORE_OK)
        Py_INCREF(result);
    else
        result = call_without_answer(&call, context, status);
    state_return(state, context);
    return result;
}

#include "payload.h"

#include "assumptions.h"
#include "objects.h"
#include "struct_bytes.h"
#include "text.h"

/* Makes a function's result from its JSON text; NULL and OK: an exception is set. */
typedef PyObject *answer_function(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                                  enum driftcore_status *status);

/* What the five functions over one JSON text have in common. */
static inline PyObject *answer_text(const struct call *call, unsigned uses, answer_function *answer)
{
    static const char *const names[] = {"payload_json"};
    struct state *state = state_of(call->module);
    PyObject *text;
    if (!call_bind(call, names, 1, &text) || !PyUnicode_Check(text))
        return call_reference(call, DRIFTCORE_PUNT_ARGUMENT);
    if (in_doubt(state, uses))
        return call_in_doubt(call, uses);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;
    PyObject *result = NULL;
    struct driftcore_slice json;
    enum driftcore_status status = text_from_str(context, text, &json);
    if (status == DRIFTCORE_OK)
        result = answer(context, text, json, &status);
    if (status != DRIFTCORE_OK)
        result = call_without_answer(call, context, status);
    state_return(state, context);
    return result;
}

/* The normal form of a text as a str: the text itself where it is its own. */
static PyObject *normal_to_str(PyObject *text, struct driftcore_slice json, struct driftcore_slice normalized)
{
    if (normalized.data == json.data && normalized.size == json.size && PyUnicode_CheckExact(text)) {
        Py_INCREF(text);
        return text;
    }
    return text_to_str(normalized);
}

static PyObject *answer_normalized(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                                   enum driftcore_status *status)
{
    struct driftcore_slice normalized;
    *status = context_normalize(context, json, &normalized);
    return *status == DRIFTCORE_OK ? normal_to_str(text, json, normalized) : NULL;
}

static PyObject *answer_hash(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                             enum driftcore_status *status)
{
    (void)text;
    char hash[DRIFTCORE_HASH_SIZE];
    *status = context_hash_text(context, json, hash);
    return *status == DRIFTCORE_OK ? text_from_hash(hash) : NULL;
}

static PyObject *answer_normalized_and_hash(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                                            enum driftcore_status *status)
{
    char hash[DRIFTCORE_HASH_SIZE];
    struct driftcore_slice normalized;
    *status = context_normalize_and_hash(context, json, &normalized, hash);
    if (*status != DRIFTCORE_OK)
        return NULL;
    PyObject *items[] = {normal_to_str(text, json, normalized), text_from_hash(hash)};
    return take_tuple(items, 2);
}

static PyObject *answer_struct_bytes(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                                     enum driftcore_status *status)
{
    (void)text;
    struct struct_bytes bytes;
    struct_bytes_begin(&bytes, context, json);
    *status = context_read_struct(context, json);
    return struct_bytes_end(&bytes, context, *status == DRIFTCORE_OK);
}

static PyObject *answer_field_count(struct driftcore *context, PyObject *text, struct driftcore_slice json,
                                    enum driftcore_status *status)
{
    (void)text;
    *status = context_parse(context, json, &context->value);
    if (*status != DRIFTCORE_OK)
        return NULL;
    const struct node *value = context->value.nodes;
    return PyLong_FromSize_t(value->kind == KIND_OBJECT ? value->size : 0);
}

PyObject *payload_normalize_json(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    struct call call = {module, "normalize_json", arguments, count, keywords};
    return answer_text(&call, USES_READING | USES_WRITING, answer_normalized);
}

PyObject *payload_deterministic_hash(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords)
{
    struct call call = {module, "deterministic_hash", arguments, count, keywords};
    return answer_text(&call, USES_READING | USES_WRITING | USES_SORTING, answer_hash);
}

PyObject *payload_normalize_and_hash(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords)
{
    struct call call = {module, "normalize_and_hash", arguments, count, keywords};
    return answer_text(&call, USES_READING | USES_WRITING | USES_SORTING, answer_normalized_and_hash);
}

PyObject *payload_struct_bytes(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    struct call call = {module, "object_to_protobuf_struct_bytes", arguments, count, keywords};
    return answer_text(&call, USES_READING | USES_DOUBLES, answer_struct_bytes);
}

PyObject *payload_struct_field_count(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords)
{
    struct call call = {module, "object_to_protobuf_struct_field_count", arguments, count, keywords};
    return answer_text(&call, USES_READING, answer_field_count);
}

/* ---- export payloads ---------------------------------------------------- */

PyObject *payload_process(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"payload_json", "schema_merges_json"};
    struct call call = {module, "process_export_payload", arguments, count, keywords};
    struct state *state = state_of(module);
    PyObject *slots[2];
    if (!call_bind(&call, names, 2, slots) || !PyUnicode_Check(slots[0])
        || (slots[1] != Py_None && !PyUnicode_Check(slots[1])))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    unsigned uses = USES_READING | USES_WRITING | USES_SORTING | USES_DOUBLES;
    if (slots[1] != Py_None)
        uses |= USES_DECODING;
    if (in_doubt(state, uses))
        return call_in_doubt(&call, uses);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;

    PyObject *result = NULL, *struct_bytes = NULL;
    struct driftcore_slice json, merges;
    struct driftcore_export export;
    bool has_merges = slots[1] != Py_None;
    enum driftcore_status status = text_from_str(context, slots[0], &json);
    if (status == DRIFTCORE_OK && has_merges)
        status = text_from_str(context, slots[1], &merges);
    if (status == DRIFTCORE_OK) {
        struct struct_bytes bytes;
        struct_bytes_begin(&bytes, context, json);
        status = context_export_text(context, json, has_merges ? &merges : NULL, &export);
        struct_bytes = struct_bytes_end(&bytes, context, status == DRIFTCORE_OK);
    }
    if (status == DRIFTCORE_OK) {
        bool shared = export.decoded.data == export.normalized.data;
        PyObject *normalized = normal_to_str(slots[0], json, export.normalized);
        if (shared)
            Py_XINCREF(normalized);
        PyObject *items[] = {
            normalized,
            shared ? normalized : text_to_str(export.decoded),
            text_from_hash(export.value_hash),
            text_to_str(export.schema),
            text_from_hash(export.schema_hash),
            struct_bytes,
        };
        result = take_tuple(items, 6);
    } else {
        result = call_without_answer(&call, context, status);
    }
    state_return(state, context);
    return result;
}

/* The Struct bytes of context->value; NULL and OK: an exception is set. */
static PyObject *make_struct_bytes(struct driftcore *context, enum driftcore_status *status)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)context_struct_size(context));
    if (bytes == NULL)
        return NULL;
    *status = context_write_value(context, PyBytes_AS_STRING(bytes));
    if (*status != DRIFTCORE_OK)
        Py_CLEAR(bytes);
    return bytes;
}

/* The result of a payload object in context->value, whose normal form is taken; NULL and OK: an exception is set. */
static PyObject *answer_object(struct driftcore *context, const struct state *state, PyObject *normalized,
                               enum driftcore_status *status)
{
    struct merges merges;
    const struct node *decoded;
    char value_hash[DRIFTCORE_HASH_SIZE], schema_hash[DRIFTCORE_HASH_SIZE];
    PyObject *struct_bytes = NULL;
    *status = context_decode(context, &merges, &decoded);
    if (*status == DRIFTCORE_OK)
        *status = context_hash_both(context, decoded, &merges, value_hash, schema_hash);
    if (*status == DRIFTCORE_OK)
        struct_bytes = make_struct_bytes(context, status);
    if (struct_bytes == NULL) {
        Py_DECREF(normalized);
        return NULL;
    }
    PyObject *items[] = {
        normalized,
        text_from_hash(value_hash),
        object_schema(context, state, decoded, &merges, normalized),
        text_from_hash(schema_hash),
        struct_bytes,
    };
    return take_tuple(items, 5);
}

/* The result of a payload object and merges, which may be None; NULL and OK: an exception is set. */
static OFF_THE_STACK PyObject *process_object(struct driftcore *context, const struct state *state,
                                              PyObject *payload, PyObject *merges, enum driftcore_status *status)
{
    PyObject *result = NULL, *normalized;
    bool collecting = gc_pause(state);
    *status = object_export(context, state, payload, &normalized);
    if (*status == DRIFTCORE_OK && merges != Py_None)
        *status = object_to_tree(context, merges, &context->merges);
    if (*status == DRIFTCORE_OK)
        result = answer_object(context, state, normalized, status);
    else
        Py_XDECREF(normalized);
    gc_resume(state, collecting);
    return result;
}

PyObject *payload_process_pyobject(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                   PyObject *keywords)
{
    static const char *const names[] = {"payload", "schema_merges"};
    struct call call = {module, "process_export_payload_pyobject", arguments, count, keywords};
    struct state *state = state_of(module);
    PyObject *slots[2];
    if (!call_bind(&call, names, 2, slots) || (slots[1] != Py_None && !PyDict_CheckExact(slots[1])))
        return call_reference(&call, DRIFTCORE_PUNT_ARGUMENT);
    unsigned uses = USES_OBJECTS | USES_WRITING | USES_SORTING | USES_DOUBLES;
    if (slots[1] != Py_None)
        uses |= USES_READING | USES_DECODING;
    if (in_doubt(state, uses))
        return call_in_doubt(&call, uses);
    struct driftcore *context = state_borrow(state);
    if (context == NULL)
        return NULL;

    enum driftcore_status status;
    PyObject *result = process_object(context, state, slots[0], slots[1], &status);
    if (status != DRIFTCORE_OK)
        result = call_without_answer(&call, context, status);
    state_return(state, context);
    return result;
}

/*
 * driftcore_native._core: the nine functions and export_span over the C core, with the answer of
 * driftcore.reference for whatever the core punts.
 */
#include "assumptions.h"
#include "objects.h"
#include "payload.h"
#include "spans.h"

PyDoc_STRVAR(doc_normalize_json,
             "normalize_json($module, payload_json)\n--\n\n"
             "Compact JSON text of a JSON text, as driftcore.reference.normalize_json.");
PyDoc_STRVAR(doc_deterministic_hash,
             "deterministic_hash($module, payload_json)\n--\n\n"
             "SHA-256 of the sorted compact text as 64 hex digits, as driftcore.reference.deterministic_hash.");
PyDoc_STRVAR(doc_normalize_and_hash,
             "normalize_and_hash($module, payload_json)\n--\n\n"
             "(normalized text, hash) from one reading, as driftcore.reference.normalize_and_hash.");
PyDoc_STRVAR(doc_struct_bytes,
             "object_to_protobuf_struct_bytes($module, payload_json)\n--\n\n"
             "google.protobuf.Struct bytes of a JSON object, b'' for anything else, as\n"
             "driftcore.reference.object_to_protobuf_struct_bytes.");
PyDoc_STRVAR(doc_field_count,
             "object_to_protobuf_struct_field_count($module, payload_json)\n--\n\n"
             "Number of top-level keys, 0 for a non-object, as\n"
             "driftcore.reference.object_to_protobuf_struct_field_count.");
PyDoc_STRVAR(doc_process_export_payload,
             "process_export_payload($module, payload_json, schema_merges_json)\n--\n\n"
             "(normalized_json, decoded_json, value_hash, schema_json, schema_hash, struct_bytes) of a JSON\n"
             "text, as driftcore.reference.process_export_payload.");
PyDoc_STRVAR(doc_process_export_payload_pyobject,
             "process_export_payload_pyobject($module, payload, schema_merges)\n--\n\n"
             "(normalized object, value_hash, schema, schema_hash, struct_bytes) of a Python object, as\n"
             "driftcore.reference.process_export_payload_pyobject.  Immutable leaves are shared.");
PyDoc_STRVAR(doc_build_span,
             "build_span_proto_bytes_pyobject($module, trace_id, span_id, parent_span_id, name, package_name, "
             "instrumentation_name, submodule_name, package_type, environment, kind, input_schema, output_schema, "
             "input_schema_hash, output_schema_hash, input_value_hash, output_value_hash, status_code, "
             "status_message, is_pre_app_start, is_root_span, timestamp_seconds, timestamp_nanos, "
             "duration_seconds, duration_nanos, metadata, input_value, output_value, "
             "input_value_proto_struct_bytes, output_value_proto_struct_bytes)\n--\n\n"
             "tusk.drift.core.v1.Span bytes, as driftcore.reference.build_span_proto_bytes_pyobject.");
PyDoc_STRVAR(doc_export_span,
             "export_span($module, trace_id, span_id, parent_span_id, name, package_name, instrumentation_name, "
             "submodule_name, package_type, environment, kind, input_json, input_schema_merges_json, output_json, "
             "output_schema_merges_json, status_code, status_message, is_pre_app_start, is_root_span, "
             "timestamp_seconds, timestamp_nanos, duration_seconds, duration_nanos, metadata_json)\n--\n\n"
             "(span, input_value_hash, output_value_hash, input_schema_hash, output_schema_hash,\n"
             "input_schema_json, output_schema_json, input_struct_bytes, output_struct_bytes) of a span's\n"
             "texts, as driftcore.reference.export_span.");
PyDoc_STRVAR(doc_build_request,
             "build_export_spans_request_bytes_pyobject($module, observable_service_id, environment, sdk_version, "
             "sdk_instance_id, spans)\n--\n\n"
             "ExportSpansRequest bytes of verified spans, as\n"
             "driftcore.reference.build_export_spans_request_bytes_pyobject.");
PyDoc_STRVAR(doc_verify_span,
             "verify_span($module, span)\n--\n\n"
             "Raise ValueError unless bytes are a well-formed Span, as driftcore.reference.verify_span.");
PyDoc_STRVAR(doc_punts,
             "punts($module)\n--\n\n"
             "How many calls were handed to the reference since the import, by reason.");

PyDoc_STRVAR(doc_assumptions,
             "assumptions($module)\n--\n\n"
             "What the core assumes of the interpreter: {name: {'holds', 'assumed', 'otherwise', 'punts'}}, where\n"
             "`otherwise` says what happens if it does not hold, and `punts` how often it did.");

static PyObject *punts(PyObject *module, PyObject *unused)
{
    (void)unused;
    const struct state *state = state_of(module);
    PyObject *counts = PyDict_New();
    for (int reason = DRIFTCORE_PUNT_NONE + 1; counts != NULL && reason < DRIFTCORE_PUNT_COUNT; reason++) {
        PyObject *count = PyLong_FromUnsignedLongLong(state->punts[reason]);
        if (count == NULL
            || PyDict_SetItemString(counts, driftcore_punt_name((enum driftcore_punt)reason), count) < 0)
            Py_CLEAR(counts);
        Py_XDECREF(count);
    }
    return counts;
}

/* By way of void (*)(void), which a compiler lets any function pointer pass through. */
#define FAST(name, function, doc)                                                                                \
    {                                                                                                            \
        name, (PyCFunction)(void (*)(void))function, METH_FASTCALL | METH_KEYWORDS, doc                          \
    }

static PyMethodDef methods[] = {
    FAST("normalize_json", payload_normalize_json, doc_normalize_json),
    FAST("deterministic_hash", payload_deterministic_hash, doc_deterministic_hash),
    FAST("normalize_and_hash", payload_normalize_and_hash, doc_normalize_and_hash),
    FAST("object_to_protobuf_struct_bytes", payload_struct_bytes, doc_struct_bytes),
    FAST("object_to_protobuf_struct_field_count", payload_struct_field_count, doc_field_count),
    FAST("process_export_payload", payload_process, doc_process_export_payload),
    FAST("process_export_payload_pyobject", payload_process_pyobject, doc_process_export_payload_pyobject),
    FAST("build_span_proto_bytes_pyobject", spans_build, doc_build_span),
    FAST("export_span", spans_export, doc_export_span),
    FAST("build_export_spans_request_bytes_pyobject", spans_build_request, doc_build_request),
    FAST("verify_span", spans_verify, doc_verify_span),
    {"assumptions", assumptions, METH_NOARGS, doc_assumptions},
    {"punts", punts, METH_NOARGS, doc_punts},
    {NULL, NULL, 0, NULL},
};

/* The keys of schemas. */
struct name {
    PyObject **place;
    const char *text;
};
#define NAMES(state)                                                                                             \
    {                                                                                                            \
        {&(state)->type, "type"}, {&(state)->properties, "properties"}, {&(state)->items, "items"},              \
            {&(state)->encoding, "encoding"}, {&(state)->decoded_type, "decoded_type"},                          \
        {                                                                                                        \
            &(state)->match_importance, "match_importance"                                                       \
        }                                                                                                        \
    }

#if PY_VERSION_HEX < 0x030A0000
static bool find_gc(struct state *state)
{
    PyObject *gc = PyImport_ImportModule("gc");
    if (gc == NULL)
        return false;
    state->gc_is_enabled = PyObject_GetAttrString(gc, "isenabled");
    state->gc_enable = PyObject_GetAttrString(gc, "enable");
    state->gc_disable = PyObject_GetAttrString(gc, "disable");
    Py_DECREF(gc);
    return state->gc_is_enabled != NULL && state->gc_enable != NULL && state->gc_disable != NULL;
}
#endif

/* sys.get_int_max_str_digits() came with security releases of 3.9 and 3.10; before them there is no limit. */
static bool find_digit_limit(struct state *state)
{
    PyObject *sys = PyImport_ImportModule("sys");
    if (sys == NULL)
        return false;
    state->get_digit_limit = PyObject_GetAttrString(sys, "get_int_max_str_digits");
    Py_DECREF(sys);
    if (state->get_digit_limit == NULL && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Clear();
    return !PyErr_Occurred();
}

static bool fill(PyObject *module, struct state *state)
{
    const struct name names[] = NAMES(state);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        *names[i].place = PyUnicode_InternFromString(names[i].text);
        if (*names[i].place == NULL)
            return false;
    }
    state->nan = PyFloat_FromDouble(__builtin_nan(""));
    if (state->nan == NULL || !object_schema_patterns(state))
        return false;
#if PY_VERSION_HEX < 0x030A0000
    if (!find_gc(state))
        return false;
#endif
    return find_digit_limit(state) && assumptions_probe(state)
           && PyModule_AddStringConstant(module, "__version__", DRIFTCORE_VERSION) == 0;
}

static int execute(PyObject *module)
{
    if (fill(module, state_of(module)))
        return 0;
    if (!PyErr_Occurred()) /* for want of memory 3.9 fails an import without an exception */
        PyErr_NoMemory();
    return -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    struct state *state = state_of(module);
    if (state == NULL)
        return 0;
    Py_VISIT(state->reference);
    Py_VISIT(state->get_digit_limit);
    for (size_t i = 0; i < STATE_PATTERNS; i++)
        Py_VISIT(state->patterns[i]);
    return 0;
}

static int clear(PyObject *module)
{
    struct state *state = state_of(module);
    if (state == NULL)
        return 0;
    Py_CLEAR(state->reference);
    Py_CLEAR(state->get_digit_limit);
    const struct name names[] = NAMES(state);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        Py_CLEAR(*names[i].place);
    for (size_t i = 0; i < STATE_PATTERNS; i++)
        Py_CLEAR(state->patterns[i]);
    Py_CLEAR(state->nan);
#if PY_VERSION_HEX < 0x030A0000
    Py_CLEAR(state->gc_is_enabled);
    Py_CLEAR(state->gc_enable);
    Py_CLEAR(state->gc_disable);
#endif
    return 0;
}

static void release(void *module)
{
    clear(module);
    struct state *state = state_of(module);
    if (state != NULL) {
        driftcore_destroy(state->context);
        state->context = NULL;
    }
}

static PyModuleDef_Slot slots[] = {
    /* The slot wants a function as void *, which POSIX allows and ISO C does not. */
    {Py_mod_exec, __extension__(void *) execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "driftcore_native._core",
    .m_doc = "The drift core's functions in C; see driftcore_native.",
    .m_size = sizeof(struct state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}

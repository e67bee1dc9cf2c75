#include "state.h"

#include "assumptions.h"
#include "stack.h"

static void *raw_reallocate(void *unused, void *memory, size_t size)
{
    (void)unused;
    return PyMem_RawRealloc(memory, size);
}

static void raw_release(void *unused, void *memory)
{
    (void)unused;
    PyMem_RawFree(memory);
}

/* 0, no limit, where Python has none or where asking fails; the reference then decides nothing less. */
static size_t digit_limit(void *state)
{
    PyObject *function = ((struct state *)state)->get_digit_limit;
    if (function == NULL)
        return 0;
    PyObject *limit = PyObject_CallNoArgs(function);
    size_t digits = limit == NULL ? 0 : PyLong_AsSize_t(limit);
    Py_XDECREF(limit);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return 1; /* every int that asks is then too long, and the reference answers */
    }
    return digits;
}

struct state *state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

struct driftcore *state_borrow(struct state *state)
{
    static const struct driftcore_allocator allocator = {raw_reallocate, raw_release, NULL};
    struct driftcore *context = state->context;
    if (context == NULL) {
        context = driftcore_create(&allocator);
        if (context == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        driftcore_set_digit_limit(context, digit_limit, state);
        driftcore_set_padding(context, state->padding);
    }
    state->context = NULL;
    context->reason = DRIFTCORE_PUNT_NONE; /* all else is as state_return() or creation left it: empty */
    return context;
}

void state_return(struct state *state, struct driftcore *context)
{
    if (state->context != NULL) {
        driftcore_destroy(context);
        return;
    }
    driftcore_trim(context);
    state->context = context;
}

#if PY_VERSION_HEX < 0x030A0000
/* Whether a function of the module gc, which takes nothing and raises nothing, gives true. */
static bool ask_gc(PyObject *function)
{
    PyObject *type, *value, *traceback; /* of a call that failed before */
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *answer = PyObject_CallNoArgs(function);
    bool is_true = answer == Py_True;
    Py_XDECREF(answer);
    PyErr_Restore(type, value, traceback);
    return is_true;
}

bool gc_pause(const struct state *state)
{
    bool collecting = ask_gc(state->gc_is_enabled);
    if (collecting)
        ask_gc(state->gc_disable);
    return collecting;
}

void gc_resume(const struct state *state, bool collecting)
{
    if (collecting)
        ask_gc(state->gc_enable);
}
#endif

bool call_bind(const struct call *call, const char *const *names, size_t count, PyObject **slots)
{
    size_t positional = (size_t)call->count;
    size_t keywords = call->keywords == NULL ? 0 : (size_t)PyTuple_GET_SIZE(call->keywords);
    if (positional + keywords != count)
        return false;
    if (count == 1 && keywords == 0) {
        slots[0] = call->arguments[0];
        return true;
    }
    memcpy(slots, call->arguments, positional * sizeof(*slots));
    memset(slots + positional, 0, keywords * sizeof(*slots));
    for (size_t i = 0; i < keywords; i++) {
        PyObject *keyword = PyTuple_GET_ITEM(call->keywords, (Py_ssize_t)i);
        size_t slot = positional;
        while (slot < count && PyUnicode_CompareWithASCIIString(keyword, names[slot]) != 0)
            slot++;
        if (slot == count || slots[slot] != NULL)
            return false;
        slots[slot] = call->arguments[positional + i];
    }
    return true;
}

PyObject *take_tuple(PyObject *const *items, Py_ssize_t count)
{
    PyObject *tuple = PyTuple_New(count);
    bool complete = tuple != NULL;
    for (Py_ssize_t i = 0; i < count; i++)
        complete = complete && items[i] != NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (complete)
            PyTuple_SET_ITEM(tuple, i, items[i]);
        else
            Py_XDECREF(items[i]);
    }
    if (!complete)
        Py_CLEAR(tuple);
    return tuple;
}

static PyObject *import_reference(void *unused)
{
    (void)unused;
    return PyImport_ImportModule("driftcore.reference");
}

static PyObject *ask_reference(void *argument)
{
    const struct call *call = argument;
    PyObject *function = PyObject_GetAttrString(state_of(call->module)->reference, call->function);
    if (function == NULL)
        return NULL;
    PyObject *result = PyObject_Vectorcall(function, call->arguments, (size_t)call->count, call->keywords);
    Py_DECREF(function);
    return result;
}

static bool has_own_code(PyObject *argument)
{
    if (PyList_CheckExact(argument)) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(argument); i++)
            if (!PyBytes_CheckExact(PyList_GET_ITEM(argument, i)))
                return true;
        return false;
    }
    return !(PyUnicode_CheckExact(argument) || PyBytes_CheckExact(argument) || PyLong_CheckExact(argument)
             || PyBool_Check(argument) || argument == Py_None);
}

/*
 * Whether nothing can tell on which thread a call runs: texts, bytes and numbers have no code
 * of their own, which could hold a lock or look at a context.
 */
static bool runs_anywhere(const struct call *call)
{
    Py_ssize_t count = call->count + (call->keywords == NULL ? 0 : PyTuple_GET_SIZE(call->keywords));
    for (Py_ssize_t i = 0; i < count; i++)
        if (has_own_code(call->arguments[i]))
            return false;
    return true;
}

PyObject *call_reference(const struct call *call, enum driftcore_punt reason)
{
    struct state *state = state_of(call->module);
    state->punts[reason]++;
    bool is_short = stack_is_short();
    if (state->reference == NULL) {
        PyObject *reference = is_short ? stack_elsewhere(import_reference, NULL) : import_reference(NULL);
        if (reference == NULL)
            return NULL;
        Py_XSETREF(state->reference, reference); /* importing lets other calls import it too */
    }
    if (is_short && runs_anywhere(call))
        return stack_elsewhere(ask_reference, (void *)(uintptr_t)call);
    return ask_reference((void *)(uintptr_t)call);
}

PyObject *call_without_answer(const struct call *call, const struct driftcore *context,
                              enum driftcore_status status)
{
    switch (status) {
    case DRIFTCORE_PUNT:
        if (driftcore_punt_reason(context) == DRIFTCORE_PUNT_ASSUMPTION)
            assumptions_count_padding(state_of(call->module));
        return call_reference(call, driftcore_punt_reason(context));
    case DRIFTCORE_NO_MEMORY:
        return PyErr_NoMemory();
    case DRIFTCORE_OK:
    case DRIFTCORE_INVALID_ARGUMENT:
        break;
    }
    PyErr_Format(PyExc_SystemError, "%s: unexpected status %d of the C core", call->function, (int)status);
    return NULL;
}

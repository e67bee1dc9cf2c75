/*
 * The state of one import of the extension, and what every function does with it:
 * borrow a context, and turn a status into a Python result.
 */
#ifndef DRIFTCORE_NATIVE_STATE_H
#define DRIFTCORE_NATIVE_STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if defined(Py_GIL_DISABLED)
#error "driftcore-native does not support free-threaded builds of Python"
#endif

#include "context.h"

#define STATE_PATTERNS 9
#define ASSUMPTIONS 16

struct state {
    struct driftcore *context;     /* NULL while a call has it */
    PyObject *reference;           /* driftcore.reference, imported at the first punt */
    PyObject *get_digit_limit;     /* sys.get_int_max_str_digits, NULL where Python has none */
    PyObject *type, *properties, *items; /* keys of schemas */
    PyObject *encoding, *decoded_type, *match_importance;
    PyObject *patterns[STATE_PATTERNS];  /* schemas by type, see object_schema_patterns() */
    PyObject *nan;                       /* positive, quiet, without a payload, as json.loads() makes it */
#if PY_VERSION_HEX < 0x030A0000
    PyObject *gc_is_enabled, *gc_enable, *gc_disable;
#endif
    unsigned long long punts[DRIFTCORE_PUNT_COUNT];
    unsigned doubted_uses;               /* what calls must not make use of here; see assumptions.h */
    bool doubted[ASSUMPTIONS];
    unsigned long long doubts[ASSUMPTIONS]; /* punts for each of them */
    enum driftcore_padding padding;
};

struct state *state_of(PyObject *module);

/*
 * A context for one call, ready to be filled; NULL with MemoryError set.  A call
 * can be interrupted by another one in the same thread, when allocating an object
 * collects garbage and a finalizer calls back: that one then gets a context of its own.
 */
struct driftcore *state_borrow(struct state *state);
void state_return(struct state *state, struct driftcore *context);

/*
 * While garbage is not collected, no finalizer runs Python code: what a payload holds stays
 * as it was read, though its copy is made of objects that the collector tracks.  gc_pause()
 * tells whether it was on, for gc_resume().  From 3.12 on allocation itself collects nothing.
 * Before 3.10 C cannot ask for it, so the functions of the module gc are called.
 */
#if PY_VERSION_HEX >= 0x030C0000
static inline bool gc_pause(const struct state *state)
{
    (void)state;
    return false;
}
static inline void gc_resume(const struct state *state, bool collecting)
{
    (void)state;
    (void)collecting;
}
#elif PY_VERSION_HEX >= 0x030A0000
static inline bool gc_pause(const struct state *state)
{
    (void)state;
    return PyGC_Disable();
}
static inline void gc_resume(const struct state *state, bool collecting)
{
    (void)state;
    if (collecting)
        PyGC_Enable();
}
#else
bool gc_pause(const struct state *state);
void gc_resume(const struct state *state, bool collecting);
#endif

/* What needs much stack and is gone from it when the reference is asked, which may need all that is left. */
#define OFF_THE_STACK __attribute__((noinline))

/* A call as Python made it, kept to be made again on the reference. */
struct call {
    PyObject *module;
    const char *function;
    PyObject *const *arguments;
    Py_ssize_t count; /* positional ones; keyword values stand behind them */
    PyObject *keywords;
};

/*
 * Sort a call's arguments into `slots` by position and keyword.  False when they
 * do not fit the names, each given once; nothing is raised.
 */
bool call_bind(const struct call *call, const char *const *names, size_t count, PyObject **slots);

/* A tuple of new references, which it takes; NULL, releasing them, when one of them is NULL. */
PyObject *take_tuple(PyObject *const *items, Py_ssize_t count);

/* Count the punt and let the reference answer or raise. */
PyObject *call_reference(const struct call *call, enum driftcore_punt reason);

/* The result of a call that did not end with OK: the reference's answer or an exception. */
PyObject *call_without_answer(const struct call *call, const struct driftcore *context,
                              enum driftcore_status status);

#endif

#include "stack.h"

#include <pythread.h>
#include <stdint.h>

#if defined(_WIN32)
#include <windows.h>
#elif defined(__linux__) || defined(__APPLE__)
#include <pthread.h>
#endif

/* Python's limit of 1,000 levels takes at most 320 KiB of C: 330 levels of 970 bytes in 3.9. */
#define LEAST_STACK ((uintptr_t)512 << 10)
#define LARGE_STACK ((size_t)16 << 20)

/* The lowest address of this thread's stack, 0 where that is not known. */
static uintptr_t lowest_address(void)
{
    uintptr_t lowest = 0;
#if defined(_WIN32)
    ULONG_PTR low, high;
    GetCurrentThreadStackLimits(&low, &high);
    lowest = low;
#elif defined(__linux__)
    pthread_attr_t attributes;
    void *address;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &address, &size) == 0)
            lowest = (uintptr_t)address;
        pthread_attr_destroy(&attributes);
    }
#elif defined(__APPLE__)
    pthread_t self = pthread_self();
    lowest = (uintptr_t)pthread_get_stackaddr_np(self) - pthread_get_stacksize_np(self);
#endif
    return lowest;
}

bool stack_is_short(void)
{
    static _Thread_local uintptr_t lowest; /* asking costs as much as a short call of the reference */
    if (lowest == 0)
        lowest = lowest_address();
    char here;
    return lowest != 0 && (uintptr_t)&here - lowest < LEAST_STACK;
}

struct errand {
    stack_work *work;
    void *argument;
    PyInterpreterState *interpreter;
    PyThread_type_lock done; /* held until it is */
    PyObject *result, *raised;
};

/* The exception that is set, with its traceback, and none any more; NULL if none is. */
static PyObject *take_raised(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL)
        return NULL;
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(traceback);
    Py_DECREF(type);
    return value;
}

static void run(void *argument)
{
    struct errand *errand = argument;
    PyThread_type_lock done = errand->done;
    PyThreadState *thread = PyThreadState_New(errand->interpreter);
    if (thread != NULL) {
        PyEval_AcquireThread(thread);
        errand->result = errand->work(errand->argument);
        errand->raised = take_raised();
        PyThreadState_Clear(thread);
        PyThreadState_DeleteCurrent();
    }
    PyThread_release_lock(done);
}

/* Start a thread with a large stack; the size for others is set back before any of them can see it. */
static bool start(struct errand *errand)
{
    size_t size = PyThread_get_stacksize();
    if (PyThread_set_stacksize(LARGE_STACK) != 0)
        return false;
    unsigned long thread = PyThread_start_new_thread(run, errand);
    PyThread_set_stacksize(size);
    return thread != PYTHREAD_INVALID_THREAD_ID;
}

PyObject *stack_elsewhere(stack_work *work, void *argument)
{
    struct errand errand = {work, argument, PyThreadState_GetInterpreter(PyThreadState_Get()), NULL, NULL, NULL};
    errand.done = PyThread_allocate_lock();
    if (errand.done == NULL)
        return work(argument);
    PyThread_acquire_lock(errand.done, WAIT_LOCK);
    if (start(&errand)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(errand.done, WAIT_LOCK);
        Py_END_ALLOW_THREADS
        if (errand.raised != NULL) {
            PyErr_SetObject((PyObject *)Py_TYPE(errand.raised), errand.raised);
            Py_DECREF(errand.raised);
        } else if (errand.result == NULL) {
            PyErr_NoMemory();
        }
    } else {
        errand.result = work(argument);
    }
    PyThread_release_lock(errand.done);
    PyThread_free_lock(errand.done);
    return errand.result;
}

/* The functions over spans and export requests; each is a METH_FASTCALL | METH_KEYWORDS. */
#ifndef DRIFTCORE_NATIVE_SPANS_H
#define DRIFTCORE_NATIVE_SPANS_H

#include "state.h"

PyObject *spans_build(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *spans_build_request(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *spans_export(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *spans_verify(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);

#endif

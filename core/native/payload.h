/* The functions over JSON text and payload objects; each is a METH_FASTCALL | METH_KEYWORDS. */
#ifndef DRIFTCORE_NATIVE_PAYLOAD_H
#define DRIFTCORE_NATIVE_PAYLOAD_H

#include "state.h"

PyObject *payload_normalize_json(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                 PyObject *keywords);
PyObject *payload_deterministic_hash(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords);
PyObject *payload_normalize_and_hash(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords);
PyObject *payload_struct_bytes(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                               PyObject *keywords);
PyObject *payload_struct_field_count(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords);
PyObject *payload_process(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *payload_process_pyobject(PyObject *module, PyObject *const *arguments, Py_ssize_t count,
                                   PyObject *keywords);

#endif

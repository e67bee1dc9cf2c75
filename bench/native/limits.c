/*
 * driftcore_limits: the least that some work must cost, for the benches to hold the core
 * against.  A CPython extension, so that a call costs what a call of the core costs.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>

/* New lists and dicts all the way down; leaves and keys are shared. */
static PyObject *copied(PyObject *value)
{
    if (PyList_CheckExact(value)) {
        const Py_ssize_t size = PyList_GET_SIZE(value);
        PyObject *list = PyList_New(size);
        for (Py_ssize_t i = 0; list != NULL && i < size; i++) {
            PyObject *item = copied(PyList_GET_ITEM(value, i));
            if (item == NULL)
                Py_CLEAR(list);
            else
                PyList_SET_ITEM(list, i, item);
        }
        return list;
    }
    if (PyDict_CheckExact(value)) {
        PyObject *dict = PyDict_Copy(value), *key, *item;
        Py_ssize_t at = 0;
        while (dict != NULL && PyDict_Next(value, &at, &key, &item)) {
            if (!PyList_CheckExact(item) && !PyDict_CheckExact(item))
                continue;
            PyObject *inner = copied(item);
            if (inner == NULL || PyDict_SetItem(dict, key, inner) < 0)
                Py_CLEAR(dict);
            Py_XDECREF(inner);
        }
        return dict;
    }
    Py_INCREF(value);
    return value;
}

static PyObject *copy_tree(PyObject *module, PyObject *value)
{
    (void)module;
    return copied(value);
}

/* Whether any byte has its top bit set: the least that a verification must look at. */
static unsigned scan(const char *data, size_t size)
{
    unsigned long long seen = 0, word;
    for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        seen |= word;
    }
    for (; size > 0; data++, size--)
        seen |= (unsigned char)*data;
    return (seen & 0x8080808080808080u) != 0;
}

/* What the scans found; written so that they are not optimised away. */
volatile unsigned limits_found;

/* One bytes object that holds those of the list one after the other; each byte is read once more. */
static PyObject *copy_and_scan(PyObject *module, PyObject *parts)
{
    Py_ssize_t total = 0;
    (void)module;
    if (!PyList_Check(parts))
        return PyErr_Format(PyExc_TypeError, "parts must be a list of bytes, not %s", Py_TYPE(parts)->tp_name);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *part = PyList_GET_ITEM(parts, i);
        if (!PyBytes_Check(part))
            return PyErr_Format(PyExc_TypeError, "parts[%zd] must be bytes, not %s", i, Py_TYPE(part)->tp_name);
        total += PyBytes_GET_SIZE(part);
    }
    PyObject *all = PyBytes_FromStringAndSize(NULL, total);
    if (all == NULL)
        return NULL;
    char *out = PyBytes_AS_STRING(all);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *part = PyList_GET_ITEM(parts, i);
        const size_t size = (size_t)PyBytes_GET_SIZE(part);
        memcpy(out, PyBytes_AS_STRING(part), size);
        limits_found = scan(PyBytes_AS_STRING(part), size);
        out += size;
    }
    return all;
}

static PyMethodDef methods[] = {
    {"copy_tree", copy_tree, METH_O, "New containers, shared leaves."},
    {"copy_and_scan", copy_and_scan, METH_O, "The bytes of a list joined, each looked at once."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "driftcore_limits",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_driftcore_limits(void)
{
    return PyModule_Create(&definition);
}

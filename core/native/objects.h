/* Python objects to trees, copies of them, and schemas back to objects. */
#ifndef DRIFTCORE_NATIVE_OBJECTS_H
#define DRIFTCORE_NATIVE_OBJECTS_H

#include "state.h"

/*
 * Append an object to a tree.  Dicts, lists, str, int, float, bool and None of
 * exactly these types, dict keys being str; anything else punts with TYPE.  No
 * Python code runs and no object is made that the garbage collector tracks, so the
 * object stays as it is meanwhile.
 */
enum driftcore_status object_to_tree(struct driftcore *context, PyObject *object, struct tree *tree);

/*
 * The normal form of an object that object_to_tree() accepted: new containers,
 * shared leaves.  A new reference, or NULL with an exception set.
 */
PyObject *object_copy(PyObject *object);

/*
 * The schema of a decoded value as a dict: a new reference, or NULL with an exception
 * set.  `object` is a copy of the value, whose keys are then shared, or NULL.
 */
PyObject *object_schema(struct driftcore *context, const struct state *state, const struct node *value,
                        const struct merges *merges, PyObject *object);

/* The dicts that schemas are copied from.  False with an exception set. */
bool object_schema_patterns(struct state *state);

#endif

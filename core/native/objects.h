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
 * The same into context->value, and on the way the object's normal form, a new reference
 * with new containers and shared leaves, and in context->sizes the sizes that
 * structpb_measure() would find.  Each container is copied before it is walked and the
 * copy is what is walked, so that what was read lives as long as the copy.
 */
enum driftcore_status object_export(struct driftcore *context, PyObject *object, PyObject **normalized);

/*
 * The schema of a decoded value as a dict: a new reference, or NULL with an exception
 * set.  `object` is a copy of the value, whose keys are then shared, or NULL.
 */
PyObject *object_schema(struct driftcore *context, const struct state *state, const struct node *value,
                        const struct merges *merges, PyObject *object);

/* The dicts that schemas are copied from.  False with an exception set. */
bool object_schema_patterns(struct state *state);

#endif

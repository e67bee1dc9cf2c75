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
 * structpb_measure() would find.  A NaN becomes the one that JSON text makes.  The
 * collector has to be paused: what was read belongs to the object until the copy has it.
 */
enum driftcore_status object_export(struct driftcore *context, const struct state *state, PyObject *object,
                                    PyObject **normalized);

/*
 * The schema of a decoded value as a dict: a new reference, or NULL with an exception
 * set.  `object` is a copy of the value, whose keys are then shared, or NULL.
 */
PyObject *object_schema(struct driftcore *context, const struct state *state, const struct node *value,
                        const struct merges *merges, PyObject *object);

/* The dicts that schemas are copied from.  False with an exception set. */
bool object_schema_patterns(struct state *state);

#endif

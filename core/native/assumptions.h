/*
 * What the core does itself and an interpreter could do otherwise, as data.
 *
 * Each row of the table says what is assumed, has inputs on which the interpreter and the core
 * are compared when the module is made, and names the uses that go to the reference where they
 * differ.  What the core leaves to the interpreter or to the reference needs no row: str() of a
 * key or of a type that JSON does not know, the repr() of a large int, every text of an error.
 */
#ifndef DRIFTCORE_NATIVE_ASSUMPTIONS_H
#define DRIFTCORE_NATIVE_ASSUMPTIONS_H

#include "state.h"

/* What a call makes use of. */
enum {
    USES_READING = 1,  /* of JSON text */
    USES_WRITING = 2,  /* of JSON text */
    USES_SORTING = 4,  /* of keys, for a hash */
    USES_DOUBLES = 8,  /* in Struct bytes */
    USES_OBJECTS = 16, /* made JSON-able */
    USES_DECODING = 32, /* of strings, as merges ask */
};

/* Compare all rows with the running interpreter.  False with an exception set: no memory, or interrupted. */
bool assumptions_probe(struct state *state);

/* The function `assumptions` of the module. */
PyObject *assumptions(PyObject *module, PyObject *unused);

/* The reference's answer to a call whose uses are in doubt, counted. */
PyObject *call_in_doubt(const struct call *call, unsigned uses);

/* Count a call that the core itself handed on, for what stands behind a padding. */
void assumptions_count_padding(struct state *state);

/* Whether a call makes use of anything in doubt. */
static inline bool in_doubt(const struct state *state, unsigned uses)
{
    return (state->doubted_uses & uses) != 0;
}

#endif

/*
 * The two texts that are hashed: a value with sorted keys, and its schema with sorted
 * keys, from one walk over the value's tree.
 *
 * A schema follows its value: the properties of an object's schema are its keys, so
 * sorting them once serves both, and the schema never becomes a tree of its own.
 */
#ifndef DRIFTCORE_CANONICAL_H
#define DRIFTCORE_CANONICAL_H

#include "schema.h"

/*
 * Append the sorted text of a value to `text` and that of its schema, which `merges`
 * annotate, to `schema`; either may be NULL and is then left out.  `scratch` holds the
 * sorting of large objects.  False when there is no memory.
 */
bool canonical_write(const struct node *value, const struct merges *merges, struct buffer *text,
                     struct buffer *schema, struct buffer *scratch);

#endif

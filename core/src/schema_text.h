/*
 * The text of a value's schema straight from the value, for a payload without merges.
 *
 * Most of a schema is the same few words again and again, and a tree of it would be some
 * five times the value's.
 */
#ifndef DRIFTCORE_SCHEMA_TEXT_H
#define DRIFTCORE_SCHEMA_TEXT_H

#include "tree.h"

/*
 * Append what writing schema_infer()'s tree gives, compact or sorted.  All keys are plain.
 * `scratch` holds the sorting.  False when there is no memory.
 */
bool schema_write(const struct node *value, struct buffer *out);
bool schema_write_sorted(const struct node *value, struct buffer *scratch, struct buffer *out);

#endif

/*
 * A tree to compact JSON text, as Python's
 * json.dumps(value, ensure_ascii=False, separators=(",", ":")).
 */
#ifndef DRIFTCORE_WRITER_H
#define DRIFTCORE_WRITER_H

#include "tree.h"

/* Append the text in insertion order.  False when there is no memory. */
bool writer_compact(const struct node *value, struct buffer *out);

#endif

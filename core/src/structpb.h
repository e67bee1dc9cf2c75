/*
 * google.protobuf.Struct bytes of a tree.
 *
 * A protobuf message stands behind its length, so lengths come first: one walk over
 * the tree measures, a second one writes forward into a place of exactly the right
 * size, and nothing is moved.  Both walks meet the containers in the same order, so
 * the sizes found by the first are simply read one after another by the second.
 */
#ifndef DRIFTCORE_STRUCTPB_H
#define DRIFTCORE_STRUCTPB_H

#include "tree.h"

/*
 * Sizes of containers in the order of the tree: of an object the bytes of its Struct,
 * of a list those of its ListValue.  What measures puts them at `next`, what writes
 * takes them from there.
 */
struct sizes {
    size_t *next;
};

/* Room for the sizes of so many nodes, which lives in `buffer`. */
bool sizes_for(size_t nodes, struct buffer *buffer, struct sizes *sizes);

/* The sizes that were measured, from the first on. */
static inline struct sizes sizes_start(struct buffer *buffer)
{
    return (struct sizes){(size_t *)(void *)buffer->data};
}

/* Bytes of an object's Struct.  With `skip_null` its own null members do not count. */
size_t structpb_measure(const struct node *object, bool skip_null, struct sizes *sizes);

/*
 * Write an object's Struct, measured before; gives the end, or NULL with a status:
 * NO_MEMORY, or PUNT for an int beyond double range.
 */
char *structpb_write(const struct node *object, bool skip_null, struct sizes *sizes, struct arena *scratch,
                     char *at, enum driftcore_status *status);

/* A number as a double, with the same two failures. */
enum driftcore_status structpb_number(const struct node *node, struct arena *scratch, double *number);

#endif

/*
 * google.protobuf.Struct bytes of a tree.
 *
 * A protobuf message stands behind its length, so lengths come first: one pass
 * over the nodes from the last to the first finds each container's size from its
 * children's, and a second pass writes forward into a place of exactly the right
 * size.  Nothing is moved.
 */
#ifndef DRIFTCORE_STRUCTPB_H
#define DRIFTCORE_STRUCTPB_H

#include "tree.h"

/*
 * Sizes of containers, one for each node of a tree by index: of an object the
 * bytes of its Struct, of a list those of its ListValue.
 */
struct sizes {
    const struct node *nodes;
    size_t *of;
};

static inline size_t *size_of(const struct sizes *sizes, const struct node *node)
{
    return &sizes->of[node - sizes->nodes];
}

/* Room for the sizes of all nodes of a tree, which must not grow meanwhile; it lives in `buffer`. */
bool sizes_for(const struct tree *tree, struct buffer *buffer, struct sizes *sizes);

/* Measure an object and all below it.  With `skip_null` its own null members do not count. */
void structpb_measure(const struct node *object, bool skip_null, const struct sizes *sizes);

/*
 * Write an object's Struct, measured before; gives the end, or NULL with a status:
 * NO_MEMORY, or PUNT for an int beyond double range.
 */
char *structpb_write(const struct node *object, bool skip_null, const struct sizes *sizes, struct arena *scratch,
                     char *at, enum driftcore_status *status);

/* A number as a double, with the same two failures. */
enum driftcore_status structpb_number(const struct node *node, struct arena *scratch, double *number);

#endif

/*
 * Keys of one object: their order by code point, and what happens when one repeats.
 *
 * Code-point order is byte order in UTF-8, so sorting compares the first eight
 * bytes as one big-endian number and rarely looks further.
 */
#ifndef DRIFTCORE_KEYS_H
#define DRIFTCORE_KEYS_H

#include "tree.h"

struct key {
    uint64_t prefix; /* the first eight bytes, zero-padded, the first the most significant */
    const struct node *node;
};

struct key key_of(const struct node *node);

/* Sort keys by code point, equal ones staying in order; `spare` has room for half as many. */
void keys_sort(struct key *keys, size_t count, struct key *spare);

/* Whether any of the sorted keys repeats. */
bool keys_repeat(const struct key *keys, size_t count);

/*
 * An object's keys sorted by code point, equal ones in their order of appearance.
 * They are written at the end of `scratch`, whose size does not change: they live
 * until the next use of it.  NULL when there is no memory.
 */
struct key *keys_sorted(const struct node *object, struct buffer *scratch);

/*
 * Settle repeated keys of the object at `container`, which is closed and ends the
 * tree: the last value wins, the first position stays.
 */
bool keys_settle(struct tree *tree, size_t container, struct buffer *scratch);

#endif

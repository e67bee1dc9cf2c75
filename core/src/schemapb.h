/*
 * tusk.drift.core.v1.JsonSchema bytes, measured first and written second as in
 * structpb.h.
 *
 * In a schema given as a tree a number outside its enum counts as not given, a container of the wrong kind as
 * empty; a property that is neither an object nor null, or a match_importance that
 * is no number, punts.
 */
#ifndef DRIFTCORE_SCHEMAPB_H
#define DRIFTCORE_SCHEMAPB_H

#include "schema.h"
#include "structpb.h"

/*
 * Where a schema comes from: it is given as a tree, or with `merges` it is that of the
 * value that is given.  Without a node it is empty.
 */
struct schema_source {
    const struct node *node;
    const struct merges *merges;
};

/*
 * Bytes of a schema, into `*size`, and of all below it.  On a punt `*reason` is SCHEMA or
 * OVERFLOW.  `open` holds the schemas that the walk is inside of.
 */
enum driftcore_status schemapb_measure(const struct schema_source *schema, struct sizes *sizes,
                                       struct buffer *open, size_t *size, enum driftcore_punt *reason);

/* Write a measured schema; gives the end.  `open` is the one that measuring used. */
char *schemapb_write(const struct schema_source *schema, struct sizes *sizes,
                     struct buffer *open, char *at);

#endif

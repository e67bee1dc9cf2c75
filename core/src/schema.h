/*
 * Merges, the decoding they ask for, and the schema of a value.
 *
 * A schema says little that the value's tree and the merges do not say, so it is never
 * made as a tree of its own: its text (here, and in canonical.h the sorted one) and its
 * protobuf bytes (schemapb.h) are written from the value.
 */
#ifndef DRIFTCORE_SCHEMA_H
#define DRIFTCORE_SCHEMA_H

#include "reader.h"

#define SCHEMA_LARGEST_TYPE 9
#define SCHEMA_LARGEST_ENCODING 1
#define SCHEMA_LARGEST_DECODED_TYPE 24

/* Those of JsonSchemaType that values have. */
enum schema_type {
    SCHEMA_NUMBER = 1,
    SCHEMA_STRING = 2,
    SCHEMA_BOOLEAN = 3,
    SCHEMA_NULL = 4,
    SCHEMA_OBJECT = 6,
    SCHEMA_ORDERED_LIST = 7,
};

enum schema_type schema_type_of(const struct node *value);

/* What a caller says of one top-level key. */
struct merge {
    const struct node *key;
    int encoding;                        /* -1 where not given */
    int decoded_type;                    /* -1 where not given */
    const struct node *match_importance; /* a number, or NULL */
};

/* Merges sorted by key. */
struct merges {
    const struct merge *rules;
    size_t count;
};

/*
 * Read merges from an object of objects into `rules`, whose memory they are.  Punts
 * with MERGES where the contract asks for an error.
 */
enum driftcore_status merges_read(const struct node *object, struct buffer *rules, struct buffer *scratch,
                                  struct merges *merges, enum driftcore_punt *reason);

/* The merge of a key, or NULL. */
const struct merge *merges_find(const struct merges *merges, const struct node *key);

/*
 * Append to `reader`'s tree an object whose members are decoded as the merges say.
 * A step that fails leaves what the step before it gave.
 */
enum driftcore_status schema_decode(const struct node *object, const struct merges *merges,
                                    enum driftcore_padding padding, const struct reader *reader,
                                    enum driftcore_punt *reason);

/*
 * Append the compact text of a value's schema, whose members of the top level `merges`
 * annotate.  False when there is no memory.
 */
bool schema_write(const struct node *value, const struct merges *merges, struct buffer *out);

#endif

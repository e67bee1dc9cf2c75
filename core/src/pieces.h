/*
 * google.protobuf.Struct bytes while a text is read.
 *
 * A message stands behind its length, which is known when its last member is.  So the
 * scalars are written one after another as they come, each with the heads in front of
 * it, and the heads of containers are only noted: where they belong and, once the
 * container ends, how long it is.  Heads count in the lengths of what is around them,
 * which a running total takes care of.  At the end all is copied to its place, or moved
 * there within the same memory.
 *
 * The other way to the same bytes, structpb.h, starts from a tree.
 */
#ifndef DRIFTCORE_PIECES_H
#define DRIFTCORE_PIECES_H

#include "memory.h"

/* What a value belongs to: a member of an object, or with a NULL key an element of a list. */
struct place {
    const char *key;
    size_t key_size;
};

/* The head of a container inside another one, or of the root, which has no place. */
struct head {
    uint32_t key; /* its distance from the end of the text, which is below 2^31; 0 for an element of a list */
    uint32_t key_size : 31;
    uint32_t is_object : 1;
    size_t at;      /* where among the pieces it belongs */
    size_t content; /* bytes of the Struct or ListValue */
};

struct pieces {
    struct buffer bytes;
    struct buffer heads; /* struct head; with none the bytes are the Struct */
    size_t head_bytes;   /* of the containers that are closed */
    const char *end;     /* of the text: memory before it may be read behind a key or a string */
};

/* A container that is open. */
struct opened {
    size_t head;       /* its index */
    size_t head_bytes; /* of those closed before it */
};

/* Forget all pieces: the Struct is empty. */
void pieces_clear(struct pieces *pieces);

/* Begin with the Struct of the text [start, end), in which all keys and strings lie.  False when there is no memory. */
bool pieces_start(struct pieces *pieces, const char *start, const char *end);

/* Append a value.  False when there is no memory. */
bool pieces_add_null(struct pieces *pieces, struct place place);
bool pieces_add_bool(struct pieces *pieces, struct place place, bool value);
bool pieces_add_number(struct pieces *pieces, struct place place, double number);
bool pieces_add_string(struct pieces *pieces, struct place place, const char *text, size_t size);

/*
 * The same for a string that is still to be made: room for `longest` bytes and a careless
 * copy, NULL when there is no memory; then what was written there is added.
 */
char *pieces_string_room(struct pieces *pieces, struct place place, size_t longest);
void pieces_add_room(struct pieces *pieces, struct place place, const char *room, size_t size);

bool pieces_open(struct pieces *pieces, struct place place, bool is_object, struct opened *opened);
void pieces_close(struct pieces *pieces, struct opened opened);

/* The bytes of the root, which is an object and closed. */
size_t pieces_size(const struct pieces *pieces);
void pieces_write(const struct pieces *pieces, char *out);

/* Make `bytes` the Struct.  False when there is no memory. */
bool pieces_join(struct pieces *pieces);

#endif

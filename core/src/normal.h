/*
 * JSON text to its normal form without a tree.
 *
 * Most tokens are in normal form as they arrive, and so is much text as a whole.
 * So one pass checks the text and lets a run of bytes grow as long as nothing has
 * to change; where something does, the run is copied and the change written behind
 * it.  Text in normal form is not copied, unless it has a \uXXXX: it is its own result.
 *
 * This way answers or declines, and knows no errors: whatever is not plainly right,
 * and what is right but rare (a scalar as the whole text, repeated keys), is left to
 * the reader and the writer, which decide it once for all.
 */
#ifndef DRIFTCORE_NORMAL_H
#define DRIFTCORE_NORMAL_H

#include "order.h"
#include "pieces.h"
#include "tree.h"

struct normal {
    struct order order;
    struct pieces pieces;
    struct tree outline;
    struct buffer out;           /* the normal text where it is not a part of the input */
    struct buffer open;          /* the containers that the pass is inside of */
    struct driftcore_slice text; /* the normal text: in `out` or in the input */
};

void normal_create(struct normal *normal, const struct driftcore_allocator *allocator);
void normal_trim(struct normal *normal);
void normal_release(struct normal *normal);

/* What is wanted from the pass. */
enum {
    NORMAL_TEXT = 1,     /* `text`; without it floats are left as they came */
    NORMAL_SORTABLE = 2, /* what normal_sorted() needs besides */
    NORMAL_STRUCT = 4,   /* `pieces`, empty of a text that is no object */
    NORMAL_OUTLINE = 8,  /* `outline`: the value as far as its schema shows it */
};

/*
 * Make what is wanted.  DRIFTCORE_PUNT declines, with nothing said about the text.
 *
 * The outline has the keys and kinds of all values except list elements behind the first,
 * and neither numbers nor strings.
 */
enum driftcore_status normal_read(struct normal *normal, struct driftcore_slice json, unsigned wanted);

/* The text with keys sorted by code point: `normal->text` itself, or bytes of `out`. */
enum driftcore_status normal_sorted(struct normal *normal, struct buffer *out, struct driftcore_slice *sorted);

#endif

/*
 * JSON text to its normal form without a tree.
 *
 * Most tokens are in normal form as they arrive, and so is much text as a whole.
 * So one pass checks the text and lets a run of bytes grow as long as nothing has
 * to change; where something does, the run is copied and the change written behind
 * it.  Text in normal form is never copied: it is its own result.
 *
 * This way answers or declines, and knows no errors: whatever is not plainly right,
 * and what is right but rare (a scalar as the whole text, repeated keys), is left to
 * the reader and the writer, which decide it once for all.
 */
#ifndef DRIFTCORE_NORMAL_H
#define DRIFTCORE_NORMAL_H

#include "order.h"

struct normal {
    struct order order;
    struct buffer out;           /* the normal text where it is not a part of the input */
    struct driftcore_slice text; /* the normal text: in `out` or in the input */
};

void normal_create(struct normal *normal, const struct driftcore_allocator *allocator);
void normal_trim(struct normal *normal);
void normal_release(struct normal *normal);

/*
 * Set `normal->text`; with `sortable` also what normal_sorted() needs.
 * DRIFTCORE_PUNT declines, with nothing said about the text.
 */
enum driftcore_status normal_read(struct normal *normal, struct driftcore_slice json, bool sortable);

/* The text with keys sorted by code point: `normal->text` itself, or bytes of `out`. */
enum driftcore_status normal_sorted(struct normal *normal, struct buffer *out, struct driftcore_slice *sorted);

#endif

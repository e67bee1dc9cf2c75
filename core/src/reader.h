/*
 * JSON text to a tree, accepting exactly what Python's `json.loads` accepts.
 *
 * Python's liberties are the reader's: NaN, Infinity and -Infinity are numbers,
 * ints have any length, `-0` is the int 0.  A repeated key keeps its first
 * position and its last value.
 */
#ifndef DRIFTCORE_READER_H
#define DRIFTCORE_READER_H

#include "tree.h"

struct reader {
    struct tree *tree;     /* the value is appended here */
    struct arena *text;    /* unescaped strings */
    struct buffer *scratch;
    driftcore_digit_limit *digit_limit;
    void *digit_limit_state;
};

/*
 * Append the value of a whole text.  Strings of the tree point into `json` or the
 * arena.  On a punt `*reason` is SYNTAX, DIGITS, SURROGATE or DEPTH; whenever the
 * status is not OK the tree is as it was before.
 */
enum driftcore_status reader_parse(const struct reader *reader, struct driftcore_slice json,
                                   enum driftcore_punt *reason);

#endif

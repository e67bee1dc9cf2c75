/*
 * One pass over a text on its way to normal form: its state, and its tokens.
 *
 * The text must be an object or a list and end with its bracket.  Then every loop over
 * blanks, digits or letters stops at that bracket at the latest, and only strings and
 * the place behind a bracket need a look at the end.
 *
 * A function that skips something gives the place behind it, or NULL where the pass is
 * to end; `failure` then says why.
 */
#ifndef DRIFTCORE_NORMAL_SCAN_H
#define DRIFTCORE_NORMAL_SCAN_H

#include "copy.h"
#include "normal.h"
#include "scan.h"
#include "string_run.h"

struct scan {
    struct normal *normal;
    struct growing text;
    const char *last, *end; /* the last bracket and the end of the input */
    unsigned wanted;
    struct place place;            /* of the next value in the container around it */
    enum driftcore_status failure; /* PUNT unless there was no memory */
};

static inline bool no_memory(struct scan *scan)
{
    scan->failure = DRIFTCORE_NO_MEMORY;
    return false;
}

/* Where in the normal text a place of the input is that lies in the present run. */
static inline uint32_t place_of(const struct scan *scan, const char *at)
{
    return (uint32_t)(scan->text.written + (size_t)(at - scan->text.run));
}

/* Give the output room for what is left of the input, one float and careless copies. */
bool make_room(struct scan *scan);

/* End the run at `end` and begin the next at `next`. */
static inline bool cut(struct scan *scan, const char *end, const char *next)
{
    struct growing *text = &scan->text;
    if (text->out == NULL && !make_room(scan))
        return false;
    char *out = scan->normal->out.data + text->written;
    out = copy_behind(out, text->run, (size_t)(end - text->run), scan->end);
    text->written = (size_t)(out - scan->normal->out.data);
    text->run = next;
    return true;
}

/* Write something that stands for no more of the input than is behind the last cut. */
static inline void put(struct scan *scan, const char *bytes, size_t size)
{
    memcpy(scan->normal->out.data + scan->text.written, bytes, size);
    scan->text.written += size;
}

/*
 * Escapes that are not one normal letter, at least one.  What they stand for is also written
 * to `*meaning`, unless it is NULL, and its end given back.
 */
const char *skip_odd_escapes(struct scan *scan, const char *at, char **meaning);

/* A string from behind its opening quote. */
static inline const char *skip_string(struct scan *scan, const char *at)
{
    /* Most strings end in the first blocks; the others are looked at in larger ones. */
    for (int blocks = 0; blocks < 3 && scan->last - at >= SCAN_BLOCK; blocks++) {
        scan_mask found = scan_block(at);
        if (found == 0) {
            at += SCAN_BLOCK;
            continue;
        }
        at += SCAN_INDEX(found);
        if (*at == '"')
            return at + 1;
        if (*at != '\\' || letter_escapes[(unsigned char)at[1]] == '\0')
            break;
        at += 2;
    }
    for (;;) {
        at = string_run(at, scan->last);
        if (at == scan->last)
            return NULL;
        if (*at == '"')
            return at + 1;
        if (*at != '\\')
            return NULL;
        at = skip_odd_escapes(scan, at, NULL);
        if (at == NULL)
            return NULL;
    }
}

/* The same, and add it to the pieces. */
const char *add_string(struct scan *scan, const char *at);

static inline bool may_be_blank(char c)
{
    return (unsigned char)c <= ' ';
}

const char *skip_blanks(struct scan *scan, const char *at);

/* A number with its sign, added to the pieces where they are wanted. */
const char *take_number(struct scan *scan, const char *at);

/* The same of true, false, null, NaN and Infinity. */
const char *take_constant(struct scan *scan, const char *at);

#endif

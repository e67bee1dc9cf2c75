/*
 * Writing JSON text into a buffer, token by token: one reserve for a token's longest
 * form, then unchecked writes.
 */
#ifndef DRIFTCORE_OUTPUT_H
#define DRIFTCORE_OUTPUT_H

#include "memory.h"
#include "quote.h"

/* A buffer that is being written, with the ends of its free part at hand, which are never NULL. */
struct output {
    struct buffer *buffer;
    char *at, *end;
};

static inline void output_open(struct output *output, struct buffer *buffer)
{
    static char nothing[1];
    *output = (struct output){buffer, nothing, nothing};
    if (buffer->data != NULL)
        *output = (struct output){buffer, buffer->data + buffer->size, buffer->data + buffer->capacity};
}

/* Bytes in the buffer so far; something has been written. */
static inline size_t output_size(const struct output *output)
{
    return (size_t)(output->at - output->buffer->data);
}

/* Leave the buffer as written but for its last bytes. */
static inline void output_close(struct output *output, size_t but)
{
    output->buffer->size = output_size(output) - but;
}

bool output_grow(struct output *output, size_t size);

/* Room for a token.  False when there is no memory, as all that follows. */
static inline bool output_reserve(struct output *output, size_t size)
{
    return size <= (size_t)(output->end - output->at) || output_grow(output, size);
}

/* Into room that is reserved. */
static inline void output_put(struct output *output, const char *text, size_t size)
{
    memcpy(output->at, text, size);
    output->at += size;
}
#define OUTPUT_PUT(output, literal) output_put(output, literal, sizeof(literal) - 1)

/* A number below 100, and a byte behind it. */
static inline void output_put_small(struct output *output, int number, char after)
{
    if (number > 9)
        *output->at++ = (char)('0' + number / 10);
    *output->at++ = (char)('0' + number % 10);
    *output->at++ = after;
}

static inline bool output_add(struct output *output, const char *text, size_t size)
{
    if (!output_reserve(output, size))
        return false;
    output_put(output, text, size);
    return true;
}
#define OUTPUT_ADD(output, literal) output_add(output, literal, sizeof(literal) - 1)

/* What is left of a text from its first escape on, and the quote; one byte more stays reserved. */
bool output_escaped(struct output *output, const char *text, size_t size);

/* A quoted text and one byte after it. */
static inline bool output_string(struct output *output, const char *text, size_t size, char after)
{
    size_t room;
    if (!size_add(size, QUOTE_SLACK + 3, &room) || !output_reserve(output, room))
        return false;
    *output->at++ = '"';
    size_t plain = quote_plain(output->at, text, size);
    output->at += plain;
    if (plain == size)
        *output->at++ = '"';
    else if (!output_escaped(output, text + plain, size - plain))
        return false;
    *output->at++ = after;
    return true;
}

/* A float as Python's json writes it, and one byte after it. */
bool output_float(struct output *output, double number, char after);

#endif

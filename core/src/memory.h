/*
 * Memory that grows: a buffer for bytes that are written one after another, and
 * an arena for pieces of text that must not move once they are written.
 *
 * Both take their memory from the context's allocator and say so when there is
 * none; nothing here aborts.  An empty buffer has no memory yet and is valid.
 */
#ifndef DRIFTCORE_MEMORY_H
#define DRIFTCORE_MEMORY_H

#include "driftcore.h"

#include <string.h>

/* What costs more to call than it does; the compiler would not know. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Scratch memory up to this size survives a call; a larger piece is given back. */
#define MEMORY_KEPT ((size_t)1 << 20)

/* `a + b` or `a * b` into `*sum`; false where it does not fit. */
static inline bool size_add(size_t a, size_t b, size_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

static inline bool size_multiply(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

/*
 * The size, set anew in each call, is not beside the capacity: compilers like to load the
 * two as one register, which has to wait for a size that was just written.
 */
struct buffer {
    size_t size;
    const struct driftcore_allocator *allocator;
    char *data;
    size_t capacity;
};

/* Make room for `extra` more bytes after `size`.  Grows by half so that appending costs linear time. */
bool buffer_grow(struct buffer *buffer, size_t extra);

/* The same for bytes that are the last ones: with no room behind them. */
bool buffer_grow_exactly(struct buffer *buffer, size_t extra);

/* Make room where there may be some. */
static inline bool buffer_reserve(struct buffer *buffer, size_t extra)
{
    return extra <= buffer->capacity - buffer->size || buffer_grow(buffer, extra);
}

/* Forget the content; keep the memory unless it is more than MEMORY_KEPT. */
void buffer_trim(struct buffer *buffer);
void buffer_release(struct buffer *buffer);

static inline struct driftcore_slice buffer_slice(const struct buffer *buffer)
{
    return (struct driftcore_slice){buffer->data, buffer->size};
}

struct arena_block;

struct arena {
    const struct driftcore_allocator *allocator;
    struct arena_block *newest;
    char *at, *end;
};

/*
 * `size` bytes that do not move, or NULL.  arena_keep() then says how many of them
 * are used; until it is called the next arena_take() gives the same place.
 */
char *arena_take(struct arena *arena, size_t size);

static inline void arena_keep(struct arena *arena, size_t size)
{
    arena->at += size;
}

/* Forget all pieces, keeping one block for the next call. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

#endif

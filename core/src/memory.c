#include "memory.h"

#define BUFFER_FIRST 256
#define ARENA_BLOCK 4096

static bool resize(struct buffer *buffer, size_t capacity)
{
    const struct driftcore_allocator *allocator = buffer->allocator;
    char *data = allocator->reallocate(allocator->state, buffer->data, capacity);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool buffer_grow(struct buffer *buffer, size_t extra)
{
    size_t capacity, grown;
    if (!size_add(buffer->size, extra, &capacity) || !size_add(buffer->capacity, buffer->capacity / 2, &grown))
        return false;
    if (capacity < BUFFER_FIRST)
        capacity = BUFFER_FIRST;
    return resize(buffer, grown < capacity ? capacity : grown);
}

bool buffer_grow_exactly(struct buffer *buffer, size_t extra)
{
    return resize(buffer, buffer->size + extra);
}

void buffer_release(struct buffer *buffer)
{
    buffer->allocator->release(buffer->allocator->state, buffer->data);
    buffer->data = NULL;
    buffer->size = buffer->capacity = 0;
}

void buffer_trim(struct buffer *buffer)
{
    if (buffer->capacity > MEMORY_KEPT)
        buffer_release(buffer);
    buffer->size = 0;
}

/* A block's pieces follow its header. */
struct arena_block {
    struct arena_block *older;
    size_t size; /* of the pieces, in bytes */
};

static char *block_pieces(struct arena_block *block)
{
    return (char *)(block + 1);
}

char *arena_take(struct arena *arena, size_t size)
{
    if (arena->newest != NULL && size <= (size_t)(arena->end - arena->at))
        return arena->at;
    /* Twice the last block, so that many small pieces need few blocks. */
    size_t pieces = ARENA_BLOCK, total;
    if (arena->newest != NULL)
        pieces = arena->newest->size < MEMORY_KEPT / 2 ? 2 * arena->newest->size : MEMORY_KEPT;
    if (pieces < size)
        pieces = size;
    if (!size_add(pieces, sizeof(struct arena_block), &total))
        return NULL;
    struct arena_block *block = arena->allocator->reallocate(arena->allocator->state, NULL, total);
    if (block == NULL)
        return NULL;
    block->older = arena->newest;
    block->size = pieces;
    arena->newest = block;
    arena->at = block_pieces(block);
    arena->end = arena->at + pieces;
    return arena->at;
}

static void release_blocks(struct arena *arena, struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *older = block->older;
        arena->allocator->release(arena->allocator->state, block);
        block = older;
    }
}

void arena_reset(struct arena *arena)
{
    struct arena_block *newest = arena->newest;
    if (newest == NULL)
        return;
    if (newest->size > MEMORY_KEPT) {
        arena_release(arena);
        return;
    }
    release_blocks(arena, newest->older);
    newest->older = NULL;
    arena->at = block_pieces(newest);
}

void arena_release(struct arena *arena)
{
    release_blocks(arena, arena->newest);
    arena->newest = NULL;
    arena->at = arena->end = NULL;
}

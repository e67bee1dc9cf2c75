#include "counting.h"

#include <malloc.h>
#include <stdlib.h>

struct counting counting;

static void held(long change)
{
    counting.bytes += change;
    if (counting.bytes > counting.peak)
        counting.peak = counting.bytes;
}

static void *reallocate(void *state, void *memory, size_t size)
{
    const size_t before = malloc_usable_size(memory);
    void *moved = realloc(memory, size);
    (void)state;
    if (moved == NULL)
        return NULL;
    counting.allocations++;
    held((long)malloc_usable_size(moved) - (long)before);
    return moved;
}

static void release(void *state, void *memory)
{
    (void)state;
    held(-(long)malloc_usable_size(memory));
    free(memory);
}

const struct driftcore_allocator counting_allocator = {reallocate, release, NULL};

void counting_reset(void)
{
    counting.allocations = 0;
    counting.peak = counting.bytes;
}

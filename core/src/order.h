/*
 * The objects of a text whose keys are not in code-point order, and the text with
 * all keys in order.
 *
 * Sorting permutes the members of an object and changes no other byte, so the sorted
 * text is made of slices of the text.  Of each object that needs it, its members'
 * places are kept as slots; objects in order leave nothing behind.
 *
 * Objects at the same place of a text are mostly alike: the same keys in the same
 * order.  Their common shape is found once, by sorting, which also shows that no key
 * repeats.  The next object there is expected to have it, and comparing its keys as
 * they come with those expected is all it takes.
 *
 * Keys have no escapes here: the order of what they stand for is the order of their text.
 * Places are offsets of 32 bits; ORDER_LARGEST_TEXT keeps them from overflowing.
 */
#ifndef DRIFTCORE_ORDER_H
#define DRIFTCORE_ORDER_H

#include "memory.h"

/* Normal text is at most eight times as long as what it is made of: 1e15 against 1000000000000000.0 */
#define ORDER_LARGEST_TEXT ((size_t)1 << 29)

struct member {
    uint32_t start;   /* of the key's opening quote in the normal text */
    uint32_t size;    /* of the key between its quotes */
    uint32_t objects; /* recorded before it */
    uint32_t child;   /* the shape to expect of an object in its value */
};

#define ORDER_SORTED UINT32_MAX

struct shape {
    uint32_t first, count; /* members that have it */
    uint32_t order;        /* where in `orders` its permutation starts, or ORDER_SORTED */
};

/* A member of an object that takes part in sorting. */
struct slot {
    uint32_t start;   /* of the key's opening quote in the normal text */
    uint32_t objects; /* recorded before it */
};

/* An object that takes part in sorting.  Those inside it follow it. */
struct object {
    uint32_t start, end; /* in the normal text, brackets included */
    uint32_t first;      /* of its slots */
    uint32_t shape;
    uint32_t next;       /* the first object behind it that is not inside it */
};

struct order {
    struct buffer members; /* struct member, of the shapes */
    struct buffer pending; /* struct member, of the objects that are still open */
    struct buffer slots;   /* struct slot */
    struct buffer shapes;  /* struct shape; the first stands for none */
    struct buffer orders;  /* uint32_t, permutations */
    struct buffer objects; /* struct object */
    struct buffer scratch;
};

#define ORDER_ITEMS(name, type, buffer)                                                                          \
    static inline type *name(const struct order *order)                                                          \
    {                                                                                                            \
        return (type *)(void *)order->buffer.data;                                                               \
    }                                                                                                            \
    static inline uint32_t name##_count(const struct order *order)                                               \
    {                                                                                                            \
        return (uint32_t)(order->buffer.size / sizeof(type));                                                    \
    }
ORDER_ITEMS(order_members, struct member, members)
ORDER_ITEMS(order_pending, struct member, pending)
ORDER_ITEMS(order_slots, struct slot, slots)
ORDER_ITEMS(order_shapes, struct shape, shapes)
ORDER_ITEMS(order_orders, uint32_t, orders)
ORDER_ITEMS(order_objects, struct object, objects)
#undef ORDER_ITEMS

void order_create(struct order *order, const struct driftcore_allocator *allocator);
void order_trim(struct order *order);
void order_release(struct order *order);

/* Forget all objects and shapes.  False when there is no memory. */
bool order_start(struct order *order);

/*
 * The normal text while it grows: [0, written) lies at `out`, what follows at `run`,
 * a part of the input.  No key lies in both.
 */
struct growing {
    const char *out, *run;
    size_t written;
};

static inline const char *growing_at(const struct growing *text, size_t offset)
{
    return offset < text->written ? text->out + offset : text->run + (offset - text->written);
}

/*
 * Make a shape of the pending members from `base` on, at least one, and move them to
 * the members.  DRIFTCORE_PUNT when a key repeats.
 */
enum driftcore_status order_add_shape(struct order *order, uint32_t base, const struct growing *text,
                                      uint32_t *shape);

/*
 * Copy the text with all recorded objects sorted to `out`, which has text.size + COPY_SLACK
 * bytes.  False when there is no memory.
 */
bool order_write(struct order *order, struct driftcore_slice text, char *out);

#endif

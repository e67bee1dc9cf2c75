#include "order.h"

#include "copy.h"
#include "keys.h"

#define BUFFERS(order)                                                                                           \
    {                                                                                                            \
        &(order)->members, &(order)->pending, &(order)->slots, &(order)->shapes, &(order)->orders,               \
            &(order)->objects, &(order)->scratch                                                                 \
    }
#define BUFFER_COUNT 7

void order_create(struct order *order, const struct driftcore_allocator *allocator)
{
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(order);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        *buffers[i] = (struct buffer){.allocator = allocator};
}

void order_trim(struct order *order)
{
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(order);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffer_trim(buffers[i]);
}

void order_release(struct order *order)
{
    struct buffer *buffers[BUFFER_COUNT] = BUFFERS(order);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        buffer_release(buffers[i]);
}

bool order_start(struct order *order)
{
    order->members.size = order->pending.size = order->slots.size = 0;
    order->orders.size = order->objects.size = 0;
    order->shapes.size = sizeof(struct shape);
    if (order->shapes.capacity == 0) {
        order->shapes.size = 0;
        if (!buffer_reserve(&order->shapes, sizeof(struct shape)))
            return false;
        order->shapes.size = sizeof(struct shape);
    }
    order_shapes(order)[0] = (struct shape){0, 0, ORDER_SORTED};
    return true;
}

/* How many bytes all keys have in common at their start. */
static size_t common_start(const struct node *nodes, size_t count)
{
    size_t common = nodes[0].size;
    for (size_t i = 1; i < count && common != 0; i++) {
        if (nodes[i].size < common)
            common = nodes[i].size;
        size_t same = 0;
        while (same < common && nodes[i].text[same] == nodes[0].text[same])
            same++;
        common = same;
    }
    return common;
}

/* What tells the members' keys apart, sorted, and their nodes, in order of appearance, in the scratch. */
static struct key *sort_members(struct order *order, const struct member *members, size_t count,
                                const struct growing *text, struct node **nodes)
{
    size_t bytes;
    order->scratch.size = 0;
    if (!size_multiply(count, sizeof(struct node) + 2 * sizeof(struct key), &bytes)
        || !buffer_reserve(&order->scratch, bytes))
        return NULL;
    *nodes = (struct node *)(void *)order->scratch.data;
    struct key *keys = (struct key *)(void *)(*nodes + count);
    for (size_t i = 0; i < count; i++)
        (*nodes)[i] = (struct node){
            .kind = KIND_PLAIN, .size = members[i].size, .text = growing_at(text, members[i].start) + 1};
    size_t common = common_start(*nodes, count);
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        (*nodes)[i].size = ((*nodes)[i].size - common) & NODE_LARGEST_SIZE;
        (*nodes)[i].text += common;
        keys[i] = key_of(&(*nodes)[i]);
        sorted = sorted && (i == 0 || keys[i - 1].prefix < keys[i].prefix);
    }
    if (!sorted)
        keys_sort(keys, count, keys + count);
    return keys;
}

enum driftcore_status order_add_shape(struct order *order, uint32_t base, const struct growing *text,
                                      uint32_t *shape)
{
    size_t count = order_pending_count(order) - base;
    if (!buffer_reserve(&order->shapes, sizeof(struct shape))
        || !buffer_reserve(&order->members, count * sizeof(struct member))
        || !buffer_reserve(&order->orders, count * sizeof(uint32_t)))
        return DRIFTCORE_NO_MEMORY;
    const struct member *members = order_pending(order) + base;
    struct shape made = {order_members_count(order), (uint32_t)count, ORDER_SORTED};
    if (count > 1) {
        struct node *nodes;
        struct key *keys = sort_members(order, members, count, text, &nodes);
        if (keys == NULL)
            return DRIFTCORE_NO_MEMORY;
        if (keys_repeat(keys, count))
            return DRIFTCORE_PUNT;
        uint32_t *permutation = order_orders(order) + order_orders_count(order);
        bool sorted = true;
        for (size_t i = 0; i < count; i++) {
            permutation[i] = (uint32_t)(keys[i].node - nodes);
            sorted = sorted && permutation[i] == i;
        }
        if (!sorted) {
            made.order = order_orders_count(order);
            order->orders.size += count * sizeof(uint32_t);
        }
    }
    memcpy(order_members(order) + made.first, members, count * sizeof(struct member));
    order->members.size += count * sizeof(struct member);
    *shape = order_shapes_count(order);
    order_shapes(order)[*shape] = made;
    order->shapes.size += sizeof(struct shape);
    return DRIFTCORE_OK;
}

/* An object that is being written: its next member, and what is left of the slice that holds objects. */
struct level {
    const struct object *object;
    uint32_t member;        /* in the order of writing */
    uint32_t start, end;    /* of the slice */
    uint32_t first, behind; /* the objects that are in it */
};

/* One more, in the scratch; NULL when there is no memory. */
static struct level *open_level(struct buffer *scratch)
{
    if (!buffer_reserve(scratch, sizeof(struct level)))
        return NULL;
    scratch->size += sizeof(struct level);
    return (struct level *)(void *)(scratch->data + scratch->size) - 1;
}

/* Close the innermost; gives the one around it. */
static struct level *close_level(struct buffer *scratch)
{
    scratch->size -= sizeof(struct level);
    return (struct level *)(void *)(scratch->data + scratch->size) - 1;
}

struct writing {
    const struct order *order;
    const char *text, *end;
    char *out;
};

/* The next object of a slice that needs sorting, or NULL; what is inside a sorted one may need it all the same. */
static const struct object *next_object(const struct order *order, struct level *level)
{
    for (; level->first < level->behind; level->first++) {
        const struct object *object = order_objects(order) + level->first;
        if (order_shapes(order)[object->shape].order != ORDER_SORTED)
            return object;
    }
    return NULL;
}

/* Write members up to one that holds objects, which becomes the slice; false behind the last one. */
static bool next_slice(struct writing *writing, struct level *level)
{
    const struct object *object = level->object;
    const struct shape *shape = order_shapes(writing->order) + object->shape;
    const uint32_t *permutation = order_orders(writing->order) + shape->order;
    const struct slot *slots = order_slots(writing->order) + object->first;
    char *out = writing->out;
    for (uint32_t i = level->member; i < shape->count; i++) {
        uint32_t place = permutation[i];
        const struct slot *slot = &slots[place];
        bool last = place + 1 == shape->count;
        uint32_t end = last ? object->end - 1 : slot[1].start - 1;
        uint32_t behind = last ? object->next : slot[1].objects;
        if (slot->objects != behind) {
            *level = (struct level){object, i + 1, slot->start, end, slot->objects, behind};
            writing->out = out;
            return true;
        }
        out = copy_behind(out, writing->text + slot->start, end - slot->start, writing->end);
        *out++ = ',';
    }
    out[-1] = '}';
    writing->out = out;
    return false;
}

bool order_write(struct order *order, struct driftcore_slice text, char *out)
{
    struct writing writing = {order, text.data, text.data + text.size, out};
    order->scratch.size = 0;
    struct level *level = open_level(&order->scratch); /* of the whole text, which is no object */
    if (level == NULL)
        return false;
    *level = (struct level){.end = (uint32_t)text.size, .behind = order_objects_count(order)};
    for (;;) {
        const struct object *object = next_object(order, level);
        size_t size = (object != NULL ? object->start : level->end) - level->start;
        writing.out = copy_behind(writing.out, text.data + level->start, size, writing.end);
        if (object == NULL && level->object == NULL)
            return true;
        *writing.out++ = object != NULL ? '{' : ',';
        if (object != NULL) {
            level->start = object->end;
            level->first = object->next;
            level = open_level(&order->scratch);
            if (level == NULL)
                return false;
            *level = (struct level){.object = object};
        }
        if (!next_slice(&writing, level))
            level = close_level(&order->scratch);
    }
}

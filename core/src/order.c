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

struct writing {
    const struct order *order;
    const char *text, *end;
};

static char *write_object(const struct writing *writing, const struct object *object, char *out);

/* The slice [start, end), which holds the objects [first, behind). */
static char *write_slice(const struct writing *writing, uint32_t start, uint32_t end, uint32_t first,
                         uint32_t behind, char *out)
{
    while (first < behind) {
        const struct object *object = order_objects(writing->order) + first;
        if (order_shapes(writing->order)[object->shape].order == ORDER_SORTED) {
            first++; /* what is inside may need sorting all the same */
            continue;
        }
        out = copy_behind(out, writing->text + start, object->start - start, writing->end);
        out = write_object(writing, object, out);
        start = object->end;
        first = object->next;
    }
    return copy_behind(out, writing->text + start, end - start, writing->end);
}

static char *write_object(const struct writing *writing, const struct object *object, char *out)
{
    const struct shape *shape = order_shapes(writing->order) + object->shape;
    const uint32_t *permutation = order_orders(writing->order) + shape->order;
    const struct slot *slots = order_slots(writing->order) + object->first;
    *out++ = '{';
    for (uint32_t i = 0; i < shape->count; i++) {
        uint32_t place = permutation[i];
        const struct slot *slot = &slots[place];
        bool last = place + 1 == shape->count;
        uint32_t end = last ? object->end - 1 : slot[1].start - 1;
        uint32_t behind = last ? object->next : slot[1].objects;
        if (slot->objects == behind)
            out = copy_behind(out, writing->text + slot->start, end - slot->start, writing->end);
        else
            out = write_slice(writing, slot->start, end, slot->objects, behind, out);
        *out++ = ',';
    }
    out[-1] = '}';
    return out;
}

void order_write(const struct order *order, struct driftcore_slice text, char *out)
{
    struct writing writing = {order, text.data, text.data + text.size};
    write_slice(&writing, 0, (uint32_t)text.size, 0, order_objects_count(order), out);
}

#include "keys.h"

/* Up to here insertion sort wins over merging. */
#define INSERTION_LIMIT 24
/* Up to here comparing all pairs finds a repeated key sooner than sorting does. */
#define PAIRWISE_LIMIT 16

static uint64_t prefix_of(const char *text, size_t size)
{
    uint64_t prefix = 0;
    if (size >= 8) {
        memcpy(&prefix, text, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        prefix = __builtin_bswap64(prefix);
#endif
        return prefix;
    }
    for (size_t i = 0; i < size; i++)
        prefix |= (uint64_t)(unsigned char)text[i] << (56 - 8 * i);
    return prefix;
}

struct key key_of(const struct node *node)
{
    return (struct key){prefix_of(node->text, node->size), node};
}

static int compare(const struct key *a, const struct key *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    size_t a_size = a->node->size, b_size = b->node->size;
    size_t common = a_size < b_size ? a_size : b_size;
    int order = common > 8 ? memcmp(a->node->text + 8, b->node->text + 8, common - 8) : 0;
    if (order != 0)
        return order;
    return (a_size > b_size) - (a_size < b_size);
}

static void insertion_sort(struct key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct key key = keys[i];
        size_t j = i;
        for (; j > 0 && compare(&key, &keys[j - 1]) < 0; j--)
            keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

void keys_sort(struct key *keys, size_t count, struct key *spare)
{
    if (count <= INSERTION_LIMIT) {
        insertion_sort(keys, count);
        return;
    }
    size_t half = count / 2;
    keys_sort(keys, half, spare);
    keys_sort(keys + half, count - half, spare);
    memcpy(spare, keys, half * sizeof(*keys));
    size_t left = 0, right = half, out = 0;
    while (left < half && right < count)
        keys[out++] = compare(&keys[right], &spare[left]) < 0 ? keys[right++] : spare[left++];
    memcpy(&keys[out], &spare[left], (half - left) * sizeof(*keys));
}

struct key *keys_sorted(const struct node *object, struct buffer *scratch)
{
    size_t count = object->size, needed = count;
    if (count > INSERTION_LIMIT && !size_add(count, count / 2, &needed))
        return NULL;
    /* Seven more bytes let the keys start at an address that suits them. */
    if (!size_multiply(needed, sizeof(struct key), &needed) || !buffer_reserve(scratch, needed + 7))
        return NULL;
    struct key *keys = (struct key *)(void *)(scratch->data + ((scratch->size + 7) & ~(size_t)7));
    const struct node *at = object + 1;
    for (size_t i = 0; i < count; i++) {
        keys[i] = key_of(at);
        at = node_next(at + 1);
    }
    keys_sort(keys, count, keys + count);
    return keys;
}

static bool pairwise_distinct(const struct node *object)
{
    const struct node *seen[PAIRWISE_LIMIT];
    const struct node *at = object + 1;
    for (size_t i = 0; i < object->size; i++) {
        for (size_t j = 0; j < i; j++)
            if (text_equals(at, seen[j]))
                return false;
        seen[i] = at;
        at = node_next(at + 1);
    }
    return true;
}

static bool same_key(const struct key *a, const struct key *b)
{
    return a->prefix == b->prefix && text_equals(a->node, b->node);
}

bool keys_repeat(const struct key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (same_key(&keys[i - 1], &keys[i]))
            return true;
    return false;
}

/* The first of the sorted keys that equals `node`, which is one of them. */
static size_t find_first(const struct key *keys, size_t count, const struct node *node)
{
    struct key wanted = key_of(node);
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&keys[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last of a run of equal keys. */
static size_t find_last(const struct key *keys, size_t count, size_t first)
{
    while (first + 1 < count && same_key(&keys[first], &keys[first + 1]))
        first++;
    return first;
}

static size_t append(struct node *nodes, size_t at, const struct node *subtree)
{
    size_t span = node_span(subtree);
    memcpy(&nodes[at], subtree, span * sizeof(*nodes));
    return at + span;
}

bool keys_settle(struct tree *tree, size_t container, struct buffer *scratch)
{
    struct node *object = &tree->nodes[container];
    size_t count = object->size, children = tree->count - container - 1;
    if (count <= PAIRWISE_LIMIT && pairwise_distinct(object))
        return true;
    struct key *keys = keys_sorted(object, scratch);
    if (keys == NULL)
        return false;
    if (!keys_repeat(keys, count))
        return true;

    /* Write the settled members behind the object, then move them over the old ones. */
    if (!tree_reserve(tree, children))
        return false;
    object = &tree->nodes[container];
    keys = keys_sorted(object, scratch); /* the reserve may have moved the nodes */
    if (keys == NULL)
        return false;
    size_t members = 0, end = tree->count;
    const struct node *at = object + 1;
    for (size_t i = 0; i < count; i++) {
        size_t first = find_first(keys, count, at);
        /* Only the first of a run walks it: a key repeated n times must not cost n². */
        if (keys[first].node == at) {
            end = append(tree->nodes, end, at);
            end = append(tree->nodes, end, keys[find_last(keys, count, first)].node + 1);
            members++;
        }
        at = node_next(at + 1);
    }
    size_t kept = end - tree->count;
    memmove(object + 1, &tree->nodes[tree->count], kept * sizeof(struct node));
    tree->count = container + 1 + kept;
    tree_close(tree, container, members);
    return true;
}

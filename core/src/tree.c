#include "tree.h"

#define TREE_FIRST 64

bool tree_grow(struct tree *tree, size_t capacity)
{
    size_t grown, bytes;
    if (!size_add(tree->capacity, tree->capacity / 2, &grown))
        return false;
    if (capacity < TREE_FIRST)
        capacity = TREE_FIRST;
    if (grown < capacity)
        grown = capacity;
    if (!size_multiply(grown, sizeof(struct node), &bytes))
        return false;
    struct node *nodes = tree->allocator->reallocate(tree->allocator->state, tree->nodes, bytes);
    if (nodes == NULL)
        return false;
    tree->nodes = nodes;
    tree->capacity = grown;
    return true;
}

void tree_release(struct tree *tree)
{
    tree->allocator->release(tree->allocator->state, tree->nodes);
    tree->nodes = NULL;
    tree->count = tree->capacity = 0;
}

void tree_trim(struct tree *tree)
{
    if (tree->capacity > MEMORY_KEPT / sizeof(struct node))
        tree_release(tree);
    tree->count = 0;
}

const struct node *object_member(const struct node *object, const char *key)
{
    size_t size = strlen(key);
    const struct node *at = object + 1;
    for (size_t i = 0; i < object->size; i++) {
        if (at->size == size && memcmp(at->text, key, size) == 0)
            return at + 1;
        at = node_next(at + 1);
    }
    return NULL;
}

bool tree_copy(struct tree *tree, const struct node *subtree)
{
    size_t span = node_span(subtree);
    if (!tree_reserve(tree, span))
        return false;
    memcpy(&tree->nodes[tree->count], subtree, span * sizeof(struct node));
    tree->count += span;
    return true;
}

/*
 * A JSON value in memory: nodes of 16 bytes in one array, each container before
 * its children, so that a subtree is a run of nodes and the next sibling stands
 * right behind it.
 *
 *     {"a":[1,2],"b":null}   OBJECT(2) STRING a  LIST(2) INT 1  INT 2  STRING b  NULL
 *
 * A list's children are its elements, an object's are key, value, key, value.
 * Keys are distinct: whoever builds a tree settles repeated keys.  Text is
 * borrowed, from the input or from an arena.
 *
 * What walks a tree does so in a loop, with the containers it is inside of in a row of its
 * own: a thread's stack may be as small as 32 KiB, and recursion would take it by the level.
 */
#ifndef DRIFTCORE_TREE_H
#define DRIFTCORE_TREE_H

#include "memory.h"

enum kind {
    KIND_NULL,
    KIND_FALSE,
    KIND_TRUE,
    KIND_INT,     /* decimal digits as Python writes them */
    KIND_DECIMAL, /* a float's text that is its own repr() */
    KIND_FLOAT,   /* any other float */
    KIND_STRING,  /* UTF-8 that may hold what JSON escapes */
    KIND_PLAIN,   /* UTF-8 without anything that JSON escapes */
    KIND_LIST,
    KIND_OBJECT,
};

/* Containers inside one another: a tree of the text of a member of a tree, so one more than either has. */
#define TREE_DEEPEST (DRIFTCORE_MAX_DEPTH + 1)

#define NODE_LARGEST_SIZE ((UINT64_C(1) << 56) - 1) /* no address space holds more */

struct node {
    uint64_t kind : 8;
    uint64_t size : 56; /* text: bytes; list: elements; object: members */
    union {
        const char *text;
        double number;
        size_t span; /* container: nodes of the subtree, itself included */
    };
};

struct tree {
    const struct driftcore_allocator *allocator;
    struct node *nodes;
    size_t count, capacity;
};

bool tree_grow(struct tree *tree, size_t capacity);

/* Room for `extra` more nodes. */
static inline bool tree_reserve(struct tree *tree, size_t extra)
{
    if (extra <= tree->capacity - tree->count)
        return true;
    size_t capacity;
    return size_add(tree->count, extra, &capacity) && tree_grow(tree, capacity);
}

void tree_trim(struct tree *tree);
void tree_release(struct tree *tree);

static inline bool node_is_string(const struct node *node)
{
    return node->kind == KIND_STRING || node->kind == KIND_PLAIN;
}

static inline bool node_is_number(const struct node *node)
{
    return node->kind == KIND_INT || node->kind == KIND_DECIMAL || node->kind == KIND_FLOAT;
}

static inline size_t node_span(const struct node *node)
{
    return node->kind >= KIND_LIST ? node->span : 1;
}

/* The sibling after a node, or the end of the parent's run. */
static inline const struct node *node_next(const struct node *node)
{
    return node + node_span(node);
}

static inline bool text_equals(const struct node *a, const struct node *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* The value of an object's member, or NULL. */
const struct node *object_member(const struct node *object, const char *key);

/* Append a node; the caller has reserved it. */
static inline struct node *tree_push(struct tree *tree, enum kind kind, size_t size)
{
    struct node *node = &tree->nodes[tree->count++];
    node->kind = kind;
    node->size = size & NODE_LARGEST_SIZE;
    return node;
}

static inline void tree_push_text(struct tree *tree, enum kind kind, const char *text, size_t size)
{
    tree_push(tree, kind, size)->text = text;
}

/* Append a copy of a subtree of another tree. */
bool tree_copy(struct tree *tree, const struct node *subtree);

/* Append a container whose children follow, to be closed with tree_close(); the caller has reserved it. */
static inline size_t tree_open(struct tree *tree, enum kind kind)
{
    tree_push(tree, kind, 0)->span = 1;
    return tree->count - 1;
}

static inline void tree_close(struct tree *tree, size_t container, size_t size)
{
    tree->nodes[container].size = size & NODE_LARGEST_SIZE;
    tree->nodes[container].span = tree->count - container;
}

#endif

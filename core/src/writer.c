/*
 * Each token is preceded by one reserve for its longest form, comma included, and
 * then written without further checks.
 */
#include "writer.h"

#include "number.h"
#include "scan.h"

#define LONGEST_ESCAPE 6 /* \u001f */

static char *put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

static char *put_escape(char *at, char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    *at++ = '\\';
    if (c == '"' || c == '\\') {
        *at++ = c;
        return at;
    }
    if (letters[(unsigned char)c] != '\0') {
        *at++ = letters[(unsigned char)c];
        return at;
    }
    at = put(at, "u00", 3);
    *at++ = hex[(unsigned char)c >> 4];
    *at++ = hex[(unsigned char)c & 0xF];
    return at;
}

static char *put_escaped(char *at, const char *text, size_t size)
{
    const char *end = text + size;
    for (;;) {
        const char *run = scan_plain(text, end);
        at = put(at, text, (size_t)(run - text));
        if (run == end)
            return at;
        at = put_escape(at, *run);
        text = run + 1;
    }
}

/* A quoted string and one byte after it, such as the colon of a key. */
static bool write_string(const struct node *node, char after, struct buffer *out)
{
    size_t longest;
    if (!size_multiply(node->size, node->kind == KIND_PLAIN ? 1 : LONGEST_ESCAPE, &longest)
        || !size_add(longest, 3, &longest) || !buffer_reserve(out, longest))
        return false;
    char *start = out->data + out->size, *at = start;
    *at++ = '"';
    at = node->kind == KIND_PLAIN ? put(at, node->text, node->size) : put_escaped(at, node->text, node->size);
    *at++ = '"';
    *at++ = after;
    out->size += (size_t)(at - start);
    return true;
}

/* A short text and one byte after it. */
static bool write_text(const char *text, size_t size, char after, struct buffer *out)
{
    size_t needed;
    if (!size_add(size, 1, &needed) || !buffer_reserve(out, needed))
        return false;
    char *at = put(out->data + out->size, text, size);
    *at = after;
    out->size += needed;
    return true;
}

static bool write_float(double number, char after, struct buffer *out)
{
    if (__builtin_isnan(number))
        return write_text("NaN", 3, after, out);
    if (__builtin_isinf(number))
        return number > 0 ? write_text("Infinity", 8, after, out) : write_text("-Infinity", 9, after, out);
    char text[NUMBER_TEXT_SIZE];
    return write_text(text, number_write(number, text), after, out);
}

static bool write_open(struct buffer *out, char bracket)
{
    if (!buffer_reserve(out, 1))
        return false;
    out->data[out->size++] = bracket;
    return true;
}

/* Replace the comma behind the last child, or append to the bracket that has none. */
static bool write_close(struct buffer *out, const struct node *container)
{
    if (!buffer_reserve(out, 2))
        return false;
    out->size -= container->size != 0;
    out->data[out->size++] = container->kind == KIND_OBJECT ? '}' : ']';
    out->data[out->size++] = ',';
    return true;
}

/* A value that is no container, and a comma. */
static bool write_scalar(struct buffer *out, const struct node *node)
{
    switch ((enum kind)node->kind) {
    case KIND_NULL:
        return write_text("null", 4, ',', out);
    case KIND_FALSE:
        return write_text("false", 5, ',', out);
    case KIND_TRUE:
        return write_text("true", 4, ',', out);
    case KIND_FLOAT:
        return write_float(node->number, ',', out);
    case KIND_STRING:
    case KIND_PLAIN:
        return write_string(node, ',', out);
    default: /* an int or a decimal */
        return write_text(node->text, node->size, ',', out);
    }
}

bool writer_compact(const struct node *value, struct buffer *out)
{
    const struct node *open[TREE_DEEPEST], *node = value;
    size_t depth = 0;
    do {
        if (depth != 0 && open[depth - 1]->kind == KIND_OBJECT && !write_string(node++, ':', out))
            return false;
        if (node->kind < KIND_LIST) {
            if (!write_scalar(out, node))
                return false;
        } else {
            if (!write_open(out, node->kind == KIND_OBJECT ? '{' : '['))
                return false;
            open[depth++] = node;
        }
        node++;
        for (; depth != 0 && node == node_next(open[depth - 1]); depth--)
            if (!write_close(out, open[depth - 1]))
                return false;
    } while (depth != 0);
    out->size--; /* nothing follows the root's comma */
    return true;
}

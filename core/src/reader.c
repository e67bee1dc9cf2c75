/*
 * One loop without recursion: `value` reads the start of a value, `after_value`
 * what may follow it, and a stack of frames holds the containers still open.
 *
 * Containers at the same place of a text are mostly alike, so the nodes of the last
 * one there say which keys to expect.  A key that comes as expected need not be
 * scanned, and an object that has just the keys of another has none twice.
 */
#include "reader.h"

#include "copy.h"
#include "digits.h"
#include "keys.h"
#include "number.h"
#include "scan.h"
#include "utf8.h"

struct frame {
    size_t container; /* index of its node */
    size_t size;      /* elements or members read so far */
    size_t like;      /* list: a container like its elements, as an index; 0 for none */
    size_t expected;  /* object: the key of another object that is expected next */
    size_t expected_end;
};

struct cursor {
    const char *at, *end;
    const struct reader *reader;
    enum driftcore_punt reason;
};

static enum driftcore_status punt(struct cursor *cursor, enum driftcore_punt reason)
{
    cursor->reason = reason;
    return DRIFTCORE_PUNT;
}

static void skip_blanks(struct cursor *cursor)
{
    const char *at = cursor->at, *end = cursor->end;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    cursor->at = at;
}

/* The byte at the cursor; NUL, which no JSON holds, at the end. */
static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool skip_word(struct cursor *cursor, const char *word, size_t size)
{
    if ((size_t)(cursor->end - cursor->at) < size || memcmp(cursor->at, word, size) != 0)
        return false;
    cursor->at += size;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four hex digits, or -1. */
static int32_t read_hex4(const char *at, const char *end)
{
    if (end - at < 4)
        return -1;
    int32_t number = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i], lower = (char)(c | 0x20);
        int32_t digit;
        if (is_digit(c))
            digit = c - '0';
        else if (lower >= 'a' && lower <= 'f')
            digit = lower - 'a' + 10;
        else
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

/*
 * The code point of \uXXXX, `at` behind the u and moved behind what was read: two
 * escapes where the first is the upper half of a pair.
 */
static enum driftcore_status read_unicode_escape(struct cursor *cursor, const char **at, const char *end,
                                                 uint32_t *code_point)
{
    int32_t unit = read_hex4(*at, end);
    if (unit < 0)
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    *at += 4;
    *code_point = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return DRIFTCORE_OK;
    if (unit > 0xDBFF || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
        return punt(cursor, DRIFTCORE_PUNT_SURROGATE);
    int32_t low = read_hex4(*at + 2, end);
    if (low < 0xDC00 || low > 0xDFFF)
        return punt(cursor, DRIFTCORE_PUNT_SURROGATE);
    *at += 6;
    *code_point = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    return DRIFTCORE_OK;
}

/* The byte that a one-letter escape stands for, NUL for a letter that is none. */
static char unescape_letter(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

/* Where the string that starts at `at` ends, its quote, or NULL. */
static const char *find_quote(const char *at, const char *end)
{
    for (;;) {
        at = scan_plain(at, end);
        if (at == end || (unsigned char)*at < 0x20)
            return NULL;
        if (*at == '"')
            return at;
        if (end - at < 2)
            return NULL;
        at += 2;
    }
}

/* A string with escapes, from `start` behind its quote; `escape` is the first backslash. */
static enum driftcore_status read_escaped(struct cursor *cursor, const char *start, const char *escape)
{
    const char *quote = find_quote(escape, cursor->end);
    if (quote == NULL)
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    /* No escape is shorter than what it stands for. */
    char *text = arena_take(cursor->reader->text, (size_t)(quote - start));
    if (text == NULL)
        return DRIFTCORE_NO_MEMORY;
    char *out = text;
    const char *at = start;
    while (at < quote) {
        const char *run = scan_plain(at, quote);
        memcpy(out, at, (size_t)(run - at));
        out += run - at;
        at = run;
        if (at == quote)
            break;
        at++; /* the backslash; find_quote() saw that a byte follows it */
        if (*at == 'u') {
            at++;
            uint32_t code_point;
            enum driftcore_status status = read_unicode_escape(cursor, &at, quote, &code_point);
            if (status != DRIFTCORE_OK)
                return status;
            out += utf8_encode(out, code_point);
            continue;
        }
        char letter = unescape_letter(*at++);
        if (letter == '\0')
            return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
        *out++ = letter;
    }
    arena_keep(cursor->reader->text, (size_t)(out - text));
    tree_push_text(cursor->reader->tree, KIND_STRING, text, (size_t)(out - text));
    cursor->at = quote + 1;
    return DRIFTCORE_OK;
}

/* A string; the cursor stands behind its opening quote, a node is reserved. */
static enum driftcore_status read_string(struct cursor *cursor)
{
    const char *start = cursor->at;
    const char *at = scan_plain(start, cursor->end);
    if (at < cursor->end && *at == '"') {
        tree_push_text(cursor->reader->tree, KIND_PLAIN, start, (size_t)(at - start));
        cursor->at = at + 1;
        return DRIFTCORE_OK;
    }
    if (at == cursor->end || *at != '\\')
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    return read_escaped(cursor, start, at);
}

static bool exceeds_digit_limit(const struct reader *reader, size_t digits)
{
    size_t limit = reader->digit_limit(reader->digit_limit_state);
    return limit != 0 && digits > limit;
}

/* A number as the longest match of -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)? */
static enum driftcore_status read_number(struct cursor *cursor)
{
    struct tree *tree = cursor->reader->tree;
    const char *start = cursor->at, *end = cursor->end, *at = start;
    bool negative = *at == '-';
    at += negative;
    const char *digits = at;
    if (at == end || !is_digit(*at))
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    at = *at == '0' ? at + 1 : digits_end(at, end);
    size_t int_digits = (size_t)(at - digits);

    bool is_int = true;
    const char *fraction = NULL;
    if (end - at >= 2 && *at == '.' && is_digit(at[1])) {
        is_int = false;
        fraction = at + 1;
        at = digits_end(fraction, end);
    }
    const char *mantissa_end = at;
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *exponent = at + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        if (exponent < end && is_digit(*exponent)) {
            is_int = false;
            at = digits_end(exponent, end);
        }
    }
    cursor->at = at;

    size_t size = (size_t)(at - start);
    if (is_int) {
        if (int_digits > DRIFTCORE_SMALLEST_DIGIT_LIMIT && exceeds_digit_limit(cursor->reader, int_digits))
            return punt(cursor, DRIFTCORE_PUNT_DIGITS);
        if (negative && *digits == '0')
            tree_push_text(tree, KIND_INT, digits, 1);
        else
            tree_push_text(tree, KIND_INT, start, size);
        return DRIFTCORE_OK;
    }
    if (at == mantissa_end && decimal_is_repr(digits, int_digits, fraction, (size_t)(at - fraction))) {
        tree_push_text(tree, KIND_DECIMAL, start, size);
        return DRIFTCORE_OK;
    }
    double number;
    if (at == mantissa_end && int_digits + (size_t)(at - fraction) <= DECIMAL_MOST_DIGITS) {
        number = decimal_read(digits, int_digits, fraction, (size_t)(at - fraction), end);
        number = negative ? -number : number;
    } else {
        number = number_read(start, size, end);
    }
    tree_push(tree, KIND_FLOAT, 0)->number = number;
    return DRIFTCORE_OK;
}

static enum driftcore_status read_constant(struct cursor *cursor)
{
    static const struct {
        const char *word;
        size_t size;
        enum kind kind;
        double number;
    } constants[] = {
        {"null", 4, KIND_NULL, 0},
        {"true", 4, KIND_TRUE, 0},
        {"false", 5, KIND_FALSE, 0},
        {"NaN", 3, KIND_FLOAT, __builtin_nan("")},
        {"Infinity", 8, KIND_FLOAT, __builtin_inf()},
        {"-Infinity", 9, KIND_FLOAT, -__builtin_inf()},
    };
    for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++) {
        if (skip_word(cursor, constants[i].word, constants[i].size)) {
            tree_push(cursor->reader->tree, constants[i].kind, 0)->number = constants[i].number;
            return DRIFTCORE_OK;
        }
    }
    return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
}

/* Whether the key at the cursor is the one of a frame's expected node; it is then read. */
static inline bool read_expected_key(struct cursor *cursor, struct frame *frame)
{
    struct tree *tree = cursor->reader->tree;
    const struct node *expected = &tree->nodes[frame->expected];
    size_t size = expected->size, room = (size_t)(cursor->end - cursor->at);
    /* A plain key stands in the input between its quotes, before this one. */
    if (expected->kind != KIND_PLAIN || size + 2 > room
        || !same_text(cursor->at, expected->text - 1, size + 2, room))
        return false;
    frame->expected = (size_t)(node_next(expected + 1) - tree->nodes);
    tree_push_text(tree, KIND_PLAIN, cursor->at + 1, size);
    cursor->at += size + 2;
    return true;
}

/*
 * A key and its colon; the cursor stands where the quote must be.  `*like` becomes the
 * value of the expected key, 0 where none was expected or another came.
 */
static inline enum driftcore_status read_key(struct cursor *cursor, struct frame *frame, size_t *like)
{
    if (peek(cursor) != '"')
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    if (!tree_reserve(cursor->reader->tree, 2))
        return DRIFTCORE_NO_MEMORY;
    *like = frame->expected + 1;
    if (frame->expected == frame->expected_end || !read_expected_key(cursor, frame)) {
        *like = 0;
        frame->expected = 0;
        frame->expected_end = 0;
        cursor->at++;
        enum driftcore_status status = read_string(cursor);
        if (status != DRIFTCORE_OK)
            return status;
    }
    if (peek(cursor) != ':') {
        skip_blanks(cursor);
        if (peek(cursor) != ':')
            return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    }
    cursor->at++;
    skip_blanks(cursor);
    return DRIFTCORE_OK;
}

/* Open a container like another one, whose index is `like` or 0. */
static inline void open_frame(struct tree *tree, enum kind kind, size_t like, struct frame *frame)
{
    *frame = (struct frame){.container = tree_open(tree, kind)};
    if (like == 0)
        return;
    const struct node *other = &tree->nodes[like];
    if (other->kind != kind)
        return;
    if (kind == KIND_OBJECT) {
        frame->expected = like + 1;
        frame->expected_end = like + other->span;
    } else if (other->size != 0) {
        frame->like = like + 1;
    }
}

/* The frames are all that is in the scratch, which moves when it grows, as for keys that are sorted behind them. */
static inline struct frame *frames_of(const struct buffer *scratch)
{
    return (struct frame *)(void *)scratch->data;
}

static enum driftcore_status read_value(struct cursor *cursor)
{
    struct tree *tree = cursor->reader->tree;
    struct buffer *scratch = cursor->reader->scratch;
    struct frame *frames = NULL;
    size_t depth = 0, like = 0; /* a container like the next value, as an index; 0 for none */
    enum driftcore_status status;

value:
    if (!tree_reserve(tree, 1))
        return DRIFTCORE_NO_MEMORY;
    switch (peek(cursor)) {
    case '"':
        cursor->at++;
        status = read_string(cursor);
        break;
    case '{':
    case '[': {
        bool object = *cursor->at == '{';
        if (depth == DRIFTCORE_MAX_DEPTH)
            return punt(cursor, DRIFTCORE_PUNT_DEPTH);
        if (!buffer_reserve(scratch, sizeof(*frames)))
            return DRIFTCORE_NO_MEMORY;
        scratch->size += sizeof(*frames);
        frames = frames_of(scratch);
        struct frame *frame = &frames[depth++];
        open_frame(tree, object ? KIND_OBJECT : KIND_LIST, like, frame);
        cursor->at++;
        skip_blanks(cursor);
        if (peek(cursor) == (object ? '}' : ']')) {
            cursor->at++;
            goto close;
        }
        like = frame->like;
        if (!object)
            goto value;
        status = read_key(cursor, frame, &like);
        if (status != DRIFTCORE_OK)
            return status;
        goto value;
    }
    case '-':
        if (cursor->end - cursor->at > 1 && cursor->at[1] == 'I') {
            status = read_constant(cursor);
            break;
        }
        status = read_number(cursor);
        break;
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        status = read_number(cursor);
        break;
    default:
        status = read_constant(cursor);
        break;
    }
    if (status != DRIFTCORE_OK)
        return status;

after_value:
    if (depth == 0)
        return DRIFTCORE_OK;
    struct frame *frame = &frames[depth - 1];
    bool object = tree->nodes[frame->container].kind == KIND_OBJECT;
    frame->size++;
    skip_blanks(cursor);
    char c = peek(cursor);
    if (c == ',') {
        cursor->at++;
        skip_blanks(cursor);
        like = frame->like;
        if (object) {
            status = read_key(cursor, frame, &like);
            if (status != DRIFTCORE_OK)
                return status;
        }
        goto value;
    }
    if (c != (object ? '}' : ']'))
        return punt(cursor, DRIFTCORE_PUNT_SYNTAX);
    cursor->at++;

close:
    frame = &frames[--depth];
    tree_close(tree, frame->container, frame->size);
    /* While its keys came as expected they are the first of another object's. */
    if (frame->size > 1 && frame->expected == 0 && tree->nodes[frame->container].kind == KIND_OBJECT) {
        if (!keys_settle(tree, frame->container, scratch))
            return DRIFTCORE_NO_MEMORY;
        frames = frames_of(scratch);
        frame = &frames[depth];
    }
    scratch->size -= sizeof(*frames);
    if (depth != 0)
        frames[depth - 1].like = frame->container;
    goto after_value;
}

enum driftcore_status reader_parse(const struct reader *reader, struct driftcore_slice json,
                                   enum driftcore_punt *reason)
{
    size_t before = reader->tree->count;
    const char *text = json.size == 0 ? "" : json.data;
    struct cursor cursor = {text, text + json.size, reader, DRIFTCORE_PUNT_NONE};
    reader->scratch->size = 0;
    skip_blanks(&cursor);
    enum driftcore_status status = read_value(&cursor);
    reader->scratch->size = 0;
    if (status == DRIFTCORE_OK) {
        skip_blanks(&cursor);
        if (cursor.at != cursor.end)
            status = punt(&cursor, DRIFTCORE_PUNT_SYNTAX);
    }
    if (status != DRIFTCORE_OK)
        reader->tree->count = before;
    *reason = cursor.reason;
    return status;
}

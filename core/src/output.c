#include "output.h"

#include "number.h"

bool output_grow(struct output *output, size_t size)
{
    if (output->buffer->data != NULL)
        output_close(output, 0);
    if (!buffer_reserve(output->buffer, size))
        return false;
    output_open(output, output->buffer);
    return true;
}

bool output_escaped(struct output *output, const char *text, size_t size)
{
    size_t longest;
    if (!size_multiply(size, QUOTE_LONGEST, &longest) || !size_add(longest, QUOTE_SLACK + 2, &longest)
        || !output_reserve(output, longest))
        return false;
    char *at = quote_blocks(output->at, &text, &size);
    while (size != 0) {
        size_t plain = quote_plain(at, text, size);
        at += plain;
        text += plain;
        size -= plain;
        if (size != 0) {
            at = quote_escape(at, *text++);
            size--;
        }
    }
    *at++ = '"';
    output->at = at;
    return true;
}

bool output_float(struct output *output, double number, char after)
{
    if (!output_reserve(output, NUMBER_TEXT_SIZE + 1))
        return false;
    if (__builtin_isfinite(number))
        output->at += number_write(number, output->at);
    else if (__builtin_isnan(number))
        OUTPUT_PUT(output, "NaN");
    else if (number > 0)
        OUTPUT_PUT(output, "Infinity");
    else
        OUTPUT_PUT(output, "-Infinity");
    *output->at++ = after;
    return true;
}

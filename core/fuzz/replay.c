/*
 * Put committed inputs through a target: files with one input a line, as hex digits.
 *
 *     replay_reader core/fuzz/corpus/reader.hex
 *
 * The exit status is 0 when all hold; a target that finds something aborts.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static int digit(int character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return -1;
}

static size_t replay(FILE *file)
{
    uint8_t *input = NULL;
    size_t size = 0, capacity = 0, count = 0;
    int high = -1;
    for (int character; (character = getc(file)) != EOF;) {
        if (character == '\n') {
            REQUIRE(high == -1);
            LLVMFuzzerTestOneInput(input, size);
            count++;
            size = 0;
            continue;
        }
        int nibble = digit(character);
        REQUIRE(nibble >= 0);
        if (high == -1) {
            high = nibble;
            continue;
        }
        if (size == capacity) {
            capacity = 2 * capacity + 64;
            input = realloc(input, capacity);
            REQUIRE(input != NULL);
        }
        input[size++] = (uint8_t)(high << 4 | nibble);
        high = -1;
    }
    free(input);
    return count;
}

int main(int count, char **names)
{
    size_t inputs = 0;
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(names[i], "rb");
        if (file == NULL) {
            fprintf(stderr, "%s: cannot be read; name a file of inputs, one a line as hex\n", names[i]);
            return 2;
        }
        inputs += replay(file);
        fclose(file);
    }
    printf("%zu inputs hold\n", inputs);
    return inputs == 0;
}

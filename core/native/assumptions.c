#include "assumptions.h"

#include "base64.h"
#include "canonical.h"
#include "utf8.h"
#include "wire.h"

#include <limits.h>

#define MOST_TEXTS 10

/* How the texts of a row are put to the interpreter and to the core. */
enum probe {
    SAME_TEXT,   /* json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) */
    SAME_SORTED, /* the same with sort_keys=True */
    REFUSED,     /* json.loads(text) raises ValueError, and the core knows no meaning of it either */
    SAME_LIMIT,  /* whose function tells the limit on digits, and sys.int_info.str_digits_check_threshold */
    SAME_BASE64, /* base64.b64decode(text.encode()).decode("utf-8", errors="ignore") */
    SAME_PADDING, /* the same under one of the settings of driftcore_set_padding() */
    SAME_NAN,    /* the bits of json.loads("NaN") */
    SAME_DOUBLE, /* struct.Struct("<d").pack(float(number)) */
    SAME_TYPES,  /* issubclass(type, Mapping) */
};

struct assumption {
    const char *name;
    const char *assumed;
    const char *otherwise;
    unsigned uses; /* what goes to the reference; nothing where the core itself sorts it out */
    enum probe probe;
    const char *texts[MOST_TEXTS];
};

#define TEXTS_GO "calls that read JSON text go to the reference"
#define WRITING_GOES "calls that give or hash JSON text go to the reference"
#define MERGES_GO "calls with merges go to the reference"
#define OBJECTS_GO "calls that take Python objects go to the reference"
#define STRUCTS_GO "calls that give Struct bytes go to the reference"

/* Texts that are read and written. */
#define WHITESPACE " \t\n\r[ \t\n\r1 \t\n\r, \t\n\r{ \t\"a\"\n :\r2 } \t\n\r] \t\n\r"
#define NUMBERS                                                                                                  \
    "[0,-0,-0.0,1.50,1E+5,123456789012345678901234567890,1e400,-1e400,9007199254740993.0]"
#define CONSTANTS "[true,false,null,NaN,Infinity,-Infinity]"
#define STRINGS                                                                                                  \
    "[\"\\u0041\\u00e9\\u20AC\\/\\\"\\\\\",\"\\ud83d\\ude00\",\"\\uDBFF\\uDFFF\"]"
#define REPEATED_KEYS "{\"b\":1,\"a\":2,\"\":3,\"b\":{\"y\":4,\"x\":5,\"y\":6}}"
#define ESCAPES                                                                                                  \
    "[\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\x7f\\u0080\\u00ff\\u2028\\uffff\\ud83d\\ude00\"]"
#define FLOATS                                                                                                   \
    "[0.1,1e15,1e16,123456789012345680.0,0.0001,0.00001,0.30000000000000004]"
/* All of them at once, which costs an eighth; one by one only if they do not come out alike. */
static const char all_texts[] =
    "[" WHITESPACE "," NUMBERS "," CONSTANTS "," STRINGS "," REPEATED_KEYS "," ESCAPES "," FLOATS "]";

static const struct assumption table[ASSUMPTIONS] = {
    {"whitespace", "JSON text may have spaces, tabs, newlines and carriage returns between its tokens", TEXTS_GO,
     USES_READING, SAME_TEXT, {WHITESPACE}},
    {"numbers",
     "ints keep their digits, -0 is the int 0; other numbers are the nearest double, past the largest an infinity",
     TEXTS_GO, USES_READING, SAME_TEXT, {NUMBERS}},
    {"constants", "NaN, Infinity and -Infinity are numbers, beside true, false and null", TEXTS_GO, USES_READING,
     SAME_TEXT, {CONSTANTS}},
    {"strings", "strings have the escapes of JSON; two that are a surrogate pair make one character", TEXTS_GO,
     USES_READING, SAME_TEXT, {STRINGS}},
    {"repeated keys", "members keep their order; a repeated key keeps its first place and has its last value",
     TEXTS_GO, USES_READING, SAME_TEXT, {REPEATED_KEYS}},
    {"digit limit", "sys.get_int_max_str_digits() is Python's own and tells the most digits of an int, 640 or more",
     TEXTS_GO, USES_READING, SAME_LIMIT, {NULL}},
    {"escapes",
     "control characters, quotes and backslashes are escaped, the short way where there is one, and nothing else",
     WRITING_GOES, USES_WRITING, SAME_TEXT, {ESCAPES}},
    {"floats", "a float is written as its repr(): the shortest that reads back, with an exponent below 1e-4 and from 1e16",
     WRITING_GOES, USES_WRITING, SAME_TEXT, {FLOATS}},
    {"key order", "sorted keys are in the order of their code points", "calls that hash go to the reference",
     USES_SORTING, SAME_SORTED,
     {"{\"b\":1,\"\\ud83d\\ude00\":2,\"\\uffff\":3,\"ab\":4,\"a\":5,\"B\":6}"}},
    {"refusals", "a text that is no JSON to the core is none to Python", MERGES_GO, USES_DECODING, REFUSED,
     {"[1,]", "\"\t\"", "\"\\u 041\"", "1\xef\xbc\x91"}},
    {"base64", "characters that are not base64's are skipped, an incomplete group is refused", MERGES_GO,
     USES_DECODING, SAME_BASE64, {"Y W\nJ-j_!\xc3\xa9", "YQ==", "=Y=Q==", "YW=Jj", "YQ=", "fn4+Pz8/"}},
    {"base64 padding", NULL, "base64 with characters behind a completed padding goes to the reference", 0,
     SAME_PADDING, {"YQ==YQ==", "YQ==Y", "Y=W=J=j", "YQ==!="}},
    {"ignored bytes", "UTF-8 decoded with errors ignored loses what is no part of a whole character, and no more",
     MERGES_GO, USES_DECODING, SAME_BASE64, {"Yf/DKOKCYvCfmO2ggGP0kICAwK9k4oKs8J+YgO2fv8KA8J8="}},
    {"nan", "the NaN of JSON text is positive, quiet and without a payload", STRUCTS_GO, USES_DOUBLES, SAME_NAN, {NULL}},
    {"doubles", "a number in Struct bytes is the nearest double, its bytes are those in memory", STRUCTS_GO,
     USES_DOUBLES, SAME_DOUBLE, {NULL}},
    {"types", "of JSON's types dict alone is a Mapping", OBJECTS_GO, USES_OBJECTS, SAME_TYPES, {NULL}},
};

/* What "base64 padding" assumes, by what the interpreter was seen to do. */
static const char *const paddings[] = {
    [DRIFTCORE_PADDING_ENDS] = "what stands behind a completed padding is ignored, as before 3.13.13 and 3.14.4",
    [DRIFTCORE_PADDING_SKIPPED] = "a completed padding is skipped and decoding goes on, as from 3.13.13 and 3.14.4 on",
    [DRIFTCORE_PADDING_UNSURE] = "what stands behind a completed padding is ignored, or the padding is skipped",
};

/* ---- the interpreter's side --------------------------------------------- */

/* What the probes call. */
struct interpreter {
    PyObject *loads, *dumps, *b64decode, *Struct, *Mapping; /* as the reference finds them */
    PyObject *compact, *sorted;                             /* keywords of json.dumps() */
};

/* A module that is mostly there already; importing it anew costs ten times as much as looking. */
static PyObject *module_of(const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    PyObject *module = key == NULL ? NULL : PyImport_GetModule(key);
    if (module == Py_None)
        Py_CLEAR(module); /* it may not be imported; that is for the import to say */
    if (module == NULL && key != NULL && !PyErr_Occurred())
        module = PyImport_Import(key);
    Py_XDECREF(key);
    return module;
}

static bool find(const char *module, const char *name, PyObject **place)
{
    PyObject *found = module_of(module);
    *place = found == NULL ? NULL : PyObject_GetAttrString(found, name);
    Py_XDECREF(found);
    return *place != NULL;
}

static bool find_interpreter(struct interpreter *python)
{
    if (!find("json", "loads", &python->loads) || !find("json", "dumps", &python->dumps)
        || !find("base64", "b64decode", &python->b64decode) || !find("struct", "Struct", &python->Struct)
        || !find("_collections_abc", "Mapping", &python->Mapping))
        return false;
    python->compact = Py_BuildValue("{s:O,s:(ss)}", "ensure_ascii", Py_False, "separators", ",", ":");
    python->sorted = python->compact == NULL ? NULL : PyDict_Copy(python->compact);
    return python->sorted != NULL && PyDict_SetItemString(python->sorted, "sort_keys", Py_True) == 0;
}

static void release_interpreter(struct interpreter *python)
{
    PyObject **places[] = {&python->loads,   &python->dumps,   &python->b64decode, &python->Struct,
                           &python->Mapping, &python->compact, &python->sorted};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
        Py_CLEAR(*places[i]);
}

static PyObject *loads(const struct interpreter *python, const char *text)
{
    PyObject *string = PyUnicode_FromString(text);
    PyObject *value = string == NULL ? NULL : PyObject_CallOneArg(python->loads, string);
    Py_XDECREF(string);
    return value;
}

/* json.dumps() of a value, which is taken. */
static PyObject *dumps(const struct interpreter *python, PyObject *value, PyObject *keywords)
{
    PyObject *arguments = value == NULL ? NULL : PyTuple_Pack(1, value);
    PyObject *text = arguments == NULL ? NULL : PyObject_Call(python->dumps, arguments, keywords);
    Py_XDECREF(arguments);
    Py_XDECREF(value);
    return text;
}

/* What the interpreter makes of base64 text; NULL with an exception set where it refuses. */
static PyObject *decode_base64(const struct interpreter *python, const char *text)
{
    PyObject *given = PyBytes_FromString(text);
    PyObject *bytes = given == NULL ? NULL : PyObject_CallOneArg(python->b64decode, given);
    PyObject *decoded = bytes == NULL ? NULL : PyObject_CallMethod(bytes, "decode", "ss", "utf-8", "ignore");
    Py_XDECREF(given);
    Py_XDECREF(bytes);
    return decoded;
}

/* ---- comparing ---------------------------------------------------------- */

enum verdict { HOLDS, DIFFERS, FAILED };

static enum verdict holds_if(bool same)
{
    return same ? HOLDS : DIFFERS;
}

/* What an exception says of an assumption: nothing where there is no memory or Python is interrupted. */
static enum verdict verdict_of_error(void)
{
    if (PyErr_ExceptionMatches(PyExc_MemoryError) || !PyErr_ExceptionMatches(PyExc_Exception))
        return FAILED;
    PyErr_Clear();
    return DIFFERS;
}

/* Whether an object is a str of a UTF-8 text; the object, which may be NULL, is taken. */
static enum verdict is_text(PyObject *object, struct driftcore_slice text)
{
    Py_ssize_t size;
    const char *utf8 = object == NULL ? NULL : PyUnicode_AsUTF8AndSize(object, &size);
    enum verdict verdict =
        utf8 == NULL ? verdict_of_error()
                     : holds_if((size_t)size == text.size && memcmp(utf8, text.data, text.size) == 0);
    Py_XDECREF(object);
    return verdict;
}

static struct driftcore_slice slice_of(const char *text)
{
    return (struct driftcore_slice){text, strlen(text)};
}

static enum verdict no_memory(void)
{
    PyErr_NoMemory();
    return FAILED;
}

static enum verdict same_text(const struct interpreter *python, struct driftcore *context, const char *text)
{
    struct driftcore_slice normalized;
    enum driftcore_status status = driftcore_normalize_json(context, slice_of(text), &normalized);
    if (status == DRIFTCORE_NO_MEMORY)
        return no_memory();
    return status == DRIFTCORE_OK ? is_text(dumps(python, loads(python, text), python->compact), normalized) : DIFFERS;
}

static enum verdict same_sorted(const struct interpreter *python, struct driftcore *context, const char *text)
{
    static const struct merges none = {NULL, 0};
    struct buffer *sorted = &context->sorted;
    context_begin(context);
    if (context_parse(context, slice_of(text), &context->value) != DRIFTCORE_OK
        || !canonical_write(context->value.nodes, &none, sorted, NULL, &context->scratch))
        return no_memory();
    return is_text(dumps(python, loads(python, text), python->sorted), buffer_slice(sorted));
}

static enum verdict refused(const struct interpreter *python, struct driftcore *context, const char *text)
{
    struct driftcore_slice normalized;
    enum driftcore_status status = driftcore_normalize_json(context, slice_of(text), &normalized);
    if (status == DRIFTCORE_NO_MEMORY)
        return no_memory();
    if (status != DRIFTCORE_PUNT || driftcore_punt_reason(context) != DRIFTCORE_PUNT_SYNTAX)
        return DIFFERS;
    PyObject *value = loads(python, text);
    if (value != NULL) {
        Py_DECREF(value);
        return DIFFERS;
    }
    if (!PyErr_ExceptionMatches(PyExc_ValueError))
        return verdict_of_error();
    PyErr_Clear();
    return HOLDS;
}

/* A function of somebody else could give anything; the threshold is below what any limit may be. */
static enum verdict same_limit(const struct state *state)
{
    PyObject *info = PySys_GetObject("int_info"); /* borrowed */
    if (state->get_digit_limit == NULL)
        return HOLDS;
    if (!PyCFunction_Check(state->get_digit_limit) || info == NULL)
        return DIFFERS;
    PyObject *threshold = PyObject_GetAttrString(info, "str_digits_check_threshold");
    long digits = threshold == NULL ? -1 : PyLong_AsLong(threshold);
    Py_XDECREF(threshold);
    return PyErr_Occurred() ? verdict_of_error() : holds_if(digits == DRIFTCORE_SMALLEST_DIGIT_LIMIT);
}

static enum verdict same_base64(const struct interpreter *python, const char *text, enum driftcore_padding padding)
{
    char out[128];
    size_t size = strlen(text);
    if (base64_decoded_size(size) > sizeof(out))
        return DIFFERS;
    enum base64_outcome outcome = base64_decode(text, size, padding, out, &size);
    PyObject *decoded = decode_base64(python, text);
    if (outcome == BASE64_DECODED)
        return is_text(decoded, (struct driftcore_slice){out, utf8_drop_invalid(out, size)});
    if (decoded != NULL) {
        Py_DECREF(decoded);
        return DIFFERS;
    }
    if (!PyErr_ExceptionMatches(PyExc_ValueError)) /* binascii.Error is one */
        return verdict_of_error();
    PyErr_Clear();
    return HOLDS;
}

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static enum verdict same_nan(const struct interpreter *python, const struct state *state)
{
    PyObject *nan = loads(python, "NaN");
    if (nan == NULL)
        return verdict_of_error();
    bool same = PyFloat_Check(nan) && bits_of(PyFloat_AS_DOUBLE(nan)) == bits_of(PyFloat_AS_DOUBLE(state->nan));
    Py_DECREF(nan);
    return holds_if(same);
}

/* Whether a float, which is taken and may be NULL, is packed as the eight bytes of a double. */
static enum verdict is_packed(PyObject *pack, PyObject *given, double number)
{
    char expected[8];
    put_double(expected, number);
    PyObject *bytes = given == NULL ? NULL : PyObject_CallOneArg(pack, given);
    Py_XDECREF(given);
    if (bytes == NULL)
        return verdict_of_error();
    bool same = PyBytes_Check(bytes) && PyBytes_GET_SIZE(bytes) == 8
                && memcmp(PyBytes_AS_STRING(bytes), expected, 8) == 0;
    Py_DECREF(bytes);
    return holds_if(same);
}

/* Ints that no double is equal to: the first is a tie, which goes to even. */
static enum verdict same_doubles(const struct interpreter *python)
{
    static const uint64_t odd_nan = UINT64_C(0xfff8000000000123); /* spans keep its sign and payload */
    static const unsigned long long ints[] = {(1ULL << 53) + 1, ULLONG_MAX};
    double nan;
    memcpy(&nan, &odd_nan, sizeof(nan));
    PyObject *packer = PyObject_CallFunction(python->Struct, "s", "<d");
    PyObject *pack = packer == NULL ? NULL : PyObject_GetAttrString(packer, "pack");
    enum verdict verdict = pack == NULL ? verdict_of_error() : is_packed(pack, PyFloat_FromDouble(nan), nan);
    for (size_t i = 0; i < sizeof(ints) / sizeof(*ints) && verdict == HOLDS; i++) {
        PyObject *number = PyLong_FromUnsignedLongLong(ints[i]);
        verdict = is_packed(pack, number == NULL ? NULL : PyNumber_Float(number), (double)ints[i]);
        Py_XDECREF(number);
    }
    Py_XDECREF(pack);
    Py_XDECREF(packer);
    return verdict;
}

static enum verdict same_types(const struct interpreter *python)
{
    PyTypeObject *const types[] = {&PyDict_Type, &PyList_Type,  &PyUnicode_Type,   &PyLong_Type,
                                   &PyFloat_Type, &PyBool_Type, Py_TYPE(Py_None)};
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        int is_mapping = PyObject_IsSubclass((PyObject *)types[i], python->Mapping);
        if (is_mapping < 0)
            return verdict_of_error();
        if ((is_mapping == 1) != (types[i] == &PyDict_Type))
            return DIFFERS;
    }
    return HOLDS;
}

/* ---- the table ---------------------------------------------------------- */

static enum verdict probe_text(const struct interpreter *python, struct driftcore *context, enum probe probe,
                               enum driftcore_padding padding, const char *text)
{
    switch (probe) {
    case SAME_TEXT:
        return same_text(python, context, text);
    case SAME_SORTED:
        return same_sorted(python, context, text);
    case REFUSED:
        return refused(python, context, text);
    default:
        return same_base64(python, text, padding);
    }
}

static enum verdict probe_texts(const struct interpreter *python, struct driftcore *context,
                                const struct assumption *row, enum driftcore_padding padding)
{
    enum verdict verdict = HOLDS;
    for (const char *const *text = row->texts; verdict == HOLDS && *text != NULL; text++)
        verdict = probe_text(python, context, row->probe, padding, *text);
    return verdict;
}

static enum verdict probe_padding(const struct interpreter *python, struct state *state, struct driftcore *context,
                                  const struct assumption *row)
{
    enum verdict verdict = DIFFERS;
    for (state->padding = DRIFTCORE_PADDING_ENDS; state->padding != DRIFTCORE_PADDING_UNSURE; state->padding++) {
        verdict = probe_texts(python, context, row, state->padding);
        if (verdict != DIFFERS)
            break;
    }
    return verdict;
}

static enum verdict probe_row(const struct interpreter *python, struct state *state, struct driftcore *context,
                              const struct assumption *row)
{
    switch (row->probe) {
    case SAME_LIMIT:
        return same_limit(state);
    case SAME_PADDING:
        return probe_padding(python, state, context, row);
    case SAME_NAN:
        return same_nan(python, state);
    case SAME_DOUBLE:
        return same_doubles(python);
    case SAME_TYPES:
        return same_types(python);
    default:
        return probe_texts(python, context, row, DRIFTCORE_PADDING_ENDS);
    }
}

/* Compare all rows, given what became of all texts at once. */
static enum verdict probe_rows(const struct interpreter *python, struct state *state, struct driftcore *context,
                               enum verdict texts)
{
    enum verdict verdict = texts;
    for (size_t i = 0; i < ASSUMPTIONS && verdict != FAILED; i++) {
        bool known = table[i].probe == SAME_TEXT && texts == HOLDS;
        verdict = known ? HOLDS : probe_row(python, state, context, &table[i]);
        state->doubted[i] = verdict == DIFFERS;
        if (verdict == DIFFERS)
            state->doubted_uses |= table[i].uses;
    }
    return verdict;
}

bool assumptions_probe(struct state *state)
{
    struct interpreter python = {0};
    struct driftcore *context = find_interpreter(&python) ? state_borrow(state) : NULL;
    enum verdict verdict = FAILED;
    if (context != NULL) {
        verdict = probe_rows(&python, state, context, same_text(&python, context, all_texts));
        driftcore_destroy(context); /* until it is called, the module holds no scratch memory */
    }
    release_interpreter(&python);
    return verdict != FAILED;
}

PyObject *call_in_doubt(const struct call *call, unsigned uses)
{
    struct state *state = state_of(call->module);
    size_t i = 0;
    while (!state->doubted[i] || (table[i].uses & uses) == 0)
        i++;
    state->doubts[i]++;
    return call_reference(call, DRIFTCORE_PUNT_ASSUMPTION);
}

void assumptions_count_padding(struct state *state)
{
    for (size_t i = 0; i < ASSUMPTIONS; i++)
        state->doubts[i] += table[i].probe == SAME_PADDING;
}

PyObject *assumptions(PyObject *module, PyObject *unused)
{
    (void)unused;
    const struct state *state = state_of(module);
    PyObject *all = PyDict_New();
    for (size_t i = 0; i < ASSUMPTIONS && all != NULL; i++) {
        const struct assumption *row = &table[i];
        PyObject *told = Py_BuildValue("{s:O,s:s,s:s,s:K}", "holds", state->doubted[i] ? Py_False : Py_True,
                                       "assumed", row->probe == SAME_PADDING ? paddings[state->padding] : row->assumed,
                                       "otherwise", row->otherwise, "punts", state->doubts[i]);
        if (told == NULL || PyDict_SetItemString(all, row->name, told) < 0)
            Py_CLEAR(all);
        Py_XDECREF(told);
    }
    return all;
}

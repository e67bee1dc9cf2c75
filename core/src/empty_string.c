/*
 * The default of string fields in protobuf-c's generated descriptors, the one
 * symbol of its runtime that they name.  Debian's static runtime cannot go into a
 * shared object, and nothing else of it is needed.
 */
extern const char protobuf_c_empty_string[];
const char protobuf_c_empty_string[] = "";

# cmocka and protobuf-c's runtime compiled with the rest, where no built library fits the target.
# DRIFTCORE_TEST_SOURCES holds their sources, as scripts/fetch-sources unpacks them.
if(NOT EXISTS ${DRIFTCORE_TEST_SOURCES}/cmocka OR NOT EXISTS ${DRIFTCORE_TEST_SOURCES}/protobuf-c)
  message(FATAL_ERROR "${DRIFTCORE_TEST_SOURCES} lacks cmocka or protobuf-c; run scripts/fetch-sources first")
endif()

set(CMOCKA_INCLUDE ${DRIFTCORE_TEST_SOURCES}/cmocka/include)
add_library(driftcore_cmocka STATIC ${DRIFTCORE_TEST_SOURCES}/cmocka/src/cmocka.c)
target_include_directories(driftcore_cmocka PRIVATE ${CMOCKA_INCLUDE})
target_compile_definitions(driftcore_cmocka PRIVATE
  _GNU_SOURCE HAVE_GCC_THREAD_LOCAL_STORAGE HAVE_INTTYPES_H HAVE_SIGNAL_H HAVE_STRINGS_H HAVE_STRSIGNAL
  HAVE_STRUCT_TIMESPEC HAVE_UNISTD_H $<$<NOT:$<BOOL:${APPLE}>>:HAVE_MALLOC_H>)
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  # cmocka.h defines a uintptr_t of its own where it does not see that <stdint.h> has, as on musl.
  target_compile_definitions(driftcore_cmocka PUBLIC _UINTPTR_T)
endif()
target_compile_options(driftcore_cmocka PRIVATE -w)
set(CMOCKA_LIBRARY driftcore_cmocka)

# As an object every program has, so that its protobuf_c_empty_string is the only one.
add_library(driftcore_protobuf_c_object OBJECT ${DRIFTCORE_TEST_SOURCES}/protobuf-c/protobuf-c/protobuf-c.c)
target_include_directories(driftcore_protobuf_c_object PRIVATE ${DRIFTCORE_TEST_SOURCES}/protobuf-c)
target_compile_options(driftcore_protobuf_c_object PRIVATE -w)
if(CMAKE_C_BYTE_ORDER STREQUAL BIG_ENDIAN)
  target_compile_definitions(driftcore_protobuf_c_object PRIVATE WORDS_BIGENDIAN)
endif()
set(PROTOBUF_C_LIBRARY $<TARGET_OBJECTS:driftcore_protobuf_c_object>)

# Any target of zig's C compiler, which brings the C libraries of all: -DZIG_TARGET=aarch64-linux-musl.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ZIG_TARGET)
set(ZIG ${CMAKE_CURRENT_LIST_DIR}/../../build/zig/ziglang/zig)
string(REPLACE "-" ";" PARTS ${ZIG_TARGET})
list(GET PARTS 0 CMAKE_SYSTEM_PROCESSOR)
list(GET PARTS 1 SYSTEM)

set(CMAKE_C_COMPILER ${ZIG} cc)
set(CMAKE_C_COMPILER_TARGET ${ZIG_TARGET})
# For macOS zig has no linker that optimises, and the one for Windows loses symbols by it.
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
foreach(TOOL ar ranlib)
  string(TOUPPER ${TOOL} NAME)
  set(CMAKE_${NAME} ${CMAKE_CURRENT_LIST_DIR}/../../build/zig/${TOOL})
  set(CMAKE_C_COMPILER_${NAME} ${CMAKE_${NAME}})
  file(WRITE ${CMAKE_${NAME}} "#!/bin/sh\nexec ${ZIG} ${TOOL} \"$@\"\n")
  file(CHMOD ${CMAKE_${NAME}} FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endforeach()

if(SYSTEM STREQUAL linux)
  set(CMAKE_SYSTEM_NAME Linux)
  if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
    set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR}-static)
  endif()
elseif(SYSTEM STREQUAL windows)
  set(CMAKE_SYSTEM_NAME Windows)
  set(CMAKE_CROSSCOMPILING_EMULATOR wine)
  # The tests ask the C library what is right, and only mingw's own printf and strtod round correctly.
  set(CMAKE_C_FLAGS_INIT -D__USE_MINGW_ANSI_STDIO=1)
else()
  set(CMAKE_SYSTEM_NAME Darwin)
  set(CMAKE_MODULE_LINKER_FLAGS_INIT -shared) # zig's linker ends with a segmentation fault on a bundle
  set(CMAKE_INSTALL_NAME_TOOL true) # CMake asks for it, nothing uses it
endif()
# Libraries and headers of this machine are of no use.
set(CMAKE_FIND_ROOT_PATH /nowhere)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# Third-party packages, compiler settings, and the two functions every folder uses.

find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CapnProto 0.9 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(Threads REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
if(NOT HEFU_FUZZERS)
  find_package(RocksDB 7 CONFIG REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(CURL REQUIRED)
  pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
  pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
  pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
endif()
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
if(HEFU_TESTS AND NOT HEFU_FUZZERS)
  find_package(GTest REQUIRED)
  enable_testing()
  include(GoogleTest)
endif()

# toml++ is header-only and must be compiled alike in everything that is linked together. Without
# exceptions, errors are values; and version 3.3 asserts that a table header begins with a key
# ("[[[" does not) just before the code that reports it: without the assertion a bad file is an
# error and not an abort.
add_compile_definitions(TOML_EXCEPTIONS=0)
add_compile_options("-DTOML_ASSERT(x)=static_cast<void>(0)")

add_library(hefu_warnings INTERFACE)
target_compile_options(hefu_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
  -Wimplicit-fallthrough -Werror)

# Header files of the standard library and of GoogleTest are parsed once, not once per file: one
# precompiled header for what ships, one for tests. They hold no header of ours, so a change here
# never rebuilds them. Builds with sanitizers and the fuzzers (Clang) go without: they show missing
# #includes and keep the warnings that have to be off here. CMAKE_DISABLE_PRECOMPILE_HEADERS=ON does
# without as well, for clang-tidy, which cannot read GCC's.
set(HEFU_STANDARD_HEADERS
  <algorithm> <array> <chrono> <cstddef> <cstdint> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <variant> <vector>)
set(HEFU_PRECOMPILE OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND
   NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  set(HEFU_PRECOMPILE ON)
  # Collect the compiler's garbage from 512 MiB on and not from 128: most files never get there.
  add_compile_options(--param=ggc-min-heapsize=524288)
  # ccache: what it preprocesses names the precompiled header instead of losing it, and it trusts
  # that such a header, whose contents it knows, holds no macro or date it does not.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache$")
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
  # GCC 12 forgets which lines of a precompiled header are a system's, and then reports its known
  # false alarms inside std::string (GCC bugs 105329 and 105651) as ours.
  target_compile_options(hefu_warnings INTERFACE
    -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# Compiles the header `name`.h of the headers given, once, with the options of the folder's targets.
function(precompiled_headers name)
  cmake_parse_arguments(ARG "" "" "HEADERS;OPTIONS;DEPENDS" ${ARGN})
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled/${name}.cc "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/precompiled/${name}.cc)
  target_link_libraries(${name} PRIVATE hefu_warnings ${ARG_DEPENDS})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()
if(HEFU_PRECOMPILE)
  precompiled_headers(hefu_standard_headers HEADERS ${HEFU_STANDARD_HEADERS})
endif()

find_program(HEFU_MOLD mold)
if(HEFU_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

# Several files of a folder are compiled as one, which parses our own headers once for all of them:
# a release build from nothing takes some 60 % of the time. Files whose private names collide are
# compiled APART; -DHEFU_TOGETHER_COUNT=0 finds every collision of a component, whatever file is added
# to it later. The presets release and asan do so: a debug build makes one file anew after a change,
# and the others show missing #includes.
function(compiled_together name)
  cmake_parse_arguments(ARG "" "" "APART" ${ARGN})
  set_target_properties(${name} PROPERTIES
    UNITY_BUILD ${HEFU_TOGETHER} UNITY_BUILD_BATCH_SIZE ${HEFU_TOGETHER_COUNT})
  set_source_files_properties(${ARG_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# component(name SOURCES a.cc … [APART b.cc …] DEPENDS lib …): a static library of one folder.
# Includes are written from the top of the repository.
function(component name)
  cmake_parse_arguments(ARG "" "" "SOURCES;APART;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES} ${ARG_APART})
  compiled_together(${name} APART ${ARG_APART})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE hefu_warnings)
  if(HEFU_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM hefu_standard_headers)
  endif()
endfunction()

# What is tested is optimised; the assertions around it need not be, and compile faster. Nor need
# they be watched for undefined behaviour, which takes GCC as long as the rest of them.
set(HEFU_TEST_OPTIONS -O0)
if(CMAKE_CXX_FLAGS MATCHES "undefined")
  list(APPEND HEFU_TEST_OPTIONS -fno-sanitize=undefined)
endif()
if(HEFU_PRECOMPILE AND HEFU_TESTS)
  precompiled_headers(hefu_test_headers
    HEADERS ${HEFU_STANDARD_HEADERS} <gmock/gmock.h> <gtest/gtest.h>
    OPTIONS ${HEFU_TEST_OPTIONS}
    DEPENDS GTest::gmock)
endif()

# component_test(name [OPTIMISED] SOURCES a_test.cc … DEPENDS lib …): a GoogleTest binary, one CTest
# entry. OPTIMISED: the test itself computes so much that it is worth the time to compile.
function(component_test name)
  if(NOT HEFU_TESTS OR HEFU_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(ARG "OPTIMISED" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} hefu_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    HEFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HEFU_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(ARG_OPTIMISED)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  else()
    target_compile_options(${name} PRIVATE ${HEFU_TEST_OPTIONS})
    if(HEFU_PRECOMPILE)
      target_precompile_headers(${name} REUSE_FROM hefu_test_headers)
    endif()
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
endfunction()

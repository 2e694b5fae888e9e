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
endif()
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
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

find_program(HEFU_MOLD mold)
if(HEFU_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

# component(name SOURCES a.cc … DEPENDS lib …): a static library of one folder.
# Includes are written from the top of the repository.
function(component name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE hefu_warnings)
endfunction()

# component_test(name SOURCES a_test.cc … DEPENDS lib …): a GoogleTest binary, one CTest entry.
function(component_test name)
  if(NOT HEFU_TESTS OR HEFU_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} hefu_warnings GTest::gmock GTest::gtest_main)
  # What is tested is optimised; the assertions around it need not be, and compile twice as fast.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_compile_definitions(${name} PRIVATE
    HEFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HEFU_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
endfunction()

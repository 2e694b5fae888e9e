# cmake -DINPUT=folder -DOUTPUT=file.cc -P embed_console.cmake
# Writes a source file that defines console_assets() with every file below INPUT: its bytes, and the
# same compressed where that is shorter. The same folder gives the same source file.
file(GLOB_RECURSE files RELATIVE ${INPUT} ${INPUT}/*)
list(SORT files)

# As a string literal: a compiler reads megabytes of those in no time, and not of numbers.
function(byte_array name hex)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
  set(arrays "${arrays}constexpr char ${name}[] =\n    \"${bytes}\";\n" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(number 0)
foreach(path IN LISTS files)
  file(READ ${INPUT}/${path} hex HEX)
  file(SHA256 ${INPUT}/${path} digest)
  string(SUBSTRING ${digest} 0 32 digest)
  byte_array(kBytes${number} "${hex}")
  set(gzip "{}")
  file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${INPUT}/${path} FORMAT raw COMPRESSION GZip
       COMPRESSION_LEVEL 9)
  file(READ ${OUTPUT}.gz packed HEX)
  file(REMOVE ${OUTPUT}.gz)
  string(LENGTH "${hex}" plain_length)
  string(LENGTH "${packed}" packed_length)
  if(packed_length LESS plain_length)
    # Bytes 4 to 7 are the time of compression (RFC 1952 §2.3.1): none.
    string(SUBSTRING ${packed} 0 8 head)
    string(SUBSTRING ${packed} 16 -1 tail)
    byte_array(kGzip${number} "${head}00000000${tail}")
    set(gzip "{kGzip${number}, sizeof(kGzip${number}) - 1}")
  endif()
  string(APPEND rows "    ConsoleAsset{\"${path}\", \"${digest}\",\n"
    "                 {kBytes${number}, sizeof(kBytes${number}) - 1}, ${gzip}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT}
"#include \"api/console_assets.h\"

#include <array>

namespace hefu {
namespace {

${arrays}
constexpr std::array kAssets{
${rows}};

}  // namespace

std::span<const ConsoleAsset> console_assets() { return kAssets; }

}  // namespace hefu
")

# cmake -DINPUT=file -DOUTPUT=file.cc -DFUNCTION=name -DHEADER=header.h -P embed.cmake
# Writes a source file that defines `std::string_view FUNCTION()` with the bytes of INPUT. Bytes, not
# a string literal: compilers bound the length of those.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "char(0x\\1)," bytes "${hex}")
string(REGEX REPLACE "((char\\(0x..\\),){12})" "\\1\n    " bytes "${bytes}")
file(WRITE ${OUTPUT}
"#include \"${HEADER}\"

namespace hefu {
namespace {

constexpr char kBytes[] = {
    ${bytes}
};

}  // namespace

std::string_view ${FUNCTION}() { return {kBytes, sizeof(kBytes)}; }

}  // namespace hefu
")

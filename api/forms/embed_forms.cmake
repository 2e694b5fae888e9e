# cmake -DFILES=a.json;b.json -DOUTPUT=file.cc -P embed_forms.cmake
# Writes shipped_forms() of api/forms/shipped_forms.h. Bytes, not string literals: compilers bound the
# length of those.
set(arrays "")
set(entries "")
set(number 0)
list(SORT FILES)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "char(0x\\1)," bytes "${hex}")
  string(APPEND arrays "constexpr char kForm${number}[] = {${bytes}};\n")
  string(APPEND entries "    {\"${name}\", {kForm${number}, sizeof(kForm${number})}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}
"#include \"api/forms/shipped_forms.h\"

namespace hefu::forms {
namespace {

${arrays}
constexpr ShippedForm kForms[] = {
${entries}};

}  // namespace

std::span<const ShippedForm> shipped_forms() { return kForms; }

}  // namespace hefu::forms
")

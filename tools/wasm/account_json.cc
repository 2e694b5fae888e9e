#include "tools/wasm/account_json.h"

#include <boost/json.hpp>

namespace hefu {

namespace json = boost::json;

namespace {

json::object to_json(const Title& title) {
  return {{"zh", title.zh}, {"en", title.en}};
}

}  // namespace

json::array to_json(const std::vector<AccountLine>& account) {
  json::array lines;
  for (const AccountLine& line : account) {
    json::object object{
        {"name", line.name}, {"title", to_json(line.title)}, {"value", to_json(line.value)}};
    if (line.personal) {
      object["personal"] = true;
    }
    lines.push_back(std::move(object));
  }
  return lines;
}

}  // namespace hefu

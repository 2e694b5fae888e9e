#include "tools/rebuild_views.h"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include <boost/json.hpp>

#include "crypto/bytes.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPause{300};

}  // namespace

int run(Context& context, const RebuildViews& /*options*/) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  const auto begun = node->post("/v1/views", "application/json", as_bytes("{}"));
  if (!begun) {
    return report(context, begun.error());
  }
  if (!context.json) {
    std::cout << "making the views anew from the logs; the node goes on serving …" << std::endl;
  }
  while (true) {
    std::this_thread::sleep_for(kPause);
    const auto document = node->get_json("/v1/views");
    if (!document) {
      return report(context, document.error());
    }
    const json::object& at = document->as_object();
    if (at.at("running").as_bool()) {
      continue;
    }
    if (at.at("error").is_string()) {
      return report(context, Error{Errc::kInvalid, text_at(at, "error"),
                                   "the node goes on with the views it had"});
    }
    const json::object& last = at.at("last").as_object();
    const bool identical = last.at("identical").as_bool();
    if (context.json) {
      print_json(last, false);
    } else {
      std::cout << last.at("entries").to_number<std::uint64_t>() << " entries in "
                << last.at("took_ms").to_number<std::uint64_t>() << " ms, cut "
                << text_at(last, "cut") << "\n"
                << (identical ? "what was kept up to date until now said the same, byte for byte\n"
                              : "what was kept up to date until now said something else: please "
                                "report this\n");
    }
    return identical ? kExitOk : kExitBad;
  }
}

}  // namespace hefu

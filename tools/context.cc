#include "tools/context.h"

#include <iostream>

#include <boost/json.hpp>

namespace hefu {

namespace {

int exit_code(Errc code) {
  switch (code) {
    case Errc::kInvalid:
    case Errc::kTooLarge:
    case Errc::kUnsupported:
    case Errc::kNotFound:
    case Errc::kConflict:
    case Errc::kUnauthorised:
      return kExitRefused;
    case Errc::kUnverified:
    case Errc::kCorrupt:
      return kExitBad;
    case Errc::kUnavailable:
    case Errc::kIo:
      return kExitUnavailable;
  }
  return kExitRefused;
}

}  // namespace

int report(const Context& context, const Error& error) {
  if (context.json) {
    const boost::json::object out = {
        {"error", {{"code", name(error.code)}, {"message", error.message}, {"hint", error.hint}}}};
    std::cerr << boost::json::serialize(out) << "\n";
  } else {
    std::cerr << "hefu: " << error.message << "\n";
    if (!error.hint.empty()) {
      std::cerr << "      " << error.hint << "\n";
    }
  }
  return exit_code(error.code);
}

}  // namespace hefu

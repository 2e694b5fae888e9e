#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// Bounds of what a page may ask. Larger files are for the command line.
inline constexpr std::size_t kCallBundleBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kCallRequestBytesMax = std::size_t{96} << 20;
inline constexpr std::size_t kCallEventsMax = 10'000;
inline constexpr std::size_t kCallKeysMax = 16;  ///< open at one time
inline constexpr std::size_t kCallPassphraseBytesMax = 1024;

/// The one door of the module in the browser: JSON in, JSON out. Methods, their fields and answers:
/// tools/wasm/README.md. Holds the keys that were opened; they are wiped when it goes.
class Calls {
 public:
  /// `entropy` must outlive this.
  explicit Calls(Entropy& entropy) : entropy_(entropy) {}

  /// {"method", "request": {..}} to {"result": ..} or {"error": {"code","message","hint"}}. Refuses
  /// what it does not know or what exceeds a bound, naming the field; never throws for bad input.
  std::string call(std::string_view question);

 private:
  Result<boost::json::value> answer(std::string_view question);
  Result<boost::json::value> open_key_file(boost::json::object& request);
  Result<boost::json::value> close_key(const boost::json::object& request);
  Result<boost::json::value> prepare(const boost::json::object& request);
  Result<boost::json::value> sign(const boost::json::object& request);

  Entropy& entropy_;
  std::map<std::int64_t, SecretKey> keys_;  // by handle
  std::int64_t last_handle_ = 0;
};

}  // namespace hefu

#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/fwd.hpp>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Largest answer taken from a node.
inline constexpr std::size_t kAnswerBytesMax = std::size_t{512} << 20;

/// Calls a node's HTTP API. Blocking; one request at a time, the connection is kept.
class HttpClient {
 public:
  /// `base` such as "http://127.0.0.1:7401". `token`: an API token, or empty.
  explicit HttpClient(std::string base, std::string token = "");

  /// The body of a 2xx answer. Other answers become the error their problem document describes;
  /// kUnavailable if the node cannot be reached. Answers over kAnswerBytesMax are refused.
  Result<Bytes> get(const std::string& path_and_query);
  /// The same, read as JSON.
  Result<boost::json::value> get_json(const std::string& path_and_query);
  Result<Bytes> post(const std::string& path, std::string_view content_type, BytesView body);
  Result<Bytes> del(const std::string& path, std::string_view content_type, BytesView body);

 private:
  Result<Bytes> perform(const std::string& method, const std::string& path,
                        std::string_view content_type, BytesView body);
  std::string base_;
  std::string token_;
  std::unique_ptr<void, void (*)(void*)> curl_;  // a CURL, whose header stays out of this one
};

/// Percent-encodes a query value.
std::string url_encode(std::string_view text);

/// A path with a query of those parameters that have a value.
std::string with_query(
    const std::string& path,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

}  // namespace hefu

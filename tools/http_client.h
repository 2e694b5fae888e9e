#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Calls a node's HTTP API. Blocking; one request at a time, the connection is kept.
class HttpClient {
 public:
  /// `base` such as "http://127.0.0.1:7401".
  explicit HttpClient(std::string base);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The body of a 2xx answer. Other answers become the error their problem document describes;
  /// kUnavailable if the node cannot be reached. Answers over 512 MiB are refused.
  Result<Bytes> get(const std::string& path_and_query);
  Result<Bytes> post(const std::string& path, std::string_view content_type, BytesView body);
  Result<Bytes> del(const std::string& path);

  [[nodiscard]] const std::string& base() const { return base_; }

 private:
  Result<Bytes> perform(const std::string& method, const std::string& path,
                        std::string_view content_type, BytesView body);
  std::string base_;
  void* curl_;  // owned; CURL*, whose header stays out of this one
};

/// Percent-encodes a query value.
std::string url_encode(std::string_view text);

}  // namespace hefu

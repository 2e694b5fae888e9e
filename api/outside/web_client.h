#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// What a web server answered, whatever its status.
struct WebAnswer {
  int status = 0;
  std::string body;
};

/// Asks other hosts over HTTPS.
class WebClient {
 public:
  virtual ~WebClient() = default;
  /// Errors: kUnavailable (no answer in time, or none at all), kTooLarge.
  virtual Result<WebAnswer> get(const std::string& url) = 0;
  /// `form`: application/x-www-form-urlencoded; `authorization`: the header's value, or "".
  virtual Result<WebAnswer> post(const std::string& url, const std::string& form,
                                 const std::string& authorization) = 0;
};

/// Through libcurl: certificates checked against the system's authorities, no redirect followed, no
/// proxy, no cookie, no credentials from elsewhere; HTTP without TLS to loopback alone. Blocking;
/// thread-safe, every request has a connection of its own.
class CurlClient final : public WebClient {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds timeout{8'000};  ///< of the whole exchange
    std::size_t answer_bytes_max = std::size_t{256} << 10;
  };
  explicit CurlClient(const Options& options);

  Result<WebAnswer> get(const std::string& url) override;
  Result<WebAnswer> post(const std::string& url, const std::string& form,
                         const std::string& authorization) override;
  /// `headers`: whole lines, the body's Content-Type among them.
  Result<WebAnswer> post_with(const std::string& url, const std::string& body,
                              const std::vector<std::string>& headers);

 private:
  Result<WebAnswer> perform(const std::string& url, const std::string* body,
                            const std::vector<std::string>& headers) const;
  const Options options_;
};

}  // namespace hefu

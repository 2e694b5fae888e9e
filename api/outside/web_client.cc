#include "api/outside/web_client.h"

#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "api/outside/web_address.h"

namespace hefu {
namespace {

struct Sink {
  std::string body;
  std::size_t bytes_max = 0;
  bool too_large = false;
};

std::size_t collect(char* data, std::size_t size, std::size_t count, void* sink) {
  auto& into = *static_cast<Sink*>(sink);
  const std::size_t bytes = size * count;
  if (into.body.size() + bytes > into.bytes_max) {
    into.too_large = true;
    return 0;
  }
  into.body.append(data, bytes);
  return bytes;
}

Error no_answer(const std::string& url, const std::string& why) {
  return {Errc::kUnavailable, "no answer from " + host_of(url) + ": " + why,
          "is the address right, and can it be reached from this machine?"};
}

}  // namespace

CurlClient::CurlClient(const Options& options) : options_(options) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);  // once, before any thread
  HEFU_ASSERT(kReady == CURLE_OK);
}

Result<WebAnswer> CurlClient::get(const std::string& url) {
  return perform(url, nullptr, {});
}

Result<WebAnswer> CurlClient::post(const std::string& url, const std::string& form,
                                   const std::string& authorization) {
  return authorization.empty() ? perform(url, &form, {})
                               : perform(url, &form, {"Authorization: " + authorization});
}

Result<WebAnswer> CurlClient::post_with(const std::string& url, const std::string& body,
                                        const std::vector<std::string>& headers) {
  return perform(url, &body, headers);
}

Result<WebAnswer> CurlClient::perform(const std::string& url, const std::string* body,
                                      const std::vector<std::string>& headers) const {
  if (!is_web_address(url)) {
    return Error{Errc::kInvalid, "not an https:// address", "http:// is for loopback alone"};
  }
  const std::unique_ptr<CURL, void (*)(CURL*)> owned(curl_easy_init(), &curl_easy_cleanup);
  CURL* const curl = owned.get();
  if (curl == nullptr) {
    return no_answer(url, "no memory");
  }
  Sink sink;
  sink.bytes_max = options_.answer_bytes_max;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, url.starts_with("https:") ? "https" : "http");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // there are other threads
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  curl_slist* lines = curl_slist_append(nullptr, "Accept: application/json, application/xml");
  for (const std::string& header : headers) {
    lines = curl_slist_append(lines, header.c_str());
  }
  if (body != nullptr) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(lines);
  if (sink.too_large) {
    return Error{Errc::kTooLarge,
                 "the answer of " + host_of(url) + " is larger than " +
                     std::to_string(options_.answer_bytes_max) + " bytes",
                 "is the address right?"};
  }
  if (code != CURLE_OK) {
    return no_answer(url, curl_easy_strerror(code));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return WebAnswer{static_cast<int>(status), std::move(sink.body)};
}

}  // namespace hefu

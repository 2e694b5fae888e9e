#include "tools/http_client.h"

#include <chrono>
#include <thread>

#include <boost/json.hpp>
#include <curl/curl.h>

#include "ledger/event/canonical_json.h"
#include "tools/json.h"

namespace hefu {

namespace {

constexpr long kNotSignedIn = 401;
constexpr std::string_view kApiTokenPrefix = "hefu_";
constexpr int kConnectTriesMax = 6;
constexpr std::chrono::milliseconds kConnectPause{400};

std::size_t collect(char* data, std::size_t size, std::size_t count, void* sink) {
  auto* body = static_cast<Bytes*>(sink);
  const std::size_t bytes = size * count;
  if (body->size() + bytes > kAnswerBytesMax) {
    return 0;
  }
  append(*body, std::string_view(data, bytes));
  return bytes;
}

Errc code_of(std::string_view text) {
  for (const Errc code :
       {Errc::kInvalid, Errc::kTooLarge, Errc::kUnsupported, Errc::kNotFound, Errc::kConflict,
        Errc::kUnauthorised, Errc::kUnverified, Errc::kUnavailable, Errc::kIo, Errc::kCorrupt}) {
    if (text == name(code)) {
      return code;
    }
  }
  return Errc::kInvalid;
}

Error problem(long status, const Bytes& body) {
  Error error{Errc::kInvalid, "the node answered HTTP " + std::to_string(status), ""};
  const auto document = parse_json(as_text(body), 1 << 20);
  if (!document || !document->is_object()) {
    return error;
  }
  const auto& object = document->as_object();
  error.code = code_of(text_at(object, "code"));
  if (const std::string detail = text_at(object, "detail"); !detail.empty()) {
    error.message = detail;
  }
  error.hint = text_at(object, "hint");
  return error;
}

}  // namespace

HttpClient::HttpClient(std::string base, std::string token)
    : base_(std::move(base)),
      token_(std::move(token)),
      curl_(curl_easy_init(), &curl_easy_cleanup) {
  HEFU_ASSERT(curl_ != nullptr);
  while (!base_.empty() && base_.back() == '/') {
    base_.pop_back();
  }
}

Result<Bytes> HttpClient::get(const std::string& path_and_query) {
  return perform("GET", path_and_query, "", {});
}

Result<boost::json::value> HttpClient::get_json(const std::string& path_and_query) {
  auto answer = get(path_and_query);
  return answer ? parse_json(as_text(*answer), kAnswerBytesMax)
                : Result<boost::json::value>(answer.error());
}

Result<Bytes> HttpClient::post(const std::string& path, std::string_view content_type,
                               BytesView body) {
  return perform("POST", path, content_type, body);
}

Result<Bytes> HttpClient::del(const std::string& path, std::string_view content_type,
                              BytesView body) {
  return perform("DELETE", path, content_type, body);
}

Result<Bytes> HttpClient::perform(const std::string& method, const std::string& path,
                                  std::string_view content_type, BytesView body) {
  CURL* const curl = curl_.get();
  curl_easy_reset(curl);
  const std::string url = base_ + path;
  Bytes answer;
  char error_text[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_text);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 300L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_slist* headers = nullptr;
  if (!token_.empty()) {
    headers = curl_slist_append(headers, ("Authorization: Bearer " + token_).c_str());
  }
  if (method != "GET") {
    headers = curl_slist_append(headers, ("Content-Type: " + std::string(content_type)).c_str());
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  CURLcode code = curl_easy_perform(curl);
  // Nothing was sent: a node that takes up a decision of the members is away for a moment.
  for (int tries = 0; code == CURLE_COULDNT_CONNECT && tries < kConnectTriesMax; ++tries) {
    std::this_thread::sleep_for(kConnectPause);
    code = curl_easy_perform(curl);
  }
  curl_slist_free_all(headers);
  if (code != CURLE_OK) {
    return Error{Errc::kUnavailable,
                 "no answer from " + url + ": " +
                     (error_text[0] != '\0' ? error_text : curl_easy_strerror(code)),
                 "is the node running (hefud --config …/hefud.toml)? is --node-url right?"};
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  // An operator's token may be left over from a node that was killed, and another one answers now.
  if (status == kNotSignedIn && !token_.empty() && !token_.starts_with(kApiTokenPrefix)) {
    token_.clear();
    return perform(method, path, content_type, body);
  }
  if (status < 200 || status > 299) {
    return problem(status, answer);
  }
  return answer;
}

std::string url_encode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

std::string with_query(
    const std::string& path,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string out = path;
  char separator = '?';
  for (const auto& [key, value] : parameters) {
    if (!value.empty()) {
      out += separator + std::string(key) + "=" + url_encode(value);
      separator = '&';
    }
  }
  return out;
}

}  // namespace hefu

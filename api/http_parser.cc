#include "api/http_parser.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "api/problem.h"
#include "api/target.h"

namespace hefu {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_folded(std::string_view header) {
  return header.find("\r\n ") != std::string_view::npos ||
         header.find("\r\n\t") != std::string_view::npos;
}

// "Text/HTML; charset=utf-8" → "text/html"
std::string media_type(std::string_view value) {
  value = value.substr(0, value.find(';'));
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) {
    value.remove_suffix(1);
  }
  return lower(value);
}

}  // namespace

/// Beast's parser with our own collection of what it finds: only the headers anybody here reads are
/// kept, and nothing is allocated for the others.
class HttpParser::Reader final : public http::basic_parser<true> {
 public:
  explicit Reader(const HttpParserLimits& limits) : limits_(limits) {
    // Beast counts differently depending on how the stream is cut; HttpParser's own count is exact
    // and must be reached first.
    header_limit(static_cast<std::uint32_t>(2 * limits.header_bytes_max));
    body_limit(static_cast<std::uint64_t>(limits.body_bytes_max));
    eager(false);
  }

  HttpRequest request;
  bool wants_continue = false;
  int refusal_status = 0;
  Error refusal;

  void refuse(int status, Error error) {
    if (refusal_status == 0) {
      refusal_status = status;
      refusal = std::move(error);
    }
  }

  void refuse(const error_code& error) {
    if (error == http::error::header_limit) {
      refuse(431,
             Error{Errc::kTooLarge,
                   "header: more than " + std::to_string(limits_.header_bytes_max) + " bytes", ""});
    } else if (error == http::error::body_limit) {
      refuse(413, Error{Errc::kTooLarge,
                        "body: more than " + std::to_string(limits_.body_bytes_max) + " bytes",
                        "send it in several requests"});
    } else {
      refuse(400, Error{Errc::kInvalid, "request: " + error.message(), "speak HTTP/1.1"});
    }
  }

  /// What can be judged only when all headers are there.
  void check_head() {
    if (hosts_ != 1 && !(hosts_ == 0 && version_ == 10)) {
      refuse(400, Error{Errc::kInvalid, "header Host: must be given exactly once", ""});
    }
    auto target = hefu::parse_target(request.target);
    if (!target) {
      const bool too_long = target.error().code == Errc::kTooLarge;
      refuse(too_long ? 414 : 400, target.error());
      return;
    }
    request.path = std::move(target->path);
    request.query = std::move(target->query);
  }

 protected:
  void on_request_impl(http::verb /*verb*/, boost::beast::string_view method,
                       boost::beast::string_view target, int version,
                       error_code& /*error*/) override {
    request.method = std::string(view(method));
    request.target = std::string(view(target));
    version_ = version;
  }

  void on_response_impl(int /*status*/, boost::beast::string_view /*reason*/, int /*version*/,
                        error_code& error) override {
    error = http::error::bad_version;
  }

  void on_field_impl(http::field field, boost::beast::string_view name,
                     boost::beast::string_view value, error_code& error) override {
    if (++fields_ > limits_.headers_max) {
      error = http::error::header_limit;
      return;
    }
    switch (field) {
      case http::field::host:
        ++hosts_;
        request.host = lower(view(value));
        break;
      case http::field::content_type:
        request.content_type = media_type(view(value));
        break;
      case http::field::if_none_match:
        request.if_none_match = std::string(view(value));
        break;
      case http::field::accept:
        request.accept = std::string(view(value));
        break;
      case http::field::accept_encoding:
        request.accept_encoding = std::string(view(value));
        break;
      case http::field::authorization:
        join(request.authorization, view(value), ", ");
        break;
      case http::field::cookie:
        join(request.cookie, view(value), "; ");
        break;
      case http::field::origin:
        join(request.origin, view(value), ", ");
        break;
      case http::field::unknown:
        take_unknown(lower(view(name)), view(value));
        break;
      case http::field::expect:
        wants_continue = lower(view(value)) == "100-continue";
        break;
      case http::field::transfer_encoding:
        refuse(411, Error{Errc::kUnsupported, "header Transfer-Encoding: not accepted",
                          "send the body with a Content-Length"});
        error = http::error::bad_transfer_encoding;
        break;
      default:
        break;
    }
  }

  void on_header_impl(error_code& /*error*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& /*error*/) override {}

  std::size_t on_body_impl(boost::beast::string_view bytes, error_code& /*error*/) override {
    // Grown by what arrives, never reserved by what was promised. Beast has checked the bound.
    append(request.body, view(bytes));
    return bytes.size();
  }

  // Never called: a Transfer-Encoding header has been refused.
  void on_chunk_header_impl(std::uint64_t /*size*/, boost::beast::string_view /*extensions*/,
                            error_code& error) override {
    error = http::error::bad_transfer_encoding;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remaining*/, boost::beast::string_view /*bytes*/,
                                 error_code& error) override {
    error = http::error::bad_transfer_encoding;
    return 0;
  }

  void on_finish_impl(error_code& /*error*/) override {}

 private:
  static void join(std::string& all, std::string_view more, std::string_view between) {
    all += all.empty() ? "" : between;
    all += more;
  }

  // Headers that Beast has no name for.
  void take_unknown(std::string_view name, std::string_view value) {
    if (name == "x-hefu-csrf") {
      join(request.csrf_token, value, ", ");
    } else if (name == "x-forwarded-for") {
      join(request.forwarded_for, value, ", ");
    } else if (name == "idempotency-key") {
      join(request.idempotency_key, value, ", ");
    } else if (name == "last-event-id") {
      join(request.last_event_id, value, ", ");
    }
  }

  const HttpParserLimits& limits_;
  std::size_t fields_ = 0;
  int hosts_ = 0;
  int version_ = 0;
};

HttpParser::HttpParser(const HttpParserLimits& limits)
    : limits_(limits), reader_(std::make_unique<Reader>(limits_)) {}

HttpParser::~HttpParser() = default;

HttpParser::State HttpParser::feed(BytesView bytes) {
  if (reader_->refusal_status != 0) {
    return State::kRefused;
  }
  append(waiting_, bytes);
  std::size_t used = 0;
  bool needs_more = false;
  bool new_head = false;
  while (used < waiting_.size() && !reader_->is_done() && !needs_more && !new_head) {
    error_code error;
    const bool had_head = reader_->is_header_done();
    const BytesView rest = BytesView(waiting_).subspan(used);
    const std::size_t taken = reader_->put({rest.data(), rest.size()}, error);
    used += taken;
    // Beast unfolds obsolete line folding; it takes whole fields, so a fold never spans two takes.
    if (!had_head && is_folded(as_text(rest.first(taken)))) {
      reader_->refuse(400, Error{Errc::kInvalid, "header: line folding is obsolete", ""});
      return State::kRefused;
    }
    needs_more = error == http::error::need_more;
    if (error && !needs_more) {
      reader_->refuse(error);
      return State::kRefused;
    }
    new_head = !had_head && reader_->is_header_done();
    if (!had_head) {
      header_bytes_ += taken;
      const std::size_t unfinished = new_head ? 0 : waiting_.size() - used;
      if (header_bytes_ + unfinished > limits_.header_bytes_max) {
        reader_->refuse(http::error::header_limit);
        return State::kRefused;
      }
    }
  }
  if (new_head) {
    reader_->check_head();
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(used));
  if (reader_->refusal_status != 0) {
    return State::kRefused;
  }
  if (reader_->is_done()) {
    return State::kComplete;
  }
  if (reader_->is_header_done() && !head_reported_) {
    head_reported_ = true;
    return State::kHead;
  }
  return State::kMore;
}

std::size_t HttpParser::body_bytes() const {
  return static_cast<std::size_t>(reader_->content_length().value_or(0));
}

bool HttpParser::expects_continue() const {
  return reader_->wants_continue && waiting_.empty();
}

bool HttpParser::in_progress() const {
  return reader_->got_some() || !waiting_.empty();
}

bool HttpParser::keep_alive() const {
  return reader_->keep_alive();
}

HttpRequest HttpParser::take() {
  HttpRequest request = std::move(reader_->request);
  reader_ = std::make_unique<Reader>(limits_);
  head_reported_ = false;
  header_bytes_ = 0;
  return request;
}

int HttpParser::refusal_status() const {
  return reader_->refusal_status;
}

const Error& HttpParser::refusal() const {
  return reader_->refusal;
}

}  // namespace hefu

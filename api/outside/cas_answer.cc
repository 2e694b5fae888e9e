#include "api/outside/cas_answer.h"

#include <memory>
#include <optional>
#include <vector>

#include <expat.h>

#include "api/accounts/outside_name.h"

namespace hefu {
namespace {

constexpr std::size_t kDepthMax = 16;
constexpr char kBetween = ' ';  // between an element's namespace and its name; in neither of them

std::string in_cas(std::string_view name) {
  return "http://www.yale.edu/tp/cas" + std::string(1, kBetween) + std::string(name);
}

/// Follows the elements and keeps what they say. Expat replaces no entity of a document type,
/// because the first word of such a declaration ends the reading.
class Reader {
 public:
  Reader() : parser_(XML_ParserCreateNS("UTF-8", kBetween)) {
    HEFU_ASSERT(parser_ != nullptr);
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &Reader::on_start, &Reader::on_end);
    XML_SetCharacterDataHandler(parser_.get(), &Reader::on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &Reader::on_doctype);
  }

  Result<std::string> read(std::string_view xml) {
    const auto status =
        XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
    if (status != XML_STATUS_OK && refused_.empty()) {
      refused_ = "damaged XML";
    }
    if (!refused_.empty()) {
      return invalid(refused_);
    }
    if (failures_ + successes_ != 1) {
      return invalid("neither success nor failure, or both");
    }
    if (failures_ == 1) {
      return Error{Errc::kUnauthorised, "CAS: the ticket is not accepted",
                   "begin anew; a ticket is good once and for a short time"};
    }
    if (!user_ || !is_outside_name(*user_)) {
      return invalid("user: missing, or no name");
    }
    return *user_;
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  static Error invalid(const std::string& what) {
    return {Errc::kInvalid, "CAS answer: " + what, "is [api.cas] url right?"};
  }

  void refuse(const char* why) {
    refused_ = why;
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void start(std::string name) {
    if (path_.size() >= kDepthMax) {
      refuse("nested too deep");
      return;
    }
    if (path_.empty() && name != in_cas("serviceResponse")) {
      refuse("not a serviceResponse");
      return;
    }
    if (path_.size() == 1) {
      successes_ += name == in_cas("authenticationSuccess") ? 1 : 0;
      failures_ += name == in_cas("authenticationFailure") ? 1 : 0;
    }
    path_.push_back(std::move(name));
    if (is_user()) {
      if (user_) {
        refuse("user: twice");
      } else {
        user_.emplace();
      }
    } else if (path_.size() > 3 && path_[2] == in_cas("user")) {
      refuse("user: not a plain text");
    }
  }

  [[nodiscard]] bool is_user() const {
    return path_.size() == 3 && path_[1] == in_cas("authenticationSuccess") &&
           path_[2] == in_cas("user");
  }

  static void on_start(void* self, const XML_Char* name, const XML_Char** /*attributes*/) {
    static_cast<Reader*>(self)->start(name);
  }
  static void on_end(void* self, const XML_Char* /*name*/) {
    auto& reader = *static_cast<Reader*>(self);
    if (!reader.path_.empty()) {
      reader.path_.pop_back();
    }
  }
  static void on_text(void* self, const XML_Char* text, int length) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.is_user() && reader.user_) {
      reader.user_->append(text, static_cast<std::size_t>(length));
    }
  }
  static void on_doctype(void* self, const XML_Char* /*name*/, const XML_Char* /*system*/,
                         const XML_Char* /*id*/, int /*subset*/) {
    static_cast<Reader*>(self)->refuse("a document type declaration, which no such answer has");
  }

  const std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::vector<std::string> path_;
  std::string refused_;
  int successes_ = 0;
  int failures_ = 0;
  std::optional<std::string> user_;
};

}  // namespace

Result<std::string> parse_cas_answer(std::string_view xml) {
  if (xml.size() > kCasAnswerBytesMax) {
    return Error{Errc::kTooLarge,
                 "CAS answer: more than " + std::to_string(kCasAnswerBytesMax) + " bytes",
                 "is [api.cas] url right?"};
  }
  return Reader().read(xml);
}

}  // namespace hefu

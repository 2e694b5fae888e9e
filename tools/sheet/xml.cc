#include "tools/sheet/xml.h"

#include <expat.h>

#include "tools/sheet/limits.h"

namespace hefu::sheet {

namespace {

std::string_view local(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::optional<std::string_view> Attributes::find(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local(pair[0]) == name) {
      return pair[1];
    }
  }
  return std::nullopt;
}

struct XmlReader::Parser {
  explicit Parser(XmlHandler& to) : handler(to), expat(XML_ParserCreate("UTF-8")) {
    HEFU_ASSERT(expat != nullptr);
    XML_SetUserData(expat, this);
    XML_SetElementHandler(expat, &Parser::on_start, &Parser::on_end);
    XML_SetCharacterDataHandler(expat, &Parser::on_text);
    XML_SetStartDoctypeDeclHandler(expat, &Parser::on_doctype);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { XML_ParserFree(expat); }

  static Parser* of(void* data) { return static_cast<Parser*>(data); }

  void judge(const Result<void>& outcome) {
    if (!outcome && !error) {
      error = outcome.error();
      XML_StopParser(expat, XML_FALSE);
    }
  }

  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    Parser* self = of(data);
    if (self->error) {
      return;
    }
    if (++self->depth > kXmlDepthMax) {
      self->judge(Error{Errc::kTooLarge, "XML nested deeper than 64 elements", ""});
      return;
    }
    self->judge(self->handler.start(local(name), Attributes(attributes)));
  }
  static void on_end(void* data, const XML_Char* name) {
    Parser* self = of(data);
    if (!self->error) {
      --self->depth;
      self->judge(self->handler.end(local(name)));
    }
  }
  static void on_text(void* data, const XML_Char* text, int length) {
    Parser* self = of(data);
    if (!self->error) {
      self->judge(self->handler.text({text, static_cast<std::size_t>(length)}));
    }
  }
  static void on_doctype(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
                         const XML_Char* /*id*/, int /*subset*/) {
    of(data)->judge(Error{Errc::kInvalid, "XML with a document type declaration",
                          "no spreadsheet program writes one: do not trust this file"});
  }

  XmlHandler& handler;
  XML_Parser expat;
  std::optional<Error> error;
  std::int64_t fed = 0;
  int depth = 0;
};

XmlReader::XmlReader(XmlHandler& handler) : parser_(new Parser(handler)) {}

XmlReader::~XmlReader() {
  delete parser_;
}

Result<void> XmlReader::feed(BytesView piece, bool last) {
  const std::string_view text = as_text(piece);
  const auto status =
      XML_Parse(parser_->expat, text.data(), static_cast<int>(text.size()), last ? 1 : 0);
  if (parser_->error) {
    return *parser_->error;
  }
  if (status != XML_STATUS_OK) {
    return Error{Errc::kInvalid,
                 std::string("damaged XML: ") + XML_ErrorString(XML_GetErrorCode(parser_->expat)),
                 "open the file in a spreadsheet program and save it again"};
  }
  parser_->fed += static_cast<std::int64_t>(piece.size());
  if (!last && parser_->fed - XML_GetCurrentByteIndex(parser_->expat) > kTagBytesMax) {
    return Error{Errc::kTooLarge, "a single XML tag of more than 1 MiB", ""};
  }
  return {};
}

}  // namespace hefu::sheet

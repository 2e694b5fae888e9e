#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu::sheet {

/// The attributes of one element.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}
  /// By its name without prefix.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  const char** pairs_;
};

/// Told of what is in an XML document as it is read. Names come without their prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  /// An error ends the reading.
  virtual Result<void> start(std::string_view name, const Attributes& attributes) = 0;
  virtual Result<void> end(std::string_view name) = 0;
  virtual Result<void> text(std::string_view piece) = 0;
};

/// Reads XML piece by piece (Expat). A document type declaration is refused, and with it every
/// entity that is not XML's own; so are elements nested deeper than kXmlDepthMax and a single tag
/// longer than kTagBytesMax. Errors: kInvalid, kTooLarge, and those of the handler.
class XmlReader {
 public:
  explicit XmlReader(XmlHandler& handler);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  Result<void> feed(BytesView piece, bool last);

 private:
  struct Parser;
  Parser* parser_;
};

}  // namespace hefu::sheet

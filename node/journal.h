#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/result.h"

namespace hefu {

/// What the node tells its operator, one line per happening: a fixed sentence and named values.
/// Never a secret, never personal data: callers name members, logs, sizes and codes only. Values
/// may be what another member said: they are written so that none can end a line, hide in one or
/// speak to a terminal. Thread-safe.
class Journal {
 public:
  enum class Level : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError };
  enum class Format : std::uint8_t { kText, kJson };
  using Values = std::initializer_list<std::pair<std::string_view, std::string>>;

  /// Writes to standard error. `level`: the lowest that is written.
  Journal(Level level, Format format);
  /// Writes to a stream, which must outlive it. For tests.
  Journal(Level level, Format format, std::ostream& out);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// "trace", "debug", "info", "warn", "error".
  static Level level(std::string_view name);

  void write(Level level, std::string_view happening, Values values = {});
  void info(std::string_view happening, Values values = {}) {
    write(Level::kInfo, happening, values);
  }
  void warn(std::string_view happening, Values values = {}) {
    write(Level::kWarn, happening, values);
  }
  void error(std::string_view happening, const Error& why);
  void flush();

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace hefu

#include "node/journal.h"

#include <algorithm>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "api/problem.h"

namespace hefu {
namespace {

spdlog::level::level_enum spdlog_level(Journal::Level level) {
  switch (level) {
    case Journal::Level::kTrace:
      return spdlog::level::trace;
    case Journal::Level::kDebug:
      return spdlog::level::debug;
    case Journal::Level::kInfo:
      return spdlog::level::info;
    case Journal::Level::kWarn:
      return spdlog::level::warn;
    case Journal::Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// Readable as it is, and nothing but itself.
bool is_bare(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(),
                                       [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
}

}  // namespace

struct Journal::Sink {
  Sink(Level level, Format as, spdlog::sink_ptr to) : logger("hefud", std::move(to)), format(as) {
    logger.set_level(spdlog_level(level));
    logger.flush_on(spdlog::level::trace);
    logger.set_pattern(format == Format::kText
                           ? "%Y-%m-%dT%H:%M:%S.%e%z %l %v"
                           : R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
  }

  spdlog::logger logger;
  const Format format;
};

Journal::Journal(Level level, Format format)
    : sink_(std::make_unique<Sink>(level, format,
                                   std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Journal::Journal(Level level, Format format, std::ostream& out)
    : sink_(std::make_unique<Sink>(level, format,
                                   std::make_shared<spdlog::sinks::ostream_sink_mt>(out))) {}

Journal::~Journal() = default;

Journal::Level Journal::level(std::string_view name) {
  if (name == "trace") {
    return Level::kTrace;
  }
  if (name == "debug") {
    return Level::kDebug;
  }
  if (name == "warn") {
    return Level::kWarn;
  }
  return name == "error" ? Level::kError : Level::kInfo;
}

void Journal::write(Level level, std::string_view happening, Values values) {
  if (!sink_->logger.should_log(spdlog_level(level))) {
    return;
  }
  std::string line;
  if (sink_->format == Format::kJson) {
    line = "\"event\":" + json_string(happening);
    for (const auto& [name, value] : values) {
      line += "," + json_string(name) + ":" + json_string(value);
    }
  } else {
    line = std::string(happening);
    for (const auto& [name, value] : values) {
      line += " " + std::string(name) + "=" + (is_bare(value) ? value : json_string(value));
    }
  }
  sink_->logger.log(spdlog_level(level), spdlog::string_view_t(line));
}

void Journal::error(std::string_view happening, const Error& why) {
  write(Level::kError, happening,
        {{"code", name(why.code)}, {"reason", why.message}, {"hint", why.hint}});
}

void Journal::flush() {
  sink_->logger.flush();
}

}  // namespace hefu

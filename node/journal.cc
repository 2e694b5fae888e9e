#include "node/journal.h"

#include <boost/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

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

}  // namespace

struct Journal::Sink {
  spdlog::logger logger;
  Format format;
};

Journal::Journal(Level level, Format format)
    : sink_(std::make_unique<Sink>(Sink{
          spdlog::logger("hefud", std::make_shared<spdlog::sinks::stderr_sink_mt>()), format})) {
  sink_->logger.set_level(spdlog_level(level));
  sink_->logger.flush_on(spdlog::level::trace);
  sink_->logger.set_pattern(format == Format::kText
                                ? "%Y-%m-%dT%H:%M:%S.%e%z %l %v"
                                : R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
}

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
    line = "\"event\":" + boost::json::serialize(boost::json::string(happening));
    for (const auto& [name, value] : values) {
      line += "," + boost::json::serialize(boost::json::string(name)) + ":" +
              boost::json::serialize(boost::json::string(value));
    }
  } else {
    line = std::string(happening);
    for (const auto& [name, value] : values) {
      line += " " + std::string(name) + "=" +
              (value.find_first_of(" \"\n") == std::string::npos && !value.empty()
                   ? value
                   : boost::json::serialize(boost::json::string(value)));
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

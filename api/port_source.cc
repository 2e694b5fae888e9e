#include "api/port_source.h"

#include <cstdint>

#include <boost/json/value.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// As much as a program takes of such an answer (tools/http_client.h).
constexpr std::size_t kAnswerBytesMax = std::size_t{512} << 20U;

Result<json::value> read(const Result<std::string>& answer) {
  return answer ? parse_json(*answer, kAnswerBytesMax) : Result<json::value>(answer.error());
}

}  // namespace

Result<json::value> PortSource::figures(const std::string& pack, const std::string& period,
                                        const std::string& node, const std::string& vintage) {
  FigureQuery query;
  query.pack = pack;
  query.period = period;
  query.node = node;
  query.vintage = vintage;
  return read(port_.figures(query));
}

Result<json::value> PortSource::records(const std::string& type, const std::string& from,
                                        std::size_t limit) {
  RecordQuery query;
  query.type = type;
  query.from = from;
  query.limit = static_cast<std::uint32_t>(limit);
  return read(port_.records(query));
}

Result<json::value> PortSource::record(const std::string& id) {
  const auto digest = Digest::from_hex(id);
  return digest ? read(port_.record(*digest))
                : Error{Errc::kInvalid, "id: not 64 lower-case hex digits", ""};
}

Result<json::value> PortSource::members() {
  return read(port_.members());
}

}  // namespace hefu

#include "tools/client_source.h"

#include <boost/json/value.hpp>

namespace hefu {

namespace json = boost::json;

Result<json::value> ClientSource::figures(const std::string& pack, const std::string& period,
                                          const std::string& node, const std::string& vintage) {
  return node_.get_json(with_query(
      "/v1/figures", {{"pack", pack}, {"period", period}, {"node", node}, {"vintage", vintage}}));
}

Result<json::value> ClientSource::records(const std::string& type, const std::string& from,
                                          std::size_t limit) {
  return node_.get_json(with_query(
      "/v1/records", {{"type", type}, {"limit", std::to_string(limit)}, {"from", from}}));
}

Result<json::value> ClientSource::record(const std::string& id) {
  return node_.get_json("/v1/records/" + id);
}

Result<json::value> ClientSource::members() {
  return node_.get_json("/v1/members");
}

}  // namespace hefu

#pragma once

#include <cstddef>
#include <string>

#include "api/forms/report_sources.h"
#include "tools/http_client.h"

namespace hefu {

/// A node asked over HTTP for what forms are filled from.
class ClientSource final : public forms::SourceNode {
 public:
  /// `node` must outlive this.
  explicit ClientSource(HttpClient& node) : node_(node) {}

  Result<boost::json::value> figures(const std::string& pack, const std::string& period,
                                     const std::string& node, const std::string& vintage) override;
  Result<boost::json::value> records(const std::string& type, const std::string& from,
                                     std::size_t limit) override;
  Result<boost::json::value> record(const std::string& id) override;
  Result<boost::json::value> members() override;

 private:
  HttpClient& node_;
};

}  // namespace hefu

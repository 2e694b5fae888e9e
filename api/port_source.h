#pragma once

#include <cstddef>
#include <string>

#include "api/forms/report_sources.h"
#include "api/port.h"

namespace hefu {

/// The node itself, asked for what forms are filled from.
class PortSource final : public forms::SourceNode {
 public:
  /// `port` must outlive this.
  explicit PortSource(Port& port) : port_(port) {}

  Result<boost::json::value> figures(const std::string& pack, const std::string& period,
                                     const std::string& node, const std::string& vintage) override;
  Result<boost::json::value> records(const std::string& type, const std::string& from,
                                     std::size_t limit) override;
  Result<boost::json::value> record(const std::string& id) override;
  Result<boost::json::value> members() override;

 private:
  Port& port_;
};

}  // namespace hefu

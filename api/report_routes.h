#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/forms/form.h"
#include "api/port.h"
#include "api/port_source.h"
#include "api/route_table.h"
#include "crypto/entropy.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// /v1/reports: the forms this program brings along, and each filled from the node's figures and
/// records, as a file. Filling one reads thousands of records and writes a document, so it is done
/// on one thread of its own, with a bound on what may wait for it: whoever prints keeps nobody from
/// reading figures. What the office writes is nowhere kept and nowhere noted.
class ReportRoutes final : public RouteGroup {
 public:
  /// Forms that may wait behind the one under way; more are refused with 503.
  static constexpr std::size_t kWaitingMax = 32;

  /// `public_url`: how this node is reached from outside, for the QR code; empty: not told.
  /// Everything handed in must outlive the routes and every reply.
  ReportRoutes(Port& port, Entropy& entropy, std::string public_url);

  /// What still waits is refused at once; only what is under way is waited for.
  ~ReportRoutes() override { stopping_ = true; }
  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;

  /// What the OpenAPI document says of them.
  static std::vector<RouteInfo> list();

 private:
  HttpResponse get_forms(const HttpRequest& request);
  HttpResponse post_form(const std::string& name, const HttpRequest& request);

  Port& port_;
  PortSource source_;
  Entropy& entropy_;
  const std::string public_url_;
  std::vector<std::pair<std::string_view, forms::Form>> forms_;  // set at construction; by name
  std::atomic<bool> stopping_{false};
  WorkerPool worker_;  // last: its jobs use the above
};

/// The value of a Content-Disposition header for a file to be saved under this name in UTF-8.
/// Programs that read only ASCII take `plain`. What is no part of a file's name on any system
/// becomes "_". Sources: RFC 6266 §4, RFC 8187 §3.2.
std::string attachment(std::string_view name, std::string_view plain);

}  // namespace hefu

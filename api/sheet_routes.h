#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "api/port.h"
#include "api/route_table.h"
#include "ledger/event/date.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// Largest sheet taken over HTTP, in bytes. 10,000 rows of 20 columns have about one MiB.
inline constexpr std::size_t kSheetBodyBytesMax = std::size_t{8} << 20U;
/// Most rows of one sheet: a browser prepares and signs their events in memory.
inline constexpr std::size_t kSheetRowsMax = 20'000;

/// /v1/sheets/{type}: the template of an event type, and a filled sheet checked cell by cell and
/// taken apart into the events its rows make. Nothing is recorded and nothing kept: whoever sent
/// the sheet signs the events and sends them as all others. One sheet at a time, on a thread of its
/// own, with a bound on what may wait: reading a workbook takes seconds of a processor.
class SheetRoutes final : public RouteGroup {
 public:
  /// `now`: the clock that says which dates lie ahead. Everything handed in must outlive the routes
  /// and every reply.
  SheetRoutes(Port& port, std::function<Moment()> now);

  /// What still waits is refused at once; only what is under way is waited for.
  ~SheetRoutes() override { stopping_ = true; }
  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;

  /// What the OpenAPI document says of them.
  static std::vector<RouteInfo> list();

 private:
  Port& port_;
  const std::function<Moment()> now_;
  std::atomic<bool> stopping_{false};
  WorkerPool worker_;  // last: its jobs use the above
};

}  // namespace hefu

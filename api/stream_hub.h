#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "api/http_feed.h"
#include "api/port.h"
#include "api/route_table.h"
#include "crypto/digest.h"

namespace hefu {

/// GET /v1/stream: tells whoever listens what has changed, as Server-Sent Events (WHATWG HTML,
/// §9.2). Looks at the node at intervals, on a thread of its own, and only while somebody listens.
/// What is told are places to look at, not contents, so that a listener who misses something loses
/// nothing:
///
///     event: events    {"log": origin, "from": size before, "to": size now}
///     event: figures   {"pack", "period", "digest"}: of the answer of GET /v1/figures
///     event: node      {"writing", "forks", "settled", "logs": {origin: state}}
///     event: reset     {"reason"}: what came in between is not known any more; look at everything
///     event: end       {"reason"}: the last message
///
/// An id is "<start of this stream>-<number>"; Last-Event-ID goes on behind it as long as the last
/// messages kept reach back that far. A heartbeat is a comment line.
class StreamHub final : public RouteGroup {
 public:
  struct Options {
    std::chrono::milliseconds interval{1'000};          ///< between two looks at the node
    std::chrono::milliseconds figures_interval{5'000};  ///< between two computations of figures
    std::chrono::milliseconds heartbeat{15'000};
    /// Goes on looking for so long after the last listener left, so that one that comes back
    /// misses nothing.
    std::chrono::milliseconds linger{60'000};
    std::size_t messages_kept = 1'024;
    std::size_t waiting_bytes_max = std::size_t{256} << 10U;  ///< of one listener
    std::size_t listeners_max = 256;
    std::size_t listeners_of_one_max = 8;  ///< account, or address of one that has none
    std::size_t figures_max = 16;          ///< packs and periods listened to, in all
  };
  /// What is looked at: GET /v1/status and GET /v1/figures, as Port gives them.
  struct Source {
    std::function<Result<std::string>()> status;
    std::function<Result<std::string>(const FigureQuery&)> figures;
  };
  /// `start`: random, names this stream in ids.
  StreamHub(Source source, std::string start, const Options& options);
  ~StreamHub() override;

  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;
  static std::vector<RouteInfo> list();

  [[nodiscard]] std::size_t listeners() const;

 private:
  using Figures = std::pair<std::string, std::string>;  // pack, period
  struct Message {
    std::uint64_t number = 0;
    std::optional<Figures> about;  // for those alone who listen to these figures
    std::string text;              // as sent
  };
  struct Listener {
    std::shared_ptr<HttpFeed> feed;
    std::string who;
    std::optional<Figures> figures;
  };

  void run();
  bool wait_for_listeners();
  void look();
  void look_at_figures();
  void publish(std::string_view kind, const std::string& data, std::optional<Figures> about);
  void drop_those_gone();
  std::optional<HttpResponse> refuse(const Listener& listener);
  void resume(const Listener& listener, std::string_view last_id);
  [[nodiscard]] bool concerns(const Message& message, const Listener& listener) const;

  const Source source_;
  const std::string start_;
  const Options options_;

  mutable std::mutex mutex_;  // guards all up to the thread
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<Listener> listeners_;
  std::deque<Message> messages_;
  std::uint64_t last_number_ = 0;
  std::string latest_node_;  // the last message about the node: what a new listener begins with

  // The thread's own.
  std::map<std::string, std::uint64_t> sizes_;
  std::string node_;
  bool looked_ = false;  // and nobody missed anything since
  bool figures_due_ = false;
  std::chrono::steady_clock::time_point figures_at_;
  std::map<Figures, Digest> figures_;
  std::thread thread_;
};

}  // namespace hefu

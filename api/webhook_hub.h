#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/accounts/account_book.h"
#include "api/accounts/secret_box.h"
#include "api/route_table.h"
#include "api/webhook.h"
#include "crypto/entropy.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// /v1/webhooks: tells programs elsewhere what GET /v1/stream tells those who listen, by a signed
/// POST that is repeated until they take it. Messages are sent one after the other by a thread of
/// its own, which looks at the node only while there are webhooks. What was told, and what is under
/// way, is stored before it is sent: a message is delivered at least once, under one id.
class WebhookHub final : public RouteGroup {
 public:
  struct Options {
    std::vector<std::string> hosts;             ///< "host:port" that may be posted to
    std::chrono::milliseconds interval{1'000};  ///< between two looks at the node
    std::function<Moment()> now;
    std::function<void(const Error&)> storage_failed;  ///< noted; the change is not made
    /// Seals the webhooks' secrets; must outlive the hub. None, for tests: kept in clear.
    SecretBox* box = nullptr;
  };
  /// Posts a JSON body with these headers; the status of the answer. Errors: why there was none.
  using Post = std::function<Result<int>(const std::string& url, const std::string& body,
                                         const std::vector<std::string>& headers)>;
  /// `status`: the answer of GET /v1/status. What is handed in must outlive the hub and every
  /// reply. Errors: those of the storage, kCorrupt.
  static Result<std::unique_ptr<WebhookHub>> open(AccountStorage& storage, AccountBook& book,
                                                  Entropy& entropy,
                                                  std::function<Result<std::string>()> status,
                                                  Post post, Options options);
  ~WebhookHub() override;

  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;
  static std::vector<RouteInfo> list();

 private:
  WebhookHub(AccountStorage& storage, AccountBook& book, Entropy& entropy,
             std::function<Result<std::string>()> status, Post post, Options options,
             std::vector<Webhook> hooks);

  HttpResponse get_all() const;
  HttpResponse create(const Caller& by, std::string_view body);
  /// Changes one webhook, the act recorded before. `how` says whether to keep it.
  HttpResponse change(const Caller& by, std::string_view what, const std::string& id,
                      const std::function<bool(Webhook&)>& how);
  /// Stores what the webhooks are to become, then lets them be that. Called with changing_ held.
  Result<void> store(std::vector<Webhook> hooks);
  [[nodiscard]] std::vector<Webhook> hooks() const;

  void run();
  void send_those_due();
  /// False if there is no such webhook any more, or it could not be stored.
  bool keep(const Webhook& hook);

  AccountStorage& storage_;
  AccountBook& book_;
  Entropy& entropy_;
  const std::function<Result<std::string>()> status_;
  const Post post_;
  const Options options_;

  std::mutex changing_;  // held through a change of what is stored: one after the other
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Webhook> hooks_;  // guarded by mutex_
  bool stopping_ = false;       // guarded by mutex_
  std::thread thread_;
  WorkerPool worker_;  // last: its jobs use the above
};

}  // namespace hefu

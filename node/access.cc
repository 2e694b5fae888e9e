#include "node/access.h"

#include <chrono>
#include <utility>

#include "crypto/encoding.h"

namespace hefu {
namespace {

Moment system_now() {
  return Moment{std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count()};
}

}  // namespace

Result<std::unique_ptr<Access>> Access::open(Store& store, Journal& journal, Port& port,
                                             HttpHandler& routes, Sessions& sessions,
                                             Options options) {
  std::unique_ptr<Access> access(new Access(store, sessions));
  sessions.keep_in(access->storage_);
  AccountBook::Options book;
  book.cost = options.cost;
  book.box = options.box;
  book.unopened = [&journal](const Error& why) {
    journal.warn("the secret of an account's one-time codes cannot be opened: reset its codes",
                 {{"why", why.message}, {"hint", why.hint}});
  };
  book.acted = [&journal](const AccountAct& act, std::string_view what) {
    journal.info("an administrative act", {{"number", std::to_string(act.number)},
                                           {"act", std::string(what)},
                                           {"digest", act.digest.hex()}});
  };
  auto opened = AccountBook::open(access->storage_, access->entropy_, std::move(book));
  if (!opened) {
    return opened.error();
  }
  const auto now = options.now ? options.now : system_now;
  access->book_ = *std::move(opened);
  access->sign_in_ = std::make_unique<SignIn>(*access->book_, sessions, access->entropy_);
  AccountRoutes::Options routes_of_accounts;
  routes_of_accounts.sign_in_required = options.sign_in_required;
  routes_of_accounts.now = now;
  if (SignInService* service = options.sign_in_service) {
    routes_of_accounts.outside_service = service->kind();
    access->outside_ = std::make_unique<OutsideRoutes>(
        *service, *access->book_, sessions, access->entropy_,
        OutsideRoutes::Options{
            now, [&journal](const Error& why) {
              journal.warn("single sign-on failed", {{"why", why.message}, {"hint", why.hint}});
            }});
  }
  access->routes_ = std::make_unique<AccountRoutes>(
      *access->book_, sessions, *access->sign_in_, access->entropy_, std::move(routes_of_accounts));
  access->stream_ = std::make_unique<StreamHub>(
      StreamHub::Source{[&port] { return port.status(); },
                        [&port](const FigureQuery& query) { return port.figures(query); }},
      hex_encode(access->entropy_.take<8>()), StreamHub::Options());
  access->reports_ =
      std::make_unique<ReportRoutes>(port, access->entropy_, std::move(options.public_url));
  access->sheets_ = std::make_unique<SheetRoutes>(port, now);
  WebhookHub::Options webhooks;
  webhooks.hosts = std::move(options.webhook_hosts);
  webhooks.now = now;
  webhooks.box = options.box;
  webhooks.storage_failed = [&journal](const Error& why) {
    journal.error("webhooks cannot be stored", why);
  };
  auto webhook_hub = WebhookHub::open(
      access->storage_, *access->book_, access->entropy_, [&port] { return port.status(); },
      [&web = access->web_](const std::string& url, const std::string& body,
                            const std::vector<std::string>& headers) -> Result<int> {
        const auto answer = web.post_with(url, body, headers);
        return answer ? Result<int>(answer->status) : Result<int>(answer.error());
      },
      std::move(webhooks));
  if (!webhook_hub) {
    return webhook_hub.error();
  }
  access->webhooks_ = *std::move(webhook_hub);
  std::vector<RouteGroup*> groups{access->routes_.get(), access->stream_.get(),
                                  access->webhooks_.get(), access->reports_.get(),
                                  access->sheets_.get()};
  if (access->outside_) {
    groups.push_back(access->outside_.get());
  }
  access->gate_ = std::make_unique<Gate>(
      routes, std::move(groups), *access->book_, sessions,
      Gate::Options{options.sign_in_required, options.operator_token, std::move(options.proxies),
                    now, options.requests_per_second, std::move(options.uncounted)});
  return access;
}

}  // namespace hefu

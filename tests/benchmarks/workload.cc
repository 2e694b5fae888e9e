#include "tests/benchmarks/workload.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "crypto/digest.h"
#include "ledger/event/envelope.h"

namespace hefu::bench {

std::string source_file(const std::string& path) {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/" + path);
  HEFU_ASSERT(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Catalogue shipped_catalogue() {
  auto catalogue = Catalogue::parse(source_file("deploy/catalogue/hefu-cn-1.json"));
  HEFU_ASSERT(catalogue.ok());
  return *std::move(catalogue);
}

Event visit(const TestFederation& federation, std::size_t issuer, std::uint64_t number) {
  Event event;
  event.type = "enterprise-visit";
  event.catalogue = "hefu-cn/1.0.0";
  event.issuer = federation.member(issuer).id;
  event.occurred_on = *Date::parse("2025-05-06");
  event.created_at = Moment{1'746'500'000'000 + static_cast<std::int64_t>(number)};
  const Digest mixed = sha256(as_bytes(std::to_string(number) + "/" + event.issuer));
  std::copy_n(mixed.bytes.begin(), event.nonce.size(), event.nonce.begin());
  event.visibility = Visibility::kMembers;
  event.programmes = {"baotou.xdrh"};
  event.fields["visitor"] = Value{event.issuer};
  event.fields["host"] = Value{federation.member(issuer + 1).id};
  event.fields["leader_role"] = Value{std::string("president")};
  event.fields["visited_on"] = Value{*Date::parse("2025-05-06")};
  event.fields["mode"] = Value{std::string("on-site")};
  event.commitments["participants"] = mixed;
  return event;
}

std::vector<Bytes> signed_visits(const TestFederation& federation, std::size_t issuer,
                                 std::uint64_t first, std::size_t count, std::size_t batch) {
  const SecretKey key = federation.key(issuer, KeyRole::kRegistrar);
  std::vector<Bytes> envelopes;
  envelopes.reserve(count);
  while (envelopes.size() < count) {
    std::vector<Bytes> events;
    for (std::size_t i = 0; i < std::min(batch, count - envelopes.size()); ++i) {
      auto bytes = encode_event(visit(federation, issuer, first + envelopes.size() + i));
      HEFU_ASSERT(bytes.ok());
      events.push_back(*std::move(bytes));
    }
    auto made = sign_batch(events, key);
    HEFU_ASSERT(made.ok());
    std::move(made->begin(), made->end(), std::back_inserter(envelopes));
  }
  return envelopes;
}

}  // namespace hefu::bench

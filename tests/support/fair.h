#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/view/live_state.h"
#include "node/market/market.h"
#include "tests/support/logs.h"

namespace hefu::testing_market {

/// Members of the federation below, by number; the first is the authority.
inline constexpr std::size_t kBureau = 0;
inline constexpr std::size_t kUniversity = 1;
inline constexpr std::size_t kCollege = 2;
inline constexpr std::size_t kEnterprise = 3;

inline Date day(const char* text) {
  return *Date::parse(text);
}
inline Value text(const std::string& of) {
  return Value{of};
}
inline Value event(const EventId& id) {
  return Value{id.digest};
}

/// Logs of four members under the published catalogue, and the market kept up with them.
class Fair {
 public:
  explicit Fair(std::size_t listings_max = kListingsMax)
      : federation_(4), logs_(federation_), live_(federation_.charter()), market_(listings_max) {
    std::ifstream file(HEFU_SOURCE_DIR "/deploy/catalogue/hefu-cn-1.json");
    std::ostringstream all;
    all << file.rdbuf();
    // The published catalogue, less the types these tests do not use: it is read with every cut.
    boost::json::value document = boost::json::parse(all.str());
    boost::json::array& types = document.at("types").as_array();
    for (auto type = types.begin(); type != types.end();) {
      const auto& name = type->at("name").as_string();
      const bool used = name == kListingType || name == kMatchType || name == "enterprise-visit" ||
                        name == "collaboration-agreement";
      type = used ? type + 1 : types.erase(type);
    }
    document.as_object().erase("words");
    const auto catalogue = Catalogue::parse(boost::json::serialize(document));
    name_ = catalogue->name();
    logs_.publish(kBureau, "catalogue", catalogue->id(), catalogue->version(), catalogue->text());
  }

  [[nodiscard]] const std::string& id(std::size_t member) const {
    return federation_.member(member).id;
  }

  EventId append(std::size_t member, const std::string& type, std::map<std::string, Value> fields,
                 const EventId* record = nullptr, const EventId* supersedes = nullptr,
                 const char* occurred_on = "2026-03-01") {
    Event made;
    made.type = type;
    made.catalogue = name_;
    made.occurred_on = day(occurred_on);
    made.fields = std::move(fields);
    if (record != nullptr) {
      made.record = *record;
    }
    if (supersedes != nullptr) {
      made.supersedes = *supersedes;
    }
    const auto* found = live_state() == nullptr ? nullptr : live_state()->catalogue->find(type);
    if (found != nullptr) {
      for (const Field& field : found->fields) {
        if (field.personal) {
          made.commitments[field.name] = Digest{};
        }
      }
    }
    return logs_.append(member, made);
  }

  static std::map<std::string, Value> listing(const std::string& direction,
                                              const std::string& category, const std::string& title,
                                              const std::string& summary,
                                              const char* from = "2026-01-01",
                                              const char* to = "2026-12-31") {
    return {{"direction", text(direction)},   {"category", text(category)},
            {"title", text(title)},           {"summary", text(summary)},
            {"valid_from", Value{day(from)}}, {"valid_to", Value{day(to)}}};
  }

  EventId post(std::size_t member, std::map<std::string, Value> fields,
               const char* occurred_on = "2026-03-01") {
    if (live_state() == nullptr) {
      look();  // so that personal fields are known
    }
    return append(member, std::string(kListingType), std::move(fields), nullptr, nullptr,
                  occurred_on);
  }
  EventId correct(std::size_t member, const EventId& record, const EventId& version,
                  std::map<std::string, Value> fields) {
    return append(member, std::string(kListingType), std::move(fields), &record, &version);
  }
  EventId match(std::size_t member, const EventId& listing, const EventId& counter,
                std::size_t responder, const std::string& result = "open",
                const char* occurred_on = "2026-03-01") {
    return append(member, std::string(kMatchType),
                  {{"listing", event(listing)},
                   {"counter_listing", event(counter)},
                   {"responder", text(id(responder))},
                   {"proposed_by", text("owner")},
                   {"result", text(result)}},
                  nullptr, nullptr, occurred_on);
  }
  EventId countersign(std::size_t member, const EventId& record) {
    return append(member, "countersignature", {{"target", event(record)}}, &record);
  }
  EventId change(std::size_t member, const EventId& record, const std::string& state) {
    return append(member, "status-change",
                  {{"target", event(record)},
                   {"state", text(state)},
                   {"effective_on", Value{day("2026-03-01")}},
                   {"reason", text("因故")}},
                  &record);
  }
  EventId retract(std::size_t member, const EventId& record) {
    return append(member, "retraction", {{"target", event(record)}, {"reason", text("误填")}},
                  &record);
  }

  /// Takes the market to what the logs hold now.
  const Market& look() {
    const auto contents = logs_.contents();
    auto grown = contents;
    for (LogContents& log : grown) {
      log.entries.erase(log.entries.begin(), log.entries.begin() + static_cast<std::ptrdiff_t>(
                                                                       live_.reached(log.origin)));
    }
    const Cut cut = logs_.cut(1'790'000'000);
    auto step = live_.advance(cut, grown);
    if (!step) {
      auto rebuilt = live_.rebuild(cut, contents);
      EXPECT_TRUE(rebuilt) << rebuilt.error().message;
      step = *rebuilt;
      rebuilt_ += 1;
    }
    market_.take(*step);
    return market_;
  }
  /// The same made anew from whole logs.
  [[nodiscard]] LiveState::Step from_scratch() const {
    LiveState fresh(federation_.charter());
    const auto contents = logs_.contents();
    return *fresh.rebuild(logs_.cut(1'790'000'000), contents);
  }
  [[nodiscard]] int rebuilt() const { return rebuilt_; }

 private:
  [[nodiscard]] const LedgerState* live_state() const { return market_.state(); }

  TestFederation federation_;
  TestLogs logs_;
  LiveState live_;
  Market market_;
  std::string name_;
  int rebuilt_ = 0;
};

/// Ids in the order found.
inline std::vector<EventId> ids(const Hits& hits) {
  std::vector<EventId> out;
  for (const Hit& hit : hits.hits) {
    out.push_back(hit.place.id);
  }
  return out;
}

inline ListingSearch asking(const std::string& question) {
  ListingSearch search;
  search.text = question;
  search.availability = "open";
  search.on = day("2026-06-01");
  return search;
}

}  // namespace hefu::testing_market

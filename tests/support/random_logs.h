#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/cut/head_observation.h"
#include "ledger/view/ledger.h"
#include "tests/support/logs.h"
#include "tests/support/random_audits.h"
#include "tests/support/random_records.h"

namespace hefu {

/// Signed logs of four members with random acts about one another's records, rightful or not:
/// countersigned, rejected, corrected, retracted, disputed, ended, reviewed; agreements signed,
/// declined, ended and renewed; guests; anchors that date all this, now and then contradicting one
/// another; keys certified and revoked. And any number of ways to come to know them.
class RandomLogs {
 public:
  /// A small programme about these records: `test.visits`.
  static constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "test.visits"
version = "1.0.0"
title = { zh = "走访", en = "Visits" }
issuer = "org:test"
source = { file = "test.txt", doc = "test", clause = "1" }
valid = { from = 2024-01-01, to = 2026-12-31 }
[[indicator]]
id = "visits"
title = { zh = "走访", en = "Visits" }
source = { clause = "1" }
quote = "q"
unit = "次"
types = ["enterprise-visit"]
key = ["id"]
time = { mode = "occurred" }
evidence = { min = "E1" }
measure = { kind = "count" }
rollup = { attribute = "actor" }
[[indicator]]
id = "hosts"
title = { zh = "企业", en = "Hosts" }
source = { clause = "1" }
quote = "q"
unit = "家"
types = ["enterprise-visit"]
key = ["body.host"]
time = { mode = "occurred" }
measure = { kind = "count" }
[[indicator]]
id = "hours"
title = { zh = "时间", en = "Hours" }
source = { clause = "1" }
quote = "q"
unit = "时"
types = ["enterprise-visit"]
key = ["id"]
time = { mode = "cumulative" }
evidence = { min = "E2", below = "separate" }
measure = { kind = "sum", value = "body.hours" }
[[indicator]]
id = "hours.each"
title = { zh = "平均", en = "Mean" }
source = { clause = "1" }
quote = "q"
unit = "时"
decimals = 2
measure = { kind = "ratio", num = "hours", den = "visits" }
[[indicator]]
id = "bases"
title = { zh = "基地", en = "Bases" }
source = { clause = "1" }
quote = "q"
unit = "个"
decimals = 2
types = ["joint-body-establishment"]
key = ["id"]
time = { mode = "active_at_end" }
measure = { kind = "count" }
rollup = { attribute = "body.founders", credit = "split_equal" }
[[indicator]]
id = "agreements"
title = { zh = "协议", en = "Agreements" }
source = { clause = "1" }
quote = "q"
unit = "份"
types = ["collaboration-agreement"]
key = ["id"]
time = { mode = "overlap" }
measure = { kind = "count" }
rollup = { attribute = "body.parties" }
)";

  RandomLogs(std::mt19937_64& random, int acts) : random_(random), logs_(federation_) {
    while (federation_.member(authority_).id != federation_.charter().authority) {
      ++authority_;
    }
    const Catalogue& catalogue = testing_records::catalogue();
    logs_.publish(authority_, "catalogue", catalogue.id(), catalogue.version(), catalogue.text());
    for (int i = 0; i < acts; ++i) {
      act();
    }
  }

  [[nodiscard]] const TestFederation& federation() const { return federation_; }
  [[nodiscard]] TestLogs& logs() { return logs_; }
  [[nodiscard]] std::size_t authority() const { return authority_; }
  void act() {
    const std::size_t who = pick(4);
    if (opened_.empty() || pick(4) == 0) {
      opened_.push_back(open(who));
      all_.push_back(opened_.back());
      return;
    }
    const EventId record = opened_[pick(opened_.size())];
    const EventId target = pick(3) != 0 ? record : all_[pick(all_.size())];
    switch (pick(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        add(who, about("countersignature", record, target));
        break;
      case 4:
        add(who, with(about("rejection", record, target), "reason", text("no")));
        break;
      case 5: {
        Event event = visit(who);
        event.record = record;
        event.supersedes = target;
        add(who, event);
        break;
      }
      case 6:
        add(who, with(about("retraction", record, target), "reason", text("oops")));
        break;
      case 7:
        add(who, with(about("dispute", record, target), "claim", text("not so")));
        break;
      case 8:
        add(who, with(about("resolution", record, target), "ruling",
                      text(pick(2) == 0 ? "upheld" : "dismissed")));
        break;
      case 9:
        add(who, with(with(about("status-change", record, record), "state",
                           text(pick(2) == 0 ? "operational" : "withdrawn")),
                      "effective_on", Value{day()}));
        break;
      case 10:
      case 11:
      case 12:
        sign(who);
        break;
      case 13:
        assess(who, record);
        break;
      case 14:
        observe(who);
        break;
      case 15:
        guest(who, record);
        break;
      case 16:
        if (pick(8) == 0) {
          certify(who);
        }
        break;
      case 17:
        for (int i = 0; i < 4; ++i) {
          audits_.act(opened_);
        }
        break;
      default:
        seconds_ += pick(9) == 0 ? 0 : 40'000 * pick(4);
        logs_.anchor(who, pick(12) == 0 ? seconds_ - 90'000 : seconds_);
        break;
    }
  }

  /// The logs as far as these sizes reach, by member.
  [[nodiscard]] static std::vector<LogContents> prefix(std::vector<LogContents> contents,
                                                       const std::vector<std::uint64_t>& sizes) {
    for (std::size_t i = 0; i < contents.size(); ++i) {
      contents[i].size = sizes[i];
      contents[i].entries.resize(sizes[i]);
    }
    return contents;
  }
  /// The cut at these logs. Nobody signed it: states do not ask for that.
  [[nodiscard]] static Cut cut_at(const std::vector<LogContents>& logs) {
    Cut cut;
    for (const LogContents& log : logs) {
      cut.logs.push_back(CutLog{Checkpoint{log.origin, log.size, Digest{}}, ""});
    }
    std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
      return a.checkpoint.origin < b.checkpoint.origin;
    });
    return cut;
  }

  std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

 private:
  static Value text(const std::string& words) { return Value{words}; }
  static Event with(Event event, const std::string& field, Value value) {
    event.fields[field] = std::move(value);
    return event;
  }
  Date day() {
    Date date = *Date::parse("2024-12-20");
    date.days += static_cast<std::int32_t>(pick(60));
    return date;
  }
  Value party() { return Value{federation_.member(pick(4)).id}; }

  Event event(const char* type) {
    Event event;
    event.type = type;
    event.catalogue = "test/1";
    event.occurred_on = day();
    return event;
  }
  Event about(const char* type, const EventId& record, const EventId& target) {
    Event made = event(type);
    made.record = record;
    made.fields["target"] = Value{target.digest};
    return made;
  }
  Event visit(std::size_t /*who*/) {
    Event made = event("enterprise-visit");
    made.fields["host"] = party();
    made.fields["visited_on"] = Value{day()};
    made.fields["hours"] = Value{Decimal{static_cast<std::int64_t>(1 + pick(9)), 0}};
    made.commitments["visitors"] = Digest{};
    return made;
  }

  EventId add(std::size_t who, Event event, KeyRole role = KeyRole::kRegistrar) {
    if (pick(15) == 0) {
      role = pick(2) == 0 ? KeyRole::kReviewer : KeyRole::kAuditor;
    }
    all_.push_back(logs_.append(who, std::move(event), role));
    return all_.back();
  }

  EventId open(std::size_t who) {
    switch (pick(5)) {
      case 0:
        return propose(who);
      case 1: {
        Event body = event("joint-body-establishment");
        body.fields["name"] = text("base " + std::to_string(pick(5)));
        body.fields["founders"] = Value{Value::List{party(), party()}};
        body.fields["established_on"] = Value{day()};
        return add(who, body);
      }
      case 2: {
        if (pick(3) != 0) {
          return add(who, visit(who));
        }
        Event made = event("institution-registration");
        made.fields["institution_id"] = party();
        made.fields["kind"] = text("k");
        return add(pick(2) == 0 ? authority_ : who, made);
      }
      case 3: {
        if (opened_.empty() || pick(2) == 0) {
          return add(who, visit(who));
        }
        Event made = event("membership-change");
        made.fields["body"] = Value{opened_[pick(opened_.size())].digest};
        made.fields["member"] = party();
        made.fields["action"] = text(pick(3) != 0 ? "join" : "leave");
        made.fields["effective_on"] = Value{day()};
        return add(who, made);
      }
      default:
        return add(who, visit(who));
    }
  }

  EventId propose(std::size_t who) {
    Event made = event("collaboration-agreement");
    made.fields["parties"] = Value{Value::List{Value{federation_.member(who).id}, party()}};
    made.fields["sign_by"] = Value{day()};
    made.fields["valid_from"] = Value{day()};
    made.fields["attempt"] = Value{std::int64_t{1}};
    if (!agreements_.empty() && pick(2) == 0) {
      const EventId other = agreements_[pick(agreements_.size())];
      if (pick(2) == 0) {
        made.fields["renewal_of"] = Value{other.digest};
      } else {
        made.record = other;
        made.fields["base"] = Value{other.digest};
      }
    }
    agreements_.push_back(logs_.append(who, made, KeyRole::kSeal));
    return agreements_.back();
  }

  void sign(std::size_t who) {
    if (agreements_.empty()) {
      return;
    }
    const EventId agreement = agreements_[pick(agreements_.size())];
    const EventId version = pick(6) == 0 ? agreements_[pick(agreements_.size())] : agreement;
    const char* type = pick(5) == 0   ? "agreement-decline"
                       : pick(6) == 0 ? "agreement-termination"
                                      : "agreement-signature";
    Event made = event(type);
    made.record = agreement;
    made.fields["version"] = Value{version.digest};
    if (made.type == "agreement-signature") {
      made.fields["attempt"] = Value{std::int64_t{1}};
    } else {
      made.fields["reason"] = text("no");
    }
    if (made.type == "agreement-termination") {
      made.fields["effective_on"] = Value{day()};
    }
    all_.push_back(logs_.append(who, made, KeyRole::kSeal));
  }

  void assess(std::size_t who, const EventId& record) {
    Event made = event("assessment-decision");
    made.fields["result"] = text(pick(3) != 0 ? "pass" : "fail");
    made.fields["decision_kind"] = text("kpi-verification");
    made.fields["conflict_of_interest"] = text("none-declared");
    made.fields["object"] =
        Value{Value::List{Value{record.digest}, Value{opened_[pick(opened_.size())].digest}}};
    opened_.push_back(logs_.append(who, made, KeyRole::kAuditor));
  }

  void observe(std::size_t who) {
    const std::size_t other = (who + 1 + pick(3)) % 4;
    logs_.append(who,
                 make_head_observation(federation_.member(who).id, logs_.cosigned(other, seconds_),
                                       Moment{static_cast<std::int64_t>(seconds_) * 1000}, {}),
                 KeyRole::kLog);
  }

  // An institution without a node, introduced by one or more of them, answers in any log.
  void guest(std::size_t who, const EventId& record) {
    const std::string id = "91150200000000051H";
    const SecretKey key = SecretKey::from_seed(SecretKey::Seed{static_cast<unsigned char>(7)});
    if (pick(2) == 0) {
      Event made = event("guest-admission");
      made.catalogue = "protocol/1";
      made.fields["guest"] = text(id);
      made.fields["guest_name"] = text("guest");
      const auto bytes = key.public_key().bytes;
      made.fields["key"] = Value{Bytes(bytes.begin(), bytes.end())};
      made.fields["use"] = text("own");
      made.fields["identity_check"] = text("seal-seen");
      made.fields["valid_from"] = Value{*Date::parse("2024-12-01")};
      made.fields["valid_to"] = Value{day()};
      logs_.append(who, made);
      guest_logs_.push_back(who);
      return;
    }
    Event answer = about("countersignature", record, record);
    answer.issuer = id;
    answer.created_at = Moment{1'700'000'000'000};
    answer.nonce[15] = static_cast<std::uint8_t>(pick(256));
    answer.nonce[14] = static_cast<std::uint8_t>(pick(256));
    const Bytes events[] = {*encode_event(answer)};
    if (!guest_logs_.empty()) {
      logs_.append_raw(guest_logs_[pick(guest_logs_.size())], sign_batch(events, key)->front());
    }
  }

  void certify(std::size_t who) {
    Event made = event("key-certification");
    made.catalogue = "protocol/1";
    const PublicKey key = federation_.key(who, KeyRole::kReviewer).public_key();
    const auto bytes = key.bytes;
    made.fields["key"] = Value{Bytes(bytes.begin(), bytes.end())};
    made.fields["role"] = text(pick(2) == 0 ? "registrar" : "reviewer");
    made.fields["valid_from"] = Value{*Date::parse("2024-12-01")};
    made.fields["valid_to"] = Value{day()};
    logs_.append(who, made, KeyRole::kRoot);
  }

  std::mt19937_64& random_;
  TestFederation federation_{4};
  TestLogs logs_;
  std::size_t authority_ = 0;
  std::uint64_t seconds_ = 1'735'000'000;
  RandomAudits audits_{random_, federation_, logs_, authority_, seconds_};
  std::vector<EventId> opened_;
  std::vector<EventId> agreements_;
  std::vector<EventId> all_;
  std::vector<std::size_t> guest_logs_;
};

}  // namespace hefu

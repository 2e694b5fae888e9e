#include "tests/simulation/workload.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "ledger/event/catalogue.h"
#include "ledger/event/envelope.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/pack_toml.h"
#include "ledger/view/document.h"

namespace hefu::simulation {
namespace {

/// Out of a million submissions, so many are acts of agreements.
constexpr std::uint64_t kAgreementActs = 300'000;
/// Agreements still answered to; older ones are left as they are.
constexpr std::size_t kAgreementsAtWork = 4;

std::string source_file(const std::string& path) {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/" + path);
  HEFU_ASSERT(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Workload::Workload(const TestFederation& federation, std::uint64_t seed)
    : federation_(federation), dice_(seed) {}

std::size_t Workload::authority() const {
  std::size_t member = 0;
  while (federation_.member(member).id != federation_.charter().authority) {
    ++member;
  }
  return member;
}

Event Workload::event(std::size_t member, const char* type, std::int64_t now_ms) {
  Event event;
  event.type = type;
  event.catalogue = "hefu-cn/1.0.0";
  event.issuer = federation_.member(member).id;
  event.created_at = Moment{now_ms};
  event.occurred_on = *Date::parse("2025-01-01");
  event.occurred_on.days += static_cast<std::int32_t>(dice_.below(360));
  const Bytes nonce = dice_.bytes(event.nonce.size());
  std::copy(nonce.begin(), nonce.end(), event.nonce.begin());
  event.visibility = Visibility::kPublic;
  event.programmes = {"baotou.xdrh"};
  return event;
}

Event Workload::about(std::size_t member, const char* type, const EventId& record,
                      std::int64_t now_ms) {
  Event made = event(member, type, now_ms);
  made.record = record;
  made.fields["target"] = Value{record.digest};
  return made;
}

std::vector<Bytes> Workload::sign(std::size_t member, const std::vector<Event>& events,
                                  KeyRole role) {
  std::vector<Bytes> encoded;
  encoded.reserve(events.size());
  for (const Event& one : events) {
    encoded.push_back(*encode_event(one));
  }
  return *sign_batch(encoded, federation_.key(member, role));
}

std::vector<Bytes> Workload::documents() {
  const auto catalogue = Catalogue::parse(source_file("deploy/catalogue/hefu-cn-1.json"));
  const auto pack = Pack::from_toml(source_file("deploy/programmes/baotou.toml"));
  HEFU_ASSERT(catalogue.ok() && pack.ok());
  std::vector<Event> events;
  const auto publish = [&](const char* kind, const std::string& id, const std::string& version,
                           const std::string& content) {
    for (auto& fields : document_parts(kind, id, version, content)) {
      Event part = event(authority(), "document-part", 1'767'000'000'000);
      part.catalogue = "protocol/1";
      part.programmes.clear();
      part.fields = std::move(fields);
      events.push_back(std::move(part));
    }
  };
  publish("catalogue", catalogue->id(), catalogue->version(), catalogue->text());
  publish("pack", pack->id, pack->version, pack->canonical());
  return sign(authority(), events);
}

std::vector<Bytes> Workload::next(std::size_t member, std::int64_t now_ms) {
  std::vector<Event> events;
  const std::size_t members = federation_.charter().members.size();
  const std::size_t partner = (member + 1 + dice_.below(members - 1)) % members;
  if (dice_.chance(kAgreementActs)) {
    return sign(member, {act_of_agreement(member, now_ms)}, KeyRole::kSeal);
  }
  const std::uint64_t what = dice_.below(100);
  if (what < 50 || records_.empty()) {
    const std::size_t count = dice_.chance(180'000) ? 40 : 1 + dice_.below(3);
    for (std::size_t i = 0; i < count; ++i) {
      Event visit = event(member, "enterprise-visit", now_ms);
      visit.fields["visitor"] = Value{visit.issuer};
      visit.fields["host"] = Value{federation_.member(partner).id};
      visit.fields["leader_role"] = Value{std::string("president")};
      visit.fields["visited_on"] = Value{visit.occurred_on};
      visit.fields["mode"] = Value{std::string("on-site")};
      visit.commitments["participants"] = sha256(dice_.bytes(16));
      events.push_back(std::move(visit));
    }
  } else if (what < 65) {
    Event base = event(member, "joint-body-establishment", now_ms);
    base.fields["body_kind"] = Value{std::string("practice-base")};
    base.fields["name"] = Value{"基地 " + std::to_string(dice_.below(1000))};
    base.fields["founders"] =
        Value{Value::List{Value{base.issuer}, Value{federation_.member(partner).id}}};
    base.fields["lead_party"] = Value{base.issuer};
    base.fields["site_division"] = Value{std::string("150204")};
    base.fields["established_on"] = Value{base.occurred_on};
    records_.push_back({event_id(*encode_event(base)), member, partner});
    events.push_back(std::move(base));
  } else {
    const Record& record = dice_.pick(records_);
    if (record.partner == member && what < 85) {
      events.push_back(about(member, "countersignature", record.id, now_ms));
    } else if (record.issuer == member && what < 90) {
      Event change = about(member, "status-change", record.id, now_ms);
      change.fields["state"] = Value{std::string("operational")};
      change.fields["effective_on"] = Value{change.occurred_on};
      events.push_back(std::move(change));
    } else if (record.issuer == member && what < 93) {
      Event retraction = about(member, "retraction", record.id, now_ms);
      retraction.fields["reason"] = Value{std::string("entered twice")};
      events.push_back(std::move(retraction));
    } else {
      Event dispute = about(member, "dispute", record.id, now_ms);
      dispute.fields["claim"] = Value{std::string("this base does not exist")};
      events.push_back(std::move(dispute));
    }
  }
  return sign(member, events);
}

Event Workload::act_of_agreement(std::size_t member, std::int64_t now_ms) {
  std::vector<Agreement*> own;
  const std::size_t first = agreements_.size() - std::min(agreements_.size(), kAgreementsAtWork);
  for (std::size_t i = first; i < agreements_.size(); ++i) {
    const auto& parties = agreements_[i].parties;
    if (std::find(parties.begin(), parties.end(), member) != parties.end()) {
      own.push_back(&agreements_[i]);
    }
  }
  if (own.empty() || dice_.chance(100'000)) {
    Agreement fresh;
    // This member and two others.
    fresh.parties = {member};
    while (fresh.parties.size() < 3) {
      const std::size_t other = dice_.below(federation_.charter().members.size());
      if (std::find(fresh.parties.begin(), fresh.parties.end(), other) == fresh.parties.end()) {
        fresh.parties.push_back(other);
      }
    }
    fresh.needed = dice_.chance(300'000) ? 2 : 3;
    agreements_.push_back(std::move(fresh));
    return propose(member, &agreements_.back(), now_ms);
  }
  Agreement* agreement = dice_.pick(own);
  return agreement->versions.size() < 4 && dice_.chance(150'000)
             ? propose(member, agreement, now_ms)
             : answer(member, agreement, now_ms);
}

/// The first version, a rival in the same slot, or one of a later attempt, which is never to be
/// signed sooner than those before it.
Event Workload::propose(std::size_t member, Agreement* agreement, std::int64_t now_ms) {
  Event proposal = event(member, "collaboration-agreement", now_ms);
  Terms terms{{}, 1, Moment{now_ms}.date()};
  terms.sign_by.days += static_cast<std::int32_t>(dice_.below(2));
  if (!agreement->versions.empty()) {
    proposal.record = agreement->id;
    terms.attempt = 1 + static_cast<std::int64_t>(dice_.below(2));
    terms.sign_by = agreement->versions.front().sign_by;
    terms.sign_by.days += static_cast<std::int32_t>(terms.attempt - 1);
  }
  Value::List parties;
  for (const std::size_t party : agreement->parties) {
    parties.push_back(Value{federation_.member(party).id});
  }
  proposal.fields["agreement_kind"] = Value{std::string("framework")};
  proposal.fields["title"] = Value{"协议 " + std::to_string(dice_.below(1000))};
  proposal.fields["parties"] = Value{std::move(parties)};
  proposal.fields["valid_from"] = Value{proposal.occurred_on};
  proposal.fields["text_hash"] = Value{sha256(dice_.bytes(16))};
  proposal.fields["sign_by"] = Value{terms.sign_by};
  proposal.fields["attempt"] = Value{terms.attempt};
  proposal.fields["signing_quorum"] = Value{agreement->needed};
  terms.id = event_id(*encode_event(proposal));
  if (agreement->versions.empty()) {
    agreement->id = terms.id;
  }
  agreement->versions.push_back(terms);
  return proposal;
}

/// Mostly signs the first version, citing what it signed before; sometimes another one, without
/// citing, or declines.
Event Workload::answer(std::size_t member, Agreement* agreement, std::int64_t now_ms) {
  const bool declines = dice_.chance(150'000);
  const Terms& version =
      dice_.chance(600'000) ? agreement->versions.front() : dice_.pick(agreement->versions);
  Event act = event(member, declines ? "agreement-decline" : "agreement-signature", now_ms);
  act.record = agreement->id;
  act.fields["version"] = Value{version.id.digest};
  if (declines) {
    act.fields["reason"] = Value{std::string("other terms")};
    return act;
  }
  act.fields["attempt"] = Value{version.attempt};
  std::vector<EventId>& before = agreement->signed_by[member];
  if (!before.empty() && dice_.chance(800'000)) {
    Value::List releases;
    for (const EventId& earlier : before) {
      releases.push_back(Value{earlier.digest});
    }
    act.fields["releases"] = Value{std::move(releases)};
  }
  before.push_back(version.id);
  return act;
}

}  // namespace hefu::simulation

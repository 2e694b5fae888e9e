#include "tests/support/logs.h"

#include <algorithm>

#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/log/cosignature.h"
#include "ledger/view/document.h"

namespace hefu {
namespace {

SecretKey::Seed seed_of(const SecretKey& key) {
  SecretKey::Seed seed{};
  std::copy(key.seed().begin(), key.seed().end(), seed.begin());
  return seed;
}

}  // namespace

TestLogs::TestLogs(const TestFederation& federation)
    : federation_(federation), logs_(federation.charter().members.size()) {
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    logs_[i].origin = federation_.member(i).origin;
    logs_[i].key = seed_of(federation_.key(i, KeyRole::kLog));
  }
}

void TestLogs::begin_epoch(std::size_t member, std::uint64_t size, const SecretKey& log_key) {
  Log next;
  next.origin = std::string(line_of(logs_[member].origin)) + "/" +
                std::to_string(epoch_of(logs_[member].origin) + 1);
  next.key = seed_of(log_key);
  ended_.emplace_back(std::move(logs_[member]), size);
  logs_[member] = std::move(next);
}

EventId TestLogs::append(std::size_t member, Event event, KeyRole role) {
  event.issuer = federation_.member(member).id;
  event.created_at = Moment{1'700'000'000'000};
  ++appended_;
  for (std::size_t i = 0; i < 8; ++i) {
    event.nonce[i] = static_cast<std::uint8_t>(appended_ >> (8 * i));
  }
  const Bytes bytes = *encode_event(event);
  const Bytes events[] = {bytes};
  const SecretKey key = role == KeyRole::kLog ? SecretKey::from_seed(logs_[member].key)
                                              : federation_.key(member, role);
  append_raw(member, sign_batch(events, key)->front());
  return event_id(bytes);
}

void TestLogs::append_raw(std::size_t member, const Bytes& envelope) {
  Log& log = logs_[member];
  const Digest leaf = leaf_hash(envelope);
  const auto event = decode_event(decode_envelope(envelope)->event);
  log.index.add(log.entries.size(), event ? *event : Event{}, leaf);
  log.tree.append(leaf);
  log.entries.push_back(envelope);
}

std::string TestLogs::cosigned(std::size_t member, std::uint64_t seconds) const {
  const Log& log = logs_[member];
  const Checkpoint head{log.origin, log.tree.size(), log.tree.root()};
  Note note = *parse_note(sign_checkpoint(head, SecretKey::from_seed(log.key)));
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    if (i != member) {
      note.signatures.push_back(cosign(head.text(), federation_.member(i).witness_name(),
                                       federation_.key(i, KeyRole::kWitness), seconds));
    }
  }
  return format_note(note.text, note.signatures);
}

void TestLogs::anchor(std::size_t member, std::uint64_t seconds) {
  const Log& log = logs_[member];
  const Event event =
      make_anchor(federation_.member(member).id, cosigned(member, seconds), log.tree.size(),
                  log.index.type_root(), log.index.supersession_root(),
                  Moment{static_cast<std::int64_t>(seconds) * 1000}, {});
  append(member, event, KeyRole::kLog);
}

void TestLogs::publish(std::size_t member, const std::string& kind, const std::string& id,
                       const std::string& version, const std::string& content) {
  for (auto& fields : document_parts(kind, id, version, content)) {
    Event event;
    event.type = "document-part";
    event.catalogue = "protocol/1";
    event.occurred_on = *Date::parse("2026-01-01");
    event.visibility = Visibility::kPublic;
    event.fields = std::move(fields);
    append(member, event);
  }
}

Cut TestLogs::cut(std::uint64_t seconds) const {
  Cut cut;
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    const Log& log = logs_[i];
    cut.logs.push_back(
        CutLog{Checkpoint{log.origin, log.tree.size(), log.tree.root()}, cosigned(i, seconds)});
  }
  for (const auto& [log, size] : ended_) {
    const Checkpoint end{log.origin, size, log.tree.root(size)};
    cut.logs.push_back(CutLog{end, sign_checkpoint(end, SecretKey::from_seed(log.key))});
  }
  std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
    return a.checkpoint.origin < b.checkpoint.origin;
  });
  return cut;
}

std::vector<LogContents> TestLogs::contents() const {
  std::vector<LogContents> contents;
  const auto add = [&](const Log& log) {
    LogContents& one = contents.emplace_back(LogContents{log.origin, log.entries.size(), {}});
    for (std::uint64_t k = 0; k < log.entries.size(); ++k) {
      one.entries.push_back({k, log.entries[k]});
    }
  };
  for (const Log& log : logs_) {
    add(log);
  }
  for (const auto& [log, size] : ended_) {
    add(log);
  }
  return contents;
}

}  // namespace hefu

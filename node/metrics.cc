#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/node_state.h"
#include "node/peer_service.h"

namespace hefu {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// 1234 ms as "1.234".
std::string seconds(std::uint64_t ms) {
  const std::string fraction = std::to_string(1000 + ms % 1000);
  return std::to_string(ms / 1000) + '.' + fraction.substr(1);
}

std::string seconds(Moment moment) {
  return seconds(static_cast<std::uint64_t>(moment.ms < 0 ? 0 : moment.ms));
}

/// Writes one family after the other.
class Exposition {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
             std::string(type) + "\n";
  }

  void sample(const Labels& labels, std::string_view value, std::string_view suffix = "") {
    text_ += name_ + std::string(suffix);
    char before = '{';
    for (const auto& [label, content] : labels) {
      text_ += before + std::string(label) + "=\"" + escaped(content) + '"';
      before = ',';
    }
    text_ += (labels.empty() ? " " : "} ") + std::string(value) + "\n";
  }
  void sample(const Labels& labels, std::uint64_t value, std::string_view suffix = "") {
    sample(labels, std::string_view(std::to_string(value)), suffix);
  }

  void single(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "gauge", help);
    sample({}, value);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static std::string escaped(std::string_view content) {
    std::string text;
    for (const char c : content) {
      if (c == '\n') {
        text += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') {
        text += '\\';
      }
      text += c;
    }
    return text;
  }

  std::string text_;
  std::string name_;
};

void write_latency(Exposition& out, const NodeState::OwnLog& own) {
  out.family("hefu_acknowledgement_duration_seconds", "histogram",
             "From a submission to its answer, by the level reached.");
  for (const AckLevel level : {AckLevel::kStored, AckLevel::kReplicated, AckLevel::kWitnessed}) {
    const LatencyCounts& latency = own.latency.at(static_cast<std::size_t>(level));
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < latency.counts.size(); ++i) {
      count += latency.counts.at(i);
      const std::string bound = i < Histogram::kBoundsMs.size()
                                    ? seconds(Histogram::kBoundsMs.at(i))
                                    : std::string("+Inf");
      out.sample({{"level", name(level)}, {"le", bound}}, count, "_bucket");
    }
    out.sample({{"level", name(level)}}, std::string_view(seconds(latency.sum_ms)), "_sum");
    out.sample({{"level", name(level)}}, count, "_count");
  }
}

void write_own(Exposition& out, const NodeState& state) {
  const NodeState::OwnLog& own = state.own;
  out.single("hefu_own_log_writing", "1 if this node may append to its log.", own.writing ? 1 : 0);
  out.single("hefu_own_log_entries", "Entries of this node's own log that it has signed for.",
             own.size);
  out.single("hefu_own_log_witnessed_entries",
             "Entries of it under the latest checkpoint with a quorum of cosignatures.",
             own.cosigned_size);
  out.single("hefu_own_log_staged_entries",
             "Entries durable here that wait for other members to hold them.", own.staged);
  out.single("hefu_own_log_waiting_entries", "Entries submitted and not yet signed for.",
             own.waiting);
  out.single("hefu_copies_required", "Other members that must hold an entry before it is signed.",
             own.copies);
  out.single("hefu_quorum_cosignatures", "Cosignatures that make a checkpoint witnessed.",
             state.quorum);
  write_latency(out, own);
}

void write_peers(Exposition& out, const NodeState& state) {
  const auto each = [&](const auto& write) {
    for (const PeerCondition& peer : state.peers) {
      write(peer, Labels{{"peer", peer.member}});
    }
  };
  out.family("hefu_peer_state", "gauge",
             "1 for the state of the peer: ok, behind, failing; the code says why.");
  each([&](const PeerCondition& peer, Labels labels) {
    labels.emplace_back("state", state_name(peer.condition, behind_of(peer, state.own)));
    labels.emplace_back("code", name(peer.condition.fault));
    out.sample(labels, 1);
  });
  out.family("hefu_peer_state_since_timestamp_seconds", "gauge",
             "Since when the peer has this code.");
  each([&](const PeerCondition& peer, const Labels& labels) {
    out.sample(labels, std::string_view(seconds(peer.condition.since)));
  });
  out.family("hefu_peer_last_contact_timestamp_seconds", "gauge",
             "When the peer answered last; absent before its first answer.");
  each([&](const PeerCondition& peer, const Labels& labels) {
    if (peer.heard) {
      out.sample(labels, std::string_view(seconds(*peer.heard)));
    }
  });
  out.family("hefu_peer_behind_entries", "gauge",
             "Entries of this node's own log that the peer does not have.");
  each([&](const PeerCondition& peer, const Labels& labels) {
    out.sample(labels, behind_of(peer, state.own));
  });
}

void write_logs(Exposition& out, const NodeState& state) {
  const auto each = [&](const auto& write) {
    for (const LogCondition& log : state.logs) {
      write(log, Labels{{"log", log.origin}});
    }
  };
  out.family("hefu_log_state", "gauge",
             "1 for the state of a member's log here: ok, behind, failing, quarantined; the code "
             "says why.");
  each([&](const LogCondition& log, Labels labels) {
    labels.emplace_back("state", state_name(log.condition, log.behind));
    labels.emplace_back("code", name(log.condition.fault));
    out.sample(labels, 1);
  });
  out.family("hefu_log_state_since_timestamp_seconds", "gauge",
             "Since when the log has this code.");
  each([&](const LogCondition& log, const Labels& labels) {
    out.sample(labels, std::string_view(seconds(log.condition.since)));
  });
  out.family("hefu_log_last_contact_timestamp_seconds", "gauge",
             "When a peer last showed where it stands with the log; absent before.");
  each([&](const LogCondition& log, const Labels& labels) {
    if (log.heard) {
      out.sample(labels, std::string_view(seconds(*log.heard)));
    }
  });
  out.family("hefu_log_entries", "gauge", "Entries of the log stored here.");
  each([&](const LogCondition& log, const Labels& labels) { out.sample(labels, log.size); });
  out.family("hefu_log_contents", "gauge", "0 if by policy the log is kept without its entries.");
  each([&](const LogCondition& log, const Labels& labels) {
    out.sample(labels, log.witness_only ? 0 : 1);
  });
  out.family("hefu_log_witnessed_entries", "gauge",
             "Entries under its latest checkpoint here with a quorum of cosignatures.");
  each([&](const LogCondition& log, const Labels& labels) {
    out.sample(labels, log.cosigned_size);
  });
  out.family("hefu_log_behind_entries", "gauge",
             "Entries that a checkpoint signed by the log covers and that are not stored here.");
  each([&](const LogCondition& log, const Labels& labels) { out.sample(labels, log.behind); });
}

void write_counts(Exposition& out, std::string_view family, std::string_view help,
                  std::string_view label, const std::map<std::string, std::uint64_t>& counts) {
  out.family(family, "counter", help);
  for (const auto& [kind, count] : counts) {
    out.sample({{label, kind}}, count);
  }
}

}  // namespace

std::string metrics_text(const NodeState& state) {
  Exposition out;
  out.family("hefu_build_info", "gauge", "The program and the member whose node it is.");
  out.sample({{"program", kProgramName}, {"member", state.member}}, 1);
  write_own(out, state);
  write_peers(out, state);
  write_logs(out, state);
  out.single("hefu_settled", "1 if every log is here, cosigned and anchored.",
             state.settled ? 1 : 0);
  out.single("hefu_forked_logs", "Logs with a fork proven here.", state.forks);
  out.single("hefu_store_size_bytes", "Size of the database's files.", state.store_bytes);
  out.family("hefu_entries_served_total", "counter", "Entries sent to other members' nodes.");
  out.sample({}, state.entries_served);
  write_counts(out, "hefu_submissions_refused_total", "Submissions refused, by error code.", "code",
               state.submissions_refused);
  write_counts(out, "hefu_peer_requests_refused_total",
               "Requests of other members' nodes refused, by error code.", "code",
               state.peer_requests_refused);
  write_counts(out, "hefu_peer_connections_refused_total",
               "Connections turned away at the peer port, by reason.", "reason",
               state.peer_connections_refused);
  write_counts(out, "hefu_witness_answers_total",
               "Answers of this node's witness, by status of C2SP tlog-witness.", "status",
               state.witness_answers);
  return out.take();
}

}  // namespace hefu

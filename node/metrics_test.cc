#include <cmath>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "node/node_state.h"

namespace hefu {
namespace {

/// Reads the Prometheus text format 0.0.4 as strictly as its description allows, and remembers
/// every rule that is broken.
class Reader {
 public:
  explicit Reader(const std::string& text) {
    if (text.empty() || text.back() != '\n') {
      broken("the last line does not end");
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      read(line);
    }
    end_family();
  }

  std::vector<std::string> faults;
  std::map<std::string, double> samples;     // by name and labels, as written
  std::map<std::string, std::string> types;  // by family

 private:
  void broken(const std::string& what) { faults.push_back(what); }

  void read(const std::string& line) {
    static const std::regex comment("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    static const std::regex sample(
        "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\n\"])*\","
        "?)*)\\})? ([+-]?[0-9]+(?:\\.[0-9]+)?|[+-]Inf|NaN)");
    std::smatch match;
    if (std::regex_match(line, match, comment)) {
      read_comment(match[1], match[2], match[3], line);
    } else if (std::regex_match(line, match, sample)) {
      read_sample(match[1], match[3], match[4], line);
    } else {
      broken("neither comment nor sample: " + line);
    }
  }

  void read_comment(const std::string& kind, const std::string& name, const std::string& rest,
                    const std::string& line) {
    if (kind == "HELP") {
      end_family();
      if (!families_.insert(name).second) {
        broken("a family in two places: " + name);
      }
      family_ = name;
      return;
    }
    if (name != family_ || types.contains(name)) {
      broken("TYPE without its HELP before it: " + line);
    }
    if (rest != "counter" && rest != "gauge" && rest != "histogram") {
      broken("no type: " + line);
    }
    if ((rest == "counter") != name.ends_with("_total")) {
      broken("a counter ends in _total, and nothing else does: " + name);
    }
    if (!name.starts_with("hefu_")) {
      broken("not of this program: " + name);
    }
    types[name] = rest;
  }

  void read_sample(const std::string& name, const std::string& labels, const std::string& value,
                   const std::string& line) {
    const std::string& type = types[family_];
    const bool of_family =
        type == "histogram"
            ? name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count"
            : name == family_;
    if (!of_family) {
      broken("a sample outside its family: " + line);
    }
    const double number = std::stod(value);
    if ((type != "gauge" && number < 0) || std::isnan(number)) {
      broken("no such value: " + line);
    }
    if (!samples.emplace(name + "{" + labels + "}", number).second) {
      broken("given twice: " + line);
    }
    if (type == "histogram") {
      read_histogram(name.substr(family_.size()), labels, number, line);
    }
  }

  void read_histogram(const std::string& part, const std::string& labels, double value,
                      const std::string& line) {
    static const std::regex bound("(.*),?le=\"([^\"]*)\"");
    std::smatch match;
    if (part == "_bucket") {
      if (!std::regex_match(labels, match, bound)) {
        broken("a bucket without le at its end: " + line);
        return;
      }
      const double upper = match[2] == "+Inf" ? HUGE_VAL : std::stod(match[2]);
      if (last_bound_ && (upper <= *last_bound_ || value < last_count_)) {
        broken("buckets that do not grow: " + line);
      }
      last_bound_ = upper;
      last_count_ = value;
    } else if (part == "_count") {
      if (last_bound_ != HUGE_VAL || value != last_count_) {
        broken("count and +Inf bucket differ: " + line);
      }
      last_bound_.reset();
    }
  }

  void end_family() {
    if (!family_.empty() && !types.contains(family_)) {
      broken("a family without TYPE: " + family_);
    }
    family_.clear();
  }

  std::string family_;
  std::set<std::string> families_;
  std::optional<double> last_bound_;
  double last_count_ = 0;
};

NodeState busy_state() {
  NodeState state;
  state.member = "12150200460000000X";
  state.quorum = 2;
  state.own.writing = true;
  state.own.size = 120;
  state.own.cosigned_size = 100;
  state.own.staged = 3;
  state.own.waiting = 4;
  state.own.copies = 1;
  state.own.latency.at(1).counts = {5, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  state.own.latency.at(1).sum_ms = 12'345;
  PeerCondition peer;
  peer.member = "12150200460000001X";
  peer.condition = {Fault::kUnreachable, "no route", Moment{1'700'000'000'007}};
  peer.own_size = 90;
  state.peers.push_back(peer);
  peer.member = "12150200460000002X";
  peer.condition = {Fault::kNone, "", Moment{1'700'000'000'000}};
  peer.heard = Moment{1'700'000'100'250};
  peer.own_size = 120;
  state.peers.push_back(peer);
  LogCondition log;
  log.origin = "quo\"te\\back\nslash/hefu/1";  // an origin has none of these; a label may
  log.size = 40;
  log.behind = 2;
  log.cosigned_size = 39;
  log.condition = {Fault::kFork, "two histories", Moment{1'700'000'000'000}};
  state.logs.push_back(log);
  state.forks = 1;
  state.store_bytes = 4096;
  state.submissions_refused = {{"invalid", 3}, {"unavailable", 1}};
  state.peer_connections_refused = {{"unknown-key", 5}, {"timeout", 0}};
  state.witness_answers = {{"200", 17}, {"409", 2}};
  return state;
}

TEST(Metrics, AreWhatAStrictReaderAccepts) {
  for (const NodeState& state : {NodeState{}, busy_state()}) {
    const Reader reader(metrics_text(state));
    for (const std::string& fault : reader.faults) {
      ADD_FAILURE() << fault;
    }
    EXPECT_GT(reader.types.size(), 20U);
  }
}

TEST(Metrics, AStrictReaderNoticesWhatIsWrong) {
  for (const char* bad : {
           "hefu_a 1\n",
           "# HELP hefu_a A.\n# TYPE hefu_a gauge\nhefu_a 1",
           "# HELP hefu_a A.\n# TYPE hefu_a gauge\nhefu_a 1\nhefu_a 2\n",
           "# HELP hefu_a A.\n# TYPE hefu_a counter\nhefu_a 1\n",
           "# HELP hefu_a A.\n# TYPE hefu_a gauge\nhefu_a{l=\"a\"b\"} 1\n",
           "# HELP hefu_a A.\n# TYPE hefu_a gauge\nhefu_b 1\n",
           "# HELP hefu_h A.\n# TYPE hefu_h histogram\nhefu_h_bucket{le=\"1\"} 2\n"
           "hefu_h_bucket{le=\"+Inf\"} 1\nhefu_h_sum 1\nhefu_h_count 1\n",
       }) {
    EXPECT_FALSE(Reader(bad).faults.empty()) << bad;
  }
}

TEST(Metrics, SayOfPeersAndLogsWhatTheStatusSays) {
  const Reader reader(metrics_text(busy_state()));
  const auto at = [&](const std::string& sample) {
    const auto found = reader.samples.find(sample);
    EXPECT_NE(found, reader.samples.end()) << sample;
    return found == reader.samples.end() ? -1 : found->second;
  };
  const std::string away = R"({peer="12150200460000001X"})";
  const std::string here = R"({peer="12150200460000002X"})";
  EXPECT_EQ(at(R"(hefu_peer_state{peer="12150200460000001X",state="failing",code="unreachable"})"),
            1);
  EXPECT_EQ(at(R"(hefu_peer_state{peer="12150200460000002X",state="ok",code="ok"})"), 1);
  EXPECT_EQ(at("hefu_peer_behind_entries" + away), 30);
  EXPECT_EQ(at("hefu_peer_behind_entries" + here), 0);
  EXPECT_EQ(at("hefu_peer_state_since_timestamp_seconds" + away), 1'700'000'000.007);
  EXPECT_EQ(at("hefu_peer_last_contact_timestamp_seconds" + here), 1'700'000'100.25);
  EXPECT_FALSE(reader.samples.contains("hefu_peer_last_contact_timestamp_seconds" + away));
  const std::string log = R"(log="quo\"te\\back\nslash/hefu/1")";
  EXPECT_EQ(at("hefu_log_state{" + log + R"(,state="quarantined",code="fork"})"), 1);
  EXPECT_EQ(at("hefu_log_behind_entries{" + log + "}"), 2);
  EXPECT_EQ(at("hefu_own_log_entries{}"), 120);
  EXPECT_EQ(at("hefu_own_log_witnessed_entries{}"), 100);
  EXPECT_EQ(at("hefu_quorum_cosignatures{}"), 2);
  EXPECT_EQ(at("hefu_store_size_bytes{}"), 4096);
  EXPECT_EQ(at(R"(hefu_submissions_refused_total{code="invalid"})"), 3);
  EXPECT_EQ(at(R"(hefu_peer_connections_refused_total{reason="unknown-key"})"), 5);
  EXPECT_EQ(at(R"(hefu_witness_answers_total{status="409"})"), 2);
  const std::string status = status_json(busy_state());
  for (const char* part : {R"("state":"failing","code":"unreachable")", R"("behind":30)",
                           R"("state":"quarantined","code":"fork")", R"("forks":1)"}) {
    EXPECT_NE(status.find(part), std::string::npos) << part << " in " << status;
  }
}

TEST(Metrics, CountEachAcknowledgementLevelInItsHistogram) {
  const Reader reader(metrics_text(busy_state()));
  const auto bucket = [&](const char* le) {
    return reader.samples.at(
        std::string("hefu_acknowledgement_duration_seconds_bucket{level=\"replicated\",le=\"") +
        le + "\"}");
  };
  EXPECT_EQ(bucket("0.001"), 5);
  EXPECT_EQ(bucket("0.005"), 7);
  EXPECT_EQ(bucket("10.000"), 7);
  EXPECT_EQ(bucket("+Inf"), 8);
  EXPECT_EQ(reader.samples.at("hefu_acknowledgement_duration_seconds_sum{level=\"replicated\"}"),
            12.345);
}

}  // namespace
}  // namespace hefu

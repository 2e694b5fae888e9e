#include "tests/simulation/simulation.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/simulation/agreement_watch.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/liar.h"
#include "tests/simulation/member_node.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/workload.h"

namespace hefu::simulation {
namespace {

constexpr std::int64_t kEpochMs = 1'772'000'000'000;
constexpr std::int64_t kHourMs = 3'600'000;
/// A call that takes longer fails for the caller, whatever became of it.
constexpr std::int64_t kCallTimeoutMs = 10'000;
constexpr std::size_t kCapturedMax = 40;
constexpr int kHealingRoundsMax = 60;
/// In so many steps one node is asked about all agreements once.
constexpr std::uint64_t kAgreementsEvery = 10;
/// Events of one run: keeps its cost in proportion to its hours.
constexpr std::uint64_t kEntriesMax = 6'000;

/// How much goes wrong in one run: out of a million each. Drawn per seed, so that some runs are
/// stormy in one respect and calm in the others.
struct Weather {
  std::uint64_t request_lost = 0;
  std::uint64_t answer_lost = 0;
  std::uint64_t twice = 0;
  std::uint64_t captured = 0;
  std::uint64_t slow = 0;
  std::uint64_t caller_dies = 0;
  // Out of a million steps:
  std::uint64_t crash = 0;
  std::uint64_t write_fault = 0;
  std::uint64_t full_disk = 0;
  std::uint64_t partition = 0;
  std::uint64_t one_way = 0;
  std::uint64_t clock = 0;
  std::uint64_t replay = 0;
  std::uint64_t restart = 0;
  std::uint64_t heal_link = 0;
  std::uint64_t lost_disk = 0;
  std::uint64_t old_copy = 0;
  std::uint64_t rot = 0;
  std::uint64_t lies = 0;

  explicit Weather(Dice& dice) {
    const auto sometimes = [&](std::uint64_t most) {
      return dice.chance(300'000) ? 0 : dice.below(most + 1);
    };
    request_lost = sometimes(300'000);
    answer_lost = sometimes(200'000);
    twice = sometimes(200'000);
    captured = sometimes(100'000);
    slow = sometimes(100'000);
    caller_dies = sometimes(3'000);
    crash = sometimes(15'000);
    write_fault = sometimes(20'000);
    full_disk = sometimes(5'000);
    partition = sometimes(20'000);
    one_way = sometimes(20'000);
    clock = sometimes(30'000);
    replay = sometimes(100'000);
    restart = 50'000 + dice.below(400'000);
    heal_link = 20'000 + dice.below(200'000);
    lost_disk = sometimes(8'000);
    old_copy = sometimes(8'000);
    rot = sometimes(8'000);
    lies = sometimes(400'000);
  }
};

class Federation {
 public:
  explicit Federation(const Options& options)
      : options_(options),
        dice_(options.seed * 0x9e3779b97f4a7c15 + 1),
        weather_(dice_),
        federation_(options.members, options.seed),
        workload_(federation_, dice_.next()),
        oracle_(federation_, choose_liars()),
        agreements_(federation_, liar_ ? std::set<std::size_t>{*liar_} : std::set<std::size_t>{}) {
    for (std::size_t i = 0; i < options.members; ++i) {
      if (liar_ == i) {
        nodes_.push_back(nullptr);
        continue;
      }
      MemberNode::Outside outside;
      outside.now_ms = [this] { return now_ms_; };
      outside.patience = std::chrono::milliseconds(dice_.chance(300'000) ? 10'000 : kHourMs);
      if (options.canary == Canary::kSignsAlone) {
        outside.copies = 0;
      }
      outside.call = [this, i](std::size_t peer, BytesView request) {
        return call(i, peer, request);
      };
      nodes_.push_back(
          std::make_unique<MemberNode>(federation_, i, dice_.next(), std::move(outside)));
      nodes_.back()->files().set_lying(options.canary == Canary::kDiskLies);
      honest_.push_back(i);
    }
    if (liar_) {
      actor_ = std::make_unique<Liar>(federation_, *liar_, dice_.next(), weather_.lies);
    }
  }

  Outcome run() {
    try {
      found();
      while (now_ms_ - kEpochMs < static_cast<std::int64_t>(options_.hours * kHourMs)) {
        ++outcome_.steps;
        step();
      }
      heal();
    } catch (const Violation& violation) {
      outcome_.kept = false;
      outcome_.failure = "seed " + std::to_string(options_.seed) + ", " +
                         std::to_string(options_.members) + " members, step " +
                         std::to_string(outcome_.steps) + ": " + violation.what;
      note("VIOLATION " + violation.what);
    }
    sum_up();
    return outcome_;
  }

 private:
  std::set<std::size_t> choose_liars() {
    // The authority is honest: without catalogue and packs there is nothing to compare.
    if (options_.members < 4 || dice_.chance(400'000)) {
      return {};
    }
    const std::size_t liar = dice_.below(options_.members);
    if (liar == workload_.authority()) {
      return {};
    }
    liar_ = liar;
    return {liar};
  }

  // --- what happened ---

  void note(const std::string& line) {
    const std::string text =
        std::to_string(outcome_.steps) + " " + std::to_string(now_ms_ - kEpochMs) + " " + line;
    for (const char c : text) {  // FNV-1a
      outcome_.digest = (outcome_.digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    if (options_.trace) {
      options_.trace(text);
    }
  }
  void fault(const std::string& kind) { ++outcome_.faults[kind]; }
  void act(const std::string& kind) { ++outcome_.acts[kind]; }
  static std::string label(std::size_t member) { return "m" + std::to_string(member); }

  // --- the network ---

  Result<Bytes> call(std::size_t from, std::size_t to, BytesView request) {
    const auto failed = [&](const char* why) -> Result<Bytes> {
      return Error{Errc::kUnavailable, why, ""};
    };
    now_ms_ += static_cast<std::int64_t>(dice_.between(1, 80));
    maybe_die(from);
    if (blocked_.contains({from, to})) {
      return failed("no way there");
    }
    if (roll(weather_.request_lost)) {
      fault("request lost");
      return failed("request lost");
    }
    if (roll(weather_.captured)) {
      capture(from, to, request);
    }
    std::int64_t took = 0;
    if (roll(weather_.slow)) {
      took = static_cast<std::int64_t>(dice_.between(1'000, 2 * kCallTimeoutMs));
      fault("slow answer");
    }
    auto answer = deliver(from, to, request);
    if (roll(weather_.twice)) {
      fault("delivered twice");
      if (auto again = deliver(from, to, request); again && dice_.chance(500'000)) {
        answer = std::move(again);
      }
    }
    now_ms_ += std::min(took, kCallTimeoutMs);
    if (!answer) {
      return answer;
    }
    if (blocked_.contains({to, from}) || took > kCallTimeoutMs) {
      return failed("no way back");
    }
    if (roll(weather_.answer_lost)) {
      fault("answer lost after the effect");
      return failed("answer lost");
    }
    if (actor_ && from == *liar_) {
      actor_->overhear(*answer);
    }
    maybe_die(from);
    return answer;
  }

  bool roll(std::uint64_t per_million) { return !calm_ && dice_.chance(per_million); }

  void maybe_die(std::size_t member) {
    if (nodes_[member] && roll(weather_.caller_dies)) {
      fault("crash between two calls");
      throw Halted{member, "power cut during a visit"};
    }
  }

  void capture(std::size_t from, std::size_t to, BytesView request) {
    Captured captured{from, to, to_bytes(request)};
    if (captured_.size() < kCapturedMax) {
      captured_.push_back(std::move(captured));
    } else {
      captured_[dice_.below(kCapturedMax)] = std::move(captured);
    }
  }

  Result<Bytes> deliver(std::size_t from, std::size_t to, BytesView request) {
    if (actor_ && to == *liar_) {
      actor_->overhear(request);
      return actor_->serve(from, request, now_ms_);
    }
    MemberNode& node = *nodes_[to];
    if (!node.up()) {
      return Error{Errc::kUnavailable, "connection refused", ""};
    }
    try {
      Bytes answer = node.serve(*federation_.member(from).key(KeyRole::kNode), request);
      oracle_.overheard(answer);
      return answer;
    } catch (const Halted& halted) {
      crash(halted);
      return Error{Errc::kUnavailable, "connection reset", ""};
    }
  }

  // --- power ---

  void crash(const Halted& halted) {
    note(label(halted.member) + " stops: " + halted.why);
    nodes_[halted.member]->crash();
    if (halted.code == Errc::kCorrupt) {
      if (!rotten_.contains(halted.member)) {
        throw Violation{"member " + std::to_string(halted.member) +
                        " found its data damaged, which nobody did: " + halted.why};
      }
      replace_rotten_disk(*nodes_[halted.member]);
    }
  }

  /// What its hint tells an operator to do.
  void replace_rotten_disk(MemberNode& node) {
    note(label(node.index()) + " gets a new disk");
    act("damaged disk replaced");
    node.files().wipe();
    rotten_.erase(node.index());
    replaced(node, true);
  }

  void start(MemberNode& node) { finish_start(node, node.start()); }

  void finish_start(MemberNode& node, const Result<void>& started) {
    act("start");
    note(label(node.index()) + " starts: " + (started ? "ok" : name(started.error().code)));
    if (!started) {
      const bool excused = faulty_disks_.contains(node.index());
      node.crash();
      if (rotten_.contains(node.index()) && started.error().code == Errc::kCorrupt) {
        replace_rotten_disk(node);
        return;
      }
      if (!excused) {
        throw Violation{"member " + std::to_string(node.index()) +
                        " does not start: " + started.error().message};
      }
      return;
    }
    oracle_.look(node, true);
  }

  /// Runs something at a node; if the node does not survive it, it is down afterwards.
  template <typename Act>
  void at(MemberNode& node, const Act& act) {
    try {
      act();
    } catch (const Halted& halted) {
      crash(halted);
    }
    if (node.up()) {
      try {
        node.background();
        oracle_.look(node);
      } catch (const Halted& halted) {
        crash(halted);
      }
    }
  }

  // --- the acts of a step ---

  void found() {
    note("federation of " + std::to_string(options_.members) +
         (liar_ ? ", member " + std::to_string(*liar_) + " lies" : ", all honest"));
    calm_ = true;
    for (const std::size_t i : honest_) {
      start(*nodes_[i]);
      recover(*nodes_[i]);
    }
    const std::size_t authority = workload_.authority();
    append(*nodes_[authority], workload_.documents(), AckLevel::kStored);
    for (const std::size_t peer : honest_) {
      if (peer != authority) {
        stage(*nodes_[authority], peer);
      }
    }
    calm_ = false;
  }

  void recover(MemberNode& node) {
    act("recovery round");
    at(node, [&] {
      const auto recovered = node.recover();
      note(label(node.index()) + " recovers: " +
           (!recovered       ? name(recovered.error().code)
            : node.writing() ? "writes"
                             : "waits, " + node.waits()));
      if (!recovered) {
        throw Violation{"member " + std::to_string(node.index()) +
                        " may not go on: " + recovered.error().message};
      }
    });
  }

  AckLevel some_level() {
    const std::uint64_t roll = dice_.below(10);
    return roll < 3 ? AckLevel::kStored : roll < 8 ? AckLevel::kReplicated : AckLevel::kWitnessed;
  }

  void append(MemberNode& node, const std::vector<Bytes>& envelopes, AckLevel level) {
    act("append");
    at(node, [&] {
      note(label(node.index()) + " appends " + std::to_string(envelopes.size()));
      node.append(envelopes, level,
                  [this, member = node.index(), envelopes](const Result<Appended>& appended) {
                    answered(member, envelopes, appended);
                  });
    });
  }

  void answered(std::size_t member, const std::vector<Bytes>& envelopes,
                const Result<Appended>& appended) {
    note(label(member) + " answers: " +
         (appended ? std::string(name(appended->level)) + " " + std::to_string(appended->size)
                   : name(appended.error().code)));
    if (!appended) {
      return;
    }
    act(std::string("answer: ") + name(appended->level));
    oracle_.released(appended->checkpoint);
    for (std::size_t i = 0; i < envelopes.size(); ++i) {
      oracle_.answered(member, appended->level, appended->events[i].index, envelopes[i]);
    }
    if (appended->level == AckLevel::kWitnessed) {
      oracle_.receipt(*nodes_[member], appended->events.front().index, envelopes.front());
    }
    if (dice_.chance(100'000)) {
      resend_ = {member, envelopes};
    }
  }

  /// The same envelopes once more: the oracle knows where they stand.
  void append_again(MemberNode& node) {
    if (resend_ && resend_->member == node.index()) {
      act("append again");
      append(node, resend_->envelopes, some_level());
    }
  }

  void stage(MemberNode& node, std::size_t peer) {
    act("staging visit");
    at(node, [&] {
      node.stage(peer);
      note(label(node.index()) + " stages at " + label(peer) + ", " +
           std::to_string(node.staged()) + " left");
    });
  }

  void visit(MemberNode& node, std::size_t peer) {
    act("visit");
    at(node, [&] {
      const PeerVerdict verdict = node.visit(peer);
      note(label(node.index()) + " visits " + label(peer) + ": " + name(verdict.fault));
    });
  }

  std::size_t other_than(std::size_t member) {
    const std::size_t other = dice_.below(options_.members - 1);
    return other < member ? other : other + 1;
  }

  void step() {
    now_ms_ += static_cast<std::int64_t>(dice_.between(500, 120'000));
    weather();
    if (actor_ && dice_.chance(150'000)) {
      act("lie");
      actor_->act(
          [this](std::size_t peer, BytesView request) { return call(*liar_, peer, request); },
          now_ms_);
      note("the liar acts");
      return;
    }
    MemberNode& node = *nodes_[dice_.pick(honest_)];
    if (node.up() && outcome_.steps % kAgreementsEvery == 0) {
      agreements_.look(node);
    }
    if (!node.up()) {
      if (dice_.chance(weather_.restart)) {
        start(node);
      }
      return;
    }
    if (!node.writing()) {
      if (node.frozen()) {
        note(label(node.index()) + " is started anew: " + node.frozen()->message);
        act("operator restart");
        node.crash();
        start(node);
      }
      if (node.up()) {
        recover(node);
      }
      return;
    }
    const std::uint64_t what = dice_.below(100);
    if (what < 25) {
      if (oracle_.entries() < kEntriesMax) {
        append(node, workload_.next(node.index(), now_ms_), some_level());
      }
    } else if (what < 27) {
      append_again(node);
    } else if (what < 35) {
      act("anchor");
      at(node, [&] {
        node.anchor();
        note(label(node.index()) + " anchors");
      });
    } else if (what < 37) {
      std::vector<MemberNode*> running = up();
      act("states compared");
      if (outcome_.steps % 8 == 0) {
        oracle_.compare_states(running);
      }
    } else if (what < 55 && node.staged() > 0) {
      stage(node, other_than(node.index()));
    } else {
      visit(node, other_than(node.index()));
    }
  }

  /// Things that happen to the federation rather than in it.
  void weather() {
    const std::size_t member = dice_.pick(honest_);
    MemberNode& node = *nodes_[member];
    if (roll(weather_.crash) && node.up()) {
      fault("crash");
      crash({member, "power cut"});
    }
    if (roll(weather_.write_fault) && node.up()) {
      FaultyFiles::Fault failure;
      failure.call = dice_.chance(500'000) ? FaultyFiles::Call::kWrite : FaultyFiles::Call::kSync;
      failure.countdown = dice_.between(1, 12);
      failure.cause =
          dice_.chance(500'000) ? FaultyFiles::Cause::kIo : FaultyFiles::Cause::kNoSpace;
      failure.effect =
          dice_.chance(500'000) ? FaultyFiles::Effect::kLost : FaultyFiles::Effect::kKept;
      node.files().arm(failure);
      fault(failure.call == FaultyFiles::Call::kWrite ? "write set to fail" : "sync set to fail");
    }
    if (roll(weather_.full_disk)) {
      fault("disk full");
      note(label(member) + " disk full");
      node.files().set_full(true);
      faulty_disks_.insert(member);
    } else if (faulty_disks_.contains(member) && dice_.chance(weather_.heal_link)) {
      node.files().set_full(false);
      faulty_disks_.erase(member);
    }
    if (roll(weather_.partition)) {
      // Some on one side, the others on the other.
      fault("partition");
      const std::uint64_t sides = dice_.next();
      for (std::size_t a = 0; a < options_.members; ++a) {
        for (std::size_t b = 0; b < options_.members; ++b) {
          if (((sides >> a) & 1) != ((sides >> b) & 1)) {
            blocked_.insert({a, b});
          }
        }
      }
      note("partition");
    }
    if (roll(weather_.one_way)) {
      fault("one-way partition");
      blocked_.insert({member, other_than(member)});
    }
    if (!blocked_.empty() && dice_.chance(weather_.heal_link)) {
      if (dice_.chance(300'000)) {
        blocked_.clear();
      } else {
        auto link = blocked_.begin();
        std::advance(link, static_cast<std::ptrdiff_t>(dice_.below(blocked_.size())));
        blocked_.erase(link);
      }
    }
    if (roll(weather_.clock)) {
      fault("clock changed");
      const auto days = static_cast<std::int64_t>(dice_.below(5));
      node.skew_ms = static_cast<std::int64_t>(dice_.below(2 * 86'400'000)) - 86'400'000;
      node.skew_ms *= dice_.chance(200'000) ? days : 1;
      if (dice_.chance(500'000)) {
        node.skew_ms /= 1000;
      }
    }
    disks(node);
    if (!captured_.empty() && roll(weather_.replay)) {
      fault("old request delivered late");
      const Captured captured = dice_.pick(captured_);
      (void)deliver(captured.from, captured.to, captured.request).ok();
      if (nodes_[captured.to] && nodes_[captured.to]->up()) {
        at(*nodes_[captured.to], [] {});
      }
    }
  }

  /// Disks that are lost, put back to what they were, or rot. The design bears one such loss at a
  /// time: the next may come once what the last one took with it is again where it belongs.
  void disks(MemberNode& node) {
    if (node.up() && dice_.chance(20'000)) {
      copies_[node.index()] = node.files().copy();
    }
    const bool lost = roll(weather_.lost_disk);
    const bool old_copy = roll(weather_.old_copy) && copies_.contains(node.index());
    const bool rot = roll(weather_.rot);
    if (!(lost || old_copy || rot) || !may_lose_disk()) {
      return;
    }
    if (rot) {
      crash({node.index(), "power cut"});
      const std::string file = node.files().flip_bit(dice_.chance(500'000) ? ".log" : ".sst");
      if (file.empty()) {
        return;
      }
      fault("bit flipped");
      note(label(node.index()) + " a bit of " + file + " flips");
      replaced(node, false);
      rotten_.insert(node.index());
      calmly([&] {
        node.careful = true;
        auto started = node.start();
        if (!started || !node.readable()) {
          node.crash();
          replace_rotten_disk(node);
          started = node.start();
        } else {
          fault("bit flip not noticed at start");
        }
        finish_start(node, started);
      });
      return;
    }
    fault(lost ? "disk lost" : "old copy of a disk put back");
    note(label(node.index()) + (lost ? " loses its disk" : " is put back to an old copy"));
    crash({node.index(), "its disk"});
    if (lost) {
      node.files().wipe();
    } else {
      node.files().put_back(*copies_[node.index()]);
    }
    replaced(node, lost);
    if (old_copy && !lost) {
      calmly([&] {
        node.careful = true;
        finish_start(node, node.start());
      });
    }
  }

  /// What the oracle and this harness knew of a node's disk is no longer so.
  void replaced(MemberNode& node, bool all) {
    faulty_disks_.erase(node.index());
    node.files().set_full(false);
    copies_.erase(node.index());
    oracle_.disk_lost(node.index(), all);
    if (resend_ && resend_->member == node.index()) {
      resend_.reset();
    }
    last_loss_ = oracle_.whole_federation();
  }

  /// An operator at work: everybody can be reached until the node writes again.
  template <typename Act>
  void calmly(const Act& act) {
    const auto blocked = std::exchange(blocked_, {});
    calm_ = true;
    for (const std::size_t i : honest_) {
      nodes_[i]->files().set_full(false);
      nodes_[i]->files().disarm();
      faulty_disks_.erase(i);
    }
    act();
    for (const std::size_t i : honest_) {
      if (nodes_[i]->up() && !nodes_[i]->writing() && !nodes_[i]->frozen()) {
        recover(*nodes_[i]);
      }
    }
    calm_ = false;
    blocked_ = blocked;
  }

  bool may_lose_disk() {
    const auto running = up();
    return all_writing() && oracle_.holds(running, last_loss_);
  }

  // --- the end ---

  std::vector<MemberNode*> up() {
    std::vector<MemberNode*> running;
    for (const std::size_t i : honest_) {
      if (nodes_[i]->up()) {
        running.push_back(nodes_[i].get());
      }
    }
    return running;
  }

  void heal() {
    note("everything heals");
    calm_ = true;
    blocked_.clear();
    faulty_disks_.clear();
    for (const std::size_t i : honest_) {
      nodes_[i]->files().set_full(false);
      nodes_[i]->files().disarm();
      nodes_[i]->skew_ms = 0;
    }
    if (actor_) {
      actor_->behave();
    }
    std::string missing;
    for (int round = 0; round < kHealingRoundsMax; ++round) {
      now_ms_ += 60'000;
      for (const std::size_t i : honest_) {
        MemberNode& node = *nodes_[i];
        if (node.frozen()) {
          node.crash();
        }
        if (!node.up()) {
          start(node);
        }
        if (node.up() && !node.writing()) {
          recover(node);
        }
        if (node.up()) {
          at(node, [&] { node.anchor(); });
        }
        for (std::size_t peer = 0; peer < options_.members; ++peer) {
          if (peer != i && node.up()) {
            stage(node, peer);
          }
          if (peer != i && node.up()) {
            visit(node, peer);
          }
        }
      }
      ++outcome_.acts["healing round"];
      missing = all_writing() ? oracle_.not_converged(up()) : "a member does not write";
      if (missing.empty()) {
        break;
      }
    }
    if (!missing.empty()) {
      throw Violation{"no convergence after " + std::to_string(kHealingRoundsMax) +
                      " rounds without faults: " + missing};
    }
    oracle_.final_check(up());
    oracle_.compare_states(up());
    for (MemberNode* node : up()) {
      agreements_.look(*node);
    }
    note("converged, " + std::to_string(oracle_.entries()) + " entries");
  }

  bool all_writing() {
    return std::all_of(honest_.begin(), honest_.end(),
                       [&](std::size_t i) { return nodes_[i]->up() && nodes_[i]->writing(); });
  }

  void sum_up() {
    outcome_.acts["event forgiven"] = oracle_.forgiven();
    outcome_.hours = static_cast<double>(now_ms_ - kEpochMs) / kHourMs;
    outcome_.entries = oracle_.entries();
    outcome_.checks = oracle_.checks();
    outcome_.states_compared = oracle_.states_compared();
    outcome_.acts["receipt verified"] = oracle_.receipts();
    outcome_.acts["fate of an agreement compared"] = agreements_.counts().compared;
    outcome_.acts["agreement took effect"] = agreements_.counts().effective;
    outcome_.acts["agreement died"] = agreements_.counts().dead;
    for (const std::size_t i : honest_) {
      const FaultyFiles::Counts counts = nodes_[i]->files().counts();
      outcome_.faults["write or sync failed"] += counts.failed;
      outcome_.faults["file torn"] += counts.torn;
      outcome_.faults["name lost"] += counts.names_lost;
    }
    if (actor_) {
      const Liar::Counts& lies = actor_->counts();
      outcome_.faults["history forked"] += lies.forks;
      outcome_.faults["false answer"] += lies.false_answers;
      outcome_.faults["false request"] += lies.false_requests;
      outcome_.faults["forged entry"] += lies.forged_entries;
      outcome_.faults["forged countersignature"] += lies.forged_countersignatures;
      outcome_.faults["wrong anchor"] += lies.wrong_anchors;
      outcome_.faults["withheld"] += lies.withheld;
    }
  }

  struct Captured {
    std::size_t from;
    std::size_t to;
    Bytes request;
  };
  struct Resend {
    std::size_t member;
    std::vector<Bytes> envelopes;
  };

  const Options options_;
  Dice dice_;
  const Weather weather_;
  const TestFederation federation_;
  Workload workload_;
  std::optional<std::size_t> liar_;
  Oracle oracle_;
  AgreementWatch agreements_;
  std::int64_t now_ms_ = kEpochMs;
  bool calm_ = false;
  std::vector<std::unique_ptr<MemberNode>> nodes_;  // none for a liar
  std::vector<std::size_t> honest_;
  std::unique_ptr<Liar> actor_;
  std::set<std::pair<std::size_t, std::size_t>> blocked_;  // from, to
  std::set<std::size_t> faulty_disks_;  // known to be out of order: may fail to start
  std::set<std::size_t> rotten_;        // a bit was flipped, and may not have been noticed yet
  std::vector<Captured> captured_;
  std::optional<Resend> resend_;
  std::map<std::size_t, std::shared_ptr<const FaultyFiles::Disk>> copies_;
  Oracle::Sizes last_loss_;  // of all logs, staged ends included, when a disk was lost last
  Outcome outcome_;
};

}  // namespace

Outcome simulate(const Options& options) {
  Federation federation(options);
  return federation.run();
}

}  // namespace hefu::simulation

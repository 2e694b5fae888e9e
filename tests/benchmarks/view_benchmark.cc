// Views: from scratch by scanning columns, and kept up to date event by event.
//   view_benchmark [records of the scan] [events of the longest history]
//
// The scan: facts (folded records) as a pack's rule sees them, made up in memory, by id and in no
// order; three indicators: a distinct count, a sum, and the ratio of the two, for a year. Timed are
// the whole way (facts judged, columns made, figures, without the lists of ids), the figures again
// from the columns that are there, and the same view fact by fact; beside them one bare pass over
// two columns, and one bare look at each fact.
//
// Event by event: signed visits in the logs of four members, the shipped catalogue, the Baotou pack
// and the three indicators above. Timed is one more event and its countersignature each: decoded,
// its record folded anew, the state published, its fact judged and taken by both packs, and the
// three figures read. All by the processor time of one thread; medians.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <sodium.h>

#include "ledger/event/envelope.h"
#include "ledger/programme/column_figures.h"
#include "ledger/programme/kept_pack.h"
#include "ledger/programme/pack.h"
#include "ledger/view/live_state.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/benchmarks/workload.h"
#include "tests/support/logs.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "bench.three"
version = "1.0.0"
title = { zh = "三项", en = "Three" }
issuer = "org:test"
source = { file = "t", doc = "t", clause = "1" }
valid = { from = 2023-01-01, to = 2026-12-31 }
[[indicator]]
id = "hosts"
title = { zh = "企业" }
source = { clause = "1" }
quote = "q"
unit = "家"
types = ["enterprise-visit"]
where = "body.mode == 'on-site'"
key = ["body.host"]
time = { mode = "occurred" }
measure = { kind = "count" }
[[indicator]]
id = "amount"
title = { zh = "金额" }
source = { clause = "1" }
quote = "q"
unit = "元"
types = ["enterprise-visit"]
where = "body.mode in ['on-site', 'online']"
key = ["id"]
time = { mode = "occurred" }
evidence = { min = "E0" }
measure = { kind = "sum", value = "body.amount" }
[[indicator]]
id = "each"
title = { zh = "平均" }
source = { clause = "1" }
quote = "q"
unit = "元"
decimals = 2
measure = { kind = "ratio", num = "amount", den = "hosts" }
)";

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Processor time of each of some runs.
std::vector<double> timed(int runs, const auto& run) {
  std::vector<double> out;
  for (int i = 0; i < runs; ++i) {
    const double begun = bench::thread_cpu_seconds();
    run();
    out.push_back(bench::thread_cpu_seconds() - begun);
  }
  return out;
}

void print(const char* what, double seconds, std::size_t rows) {
  std::printf("  %-46s %8.3f s  %6.2f million records/s\n", what, seconds,
              static_cast<double>(rows) / seconds / 1e6);
  std::fflush(stdout);
}

Pack three() {
  auto pack = Pack::from_toml(kPack);
  if (!pack) {
    std::cerr << pack.error().message << "\n";
    std::exit(1);
  }
  return *std::move(pack);
}

// --- From scratch ------------------------------------------------------------------------------

enum class Order : std::uint8_t { kById, kNone };

/// Facts that lie in memory in the order of their ids, as a state's do, or in none. No other field
/// follows the ids, nor any pattern that a processor could learn.
std::vector<Fact> visits(std::size_t count, Order order) {
  std::vector<std::string> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    ids[i] = sha256(as_bytes(std::to_string(i))).hex();
  }
  if (order == Order::kById) {
    std::sort(ids.begin(), ids.end());
  }
  std::vector<Fact> out(count);
  const Date first = *Date::parse("2024-07-01");
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < count; ++i) {
    Fact& fact = out[i];
    fact.id = ids[i];
    fact.type = "enterprise-visit";
    fact.actor = fact.org = "member-" + std::to_string(random() % 8);
    fact.date = Date{first.days + static_cast<std::int32_t>(random() % 730)};
    fact.standing = random() % 50 == 0 ? Standing::kDisputed : Standing::kConfirmed;
    fact.body["host"] = FactValue{"firm-" + std::to_string(random() % 400'000)};
    fact.body["amount"] = FactValue{static_cast<std::int64_t>(random() % 100'000)};
    fact.body["mode"] = FactValue{std::string(random() % 3 == 0 ? "online" : "on-site")};
  }
  return out;
}

/// One pass over a column of days and one of numbers, as bare as it gets: rows per second.
double bare_pass(std::size_t rows) {
  std::vector<std::int32_t> days(rows);
  std::vector<std::int64_t> numbers(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    days[i] = static_cast<std::int32_t>(i * 7 % 730);
    numbers[i] = static_cast<std::int64_t>(i);
  }
  volatile std::int64_t sink = 0;
  const double seconds = median(timed(5, [&] {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      sum += days[i] >= 100 && days[i] < 465 ? numbers[i] : 0;
    }
    sink = sum;
  }));
  return static_cast<double>(rows) / seconds;
}

/// One look at the id, day, standing and every body field of each fact, in the order in which the
/// facts lie: seconds.
double bare_look(const std::vector<Fact>& facts) {
  volatile std::size_t sink = 0;
  return median(timed(3, [&] {
    std::size_t sum = 0;
    for (const Fact& fact : facts) {
      sum += static_cast<unsigned char>(fact.id[0]) + static_cast<std::size_t>(fact.standing) +
             static_cast<std::size_t>(fact.date->days) + fact.supersedes.size();
      for (const auto& [name, value] : fact.body) {
        sum += name.size() + value.is.index();
      }
    }
    sink = sum;
  }));
}

/// The three figures, without the ids of what they count.
std::string figures_of(const Pack& pack, const World& world, const EffectiveFacts& facts,
                       const Period& period, PackColumns& columns) {
  ColumnFigures figures(pack, world, facts, period, columns);
  figures.without_lists();
  Evaluation evaluation(pack, world, facts, period, &figures);
  std::string out;
  for (const PackIndicator& indicator : pack.indicators) {
    out += evaluation.figure(indicator, std::nullopt).shown + " ";
  }
  return out;
}

void scan(std::size_t count, Order order) {
  std::printf("from scratch, %zu records, %s\n", count,
              order == Order::kById ? "by id, as a state holds them" : "in no order");
  const Pack pack = three();
  const World world;
  const Period period = *Period::parse("2025", pack.valid);
  const std::vector<Fact> facts = visits(count, order);
  std::printf("  one bare pass over two columns: %.0f million rows/s\n", bare_pass(count) / 1e6);
  print("one bare look at each fact (median of 3)", bare_look(facts), count);
  std::string shown;
  std::vector<double> judged;
  std::vector<double> whole = timed(5, [&] {
    const double begun = bench::thread_cpu_seconds();
    const auto effective = EffectiveFacts::make(facts, world);
    judged.push_back(bench::thread_cpu_seconds() - begun);
    PackColumns columns(*effective);
    shown = figures_of(pack, world, *effective, period, columns);
  });
  print("facts to figures (best of 5)", *std::min_element(whole.begin(), whole.end()), count);
  print("facts to figures (median of 5)", median(whole), count);
  print("... of which judging the facts", median(judged), count);
  const auto effective = EffectiveFacts::make(facts, world);
  PackColumns columns(*effective);
  (void)figures_of(pack, world, *effective, period, columns);
  const double again =
      median(timed(5, [&] { shown = figures_of(pack, world, *effective, period, columns); }));
  print("columns to figures (median of 5)", again, count);
  std::string expected;
  const double by_facts = timed(1, [&] {
                            Evaluation evaluation(pack, world, *effective, period);
                            for (const PackIndicator& indicator : pack.indicators) {
                              expected += evaluation.figure(indicator, std::nullopt).shown + " ";
                            }
                          }).front();
  print("the view fact by fact", by_facts, count);
  std::printf("  figures: %s%s\n", shown.c_str(),
              shown == expected ? "(the same both ways)" : "DIFFERENT fact by fact");
}

// --- Event by event ------------------------------------------------------------------------------

/// Logs of a federation, with a history of visits.
class History {
 public:
  explicit History(std::size_t visits) : logs_(federation_) {
    while (federation_.member(authority_).id != federation_.charter().authority) {
      ++authority_;
    }
    const Catalogue catalogue = bench::shipped_catalogue();
    logs_.publish(authority_, "catalogue", catalogue.id(), catalogue.version(), catalogue.text());
    contents_ = logs_.contents();
    owned_.resize(contents_.size());
    for (std::size_t i = 0; i < 3; ++i) {
      add(i, bench::signed_visits(federation_, i, 1'000'000 * i, visits / 3, 1'000));
    }
    next_ = 9'000'000;
  }

  void add(std::size_t member, std::vector<Bytes> envelopes) {
    LogContents& log = contents_[member];
    for (Bytes& envelope : envelopes) {
      owned_[member].push_back(std::make_unique<const Bytes>(std::move(envelope)));
      log.entries.push_back({log.size++, *owned_[member].back()});
    }
  }
  /// A new visit of a member, or the host's countersignature of one.
  EventId visit(std::size_t member) {
    auto made = bench::signed_visits(federation_, member, next_++, 1, 1);
    const EventId id = decode_envelope(made.front())->id();
    add(member, std::move(made));
    return id;
  }
  void countersign(std::size_t member, const EventId& record) {
    Event event;
    event.type = "countersignature";
    event.catalogue = "hefu-cn/1.0.0";
    event.issuer = federation_.member(member).id;
    event.occurred_on = *Date::parse("2025-06-01");
    event.nonce[0] = static_cast<std::uint8_t>(next_);
    event.nonce[1] = static_cast<std::uint8_t>(next_++ >> 8);
    event.record = record;
    event.fields["target"] = Value{record.digest};
    const Bytes events[] = {*encode_event(event)};
    add(member, *sign_batch(events, federation_.key(member, KeyRole::kRegistrar)));
  }

  [[nodiscard]] const Charter& charter() const { return federation_.charter(); }
  [[nodiscard]] const std::vector<LogContents>& whole() const { return contents_; }
  [[nodiscard]] Cut cut() const {
    Cut out;
    for (const LogContents& log : contents_) {
      out.logs.push_back(CutLog{Checkpoint{log.origin, log.size, Digest{}}, ""});
    }
    std::sort(out.logs.begin(), out.logs.end(), [](const CutLog& a, const CutLog& b) {
      return a.checkpoint.origin < b.checkpoint.origin;
    });
    return out;
  }
  /// What a state that stopped there has not read yet.
  [[nodiscard]] std::vector<LogContents> since(const LiveState& live) const {
    std::vector<LogContents> out;
    for (const LogContents& log : contents_) {
      const auto from = static_cast<std::ptrdiff_t>(live.reached(log.origin));
      out.push_back({log.origin, log.size, {log.entries.begin() + from, log.entries.end()}});
    }
    return out;
  }

 private:
  TestFederation federation_{4};
  TestLogs logs_;
  std::size_t authority_ = 0;
  std::vector<LogContents> contents_;
  std::vector<std::vector<std::unique_ptr<const Bytes>>> owned_;
  std::uint64_t next_ = 0;
};

void follow(std::size_t events) {
  History history(events);
  LiveState live(history.charter());
  std::optional<LiveState::Step> step;
  const double state = timed(1, [&] {
                         auto begun = live.rebuild(history.cut(), history.whole());
                         if (!begun) {
                           std::cerr << begun.error().message << "\n";
                           std::exit(1);
                         }
                         step = *std::move(begun);
                       }).front();
  const auto baotou = Pack::from_toml(bench::source_file("deploy/programmes/baotou.toml"));
  const Period period = *Period::parse("2025", baotou->valid);
  KeptPack large(*baotou, step->state->world, step->state->facts);
  KeptPack small(three(), step->state->world, step->state->facts);
  const double figures = timed(1, [&] {
                           large.tree(period);
                           small.tree(period);
                         }).front();
  std::printf(
      "event by event, after %zu records: state from the logs %.1f us a record, both packs filled "
      "%.1f us a record\n",
      step->state->records.records.size(),
      state * 1e6 / static_cast<double>(step->state->records.records.size()),
      figures * 1e6 / static_cast<double>(step->state->records.records.size()));

  std::vector<double> in_state;
  std::vector<double> in_figures;
  std::vector<double> whole;
  for (int i = 0; i < 300; ++i) {
    const EventId visit = history.visit(static_cast<std::size_t>(i) % 3);
    for (const bool answer : {false, true}) {
      if (answer) {
        history.countersign((static_cast<std::size_t>(i) + 1) % 3, visit);
      }
      const auto grown = history.since(live);
      const Cut cut = history.cut();
      const double begun = bench::thread_cpu_seconds();
      step = live.advance(cut, grown);
      if (!step) {
        std::cerr << "an event asked for a rebuild\n";
        std::exit(1);
      }
      const double published = bench::thread_cpu_seconds();
      for (const FactChange& change : step->changes.facts) {
        large.change(change.before, change.after);
        small.change(change.before, change.after);
      }
      for (const PackIndicator& indicator : small.pack().indicators) {
        (void)small.figure(period, indicator, std::nullopt);
      }
      const double end = bench::thread_cpu_seconds();
      in_state.push_back((published - begun) * 1e6);
      in_figures.push_back((end - published) * 1e6);
      whole.push_back((end - begun) * 1e6);
    }
  }
  std::sort(whole.begin(), whole.end());
  std::printf(
      "  one event: %.0f us (99th percentile %.0f): state %.0f, figures of both packs %.0f\n",
      median(whole), whole[whole.size() * 99 / 100], median(in_state), median(in_figures));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const auto number = [&](int index, std::size_t otherwise) {
    return argc > index ? static_cast<std::size_t>(std::strtoull(argv[index], nullptr, 10))
                        : otherwise;
  };
  std::cout << bench::text(
                   bench::measure_raw_limits(std::filesystem::temp_directory_path().string()))
            << std::flush;
  scan(number(1, 5'000'000), Order::kById);
  scan(number(1, 5'000'000), Order::kNone);
  for (std::size_t events = 10'000; events <= number(2, 1'000'000); events *= 10) {
    follow(events);
  }
  return 0;
}

#include "ledger/bundle/levels.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/samples.h"
#include "ledger/bundle/verify.h"
#include "ledger/bundle/whole.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using Outcome = BundleCheck::Outcome;

constexpr std::size_t kReported = 1;

std::vector<LogContents> logs_at_cut(Bases& bases) {
  std::vector<LogContents> logs = bases.logs().contents();
  for (LogContents& log : logs) {
    log.size = bases.cut().log(log.origin)->checkpoint.size;
    log.entries.resize(log.size);
  }
  return logs;
}

class LevelsTest : public testing::Test {
 protected:
  LevelsTest() {
    for (int i = 0; i < 12; ++i) {
      const EventId id = bases_.record(kReported, "B" + std::to_string(i), 3 + i);
      if (i % 5 == 1) {
        bases_.correct(kReported, id, "B" + std::to_string(i), 40 + i);
      }
      if (i % 5 == 3) {
        Event retraction = Bases::about("retraction", id, id);
        retraction.fields["reason"] = Value{std::string("not held")};
        bases_.logs().append(kReported, retraction);
      }
    }
    bases_.fix();
    bases_.fix();
    view_ = bases_.view("places");
    for (const std::size_t member : {std::size_t{0}, std::size_t{3}}) {
      bases_.attest(member, view_);
    }
    bases_.record(kReported, "later", 100);  // not in what they attested
    bases_.fix();
    bases_.fix();
    state_ = bases_.state();
    logs_ = logs_at_cut(bases_);
  }

  [[nodiscard]] FigureBundleRequest request(int level, const std::string& unit = "") const {
    FigureBundleRequest out;
    out.level = level;
    out.pack = "test.bases";
    out.period = "2025";
    out.unit = unit.empty() && level == 0 ? reported() : unit;
    out.indicator = "places";
    out.with_pack = level == 1;
    out.samples = 5;
    out.value = "03 09 11 18 25 30 + 07";
    return out;
  }
  [[nodiscard]] std::string reported() const { return bases_.federation().member(kReported).id; }
  [[nodiscard]] Result<Bundle> try_make(const FigureBundleRequest& asked) const {
    return make_figure_bundle({charter(), state_, logs_}, asked);
  }
  [[nodiscard]] Bundle make(const FigureBundleRequest& asked) const {
    auto made = try_make(asked);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : Bundle{};
  }
  [[nodiscard]] const Charter& charter() const { return bases_.federation().charter(); }
  [[nodiscard]] BundleVerdict verify(const Bundle& bundle) const {
    return verify_bundle(bundle, charter());
  }
  static std::string lines(const BundleVerdict& verdict, Outcome outcome) {
    std::string text;
    for (const BundleCheck& check : verdict.checks) {
      text += check.outcome == outcome ? check.subject + ": " + check.text + "\n" : "";
    }
    return text;
  }
  static void expect_line(const BundleVerdict& verdict, Outcome outcome, const std::string& words) {
    EXPECT_NE(lines(verdict, outcome).find(words), std::string::npos) << lines(verdict, outcome);
  }
  /// A change to the content, in a file that is otherwise as it should be.
  void expect_bad(const Bundle& honest, const std::function<void(Bundle*)>& change,
                  const std::string& words) const {
    Bundle changed = honest;
    change(&changed);
    ASSERT_NE(encode_bundle(changed), encode_bundle(honest)) << words;
    const auto read = decode_bundle(encode_bundle(changed));
    if (!read) {
      EXPECT_NE(read.error().message.find(words), std::string::npos) << read.error().message;
      return;
    }
    const BundleVerdict verdict = verify(*read);
    EXPECT_FALSE(verdict.good()) << words;
    EXPECT_TRUE(verdict.claim.empty()) << verdict.claim;
    expect_line(verdict, Outcome::kBad, words);
  }

  Bases bases_;
  View view_;
  LedgerState state_;
  std::vector<LogContents> logs_;
};

TEST_F(LevelsTest, LevelZeroSaysDeclaredAndNothingMore) {
  const Bundle bundle = make(request(0));
  const BundleVerdict verdict = verify(bundle);
  EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
  EXPECT_TRUE(verdict.complete);
  EXPECT_EQ(verdict.level, 0);
  EXPECT_EQ(verdict.claim, "declared");
  EXPECT_TRUE(bundle.logs.empty());
  expect_line(verdict, Outcome::kGood, "base");
  expect_line(verdict, Outcome::kUnchecked, "nobody but");
  EXPECT_FALSE(verify_bundle(bundle, std::nullopt).complete);
}

TEST_F(LevelsTest, LevelOneSaysWhoRecomputedAtTheAttestedCut) {
  const Bundle bundle = make(request(1));
  const BundleVerdict verdict = verify(bundle);
  EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
  EXPECT_TRUE(verdict.complete) << lines(verdict, Outcome::kUnchecked);
  EXPECT_EQ(verdict.level, 1);
  EXPECT_EQ(verdict.claim, "recomputed by 2 of 3 independent nodes");
  expect_line(verdict, Outcome::kGood, "as the pack asks");
  expect_line(verdict, Outcome::kGood, "which begins with the");
  expect_line(verdict, Outcome::kGood, std::to_string(view_.attestation.units.sum) + " from ");
  expect_line(verdict, Outcome::kUnchecked, "independence");
  expect_line(verdict, Outcome::kUnchecked, "none of them are here");
}

TEST_F(LevelsTest, LevelOneWithThePacksDigestAloneIsSmallAndAsksForThePack) {
  FigureBundleRequest asked = request(1);
  asked.with_pack = false;
  const Bundle bundle = make(asked);
  EXPECT_LT(encode_bundle(bundle).size(), 14'000U);
  const BundleVerdict without = verify(bundle);
  EXPECT_TRUE(without.good()) << lines(without, Outcome::kBad);
  EXPECT_FALSE(without.complete);
  EXPECT_EQ(without.claim, "recomputed by 2 of 3 independent nodes");
  expect_line(without, Outcome::kUnchecked, "give it with --pack");
  const auto pack =
      Pack::from_json(find_document(*state_.documents, "pack", "test.bases", "")->content);
  const BundleVerdict with = verify_bundle(bundle, charter(), &*pack);
  EXPECT_TRUE(with.good() && with.complete) << lines(with, Outcome::kUnchecked);
  std::string text = find_document(*state_.documents, "pack", "test.bases", "")->content;
  text.replace(text.find("1.0.0"), 5, "1.0.1");
  const auto other = Pack::from_json(text);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_FALSE(verify_bundle(bundle, charter(), &*other).good());
}

TEST_F(LevelsTest, LevelOneOfAnOrganisationProvesItsPart) {
  const BundleVerdict verdict = verify(make(request(1, reported())));
  EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
  expect_line(
      verdict, Outcome::kGood,
      reported() + " and those below it claim " + std::to_string(view_.attestation.units.sum));
  const std::string other = bases_.federation().member(0).id;
  expect_line(verify(make(request(1, other))), Outcome::kGood,
              other + " and those below it claim 0");
}

TEST_F(LevelsTest, LevelThreeProvesTheArithmeticAndLooksAtSamples) {
  for (const std::string& unit : {std::string(), reported()}) {
    const Bundle bundle = make(request(3, unit));
    const BundleVerdict verdict = verify(bundle);
    EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
    EXPECT_EQ(verdict.level, 3);
    EXPECT_EQ(verdict.claim,
              "arithmetic proven; at most 45.08 % wrong at 95 % from 5 samples; recomputed by 2 of "
              "3 independent nodes");
    expect_line(verdict, Outcome::kGood, "5 of 10 leaves drawn");
    expect_line(verdict, Outcome::kGood, "5 entries of the logs drawn");
    expect_line(verdict, Outcome::kUnchecked, "CHOSEN BY WHOEVER MADE THE BUNDLE");
    EXPECT_FALSE(verdict.complete) << "the value was chosen by whoever made it";
  }
}

TEST_F(LevelsTest, SamplesFollowFromCutAndValueAlone) {
  const Bundle one = make(request(3));
  EXPECT_EQ(encode_bundle(one), encode_bundle(make(request(3))));
  FigureBundleRequest other = request(3);
  other.value = "another draw";
  EXPECT_NE(make(other).samples->seed, one.samples->seed);
}

TEST_F(LevelsTest, AllLeavesDrawnAreAllThereAre) {
  FigureBundleRequest asked = request(3);
  asked.samples = 1000;
  const BundleVerdict verdict = verify(make(asked));
  EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
  expect_line(verdict, Outcome::kGood, "10 of 10 leaves drawn, all there are");
  expect_line(verdict, Outcome::kGood, "ended");
}

TEST_F(LevelsTest, LevelThreeCatchesALeafThatTheEventsDoNotGive) {
  // All three that may count attest the same lie: the arithmetic holds, the sample does not.
  View lie = view_;
  for (ViewLeaf& leaf : lie.units) {
    leaf.value += 1;
  }
  Bases::commit(&lie);
  const Bundle honest = make(request(3));
  Bundle bundle = honest;
  bundle.attestations.clear();
  for (const std::size_t member : {std::size_t{0}, std::size_t{3}}) {
    const ViewFile file = bases_.attest(member, lie);
    bundle.attestations.push_back({file.envelope, file.proof});
  }
  std::sort(bundle.attestations.begin(), bundle.attestations.end(),
            [](const auto& a, const auto& b) { return a.envelope < b.envelope; });
  const AggTree tree = *view_tree(lie.units);
  bundle.range->proof = prove_key_range(tree, keys_of(lie.units), payload_hashes_of(lie.units),
                                        KeyRange::with_prefix({}));
  bundle.samples->seed = public_seed(lie.attestation, bundle.samples->value, bundle.samples->asked);
  const auto drawn =
      draw_samples(bundle.samples->seed, lie.units.size(), Cut{}, bundle.samples->asked);
  ASSERT_TRUE(drawn);
  std::set<std::uint64_t> places(drawn->leaves.begin(), drawn->leaves.end());
  bundle.samples->leaves.clear();
  for (const std::uint64_t place : places) {
    const std::uint64_t cuts[] = {place, place + 1};
    bundle.samples->leaves.push_back(
        {place, lie.units[place].key, lie.units[place].payload, tree.prove(cuts)});
  }
  const BundleVerdict verdict = verify(bundle);
  EXPECT_FALSE(verdict.good());
  expect_line(verdict, Outcome::kGood, "units of the attested tree add up to");
  expect_line(verdict, Outcome::kBad, ", the events give ");
}

TEST_F(LevelsTest, LevelThreeHidesNoCorrectionRetractionOrDraw) {
  FigureBundleRequest asked = request(3);
  asked.samples = 1000;
  const Bundle honest = make(asked);
  const auto of_type = [](const BundleEntry& entry, const std::string& type, bool corrects) {
    const auto envelope = decode_envelope(entry.envelope);
    const auto event = decode_event(envelope->event);
    return event->type == type && event->supersedes.has_value() == corrects;
  };
  const auto without = [&](const std::string& type, bool corrects) {
    return [&of_type, type, corrects](Bundle* bundle) {
      for (BundleLog& log : bundle->logs) {
        const auto at =
            std::find_if(log.entries.begin(), log.entries.end(),
                         [&](const BundleEntry& e) { return of_type(e, type, corrects); });
        if (at != log.entries.end()) {
          log.entries.erase(at);
          return;
        }
      }
    };
  };
  expect_bad(honest, without("retraction", false), "of type retraction withheld");
  expect_bad(honest, without("base", true), "it corrects an event of the bundle");
  expect_bad(honest, without("base", false), "was drawn, and is withheld");
  expect_bad(honest, without("countersignature", false), "");
}

TEST_F(LevelsTest, NothingOfAnotherBundleFits) {
  const Bundle one = make(request(1));
  const Bundle three = make(request(3));
  for (const Bundle& bundle : {one, three}) {
    expect_bad(
        bundle, [](Bundle* b) { b->claim.period = "2024"; }, "period");
    expect_bad(
        bundle, [](Bundle* b) { b->claim.indicator = "bases"; }, "another");
    expect_bad(
        bundle, [](Bundle* b) { b->claim.pack = "test.other"; }, "");
    expect_bad(
        bundle, [](Bundle* b) { b->claim.pack_digest.bytes[0] ^= 1; }, "");
    expect_bad(
        bundle, [](Bundle* b) { b->claim.node = "911101010000000001"; }, "");
    expect_bad(
        bundle, [](Bundle* b) { b->claim.report = "{}"; }, "report");
    expect_bad(
        bundle, [](Bundle* b) { b->aside.emplace_back("zzz"); }, "no member");
    expect_bad(
        bundle, [](Bundle* b) { b->attestations.clear(); }, "attestations");
    expect_bad(
        bundle, [](Bundle* b) { std::swap(b->attestations[0].proof, b->attestations[1].proof); },
        "");
    expect_bad(
        bundle, [](Bundle* b) { std::swap(b->attestations[0], b->attestations[1]); }, "not sorted");
    expect_bad(
        bundle, [](Bundle* b) { b->attestations[1] = b->attestations[0]; }, "twice");
    expect_bad(
        bundle, [](Bundle* b) { std::swap(b->logs[0], b->logs[1]); }, "not sorted");
    expect_bad(
        bundle, [](Bundle* b) { b->logs[1] = b->logs[0]; }, "not sorted");
    expect_bad(
        bundle, [](Bundle* b) { b->logs.pop_back(); }, "");
    expect_bad(
        bundle, [](Bundle* b) { b->logs[0].place.reset(); }, "");
    expect_bad(
        bundle, [](Bundle* b) { b->logs[0].place->size -= 1; }, "begin with");
    expect_bad(
        bundle, [](Bundle* b) { std::swap(b->logs[0].place, b->logs[1].place); }, "begin with");
    expect_bad(
        bundle, [](Bundle* b) { b->logs[0].corrections.push_back({}); }, "correction");
    expect_bad(
        bundle, [](Bundle* b) { b->declared.push_back({1}); }, "declared");
    expect_bad(
        bundle, [&](Bundle* b) { b->level = b->level == 1 ? 3 : 1; }, "");
    expect_bad(
        bundle, [&](Bundle* b) { b->level = 2; }, "");
    expect_bad(
        bundle, [&](Bundle* b) { b->level = 0; }, "");
    EXPECT_FALSE(bundle_state(bundle)) << "a part of the events is no state";
    EXPECT_FALSE(is_whole(bundle));
    EXPECT_FALSE(make_whole(bundle, logs_));
  }
  expect_bad(
      three, [](Bundle* b) { b->samples->value += "x"; }, "seed");
  expect_bad(
      three, [](Bundle* b) { b->samples->asked += 1; }, "seed");
  expect_bad(
      three, [](Bundle* b) { b->samples->seed.bytes[3] ^= 4; }, "seed");
  expect_bad(
      three, [](Bundle* b) { b->samples->leaves.pop_back(); }, "");
  expect_bad(
      three, [](Bundle* b) { b->samples.reset(); }, "needs samples");
  expect_bad(
      three, [](Bundle* b) { b->range.reset(); }, "needs range");
  expect_bad(
      three, [](Bundle* b) { b->range->proof.end -= 1; }, "");
  expect_bad(
      three, [](Bundle* b) { std::swap(b->samples->leaves[0].key, b->samples->leaves[1].key); },
      "attested tree");
  expect_bad(
      three, [](Bundle* b) { std::swap(b->samples->leaves[0].nodes, b->samples->leaves[1].nodes); },
      "");
  expect_bad(
      three, [](Bundle* b) { std::swap(b->samples->leaves[0], b->samples->leaves[1]); },
      "not sorted");
  const Bundle zero = make(request(0));
  expect_bad(
      zero, [](Bundle* b) { b->claim.node = "911101010000000001"; }, "no member");
  expect_bad(
      zero,
      [&](Bundle* b) {
        b->claim.node = charter().members[0].id == b->claim.node ? charter().members[1].id
                                                                 : charter().members[0].id;
      },
      "key");
  expect_bad(
      zero, [](Bundle* b) { b->declared.clear(); }, "needs declared");
  expect_bad(
      zero, [](Bundle* b) { std::swap(b->declared[0], b->declared[1]); }, "not sorted");
  expect_bad(
      zero, [&](Bundle* b) { b->logs = one.logs; }, "has no logs");
}

/// Every single byte, every length, of a bundle of each level.
TEST_F(LevelsTest, NoByteMayChangeAndNoneMayBeMissing) {
  FigureBundleRequest small = request(1);
  small.with_pack = false;
  for (const Bundle& bundle : {make(request(0)), make(small), make(request(3))}) {
    const Bytes bytes = encode_bundle(bundle);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      Bytes changed = bytes;
      changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      EXPECT_FALSE(decode_bundle(changed)) << "level " << bundle.level << " byte " << i;
    }
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_bundle(BytesView(bytes).first(size))) << "cut to " << size;
    }
    Bytes longer = bytes;
    longer.insert(longer.end(), 8, 0);
    EXPECT_FALSE(decode_bundle(longer));
  }
}

/// The checksum is no security: whoever alters a bundle makes it anew. Then what is altered shows.
TEST_F(LevelsTest, NoByteOfWhatIsSignedOrProvenMayChangeUnderAFreshChecksum) {
  const Bundle honest = make(request(3));
  const auto bytes_of = [](Bundle* bundle) {
    std::vector<Bytes*> out;
    for (BundleLog& log : bundle->logs) {
      for (BundleEntry& entry : log.entries) {
        out.push_back(&entry.envelope);
      }
    }
    for (LoggedStatement& one : bundle->attestations) {
      out.push_back(&one.envelope);
    }
    for (OpenedLeaf& leaf : bundle->samples->leaves) {
      out.insert(out.end(), {&leaf.key, &leaf.payload, &leaf.nodes});
    }
    out.push_back(&bundle->range->proof.nodes);
    return out;
  };
  Bundle counted = honest;
  const std::size_t parts = bytes_of(&counted).size();
  for (std::size_t part = 0; part < parts; ++part) {
    Bundle changed = honest;
    Bytes& bytes = *bytes_of(&changed)[part];
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 3, bytes.size() - 1}) {
      if (bytes.empty()) {
        continue;
      }
      bytes[at] ^= 2;
      const auto read = decode_bundle(encode_bundle(changed));
      EXPECT_FALSE(read && verify(*read).good()) << "part " << part << " byte " << at;
      bytes[at] ^= 2;
    }
  }
}

/// Samples may all be whole though some unit is shared: the attested scale is that of all units.
TEST(LevelScale, SamplesAreHeldAgainstTheAttestedScale) {
  Bases bases;
  for (int i = 0; i < 5; ++i) {
    bases.record(kReported, "B" + std::to_string(i), 3 + 2 * i);
  }
  bases.record(3, "B0", 3);
  bases.fix();
  bases.fix();
  const View view = bases.view("places");
  ASSERT_EQ(view.attestation.scale, 2);
  bases.attest(0, view);
  bases.attest(2, view);
  bases.fix();
  bases.fix();
  const LedgerState state = bases.state();
  const std::vector<LogContents> logs = logs_at_cut(bases);
  const Charter& charter = bases.federation().charter();
  std::size_t without_shared = 0;
  for (int i = 0; i < 12; ++i) {
    FigureBundleRequest asked{3,        "test.bases", "2025", "",
                              "places", false,        2,      "draw " + std::to_string(i)};
    const auto made = make_figure_bundle({charter, state, logs}, asked);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(verify_bundle(*made, charter).good()) << asked.value;
    const auto& leaves = made->samples->leaves;
    without_shared += std::none_of(leaves.begin(), leaves.end(),
                                   [](const OpenedLeaf& leaf) { return leaf.payload.size() > 64; })
                          ? 1U
                          : 0U;
  }
  EXPECT_GT(without_shared, 0U) << "no draw tried what this test is about";
}

/// Whoever chooses the events could keep back what would make a traced entry count.
TEST(LevelTracing, SaysWhichEntriesDoNotCountForWantOfEvents) {
  const auto unchecked = [](const std::function<void(Bases*)>& with) {
    Bases bases;
    for (int i = 0; i < 3; ++i) {
      bases.record(kReported, "B" + std::to_string(i), 3);
    }
    with(&bases);
    bases.fix();
    bases.fix();
    const View view = bases.view("places");
    bases.attest(0, view);
    bases.attest(2, view);
    bases.fix();
    bases.fix();
    const LedgerState state = bases.state();
    const std::vector<LogContents> logs = logs_at_cut(bases);
    const Charter& charter = bases.federation().charter();
    FigureBundleRequest asked{3, "test.bases", "2025", "", "places", false, 1000, "any"};
    const auto made = make_figure_bundle({charter, state, logs}, asked);
    EXPECT_TRUE(made) << made.error().message;
    const BundleVerdict verdict = verify_bundle(*made, charter);
    EXPECT_TRUE(verdict.good());
    std::string text;
    for (const BundleCheck& check : verdict.checks) {
      text += check.outcome == Outcome::kUnchecked && check.subject == "tracing" ? check.text : "";
    }
    return text;
  };
  EXPECT_EQ(unchecked([](Bases*) {}), "");
  EXPECT_EQ(unchecked([](Bases* bases) {
              Event other = bases->base("other", 9);
              other.fields["since"] = Value{*Date::parse("2026-03-01")};
              bases->logs().append(kReported, other);
            }),
            "")
      << "of another year, whoever signs it";
  EXPECT_EQ(unchecked([](Bases* bases) {
              bases->logs().append(kReported, bases->base("alone", 9));
            }).rfind("1 of the entries drawn", 0),
            0U)
      << "a countersignature may be kept back";
  EXPECT_EQ(unchecked([](Bases* bases) {
              const EventId unknown{sha256(as_bytes("no such event"))};
              bases->logs().append(2, Bases::about("countersignature", unknown, unknown));
            }).rfind("1 of the entries drawn", 0),
            0U)
      << "so may the event it is about";
}

TEST_F(LevelsTest, AsksForWhatItNeeds) {
  const auto refused = [&](const FigureBundleRequest& asked) {
    const auto made = try_make(asked);
    EXPECT_FALSE(made);
    return made ? std::string() : made.error().message;
  };
  FigureBundleRequest asked = request(1);
  asked.indicator.clear();
  EXPECT_NE(refused(asked).find("about one figure"), std::string::npos);
  asked = request(3);
  asked.value.clear();
  EXPECT_NE(refused(asked).find("public value"), std::string::npos);
  asked = request(2);
  EXPECT_NE(refused(asked).find("level 2"), std::string::npos);
  asked = request(1);
  asked.indicator = "bases";
  EXPECT_NE(refused(asked).find("nobody attested bases"), std::string::npos);
  asked.indicator = "places.per.base";
  EXPECT_NE(refused(asked).find("not the sum"), std::string::npos);
  asked = request(0, bases_.federation().member(0).id);
  EXPECT_NE(refused(asked).find("declares nothing"), std::string::npos);
}

}  // namespace
}  // namespace hefu

#include "ledger/bundle/bundle.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/bundle/make.h"
#include "ledger/bundle/verify.h"
#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/programme/pack.h"
#include "ledger/view/document.h"
#include "ledger/view/figures.h"
#include "tests/support/logs.h"

namespace hefu {
namespace {

constexpr const char* kCatalogue = R"({
  "id": "test", "version": "1.0.0", "title": {"zh": "测试", "en": "Test"},
  "types": [{
    "name": "base", "title": {"zh": "基地", "en": "Base"}, "description": "",
    "fields": [
      {"name": "base_id", "type": "text", "required": true, "personal": false},
      {"name": "partner", "type": "party", "required": true, "personal": false},
      {"name": "since", "type": "date", "required": true, "personal": false}],
    "lifecycle": {"states": ["claimed", "active", "dissolved"], "transitions": []},
    "signed_by": "", "countersigned_by": "", "countersign": ["partner"], "visibility": "public",
    "fact": {"actor": "issuer", "counterparty": ["partner"], "date": "since", "start": "since"}}]
})";

constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "test.bases"
version = "1.0.0"
title = { zh = "基地", en = "Bases" }
issuer = "org:test"
source = { file = "test.txt", doc = "test", clause = "1" }
valid = { from = 2024-01-01, to = 2026-12-31 }
[[indicator]]
id = "bases"
title = { zh = "基地数", en = "Bases" }
unit = "个"
types = ["base"]
key = ["body.base_id"]
time = { mode = "active_at_end" }
evidence = { min = "E2", independent = true }
measure = { kind = "count" }
rollup = { attribute = "actor", credit = "recompute" }
target = [ { period = "2025", op = ">=", value = 2 } ]
)";

/// Four members: 0 publishes, 1 records three bases, 2 countersigns two and ends one of them.
class BundleTest : public testing::Test {
 protected:
  BundleTest() : logs_(federation_) {
    const auto pack = Pack::from_toml(kPack);
    EXPECT_TRUE(pack) << pack.error().message;
    logs_.publish(authority(), "catalogue", "test", "1.0.0", Catalogue::parse(kCatalogue)->text());
    logs_.publish(authority(), "pack", "test.bases", "1.0.0", pack->canonical());
    std::vector<EventId> bases;
    for (int i = 0; i < 3; ++i) {
      bases.push_back(logs_.append(1, base("B" + std::to_string(i))));
    }
    logs_.append(2, about("countersignature", bases[0], {}));
    logs_.append(2, about("countersignature", bases[1], {}));
    ended_ = logs_.append(2, about("status-change", bases[1],
                                   {{"state", Value{std::string("dissolved")}},
                                    {"effective_on", Value{*Date::parse("2025-06-30")}}}));
    for (std::size_t i = 0; i < 4; ++i) {
      logs_.anchor(i, 1'700'000'100);
    }
    cut_ = logs_.cut(1'700'000'200);
  }

  /// Which test member the charter's authority is.
  std::size_t authority() const {
    for (std::size_t i = 0; i < 4; ++i) {
      if (federation_.member(i).id == federation_.charter().authority) {
        return i;
      }
    }
    return 0;
  }

  Event base(const std::string& id) const {
    Event event;
    event.type = "base";
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2025-03-01");
    event.fields["base_id"] = Value{id};
    event.fields["partner"] = Value{federation_.member(2).id};
    event.fields["since"] = Value{*Date::parse("2025-03-01")};
    return event;
  }

  static Event about(const std::string& type, const EventId& record,
                     std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2025-07-01");
    event.record = record;
    event.fields = std::move(fields);
    event.fields["target"] = Value{record.digest};
    return event;
  }

  Bundle honest() const {
    const auto contents = logs_.contents();
    const auto state = build_state(federation_.charter(), cut_, contents, nullptr);
    EXPECT_TRUE(state) << state.error().message;
    const auto figures =
        compute_figures(federation_.charter(), *state, FigureRequest{"test.bases", "2025", "", ""});
    EXPECT_TRUE(figures) << figures.error().message;
    const BundleClaim claim{"test.bases", figures->pack_digest, "2025", "", figures->report};
    auto bundle = make_bundle(federation_.charter(), cut_, claim, figures->types_needed, contents);
    EXPECT_TRUE(bundle) << bundle.error().message;
    return std::move(*bundle);
  }

  BundleVerdict verify(const Bundle& bundle) const {
    return verify_bundle(bundle, federation_.charter());
  }

  static std::string bad_lines(const BundleVerdict& verdict) {
    std::string text;
    for (const BundleCheck& check : verdict.checks) {
      if (check.outcome == BundleCheck::Outcome::kBad) {
        text += check.subject + ": " + check.text + "\n";
      }
    }
    return text;
  }

  BundleLog* log_of(Bundle* bundle, std::size_t member) const {
    for (BundleLog& log : bundle->logs) {
      if (log.origin == federation_.member(member).origin) {
        return &log;
      }
    }
    return nullptr;
  }

  /// The type index of the first entries of a member's log.
  std::vector<TypeSlice> log_of_slices(std::size_t member, std::uint64_t size) const {
    LogIndex index;
    const auto contents = logs_.contents();
    for (std::uint64_t i = 0; i < size; ++i) {
      const BytesView bytes = contents[member].entries[i].envelope;
      index.add(i, *decode_event(decode_envelope(bytes)->event), leaf_hash(bytes));
    }
    return index.slices();
  }

  TestFederation federation_{4};
  TestLogs logs_;
  Cut cut_;
  EventId ended_;
};

TEST_F(BundleTest, VerifiesFromPublicKeysAndGivesTheFigures) {
  const BundleVerdict verdict = verify(honest());
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_TRUE(verdict.complete);
  // Three claimed, two countersigned, one of those ended: one counts.
  EXPECT_NE(verdict.report.find("\"value\":{\"den\":1,\"num\":1}"), std::string::npos)
      << verdict.report;
}

TEST_F(BundleTest, HasOneSequenceOfBytes) {
  const Bytes bytes = encode_bundle(honest());
  EXPECT_EQ(bytes, encode_bundle(honest()));
  const auto again = decode_bundle(bytes);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(encode_bundle(*again), bytes);
}

/// Every 43rd byte; all of them, which takes some minutes, with HEFU_EVERY_BYTE, as deploy/test
/// does.
TEST_F(BundleTest, IsNeverGoodWithAnyByteChanged) {
  const Bytes bytes = encode_bundle(honest());
  const std::size_t step = std::getenv("HEFU_EVERY_BYTE") == nullptr ? 43 : 1;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    Bytes changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto bundle = decode_bundle(changed);
    if (bundle) {
      EXPECT_FALSE(verify(*bundle).good()) << "byte " << i << " of " << bytes.size();
    }
  }
}

TEST_F(BundleTest, MayNotBeCutOffAnywhereNorGoOn) {
  const Bytes bytes = encode_bundle(honest());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_bundle(BytesView(bytes).first(size))) << "cut to " << size;
  }
  Bytes longer = bytes;
  longer.insert(longer.end(), 8, 0);
  EXPECT_FALSE(decode_bundle(longer));
}

TEST_F(BundleTest, RefusesPartsInAnotherOrderThereTwiceOrChangedForOneAnother) {
  const Bundle whole = honest();
  const auto expect_refused = [&](const std::string& what,
                                  const std::function<void(Bundle*)>& change) {
    Bundle bundle = whole;
    change(&bundle);
    const auto read = decode_bundle(encode_bundle(bundle));
    EXPECT_FALSE(read && verify(*read).good()) << what;
  };
  for (std::size_t l = 0; l < whole.logs.size(); ++l) {
    const std::string log = whole.logs[l].origin + " ";
    for (std::size_t e = 0; e < whole.logs[l].entries.size(); ++e) {
      const std::string what = log + "entry " + std::to_string(e) + " ";
      const auto at = static_cast<std::ptrdiff_t>(e);
      expect_refused(what + "twice", [&](Bundle* bundle) {
        auto& entries = bundle->logs[l].entries;
        entries.insert(entries.begin() + at, BundleEntry(entries[e]));
      });
      if (e + 1 == whole.logs[l].entries.size()) {
        continue;
      }
      expect_refused(what + "and the next", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].entries[e], bundle->logs[l].entries[e + 1]);
      });
      expect_refused(what + "with the next one's proof", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].entries[e].proof, bundle->logs[l].entries[e + 1].proof);
      });
      expect_refused(what + "in the next one's place", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].entries[e].envelope, bundle->logs[l].entries[e + 1].envelope);
      });
    }
    for (std::size_t s = 0; s < whole.logs[l].slices.size(); ++s) {
      const std::string what = log + "slice " + std::to_string(s) + " ";
      expect_refused(what + "twice", [&](Bundle* bundle) {
        auto& slices = bundle->logs[l].slices;
        slices.insert(slices.begin(), TypeSlice(slices[s]));
      });
      if (s + 1 < whole.logs[l].slices.size()) {
        expect_refused(what + "and the next", [&](Bundle* bundle) {
          std::swap(bundle->logs[l].slices[s], bundle->logs[l].slices[s + 1]);
        });
      }
    }
    expect_refused(log + "twice",
                   [&](Bundle* bundle) { bundle->logs.push_back(BundleLog(bundle->logs[l])); });
    for (std::size_t other = l + 1; other < whole.logs.size(); ++other) {
      const std::string what = log + "and " + whole.logs[other].origin + " ";
      expect_refused(what + "in another order",
                     [&](Bundle* bundle) { std::swap(bundle->logs[l], bundle->logs[other]); });
      expect_refused(what + "under each other's name", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].origin, bundle->logs[other].origin);
      });
      expect_refused(what + "under each other's checkpoint", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].checkpoint, bundle->logs[other].checkpoint);
      });
      expect_refused(what + "with each other's index", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].slices, bundle->logs[other].slices);
      });
      expect_refused(what + "with each other's events", [&](Bundle* bundle) {
        std::swap(bundle->logs[l].entries, bundle->logs[other].entries);
      });
    }
  }
}

TEST_F(BundleTest, NamesTheTypeOfAnEventThatWasWithheld) {
  Bundle bundle = honest();
  BundleLog* log = log_of(&bundle, 2);
  std::erase_if(log->entries, [](const BundleEntry& entry) {
    return decode_event(decode_envelope(entry.envelope)->event)->type == "status-change";
  });
  const BundleVerdict verdict = verify(bundle);
  EXPECT_FALSE(verdict.good());
  EXPECT_NE(bad_lines(verdict).find("1 of 1 events of type status-change withheld"),
            std::string::npos)
      << bad_lines(verdict);
  EXPECT_EQ(verdict.report, "");
}

TEST_F(BundleTest, NoticesEveryEntryThatIsLeftOut) {
  const Bundle whole = honest();
  for (std::size_t l = 0; l < whole.logs.size(); ++l) {
    for (std::size_t e = 0; e < whole.logs[l].entries.size(); ++e) {
      Bundle bundle = whole;
      bundle.logs[l].entries.erase(bundle.logs[l].entries.begin() + static_cast<std::ptrdiff_t>(e));
      EXPECT_FALSE(verify(bundle).good()) << bundle.logs[l].origin << " entry " << e;
    }
  }
}

TEST_F(BundleTest, NamesTheMemberWhoseCountersignatureIsForged) {
  Bundle bundle = honest();
  for (BundleEntry& entry : log_of(&bundle, 2)->entries) {
    auto envelope = *decode_envelope(entry.envelope);
    if (decode_event(envelope.event)->type == "countersignature") {
      // Signed by member 1's key, in the name of member 2's.
      const Bytes events[] = {envelope.event};
      const auto forged =
          *decode_envelope(sign_batch(events, federation_.key(1, KeyRole::kRegistrar))->front());
      envelope.signature = forged.signature;
      entry.envelope = *encode_envelope(envelope);
      break;
    }
  }
  const std::string lines = bad_lines(verify(bundle));
  EXPECT_NE(lines.find("countersignature of " + federation_.member(2).id), std::string::npos)
      << lines;
  EXPECT_NE(lines.find("does not hold"), std::string::npos) << lines;
}

TEST_F(BundleTest, RefusesAFigureTheEventsDoNotGive) {
  Bundle bundle = honest();
  const auto at = bundle.claim.report.find("\"num\":1}");
  ASSERT_NE(at, std::string::npos);
  bundle.claim.report[at + 6] = '2';
  const BundleVerdict verdict = verify(bundle);
  EXPECT_FALSE(verdict.good());
  EXPECT_NE(bad_lines(verdict).find("figures claimed are not those"), std::string::npos);
}

TEST_F(BundleTest, RefusesALogThatVanishedWithoutBeingListed) {
  Bundle bundle = honest();
  bundle.logs.erase(bundle.logs.begin() + 2);
  EXPECT_NE(bad_lines(verify(bundle)).find("neither in the bundle nor listed as missing"),
            std::string::npos);
}

TEST_F(BundleTest, IsIncompleteWithoutACharterTheReaderTrusts) {
  const BundleVerdict verdict = verify_bundle(honest(), std::nullopt);
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_FALSE(verdict.complete);
}

TEST_F(BundleTest, IsIncompleteButGoodWithAnEventOfANewerSchema) {
  // A member that upgraded first; what it says is signed and logged, but not understood here.
  Event newer = base("B9");
  newer.issuer = federation_.member(1).id;
  Bytes bytes = *encode_event(newer);
  ASSERT_EQ(bytes[8], 1);  // the schema number: first in the data section, after the root pointer
  bytes[8] = 2;
  ASSERT_EQ(decode_event(bytes).error().code, Errc::kUnsupported);
  const Bytes events[] = {bytes};
  logs_.append_raw(1, sign_batch(events, federation_.key(1, KeyRole::kRegistrar))->front());
  cut_ = logs_.cut(1'700'000'300);

  const BundleVerdict verdict = verify(honest());
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_FALSE(verdict.complete);
  EXPECT_NE(verdict.report, "");
}

TEST_F(BundleTest, RefusesATypeNameThatSwallowsOtherLinesOfTheIndex) {
  Bundle bundle = honest();
  BundleLog* log = log_of(&bundle, 2);
  // The hashed text stays the same if two lines of it are told as one; both types then look absent.
  ASSERT_EQ(log->slices.size(), 2U);
  const TypeSlice first = log->slices[0];
  ASSERT_EQ(log->slices[1].type, "status-change");
  const Digest root = type_index_root(log->slices);
  log->slices = {TypeSlice{first.type + "\n" + std::to_string(first.size) + "\n" +
                               base64_encode(first.root.bytes) + "\nstatus-change",
                           log->slices[1].size, log->slices[1].root}};
  ASSERT_EQ(type_index_root(log->slices), root);
  std::erase_if(log->entries, [](const BundleEntry& entry) {
    return decode_event(decode_envelope(entry.envelope)->event)->type != "anchor";
  });
  EXPECT_NE(bad_lines(verify(bundle)).find("type index in the bundle"), std::string::npos)
      << bad_lines(verify(bundle));
}

TEST_F(BundleTest, RefusesAnAnchorThatTheLogKeyDidNotSign) {
  // Member 2 would like its status-change forgotten, but its node writes honest anchors: so it has
  // a clerk sign a dishonest one.
  const std::uint64_t size = logs_.size(2);
  const std::vector<TypeSlice> without_it = [&] {
    std::vector<TypeSlice> slices = log_of_slices(2, size);
    std::erase_if(slices, [](const TypeSlice& slice) { return slice.type == "status-change"; });
    return slices;
  }();
  const std::string note = logs_.cosigned(2, 1'700'000'150);
  logs_.append(2,
               make_anchor("", note, size, type_index_root(without_it), Digest{},
                           Moment{1'700'000'150'000}, {}),
               KeyRole::kRegistrar);
  cut_ = logs_.cut(1'700'000'300);
  Bundle bundle = honest();
  BundleLog* log = log_of(&bundle, 2);
  EXPECT_LT(*log->anchor, size) << "an exporter does not take it for an anchor";
  log->anchor = size;
  log->slices = without_it;
  std::erase_if(log->entries, [](const BundleEntry& entry) {
    return decode_event(decode_envelope(entry.envelope)->event)->type == "status-change";
  });
  EXPECT_NE(bad_lines(verify(bundle)).find("log key did not sign"), std::string::npos)
      << bad_lines(verify(bundle));
}

TEST_F(BundleTest, IsMadeThoughALogHoldsAnchorsThatAreNone) {
  Event malformed =
      make_anchor("", "no note", 3, Digest{}, Digest{}, Moment{1'700'000'150'000}, {});
  logs_.append(2, malformed, KeyRole::kLog);
  malformed.fields.clear();
  logs_.append(2, malformed, KeyRole::kLog);
  logs_.append(2,
               make_anchor("", logs_.cosigned(2, 1'700'000'160), logs_.size(2), Digest{}, Digest{},
                           Moment{1'700'000'160'000}, {}),
               KeyRole::kLog);  // well-formed, of an index that is not the log's
  cut_ = logs_.cut(1'700'000'300);
  const BundleVerdict verdict = verify(honest());
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_TRUE(verdict.complete);
}

TEST_F(BundleTest, StaysGoodThoughAMemberSpeaksInAnothersNameInItsOwnLog) {
  // What stands in a log stands there. It counts for nothing, and spoils nobody's bundle.
  Event event = base("B7");
  event.issuer = federation_.member(3).id;
  const Bytes events[] = {*encode_event(event)};
  logs_.append_raw(2, sign_batch(events, federation_.key(2, KeyRole::kRegistrar))->front());
  cut_ = logs_.cut(1'700'000'300);
  const BundleVerdict verdict = verify(honest());
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_EQ(verdict.report.find(federation_.member(3).id), std::string::npos) << verdict.report;
}

TEST_F(BundleTest, TakesNoPackFromAKeyThatMayNotRecord) {
  std::string easier = kPack;
  easier.replace(easier.find("value = 2"), 9, "value = 1");
  const auto pack = Pack::from_toml(easier);
  ASSERT_TRUE(pack) << pack.error().message;
  const auto before = honest().claim.pack_digest;
  ASSERT_NE(pack->digest(), before);
  for (const KeyRole role : {KeyRole::kReviewer, KeyRole::kAuditor, KeyRole::kLog}) {
    for (auto& fields : document_parts("pack", "test.bases", "1.0.0", pack->canonical())) {
      Event part;
      part.type = "document-part";
      part.catalogue = "protocol/1";
      part.occurred_on = *Date::parse("2026-01-01");
      part.fields = std::move(fields);
      logs_.append(authority(), part, role);
    }
  }
  cut_ = logs_.cut(1'700'000'300);
  EXPECT_EQ(honest().claim.pack_digest, before);
}

TEST_F(BundleTest, CountsAndAcceptsOnlySignatureLinesOfKeysItKnows) {
  Bundle bundle = honest();
  Note note = *parse_note(bundle.logs[0].checkpoint);
  NoteSignature line = note.signatures[0];
  line.key_id ^= 1;  // named like the log, of no key of the log
  note.signatures.push_back(line);
  bundle.logs[0].checkpoint = format_note(note.text, note.signatures);
  EXPECT_NE(bad_lines(verify(bundle)).find("does not know"), std::string::npos);
}

TEST_F(BundleTest, RefusesTheCharterOfAnotherFederation) {
  const TestFederation other(4, 99);
  EXPECT_FALSE(verify_bundle(honest(), other.charter()).good());
}

TEST_F(BundleTest, RefusesACheckpointWithoutItsWitnesses) {
  Bundle bundle = honest();
  Note note = *parse_note(bundle.logs[0].checkpoint);
  note.signatures.resize(2);
  bundle.logs[0].checkpoint = format_note(note.text, note.signatures);
  EXPECT_NE(bad_lines(verify(bundle)).find("independent cosignatures"), std::string::npos);
}

TEST(DecodeBundle, RefusesWhatIsNotABundle) {
  EXPECT_FALSE(decode_bundle({}));
  EXPECT_FALSE(decode_bundle(as_bytes("hefu-bundle/2\n")));
  EXPECT_FALSE(decode_bundle(as_bytes("hefu-bundle/1\n")));
  EXPECT_FALSE(decode_bundle(as_bytes("hefu-bundle/1\nnine more")));
  EXPECT_FALSE(decode_bundle(as_bytes("hefu-bundle/1\n\xff\xff\xff\xff\xff\xff\xff\xff")));
}

}  // namespace
}  // namespace hefu

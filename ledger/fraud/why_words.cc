#include "ledger/fraud/why_words.h"

#include <algorithm>
#include <map>
#include <set>

#include "crypto/encoding.h"
#include "ledger/programme/fraction.h"
#include "ledger/view/attested_json.h"

namespace hefu {

namespace {

using Outcome = WhyAnswer::Outcome;

/// Records explained one by one; of the rest only how many.
constexpr std::size_t kRecordsMax = 8;
constexpr std::size_t kIdShown = 16;

std::string shortened(const std::string& hex) {
  return hex.substr(0, kIdShown) + "…";
}

WhyLine party(const Testimony& one) {
  return one.member.empty() ? WhyLine{"本程序", "this program"} : WhyLine{one.member, one.member};
}

std::string value_text(std::int64_t value, std::int64_t scale) {
  const auto fraction = Fraction::make(value, scale);
  return fraction ? fraction->text() : std::to_string(value) + "/" + std::to_string(scale);
}

WhyLine leaf_text(const std::optional<ViewLeaf>& leaf, std::int64_t scale) {
  if (!leaf) {
    return {"无此叶", "no such leaf"};
  }
  const auto counted = read_view_payload(leaf->payload);
  const std::string value = value_text(leaf->value, scale);
  if (!counted) {
    return {value + "（内容不是记录清单）", value + " (its payload is no list of records)"};
  }
  return {value + "（" + std::to_string(counted->size()) + " 条记录）",
          value + " from " + std::to_string(counted->size()) + " records"};
}

/// Where a leaf stands: in the tree of claims also whose claim it is.
WhyLine place_text(const WhyAnswer::First& first) {
  if (first.tree == ViewTree::kUnits) {
    const std::string key = shortened(hex_encode(first.key));
    return {"单元树中键为 " + key + " 的叶", "leaf " + key + " of the tree of units"};
  }
  const auto zero = std::find(first.key.begin(), first.key.end(), 0);
  const std::string path(first.key.begin(), zero);
  const Bytes unit(zero == first.key.end() ? zero : zero + 1, first.key.end());
  const std::string key = shortened(hex_encode(unit));
  return {"申报树中 " + path + " 名下键为 " + key + " 的叶",
          "leaf " + key + " of " + path + " in the tree of claims"};
}

const std::map<LeftOut, WhyLine>& left_out_words() {
  static const std::map<LeftOut, WhyLine> words{
      {LeftOut::kLowEvidence, {"证据等级不足", "its evidence is too weak"}},
      {LeftOut::kLate, {"记录过迟", "it was recorded too late"}},
      {LeftOut::kDisputed, {"存在未决异议", "a dispute about it is open"}},
      {LeftOut::kRejected, {"已被拒签", "a counterparty refused it"}},
      {LeftOut::kEnded, {"已撤回或终止", "it was withdrawn or ended"}},
      {LeftOut::kSuperseded, {"已被更正取代", "its author replaced it"}},
      {LeftOut::kNoKey, {"缺少区分字段", "a field that tells it apart is missing"}},
      {LeftOut::kNoValue, {"缺少计量所需的值", "the value it is measured by is missing"}},
      {LeftOut::kConflict, {"同一对象取值冲突", "claims of one achievement contradict each other"}},
      {LeftOut::kOutsideSet, {"不在限定集合内", "it is outside the set the indicator is about"}},
      {LeftOut::kTooLong, {"文本过长", "its text is too long"}},
      {LeftOut::kNoShares, {"份额未申报或未会签", "its shares are not declared or not agreed"}}};
  return words;
}

/// What became of one record that some leaf counts.
WhyLine record_text(const CountedRecord& counted, bool counts, const WhyEvents& events) {
  const Record* record = events.state->records.record(counted.record);
  const std::string id = shortened(counted.record.hex());
  if (record == nullptr) {
    return {"没有任何日志载有记录 " + id, "no log holds a record " + id};
  }
  const std::string of = record->type + ", " + record->opening.event.issuer;
  const WhyLine name{"记录 " + id + "（" + of + "）", "record " + id + " (" + of + ")"};
  if (const auto replaced = replaced_since(counted, events.state->records)) {
    const std::string by = shortened(replaced->hex());
    return {name.zh + "：所计版本已被其作者以 " + by + " 取代",
            name.en + ": its author replaced the version counted by " + by};
  }
  if (counts) {
    return {name.zh + "：应计入", name.en + ": counts"};
  }
  for (const LeftOutFact& fact : events.figure->left_out_facts) {
    if (fact.id == counted.record.hex()) {
      const WhyLine& reason = left_out_words().at(fact.reason);
      const std::string grade = hefu::name(fact.grade);
      return {name.zh + "：不计入，" + reason.zh + "（" + grade + "）",
              name.en + ": does not count, " + reason.en + " (" + grade + ")"};
    }
  }
  return {name.zh + "：不属于该指标在此期间的口径，或不归此单位",
          name.en + ": is not what the indicator counts in this period, or not here"};
}

/// The rule for the one unit: what the events give, and each record's part in it.
void explain_leaf(const WhyAnswer::First& first, const WhyEvents& events,
                  std::vector<WhyLine>* lines) {
  const WhyLine given = leaf_text(first.given, first.scale);
  lines->push_back({"按日志重算该叶：" + given.zh, "the events give for it: " + given.en});
  std::set<EventId> right;
  for (const CountedRecord& one : counted_in(first.given)) {
    right.insert(one.record);
  }
  std::map<EventId, CountedRecord> all;
  for (const auto* leaf : {&first.given, &first.left, &first.right}) {
    for (const CountedRecord& one : counted_in(*leaf)) {
      CountedRecord& known = all.try_emplace(one.record, one).first->second;
      // A version that was replaced is what there is to tell.
      known = replaced_since(one, events.state->records) ? one : known;
    }
  }
  std::size_t told = 0;
  for (const auto& [record, counted] : all) {
    if (told++ == kRecordsMax) {
      const std::string rest = std::to_string(all.size() - kRecordsMax);
      lines->push_back({"另有 " + rest + " 条记录", "and " + rest + " more records"});
      return;
    }
    lines->push_back(record_text(counted, right.contains(record), events));
  }
}

void explain_roots(const Testimony& left, const Testimony& right, const WhyEvents& events,
                   std::vector<WhyLine>* lines) {
  for (const Testimony* one : {&left, &right}) {
    if (one->file == nullptr) {
      const WhyLine who = party(*one);
      lines->push_back(
          {who.zh + " 未公布各叶，无法指出哪一叶不同",
           who.en + " has not shown its leaves here: which one differs cannot be told"});
    }
  }
  if (events.given != nullptr) {
    const std::string value = attested_value(events.given->attestation).text();
    const std::string count = std::to_string(events.given->attestation.units.leaves);
    lines->push_back({"按日志重算：" + count + " 个单元，合计 " + value,
                      "the events give " + count + " units, in all " + value});
  }
}

std::string joined(const std::vector<std::string>& members) {
  std::string text;
  for (const std::string& one : members) {
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

void say_verdict(const Testimony& left, const Testimony& right, const WhyAnswer& answer,
                 const WhyEvents& events, std::vector<WhyLine>* lines) {
  if (answer.outcome == Outcome::kOtherEngine) {
    lines->push_back({"两者所用引擎不同（" + left.attestation.engine + "，" +
                          right.attestation.engine + "）：结果不同不等于说谎，须由人判断",
                      "they used different engines (" + left.attestation.engine + ", " +
                          right.attestation.engine +
                          "): nobody lies by that alone, people have to look"});
    return;
  }
  if (answer.outcome == Outcome::kUndecided) {
    if (events.given == nullptr) {
      lines->push_back({"谁错要由日志判定：请用 --bundle 给出该截面的证据包（最好是全量日志）",
                        "who is wrong, the logs decide: give a bundle of this cut with --bundle, "
                        "best of whole logs"});
    } else {
      lines->push_back({"两者都用引擎 " + left.attestation.engine + "，本程序是 " +
                            std::string(kViewEngine) + "，不作判定",
                        "both used engine " + left.attestation.engine + ", this is " +
                            std::string(kViewEngine) + ": not for it to decide"});
    }
    return;
  }
  lines->push_back({"错的是：" + joined(answer.wrong), "wrong: " + joined(answer.wrong)});
}

}  // namespace

std::optional<EventId> replaced_since(const CountedRecord& counted, const Records& records) {
  const Record* record = records.record(counted.record);
  if (record == nullptr) {
    return std::nullopt;
  }
  const auto& versions = record->versions;
  const auto at = std::find(versions.begin(), versions.end(), counted.version);
  return at == versions.end() || at + 1 == versions.end() ? std::nullopt : std::optional(*(at + 1));
}

std::vector<CountedRecord> counted_in(const std::optional<ViewLeaf>& leaf) {
  auto counted =
      leaf ? read_view_payload(leaf->payload) : Result<std::vector<CountedRecord>>(Error{});
  return counted ? *std::move(counted) : std::vector<CountedRecord>();
}

std::vector<WhyLine> words_apart(const Testimony& left, const Testimony& right, Outcome outcome) {
  const ViewAttestation& a = left.attestation;
  const ViewAttestation& b = right.attestation;
  const std::string value = attested_value(a).text();
  switch (outcome) {
    case Outcome::kAgree:
      return {{"两者一致：" + value, "they agree: " + value}};
    case Outcome::kOtherFigure:
      return {{"两者所指的指标或期间不同，无可比较",
               "they are about different indicators or periods: nothing to compare"}};
    case Outcome::kOtherPack:
      return {{"两者依据的方案包不同（" + shortened(a.pack_digest.hex()) + "，" +
                   shortened(b.pack_digest.hex()) + "）：可能都对",
               "they go by different packs (" + shortened(a.pack_digest.hex()) + ", " +
                   shortened(b.pack_digest.hex()) + "): both may be right"}};
    case Outcome::kOtherCut:
      break;
    case Outcome::kOtherEngine:
    case Outcome::kDecided:
    case Outcome::kUndecided:
      return {};
  }
  std::vector<WhyLine> lines{{"两者的截面不同（" + shortened(a.cut.hex()) + "，" +
                                  shortened(b.cut.hex()) + "）：各自看到的日志不同，可能都对",
                              "they are of different cuts (" + shortened(a.cut.hex()) + ", " +
                                  shortened(b.cut.hex()) +
                                  "): they saw different logs, and both may be right"}};
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sizes;
  for (const AttestedHead& head : a.heads) {
    sizes[head.origin].first = head.size;
  }
  for (const AttestedHead& head : b.heads) {
    sizes[head.origin].second = head.size;
  }
  for (const auto& [origin, size] : sizes) {
    if (!a.heads.empty() && !b.heads.empty() && size.first != size.second) {
      const std::string both = std::to_string(size.first) + " / " + std::to_string(size.second);
      lines.push_back(
          {"日志 " + origin + "：" + both + " 条", "log " + origin + ": " + both + " entries"});
    }
  }
  return lines;
}

std::vector<WhyLine> words(const Testimony& left, const Testimony& right, const WhyAnswer& answer,
                           const WhyEvents& events) {
  std::vector<WhyLine> lines;
  const WhyLine a = party(left);
  const WhyLine b = party(right);
  const std::string va = attested_value(left.attestation).text();
  const std::string vb = attested_value(right.attestation).text();
  lines.push_back({a.zh + " 得 " + va + "，" + b.zh + " 得 " + vb,
                   a.en + " has " + va + ", " + b.en + " has " + vb});
  if (answer.first) {
    const WhyLine where = place_text(*answer.first);
    const WhyLine la = leaf_text(answer.first->left, answer.first->scale);
    const WhyLine lb = leaf_text(answer.first->right, answer.first->scale);
    lines.push_back({"首个不同处：" + where.zh + "：" + a.zh + " " + la.zh + "，" + b.zh + " " +
                         lb.zh + "（查看 " + std::to_string(answer.first->opened) + " 个节点）",
                     "they first differ at " + where.en + ": " + a.en + " has " + la.en + ", " +
                         b.en + " has " + lb.en + " (" + std::to_string(answer.first->opened) +
                         " nodes opened)"});
    if (events.given != nullptr) {
      explain_leaf(*answer.first, events, &lines);
    }
  } else {
    explain_roots(left, right, events, &lines);
  }
  say_verdict(left, right, answer, events, &lines);
  return lines;
}

}  // namespace hefu

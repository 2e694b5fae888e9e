#pragma once

// How the parts of a pack are read from JSON; used by pack.cc only.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/programme/json_reader.h"
#include "ledger/programme/pack.h"

namespace hefu {

PackText read_title(JsonReader& at, Need need);
/// An id of letters, digits, ".", "_" and "-", at most 128 bytes.
std::string read_id(JsonReader& at, std::string_view key);
/// An integer or one of the texts Fraction::parse knows.
std::optional<Fraction> read_number(JsonReader& at, std::string_view key, Need need);
std::optional<Expression> read_condition(JsonReader& at, std::string_view key,
                                         ExpressionSubject subject);
std::optional<FieldPath> read_path(JsonReader& at, std::string_view key, Need need);
std::vector<FieldPath> read_paths(JsonReader& at, std::string_view key, Need need);
CompareOp read_op(JsonReader& at, std::string_view key, bool between);
/// op with `value_key`, or with low and high.
Threshold read_threshold(JsonReader& at, std::string_view value_key);

TimeRule read_time(JsonReader& at, Need need);
EvidenceRule read_evidence(JsonReader& at);
/// types, each, where, key, time, evidence and join of `at`.
FactRule read_fact_rule(JsonReader& at);

MeasureRule read_measure(JsonReader& at, const std::string& indicator);
PackSet read_set(JsonReader& at);
/// Reads all but what needs the sets; `sets` gives from_set its facts.
PackIndicator read_indicator(JsonReader& at, const Pack& pack, Rounding rounding);
PackTest read_test(JsonReader& at);
PackRow read_row(JsonReader& at);
PackAssert read_assert(JsonReader& at);

/// Refuses `item` among paths where nothing is listed.
void check_items(JsonReader& at, std::string_view key, const std::vector<FieldPath>& paths,
                 bool listed);

void check_quantity_items(JsonReader& at, const QuantityRule& quantity, const FactRule& facts);

/// What a target's comparator and a quotation must say; see pack_quote.cc.
void check_quote(JsonReader& at, const PackIndicator& indicator);

/// References between indicators and sets, cycles, keys that must agree, what is not computed.
void check_references(const Pack& pack, FirstError& errors);

}  // namespace hefu

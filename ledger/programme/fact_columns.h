#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "ledger/programme/effective.h"
#include "ledger/programme/field_path.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Facts of some types in columns, a row for each, in the order given: what a scan over millions of
/// them reads instead of the facts. A column is made when it is asked for first, and is what the
/// paths of a rule say: nothing is rounded and nothing guessed. The facts must outlive it.
class FactColumns {
 public:
  /// `facts`: in any order, none twice; as they lie in memory they are read several times faster.
  explicit FactColumns(const std::vector<std::span<const EffectiveFact>>& facts);

  static constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();
  static constexpr std::int32_t kNoCode = -1;

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const Fact& row(std::size_t number) const { return *rows_[number]; }

  /// What stands in a field, numbered: equal texts of `tuple_of` have equal codes.
  struct Codes {
    std::vector<std::int32_t> of_row;    // kNoCode: missing, or a list
    std::vector<std::uint32_t> example;  // the first row of each code
    std::vector<std::uint32_t> lists;    // rows that hold a list
    std::int64_t missing_example = -1;   // the first row without a value; -1: there is none
  };
  const Codes& codes(const FieldPath& path);

  /// The days a field names (FieldPath::read_date).
  const std::vector<std::int32_t>& days(const FieldPath& path);

  /// The numbers in a field, in units of 1/scale.
  struct Numbers {
    std::vector<std::int64_t> of_row;
    std::vector<std::uint8_t> present;
    std::int64_t scale = 1;
    bool fit = true;  ///< false: some number is none of these; do not use
  };
  const Numbers& numbers(const FieldPath& path);

  // One byte for each row.
  [[nodiscard]] const std::vector<std::uint8_t>& grades() const { return grades_; }
  [[nodiscard]] const std::vector<std::uint8_t>& standings() const { return standings_; }
  /// EffectiveFact::independent in bit 0, superseded in bit 1.
  [[nodiscard]] const std::vector<std::uint8_t>& marks() const { return marks_; }

 private:
  std::vector<const Fact*> rows_;
  std::vector<std::uint8_t> grades_;
  std::vector<std::uint8_t> standings_;
  std::vector<std::uint8_t> marks_;
  std::map<std::string, Codes> codes_;                     // by path
  std::map<std::string, std::vector<std::int32_t>> days_;  // by path
  std::map<std::string, Numbers> numbers_;                 // by path
};

}  // namespace hefu

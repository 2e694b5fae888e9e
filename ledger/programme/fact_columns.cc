#include "ledger/programme/fact_columns.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "ledger/programme/quantity.h"
#include "ledger/programme/text_table.h"

namespace hefu {

FactColumns::FactColumns(const std::vector<std::span<const EffectiveFact>>& facts) {
  std::size_t size = 0;
  for (const auto& part : facts) {
    size += part.size();
  }
  rows_.reserve(size);
  grades_.reserve(size);
  standings_.reserve(size);
  marks_.reserve(size);
  for (const auto& part : facts) {
    for (const EffectiveFact& one : part) {
      rows_.push_back(one.fact);
      grades_.push_back(static_cast<std::uint8_t>(one.grade));
      standings_.push_back(static_cast<std::uint8_t>(one.fact->standing));
      marks_.push_back(
          static_cast<std::uint8_t>((one.independent ? 1 : 0) | (one.superseded ? 2 : 0)));
    }
  }
}

const FactColumns::Codes& FactColumns::codes(const FieldPath& path) {
  const auto [at, fresh] = codes_.try_emplace(path.text());
  Codes& out = at->second;
  if (!fresh) {
    return out;
  }
  // Texts apart, as they stand in the facts: nearly every field is one. Close together, they are
  // in the cache when the next fact's is compared with them.
  TextTable texts;
  std::string close;
  std::vector<std::size_t> begins{0};
  std::vector<std::int32_t> code_of_text;
  const auto text_of = [&](std::uint32_t number) {
    return std::string_view(close).substr(begins[number], begins[number + 1] - begins[number]);
  };
  std::unordered_map<std::string, std::int32_t> others;
  const std::vector<FieldPath> paths{path};
  out.of_row.resize(rows_.size(), kNoCode);
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Fact& fact = *rows_[i];
    const FieldView view = path.read(fact);
    const auto next = static_cast<std::int32_t>(out.example.size());
    std::int32_t code = next;
    if (const auto* text = std::get_if<std::string_view>(&view)) {
      const std::uint32_t number = texts.number(*text, text_of);
      if (number == code_of_text.size()) {
        close += *text;
        begins.push_back(close.size());
        code_of_text.push_back(next);
      }
      code = code_of_text[number];
    } else if (const auto tagged = tuple_of(paths, fact)) {
      code = others.emplace(*tagged, next).first->second;
    } else if (std::holds_alternative<const FactValue::List*>(view)) {
      out.lists.push_back(i);
      continue;
    } else {
      out.missing_example = out.missing_example < 0 ? i : out.missing_example;
      continue;
    }
    if (code == next) {
      out.example.push_back(i);
    }
    out.of_row[i] = code;
  }
  return out;
}

const std::vector<std::int32_t>& FactColumns::days(const FieldPath& path) {
  const auto [at, fresh] = days_.try_emplace(path.text());
  if (fresh) {
    at->second.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto day = path.read_date(*rows_[i]);
      at->second[i] = day ? day->days : kNoDay;
    }
  }
  return at->second;
}

const FactColumns::Numbers& FactColumns::numbers(const FieldPath& path) {
  const auto [at, fresh] = numbers_.try_emplace(path.text());
  Numbers& out = at->second;
  if (!fresh) {
    return out;
  }
  // A tenth of the range, so that sums of differences stay within it.
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max() / 10;
  out.of_row.resize(rows_.size());
  out.present.resize(rows_.size());
  bool whole_numbers = true;  // as most columns are
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const FieldView view = path.read(*rows_[i]);
    if (const auto* whole = std::get_if<std::int64_t>(&view)) {
      const bool small = *whole <= kLargest && *whole >= -kLargest;
      out.of_row[i] = small ? *whole : 0;
      out.present[i] = 1;
      out.fit = out.fit && small;
    } else if (std::holds_alternative<std::string_view>(view)) {
      whole_numbers = false;
      break;
    }
  }
  if (whole_numbers) {
    return out;
  }
  out = Numbers();
  // Decimals have at most nine digits behind the point; per cent two more.
  constexpr std::int64_t kScaleMax = 100'000'000'000;
  std::vector<std::optional<Fraction>> values;
  values.reserve(rows_.size());
  for (const Fact* row : rows_) {
    values.push_back(number_in(path, *row));
    while (values.back() && out.scale % values.back()->den() != 0 && out.scale < kScaleMax) {
      out.scale *= 10;
    }
  }
  out.of_row.reserve(rows_.size());
  out.present.reserve(rows_.size());
  for (const auto& value : values) {
    Int128 scaled = 0;
    if (value) {
      const bool whole = out.scale % value->den() == 0;
      const bool small = value->num() <= kLargest && value->num() >= -kLargest;
      scaled = whole && small ? value->num() * (out.scale / value->den()) : 0;
      out.fit = out.fit && whole && small && scaled <= kLargest && scaled >= -kLargest;
    }
    out.of_row.push_back(static_cast<std::int64_t>(scaled));
    out.present.push_back(value ? 1 : 0);
  }
  return out;
}

}  // namespace hefu

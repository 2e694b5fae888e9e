#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/record/fact.h"

namespace hefu {

/// What a path finds in a fact: nothing, or a view of one value. Valid as long as the fact is.
using FieldView = std::variant<std::monostate, bool, std::int64_t, std::string_view, Date,
                               const FactValue::List*>;

/// A view of a body or attribute value.
FieldView view_of(const FactValue& value);

/// The date a value names: a date itself, or text YYYY-MM-DD.
std::optional<Date> date_in(const FieldView& value);

/// Where a value stands in a fact: one of id, type, actor, org, counterparty, registry, date,
/// start, end, recorded, or body.<name> with a name of letters, digits and underscores. Under
/// `each`, "item" is the list element a fact stands for and "item.2" the second part of an element
/// that is a list itself. Source: programme pack format §4.
class FieldPath {
 public:
  enum class Field : std::uint8_t {
    kId,
    kType,
    kActor,
    kOrg,
    kCounterparty,
    kRegistry,
    kDate,
    kStart,
    kEnd,
    kRecorded,
    kBody,
    kItem,
  };

  /// Nothing for a path of any other shape.
  static std::optional<FieldPath> parse(std::string_view text);

  [[nodiscard]] Field field() const { return field_; }
  [[nodiscard]] bool names_date() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] FieldView read(const Fact& fact) const;
  [[nodiscard]] std::optional<Date> read_date(const Fact& fact) const;

  bool operator==(const FieldPath&) const = default;

 private:
  Field field_ = Field::kId;
  std::string name_;      // of the body field
  std::size_t part_ = 0;  // of the item, from 1; 0: all of it
};

/// Parts of a list element that a path can name.
inline constexpr std::size_t kItemPartsMax = 32;

/// "item" or "item.<part>", parts counted from 1; 0 for the whole. Nothing for other texts.
std::optional<std::size_t> item_part(std::string_view text);

/// The part of a list element; nothing where it has none.
FieldView part_of(const FactValue& item, std::size_t part);

/// The elements of the list a path finds in a fact; nullptr if it finds no list.
const FactValue::List* list_in(const FieldPath& path, const Fact& fact);

/// The fact as it stands for one element of a list: what "item" reads.
Fact element_fact(const Fact& fact, const FactValue& element);

/// The values of several paths as one comparable text, each tagged with its type and length, so
/// that different tuples never coincide. Nothing when any of them is missing.
std::optional<std::string> tuple_of(const std::vector<FieldPath>& paths, const Fact& fact);

}  // namespace hefu

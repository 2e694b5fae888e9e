#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/programme/field_path.h"
#include "ledger/sql/dialect.h"

namespace hefu {

/// An exact number in SQL: num / den, den a power of ten; "1" where it is one for certain.
struct SqlNumber {
  std::string num;
  std::string den = "1";
};

/// A value in SQL. What the field of a record holds is known only when the query runs, so it has a
/// reading as each type; a reading that does not fit is NULL.
struct SqlTerm {
  enum class Sort : std::uint8_t {
    kMissing,  ///< certainly nothing
    kFlag,     ///< a condition
    kNumber,
    kText,    ///< a text of the record itself or one the condition quotes
    kDay,     ///< a date
    kAnyOne,  ///< a value of a body, of an attribute or of a list: any type, or none
  };
  Sort sort = Sort::kMissing;
  bool quoted = false;  ///< a text the condition quotes
  std::string present;  ///< condition that it is there; empty: always
  std::string kind;     ///< of kAnyOne: the column `kind`
  std::string flag;
  SqlNumber number;  ///< num empty: never a number
  SqlNumber percent;
  std::string text;
  std::string day;
  std::string items;     ///< id of the list
  std::string identity;  ///< text that is equal where two values are the same
};

/// The FROM clause of one SELECT, growing as its conditions ask for fields. Joins are all left
/// joins on unique columns, so the rows stay what they are.
class SqlScope {
 public:
  /// Rows of `fact` under this alias, judged by the directory of the day `as_of` (SQL).
  static SqlScope of_fact(std::string alias, std::string as_of);
  /// An entry of the directory, its id being this SQL.
  static SqlScope of_organisation(std::string id, std::string as_of);
  /// A SELECT inside another one, over elements of a list under this alias.
  SqlScope inside(std::string element);

  /// The element a fact stands for (`each`), under this alias.
  void stands_for(std::string element) { item_ = std::move(element); }
  void joined_with(SqlScope* partner) { partner_ = partner; }

  SqlTerm field(const FieldPath& path);
  SqlTerm joined_field(const FieldPath& path);
  /// The element any, all or count looks at, or a part of it.
  SqlTerm element(std::size_t part);
  SqlTerm attribute(const std::string& org, const std::string& name);

  /// " LEFT JOIN …" as asked for so far.
  [[nodiscard]] std::string joins() const;
  [[nodiscard]] const std::string& as_of() const { return as_of_; }

 private:
  SqlScope() = default;
  SqlScope& outermost() { return outer_ == nullptr ? *this : outer_->outermost(); }
  /// The alias of a joined row with values; joined when first asked for.
  std::string join(const std::string& table, const std::string& on, const std::string& name);
  SqlTerm part(const std::string& element, std::size_t part);

  std::string fact_;
  std::string organisation_;
  std::string item_;
  std::string element_;
  std::string as_of_;
  SqlScope* outer_ = nullptr;
  SqlScope* partner_ = nullptr;
  std::map<std::string, std::string> aliases_;  // by what is joined
  std::vector<std::string> joins_;
};

/// The value under an alias of a table with value columns.
SqlTerm sql_value(const std::string& alias);
/// A text; `present` empty: always there.
SqlTerm sql_text_term(const std::string& column, const std::string& present);
/// A day; `text` is the same date as text.
SqlTerm sql_day_term(const std::string& day, const std::string& text, const std::string& present);

}  // namespace hefu

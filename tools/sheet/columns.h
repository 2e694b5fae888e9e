#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/catalogue.h"

namespace hefu::sheet {

/// One column of a sheet: a field of the event type, or one of the two columns every type has, when
/// it happened and which programmes it is for.
struct Column {
  std::string field;  ///< name in the catalogue; "occurred_on" or "programmes"
  Title title;        ///< as the template prints it; of money with its unit, 元
  FieldType type;
  bool required = false;
  bool personal = false;
  bool of_event = false;  ///< beside the fields, not one of them
  std::string note;       ///< the catalogue's, in English
};

/// The columns of a type's sheet: when, the fields in the order of forms, and the programmes. When
/// it happened may stay empty where a required date of the type says it.
std::vector<Column> sheet_columns(const EventType& type);
/// The required date field that says when an event of the type happened, if it has one.
std::string date_field(const EventType& type);

/// A title as people write it, made comparable: no spaces or line breaks, no marks of required
/// columns, no unit in brackets at the end, half-width, lower case.
std::string comparable(std::string_view title);

/// The column a title is of, by its Chinese or English title or the field's name; null if of none.
const Column* find_column(const std::vector<Column>& columns, std::string_view title);

/// Title of the column in which a file of errors tells them; ignored on the way in.
inline constexpr const char* kErrorsTitle = "错误说明 Errors";

/// What goes into a column, with an example.
Title column_hint(const Column& column);
std::string column_example(const FieldType& type);

/// Full-width letters, digits and signs as half-width ones, spaces around the text dropped.
std::string half_width(std::string_view text);

}  // namespace hefu::sheet

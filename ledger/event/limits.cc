#include "ledger/event/limits.h"

#include <string>
#include <string_view>

#include "ledger/event/text.h"

namespace hefu {

namespace {

Error refused(const std::string& where, const std::string& what, std::string hint) {
  return Error{Errc::kInvalid, where + ": " + what, std::move(hint)};
}

Error too_large(const std::string& where, const std::string& what, std::string hint) {
  return Error{Errc::kTooLarge, where + ": " + what, std::move(hint)};
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax) {
    return false;
  }
  for (const char c : text) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
    if (!allowed) {
      return false;
    }
  }
  return true;
}

Result<void> check_name(const std::string& where, std::string_view name) {
  if (!is_name(name)) {
    return refused(where, "not a name", "a name has 1 to 64 letters, digits, '.', '_' or '-'");
  }
  return {};
}

Result<void> check_id(const std::string& where, std::string_view id) {
  if (id.empty()) {
    return refused(where, "missing", "every event states its " + where);
  }
  if (id.size() > kIdBytesMax) {
    return too_large(where, std::to_string(id.size()) + " bytes, at most 128", "");
  }
  if (const auto text = check_text(id); !text) {
    return text.error().during(where);
  }
  return {};
}

bool in_range(Date date) {
  static const Date kFirst = *Date::from_civil(1900, 1, 1);
  static const Date kLast = *Date::from_civil(2199, 12, 31);
  return date >= kFirst && date <= kLast;
}

bool in_range(Moment moment) {
  // A century starts at 00:00 UTC here: the text form of a moment is UTC.
  constexpr std::int64_t kDayMs = 86'400'000;
  static const std::int64_t kFirst = std::int64_t{Date::from_civil(1900, 1, 1)->days} * kDayMs;
  static const std::int64_t kLast =
      (std::int64_t{Date::from_civil(2199, 12, 31)->days} + 1) * kDayMs;
  return moment.ms >= kFirst && moment.ms < kLast;
}

Result<void> check_date(const std::string& where, Date date) {
  if (!in_range(date)) {
    return refused(where, "date outside the years 1900 to 2199", "");
  }
  return {};
}

class ValueCheck {
 public:
  Result<void> check(const std::string& where, const Value& value, int depth) {
    if (const auto* text = value.text()) {
      return check_text_value(where, *text);
    }
    if (const auto* date = value.date()) {
      return check_date(where, *date);
    }
    if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
      return check_decimal(where, *decimal);
    }
    if (const auto* list = value.list()) {
      return check_list(where, *list, depth + 1);
    }
    return {};
  }

 private:
  static Result<void> check_text_value(const std::string& where, const std::string& text) {
    if (text.size() > kTextBytesMax) {
      return too_large(where, std::to_string(text.size()) + " bytes of text, at most 16384",
                       "attach the document as evidence and keep a summary here");
    }
    if (const auto result = check_text(text); !result) {
      return result.error().during(where);
    }
    return {};
  }

  static Result<void> check_decimal(const std::string& where, const Decimal& decimal) {
    if (decimal.scale > 9 || (decimal.scale > 0 && decimal.units % 10 == 0)) {
      return refused(where, "decimal with trailing zeros or more than 9 digits after the point",
                     "write 1.5, not 1.50");
    }
    return {};
  }

  Result<void> check_list(const std::string& where, const Value::List& list, int depth) {
    if (depth > kListDepthMax) {
      return refused(where, "lists nested deeper than 4", "");
    }
    elements_ += list.size();
    if (elements_ > kListElementsMax) {
      return too_large(where, "more than 20000 list elements in one event",
                       "split the list over several events");
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (const auto result = check(where, list[i], depth); !result) {
        return Error{result.error().code,
                     "element " + std::to_string(i + 1) + " of " + result.error().message,
                     result.error().hint};
      }
    }
    return {};
  }

  std::size_t elements_ = 0;
};

Result<void> check_header(const Event& event) {
  if (event.schema != 1) {
    return Error{Errc::kUnsupported, "schema: " + std::to_string(event.schema) + " is not known",
                 "upgrade this program"};
  }
  if (auto result = check_name("type", event.type); !result) {
    return result;
  }
  if (auto result = check_id("catalogue", event.catalogue); !result) {
    return result;
  }
  if (auto result = check_id("issuer", event.issuer); !result) {
    return result;
  }
  if (auto result = check_date("occurred_on", event.occurred_on); !result) {
    return result;
  }
  if (!in_range(event.created_at)) {
    return refused("created_at", "outside the years 1900 to 2199", "check the author's clock");
  }
  if (event.visibility > Visibility::kAuthority) {
    return refused("visibility", "not one of public, members, parties, authority", "");
  }
  return {};
}

Result<void> check_programmes(const std::vector<std::string>& programmes) {
  if (programmes.size() > kProgrammesMax) {
    return too_large("programmes", "more than 64", "");
  }
  for (std::size_t i = 0; i < programmes.size(); ++i) {
    if (auto result = check_id("programmes", programmes[i]); !result) {
      return result;
    }
    if (i > 0 && programmes[i - 1] >= programmes[i]) {
      return refused("programmes", "not sorted, or one named twice", "sort them, each once");
    }
  }
  return {};
}

}  // namespace

Result<void> check_limits(const Event& event) {
  if (auto result = check_header(event); !result) {
    return result;
  }
  if (auto result = check_programmes(event.programmes); !result) {
    return result;
  }
  if (event.fields.size() > kFieldsMax) {
    return too_large("fields", "more than 256", "");
  }
  ValueCheck values;
  for (const auto& [name, value] : event.fields) {
    if (auto result = check_name("field name", name); !result) {
      return result;
    }
    if (auto result = values.check("field " + name, value, 0); !result) {
      return result;
    }
  }
  if (event.commitments.size() > kFieldsMax) {
    return too_large("commitments", "more than 256", "");
  }
  for (const auto& [name, digest] : event.commitments) {
    if (auto result = check_name("commitment name", name); !result) {
      return result;
    }
  }
  if (event.evidence.size() > kEvidenceMax) {
    return too_large("evidence", "more than 256 hashes", "attach the others by later events");
  }
  return {};
}

}  // namespace hefu

#include "ledger/signal/fact_fields.h"

namespace hefu {

std::optional<Date> day_of(const Fact& fact) {
  return fact.date ? fact.date : fact.start;
}

const FactValue* value_in(const Fact& fact, std::string_view field) {
  const auto found = fact.body.find(std::string(field));
  return found == fact.body.end() ? nullptr : &found->second;
}

std::string text_in(const Fact& fact, std::string_view field) {
  const FactValue* value = value_in(fact, field);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->is);
  return text == nullptr ? std::string() : *text;
}

std::vector<std::string> texts_in(const Fact& fact, std::string_view field) {
  std::vector<std::string> texts;
  const FactValue* value = value_in(fact, field);
  if (value == nullptr) {
    return texts;
  }
  if (const auto* text = std::get_if<std::string>(&value->is)) {
    texts.push_back(*text);
  } else if (const auto* list = std::get_if<FactValue::List>(&value->is)) {
    for (const FactValue& element : *list) {
      if (const auto* text_of = std::get_if<std::string>(&element.is)) {
        texts.push_back(*text_of);
      }
    }
  }
  return texts;
}

std::optional<std::int64_t> integer_in(const Fact& fact, std::string_view field) {
  const FactValue* value = value_in(fact, field);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->is);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      continue;
    }
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace hefu

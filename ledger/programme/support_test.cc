#include "ledger/programme/support_test.h"

#include <fstream>
#include <iterator>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

json::value cases_json(const std::string& file = "cases.json") {
  const auto value = parse_json(pack_vector(file), kFactsBytesMax);
  EXPECT_TRUE(value.ok());
  return value ? *value : json::value(json::object());
}

/// A case's object with the directory all cases share.
FactsFile facts_file(const json::object& shared, const json::object& one) {
  json::object file = one;
  file["orgs"] = shared.at("orgs");
  file["groups"] = shared.at("groups");
  file.erase("asserts");
  file.erase("beside");
  auto read = read_facts(canonical_json(file));
  EXPECT_TRUE(read.ok()) << (read ? "" : read.error().message);
  return read ? *std::move(read) : FactsFile();
}

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

PackCase case_of(const json::object& shared, const json::object& one) {
  PackCase out;
  out.pack = text_of(one.at("pack"));
  out.world = facts_file(shared, one);
  for (const auto& member : one.at("expect").as_object()) {
    const json::value& value = member.value();
    out.expect[std::string(member.key())] =
        value.is_null() ? std::nullopt
                        : std::optional(*Fraction::make(value.at("num").as_int64(),
                                                        value.at("den").as_int64()));
  }
  for (const auto& member : one.at("shown").as_object()) {
    out.shown[std::string(member.key())] = text_of(member.value());
  }
  for (const auto& member : one.at("targets").as_object()) {
    for (const json::value& verdict : member.value().as_array()) {
      out.targets[std::string(member.key())].push_back(text_of(verdict));
    }
  }
  for (const auto& member : one.at("excluded").as_object()) {
    for (const auto& reason : member.value().as_object()) {
      out.excluded[std::string(member.key())][std::string(reason.key())] =
          static_cast<std::size_t>(reason.value().as_int64());
    }
  }
  if (const json::value* asserts = one.if_contains("asserts")) {
    for (const auto& member : asserts->as_object()) {
      out.asserts[std::string(member.key())] = text_of(member.value());
    }
  }
  if (const json::value* beside = one.if_contains("beside")) {
    for (const auto& member : beside->as_object()) {
      for (const json::value& column : member.value().as_array()) {
        auto& texts = out.beside[std::string(member.key())].emplace_back();
        for (const json::value& text : column.as_array()) {
          texts.push_back(text_of(text));
        }
      }
    }
  }
  return out;
}

}  // namespace

std::string pack_vector(const std::string& name) {
  const std::string path = std::string(HEFU_SOURCE_DIR) + "/tests/vectors/packs/" + name;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Pack load_vector_pack(const std::string& name) {
  auto pack = Pack::from_toml(pack_vector(name));
  EXPECT_TRUE(pack.ok()) << name << ": " << (pack ? "" : pack.error().message);
  return pack ? *std::move(pack) : Pack();
}

std::vector<PackCase> load_cases(const std::string& name) {
  const json::value file = cases_json(name);
  std::vector<PackCase> out;
  for (const json::value& one : file.at("cases").as_array()) {
    out.push_back(case_of(file.as_object(), one.as_object()));
  }
  return out;
}

World case_world() {
  json::object empty;
  empty["facts"] = json::array();
  const json::value file = cases_json();
  return facts_file(file.as_object(), empty).world;
}

std::string one_indicator(std::string_view indicator, std::string_view more) {
  return R"(ppf = 1
[pack]
id = "test.pack"
version = "1.0.0"
title = { zh = "测试" }
issuer = "org:A"
valid = { from = 2024-01-01, to = 2027-12-31 }
)" + std::string(more) +
         R"(
[[indicator]]
id = "one"
title = { zh = "指标" }
)" + std::string(indicator);
}

std::vector<Fact> facts_of(const std::string& json_array) {
  auto read = read_facts("{\"facts\":" + json_array + "}");
  EXPECT_TRUE(read.ok()) << (read ? "" : read.error().message);
  return read ? read->facts : std::vector<Fact>();
}

std::map<std::string, Figure> figures_of(const Pack& pack, const World& world,
                                         const std::vector<Fact>& facts, const std::string& period,
                                         const std::optional<std::string>& node) {
  const auto parsed = Period::parse(period, pack.valid);
  EXPECT_TRUE(parsed.ok()) << period;
  const auto figures = evaluate(pack, world, facts, *parsed, node);
  EXPECT_TRUE(figures.ok()) << (figures ? "" : figures.error().message);
  std::map<std::string, Figure> out;
  if (figures) {
    for (const Figure& figure : *figures) {
      out[figure.indicator] = figure;
    }
  }
  return out;
}

std::string value_text(const Figure& figure) {
  if (!figure.error.empty()) {
    return "error: " + figure.error;
  }
  return figure.value ? figure.value->text() : "na";
}

std::vector<std::string> verdicts(const Figure& figure) {
  std::vector<std::string> out;
  for (const FigureTarget& target : figure.targets) {
    out.emplace_back(name(target.verdict));
  }
  return out;
}

}  // namespace hefu

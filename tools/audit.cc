#include "tools/audit.h"

#include <iostream>
#include <map>
#include <tuple>

#include <boost/json.hpp>

#include "ledger/audit/sample.h"
#include "ledger/audit/sample_size.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Records described under one signal; the rest is counted.
constexpr std::size_t kRecordsShown = 4;
/// Signals shown of one kind, unless that kind was asked for.
constexpr std::size_t kSignalsShown = 10;

/// Names of members by id, as far as the node says.
std::map<std::string, std::string> member_names(HttpClient& node, const char* language) {
  std::map<std::string, std::string> names;
  auto document = node.get_json("/v1/members");
  const json::object* answer = document ? document->if_object() : nullptr;
  if (answer == nullptr) {
    return names;
  }
  for (const json::value& item : array_at(*answer, "members")) {
    const json::object& member = item.as_object();
    const json::object* name = object_at(member, "name");
    names[text_at(member, "id")] = name == nullptr ? "" : text_at(*name, language);
  }
  return names;
}

std::string amount_text(const json::object& signal, bool english) {
  const std::int64_t amount = signal.at("amount").to_number<std::int64_t>();
  const std::string unit = text_at(signal, "unit");
  const std::string number = std::to_string(amount);
  if (unit == "days") {
    return number + (english ? " days" : " 天");
  }
  if (unit == "fen") {
    return number + (english ? " fen" : " 分");
  }
  if (unit == "percent") {
    return number + " %";
  }
  return number + (english ? " records" : " 条");
}

class Printer {
 public:
  /// `all`: leave none out, however many there are of one kind.
  Printer(HttpClient& node, bool english, bool all)
      : node_(node),
        english_(english),
        all_(all),
        names_(member_names(node, english ? "en" : "zh")) {}

  /// Signals of one kind come one after another.
  void print(const json::object& signal) {
    if (const std::string kind = text_at(signal, "kind"); kind != kind_) {
      end_kind();
      kind_ = kind;
      const json::object* title = object_at(signal, "title");
      std::cout << "\n"
                << (title == nullptr ? kind : text_at(*title, english_ ? "en" : "zh")) << "  ("
                << kind << ")\n";
    }
    ++of_kind_;
    if (!all_ && of_kind_ > kSignalsShown) {
      return;
    }
    const json::array& records = array_at(signal, "records");
    if (records.size() == 1) {
      std::cout << "  ";
      if (text_at(signal, "unit") != "records") {
        std::cout << amount_text(signal, english_) << "  ";
      }
      std::cout << institutions_of(signal) << "  ";
      print_record(std::string(records[0].as_string()), text_at(signal, "detail"));
      return;
    }
    std::cout << "  " << amount_text(signal, english_) << "  " << institutions_of(signal);
    if (const std::string detail = text_at(signal, "detail"); !detail.empty()) {
      std::cout << "  " << named(detail);
    }
    std::cout << "\n";
    for (std::size_t i = 0; i < records.size() && i < kRecordsShown; ++i) {
      std::cout << "      ";
      print_record(std::string(records[i].as_string()), "");
    }
    if (records.size() > kRecordsShown) {
      std::cout << "      " << (english_ ? "and " : "另 ") << records.size() - kRecordsShown
                << (english_ ? " more (--json lists them)" : " 条（--json 可列出全部）") << "\n";
    }
  }

  void end_kind() {
    if (!all_ && of_kind_ > kSignalsShown) {
      std::cout << "  " << (english_ ? "and " : "另 ") << of_kind_ - kSignalsShown
                << (english_ ? " more (--kind " : " 条（--kind ") << kind_
                << (english_ ? " lists them)" : " 可列出全部）") << "\n";
    }
    of_kind_ = 0;
  }

 private:
  [[nodiscard]] std::string named(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() || found->second.empty() ? id : found->second;
  }

  [[nodiscard]] std::string institutions_of(const json::object& signal) const {
    std::string text;
    for (const json::value& institution : array_at(signal, "institutions")) {
      text += (text.empty() ? ""
               : english_   ? ", "
                            : "、") +
              named(std::string(institution.as_string()));
    }
    return text;
  }

  void print_record(const std::string& id, const std::string& detail) {
    std::cout << id.substr(0, 16) << "…";
    auto document = node_.get_json("/v1/records/" + id);
    if (const json::object* record = document ? document->if_object() : nullptr) {
      std::cout << "  " << text_at(*record, "type");
      if (const std::string title = record_title(*record); !title.empty()) {
        std::cout << "  " << title;
      }
    }
    std::cout << (detail.empty() ? "" : "  ") << detail << "\n";
  }

  HttpClient& node_;
  const bool english_;
  const bool all_;
  const std::map<std::string, std::string> names_;
  std::string kind_;
  std::size_t of_kind_ = 0;
};

}  // namespace

int run(Context& context, const AuditSignals& options) {
  auto node = open_node(context);
  auto document = node ? node->get_json(with_query("/v1/signals", {{"period", options.period},
                                                                   {"kind", options.kind},
                                                                   {"party", options.party}}))
                       : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  if (context.json) {
    print_json(*document, false);
    return kExitOk;
  }
  const json::object& answer = document->as_object();
  const json::array& signals = array_at(answer, "signals");
  std::cout << text_at(answer, "from") << " – " << text_at(answer, "to") << "  " << signals.size()
            << (options.english ? " signals" : " 条线索") << "\n"
            << (options.english ? "Each may have an innocent explanation; none changes a figure.\n"
                                : "每条都可能有正当解释；线索不改变任何数字。\n");
  Printer printer(*node, options.english, !options.kind.empty());
  for (const json::value& signal : signals) {
    printer.print(signal.as_object());
  }
  printer.end_kind();
  return kExitOk;
}

int run(Context& context, const AuditSize& options) {
  SampleRule rule{options.confidence, options.tolerable, std::nullopt};
  if (options.population > 0) {
    rule.population = options.population;
  }
  const auto size = sample_size(rule, options.accepted);
  if (!size) {
    return report(context, size.error());
  }
  if (context.json) {
    std::cout << "{\"size\":" << *size << ",\"accepted\":" << options.accepted << "}\n";
    return kExitOk;
  }
  std::cout << "look at " << *size << " items";
  if (options.population > 0) {
    std::cout << " of " << options.population;
  }
  std::cout << "; the sample passes with at most " << options.accepted
            << " deviations. One that is not available counts as a deviation.\n"
            << "It then shows with " << options.confidence << " % confidence that fewer than "
            << options.tolerable << " % of the items deviate.\n";
  return kExitOk;
}

int run(Context& context, const AuditLimit& options) {
  const auto limit = upper_limit(options.confidence, options.size, options.deviations);
  if (!limit) {
    return report(context, limit.error());
  }
  const std::string hundredths = std::to_string(*limit % 100);
  const std::string percent =
      std::to_string(*limit / 100) + "." + (hundredths.size() == 1 ? "0" : "") + hundredths;
  if (context.json) {
    std::cout << "{\"upper_limit_percent\":\"" << percent << "\"}\n";
  } else {
    std::cout << "with " << options.confidence << " % confidence at most " << percent
              << " % of the items deviate\n";
  }
  return kExitOk;
}

int run(Context& context, const AuditDraw& options) {
  SampleSeed seed;
  seed.beacon = options.beacon;
  seed.reveals.resize(options.reveals.size());
  std::vector<std::tuple<const char*, const std::string*, Digest*>> parts{
      {"--cut", &options.cut, &seed.cut},
      {"--pack", &options.pack, &seed.pack},
      {"--view", &options.view, &seed.view},
      {"--plan", &options.plan, &seed.plan}};
  for (std::size_t i = 0; i < options.reveals.size(); ++i) {
    parts.emplace_back("--reveal", &options.reveals[i], &seed.reveals[i]);
  }
  for (const auto& [option, text, digest] : parts) {
    const auto read = Digest::from_hex(*text);
    if (!read) {
      return report(context, Error{Errc::kInvalid, std::string(option) + " is no digest",
                                   "give 64 characters of lower-case hex"});
    }
    *digest = *read;
  }
  const Digest with =
      options.stratum.empty() ? seed.digest() : stratum_seed(seed.digest(), options.stratum);
  const auto items = options.units ? draw_units(with, options.population, options.size)
                                   : draw_items(with, options.population, options.size);
  if (!items) {
    return report(context, items.error());
  }
  json::array drawn(items->begin(), items->end());
  const std::string hex = seed.digest().hex();
  if (context.json) {
    print_json(json::object{{"seed", hex}, {"items", std::move(drawn)}}, false);
    return kExitOk;
  }
  std::cout << "seed  " << hex << "\n";
  for (const std::uint64_t item : *items) {
    std::cout << item << "\n";
  }
  return kExitOk;
}

}  // namespace hefu

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/fraction.h"
#include "node/files.h"
#include "tools/closing.h"
#include "tools/closing_act.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kFiguresBytesMax = std::size_t{64} << 20;

/// A value as people and reports write it: 30, "312.50", "30%", "31/104", {"num","den"}; null is
/// "not applicable".
Result<std::optional<Fraction>> read_value(const json::value& value) {
  const auto number = [](const json::value& part) -> Result<Fraction> {
    if (part.is_int64() || part.is_uint64()) {
      return Fraction::parse(std::to_string(part.to_number<std::int64_t>()));
    }
    return part.is_string() ? Fraction::parse(std::string(part.as_string()))
                            : Result<Fraction>(Error{Errc::kInvalid, "not a number", ""});
  };
  if (value.is_null()) {
    return std::optional<Fraction>();
  }
  std::pair<Result<Fraction>, Result<Fraction>> parts{Error{}, Fraction(1)};
  const json::object* object = value.if_object();
  const json::string* text = value.if_string();
  const std::size_t slash = text == nullptr ? std::string::npos : text->find('/');
  if (object != nullptr) {
    const json::value* num = object->if_contains("num");
    const json::value* den = object->if_contains("den");
    if (num != nullptr && den != nullptr) {
      parts = {number(*num), number(*den)};
    }
  } else if (slash != std::string::npos) {
    const std::string whole(*text);
    parts = {Fraction::parse(whole.substr(0, slash)), Fraction::parse(whole.substr(slash + 1))};
  } else {
    parts.first = number(value);
  }
  if (!parts.first || !parts.second) {
    return Error{Errc::kInvalid, "not a value", "write 30, \"312.50\", \"30%\" or \"31/104\""};
  }
  const auto quotient = parts.first->divided_by(*parts.second);
  return quotient ? Result<std::optional<Fraction>>(std::optional(*quotient))
                  : Result<std::optional<Fraction>>(quotient.error());
}

/// One figure somebody gives.
struct GivenFigure {
  std::optional<Fraction> value;
  std::string shown;  ///< empty: not given
};

/// Figures from a file: a report as `hefu --json figure show` prints it, or {indicator: value}.
Result<std::map<std::string, GivenFigure>> read_figures(const std::string& file) {
  const auto content = read_file(file, kFiguresBytesMax);
  const auto document =
      content ? parse_json(*content, kFiguresBytesMax) : Result<json::value>(content.error());
  if (!document) {
    return document.error().during(file);
  }
  if (!document->is_object()) {
    return Error{Errc::kInvalid, file + ": not a JSON object of figures",
                 "save what `hefu --json figure show` prints, or write {\"indicator\": value}"};
  }
  std::map<std::string, GivenFigure> figures;
  const auto add = [&](const std::string& indicator, const json::value& value,
                       const std::string& shown) -> Result<void> {
    const auto read = read_value(value);
    if (!read) {
      return read.error().during(file + ": indicator " + indicator);
    }
    figures[indicator] = {*read, shown};
    return {};
  };
  const json::array& reported = array_at(document->as_object(), "indicators");
  for (const json::value& item : reported) {
    const json::object* one = item.if_object();
    const json::value* value = one == nullptr ? nullptr : one->if_contains("value");
    if (value == nullptr) {
      return Error{Errc::kInvalid, file + ": an indicator without a value", ""};
    }
    if (const auto ok = add(text_at(*one, "indicator"), *value, text_at(*one, "shown")); !ok) {
      return ok.error();
    }
  }
  if (reported.empty()) {
    for (const auto& [indicator, value] : document->as_object()) {
      if (const auto ok = add(std::string(indicator), value, ""); !ok) {
        return ok.error();
      }
    }
  }
  if (figures.empty()) {
    return Error{Errc::kInvalid, file + ": holds no figures", ""};
  }
  return figures;
}

std::string text_of(const std::optional<Fraction>& value) {
  return value ? value->text() : "not applicable";
}

/// Holds given figures against a report computed at the cut; the first that differs is the error.
Result<std::size_t> hold_against(const std::map<std::string, GivenFigure>& given,
                                 const json::object& report) {
  std::size_t compared = 0;
  for (const json::value& item : array_at(report, "indicators")) {
    const json::object& figure = item.as_object();
    const std::string indicator = text_at(figure, "indicator");
    const auto claimed = given.find(indicator);
    if (claimed == given.end()) {
      continue;
    }
    ++compared;
    const auto computed = read_value(figure.at("value"));
    if (!computed) {
      return computed.error();
    }
    const std::string shown = text_at(figure, "shown");
    const bool differs = claimed->second.value != *computed ||
                         (!claimed->second.shown.empty() && claimed->second.shown != shown);
    if (differs) {
      return Error{Errc::kUnverified,
                   "indicator " + indicator + ": " + text_of(claimed->second.value) + " (" +
                       claimed->second.shown + ") was given, the cut gives " + text_of(*computed) +
                       " (" + shown + ")",
                   "figures that cannot be reproduced are not signed; `hefu figure explain " +
                       indicator + "` shows what counts"};
    }
  }
  for (const auto& [indicator, figure] : given) {
    const auto& all = array_at(report, "indicators");
    const bool known = std::any_of(all.begin(), all.end(), [&](const json::value& item) {
      return text_at(item.as_object(), "indicator") == indicator;
    });
    if (!known) {
      return Error{Errc::kUnverified, "indicator " + indicator + ": the programme has none such",
                   ""};
    }
  }
  return compared;
}

const json::object* unit_in(const json::object& closings, const std::string& unit) {
  const json::object* at = object_at(closings, "at");
  if (at == nullptr) {
    return nullptr;
  }
  for (const json::value& item : array_at(*at, "units")) {
    if (text_at(item.as_object(), "unit") == unit) {
      return &item.as_object();
    }
  }
  return nullptr;
}

const json::object* statement_in(const json::object& closings, const std::string& id) {
  for (const json::value& item : array_at(closings, "statements")) {
    if (text_at(item.as_object(), "event") == id) {
      return &item.as_object();
    }
  }
  return nullptr;
}

/// The digest of an institution's figures as the own node computes them at the answer's cut.
Result<Digest> figures_of(const json::object& closings, const std::string& institution) {
  const json::object* unit = unit_in(closings, institution);
  if (unit == nullptr) {
    return Error{Errc::kNotFound, institution + " has no figures at this cut",
                 "`hefu approval show` lists the organisations that have"};
  }
  return digest_at(*unit, "figures");
}

}  // namespace

int run(Context& context, const StatementSign& options) {
  const auto given = read_figures(options.figures);
  if (!given) {
    return report(context, given.error());
  }
  auto desk = open_desk(context);
  const auto closings =
      desk ? fetch_closings(desk->node, options.pack, options.period, options.proposal)
           : Result<json::object>(desk.error());
  if (!closings) {
    return report(context, closings.error());
  }
  const auto figures = figures_of(*closings, desk->card.id);
  const auto scope = figures ? scope_of(*closings) : Result<ClosingScope>(figures.error());
  const auto computed =
      scope ? fetch_object(desk->node, with_query("/v1/figures", {{"pack", options.pack},
                                                                  {"period", options.period},
                                                                  {"node", desk->card.id},
                                                                  {"vintage", options.proposal}}))
            : Result<json::object>(scope.error());
  const auto compared =
      computed ? hold_against(*given, *computed) : Result<std::size_t>(computed.error());
  if (!compared) {
    return report(context, compared.error());
  }
  return record_act(context, *desk, make_event(Statement{*scope, *figures}),
                    binding_role(desk->home),
                    "statement of " + desk->card.name_zh + " for " + options.period + ": " +
                        std::to_string(*compared) + " figures, each as the cut gives it");
}

int run(Context& context, const StatementShow& options) {
  auto node = open_node(context);
  const auto closings = node ? fetch_closings(*node, options.pack, options.period, "")
                             : Result<json::object>(node.error());
  if (!closings) {
    return report(context, closings.error());
  }
  if (context.json) {
    print_json(array_at(*closings, "statements"), false);
    return kExitOk;
  }
  for (const json::value& item : array_at(*closings, "statements")) {
    const json::object& one = item.as_object();
    const json::value& reproduced = one.at("reproduced");
    std::cout << text_at(one, "event") << "\n  by " << text_at(one, "by") << " on "
              << text_at(one, "on") << "  " << text_at(one, "status") << "  "
              << (!reproduced.is_bool()  ? "not recomputed here"
                  : reproduced.as_bool() ? "reproduced here"
                                         : "NOT what this node computes")
              << "\n  cut " << text_at(one, "cut") << "\n";
    for (const json::value& made : array_at(one, "decisions")) {
      const json::object& decision = made.as_object();
      std::cout << "  " << text_at(decision, "verdict") << " on " << text_at(decision, "on") << "  "
                << text_at(decision, "status");
      for (const char* key : {"why", "reason"}) {
        const std::string text = text_at(decision, key);
        std::cout << (text.empty() ? "" : ": " + text);
      }
      std::cout << "\n";
    }
  }
  return kExitOk;
}

int run(Context& context, const StatementDecide& options) {
  const auto verdict = statement_verdict(options.verdict);
  if (!verdict) {
    return report(context, Error{Errc::kInvalid, "no verdict is called " + options.verdict,
                                 "accepted, returned or rejected"});
  }
  if (*verdict != StatementVerdict::kAccepted && options.reason.empty()) {
    return report(context, Error{Errc::kInvalid,
                                 "a statement is not " + options.verdict + " without a reason",
                                 "--reason …"});
  }
  auto desk = open_desk(context);
  const auto event = desk ? fetch_object(desk->node, "/v1/events/" + url_encode(options.statement))
                          : Result<json::object>(desk.error());
  if (!event) {
    return report(context, event.error());
  }
  const json::object* content = object_at(*event, "event");
  const json::object* fields = content == nullptr ? nullptr : object_at(*content, "fields");
  if (fields == nullptr || text_at(*content, "type") != kStatementType) {
    return report(context, Error{Errc::kInvalid, options.statement + " is no statement",
                                 "`hefu statement show` lists them"});
  }
  const auto closings = fetch_closings(desk->node, text_at(*fields, "pack"),
                                       text_at(*fields, "period"), text_at(*fields, "proposal"));
  if (!closings) {
    return report(context, closings.error());
  }
  if (const auto authority = need_authority(*closings, *desk); !authority) {
    return report(context, authority.error());
  }
  const json::object* statement = statement_in(*closings, text_at(*event, "id"));
  if (statement == nullptr) {
    return report(context, Error{Errc::kUnavailable, "the statement has not been witnessed yet",
                                 "try again in a moment"});
  }
  const auto figures = figures_of(*closings, text_at(*statement, "by"));
  if (!figures) {
    return report(context, figures.error());
  }
  const bool same = figures->hex() == text_at(*statement, "figures");
  if (*verdict == StatementVerdict::kAccepted && !same) {
    return report(context, Error{Errc::kUnverified,
                                 "the figures stated are not those computed at their cut here",
                                 "return or reject it, with a reason"});
  }
  const auto id = Digest::from_hex(text_at(*event, "id"));
  return record_act(
      context, *desk,
      make_event(StatementDecision{EventId{*id}, *figures, *verdict, options.reason}),
      binding_role(desk->home),
      options.verdict + (same ? ": recomputed, and the same" : ": recomputed, and not the same"));
}

}  // namespace hefu

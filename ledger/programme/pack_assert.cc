// Reads one [[assert]] of a pack.
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/programme/pack_read.h"

namespace hefu {

const char* name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kOk:
      return "ok";
  }
  return "";
}

PackAssert read_assert(JsonReader& at) {
  PackAssert out;
  out.id = read_id(at, "id");
  out.title = read_title(at, Need::kOptional);
  const std::string severity = at.text("severity", Need::kRequired);
  if (severity == "warning") {
    out.severity = Severity::kWarning;
  } else if (severity == "ok") {
    out.severity = Severity::kOk;
  } else if (!severity.empty() && severity != "error") {
    at.refuse("severity", "unknown word " + severity, "error, warning or ok");
  }
  const std::string text = at.text("expr", Need::kRequired);
  if (!text.empty()) {
    auto formula = Formula::parse(text);
    if (formula) {
      out.formula = *std::move(formula);
    } else {
      at.errors().add(formula.error().during(at.path_of("expr")));
    }
  }
  at.finish();
  return out;
}

}  // namespace hefu

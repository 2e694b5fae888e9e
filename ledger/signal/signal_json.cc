#include "ledger/signal/signal_json.h"

#include <utility>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {

std::string signals_json(const DateSpan& period, std::span<const Signal> signals) {
  namespace json = boost::json;
  const auto texts = [](const std::vector<std::string>& list) {
    json::array out;
    for (const std::string& text : list) {
      out.push_back(json::value(json::string(text)));
    }
    return out;
  };
  json::array rows;
  for (const Signal& signal : signals) {
    const Title said = title(signal.kind);
    rows.push_back(json::object{{"kind", name(signal.kind)},
                                {"title", {{"zh", said.zh}, {"en", said.en}}},
                                {"institutions", texts(signal.institutions)},
                                {"records", texts(signal.facts)},
                                {"amount", signal.amount},
                                {"unit", signal.unit},
                                {"detail", signal.detail}});
  }
  return canonical_json(json::object{
      {"from", period.first.text()}, {"to", period.last.text()}, {"signals", std::move(rows)}});
}

}  // namespace hefu

#include "ledger/verdict/verdict.h"

#include <boost/json.hpp>

namespace hefu {

namespace json = boost::json;

const char* name(Judgement verdict) {
  switch (verdict) {
    case Judgement::kGood:
      return "good";
    case Judgement::kBad:
      return "bad";
    case Judgement::kIncomplete:
      return "incomplete";
  }
  return "";
}

const char* name(BundleCheck::Outcome outcome) {
  switch (outcome) {
    case BundleCheck::Outcome::kGood:
      return "good";
    case BundleCheck::Outcome::kBad:
      return "bad";
    case BundleCheck::Outcome::kUnchecked:
      return "not-checked";
  }
  return "";
}

json::array to_json(const std::vector<BundleCheck>& checks) {
  json::array array;
  for (const BundleCheck& check : checks) {
    array.push_back(json::object{
        {"outcome", name(check.outcome)}, {"subject", check.subject}, {"text", check.text}});
  }
  return array;
}

}  // namespace hefu

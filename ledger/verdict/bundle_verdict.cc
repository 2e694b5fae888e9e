#include "ledger/verdict/bundle_verdict.h"

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {

namespace json = boost::json;

Result<BundleVerdict> judge_bundle(BytesView file, const std::optional<Charter>& trusted) {
  const auto bundle = decode_bundle(file);
  if (bundle) {
    return verify_bundle(*bundle, trusted);
  }
  const Error& error = bundle.error();
  if (error.code != Errc::kInvalid && error.code != Errc::kUnverified) {
    return error;
  }
  BundleVerdict verdict;
  verdict.checks.push_back({BundleCheck::Outcome::kBad, "file", error.message});
  return verdict;
}

Judgement verdict_of(const BundleVerdict& bundle) {
  if (!bundle.good()) {
    return Judgement::kBad;
  }
  return bundle.complete ? Judgement::kGood : Judgement::kIncomplete;
}

json::object to_json(const BundleVerdict& bundle) {
  json::object out{{"verdict", name(verdict_of(bundle))}, {"checks", to_json(bundle.checks)}};
  if (!bundle.report.empty()) {
    if (auto figures = parse_json(bundle.report, kBundleBytesMax)) {
      out["figures"] = *figures;
    }
  }
  return out;
}

}  // namespace hefu

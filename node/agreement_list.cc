#include "node/agreement_list.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "ledger/agreement/phase.h"

namespace hefu {
namespace {

namespace json = boost::json;

const Version& shown_version(const Agreement& agreement) {
  const Version* effective = agreement.last_effective();
  return effective != nullptr ? *effective : agreement.versions.back();
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) {
    out.emplace_back(json::string(text));
  }
  return out;
}

json::object summary(const Record& record, const Agreement& agreement) {
  const Version& version = shown_version(agreement);
  json::array has_signed;
  json::array missing;
  for (const SignerState& signer : version.states) {
    (signer.status == ActStatus::kCounts ? has_signed : missing)
        .emplace_back(json::string(signer.party));
  }
  const auto open_contests =
      std::count_if(agreement.contests.begin(), agreement.contests.end(),
                    [](const Contest& contest) { return !contest.ruling.has_value(); });
  json::object out{{"id", agreement.id.hex()},
                   {"state", agreement_state(agreement)},
                   {"proposer", version.proposer},
                   {"parties", texts(version.parties)},
                   {"versions", agreement.versions.size()},
                   {"sign_by", version.sign_by.text()},
                   {"valid_from", version.valid_from.text()},
                   {"notice_days", version.notice_days},
                   {"renews_itself", version.renewals_max > 0},
                   {"signed", std::move(has_signed)},
                   {"missing", std::move(missing)},
                   {"contests", open_contests}};
  const Value* title = record.current.event.field("title");
  if (title != nullptr && title->text() != nullptr) {
    out["title"] = *title->text();
  }
  if (version.valid_to) {
    out["valid_to"] = version.valid_to->text();
  }
  if (version.term && version.term->last) {
    out["last"] = version.term->last->text();
  }
  if (agreement.as_of) {
    const Date on = agreement.as_of->date();
    out["phase"] =
        json::object{{"on", on.text()}, {"state", name(phase_on(version, agreement, on).phase)}};
  }
  return out;
}

}  // namespace

Result<std::string> agreements_json(const Records& records, const AgreementQuery& query) {
  std::optional<Digest> from;
  if (!query.from.empty()) {
    from = Digest::from_hex(query.from);
    if (!from) {
      return Error{Errc::kInvalid, "query parameter from: not an agreement id",
                   "use the \"next\" of an earlier answer"};
    }
  }
  json::array rows;
  json::value next(nullptr);
  const auto& all = records.agreements;
  for (auto at = from ? all.lower_bound(EventId{*from}) : all.begin(); at != all.end(); ++at) {
    const Agreement& agreement = at->second;
    const Record* record = records.record(at->first);
    if (record == nullptr || agreement.versions.empty()) {
      continue;
    }
    const auto& parties = shown_version(agreement).parties;
    if ((!query.state.empty() && agreement_state(agreement) != query.state) ||
        (!query.party.empty() &&
         std::find(parties.begin(), parties.end(), query.party) == parties.end())) {
      continue;
    }
    if (rows.size() >= query.limit) {
      next = at->first.hex();
      break;
    }
    rows.push_back(summary(*record, agreement));
  }
  return json::serialize(json::object{{"agreements", std::move(rows)}, {"next", std::move(next)}});
}

}  // namespace hefu

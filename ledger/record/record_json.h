#pragma once

#include <string>

#include <boost/json/fwd.hpp>

#include "ledger/event/catalogue.h"
#include "ledger/record/fact_list.h"
#include "ledger/record/record.h"

namespace hefu {

/// A record for API and tools, keys in English, values as the ledger has them (states, reasons and
/// standings are the stable names; people's words are the caller's):
///
///     {"id","type","interpreted","issuer","state","standing","confirmed"?,"opened_at":{"log","index",
///      "recorded_by"?},"event":{…},"versions":[hex],"required":[..],"missing":[..],
///      "countersignatures":[{"event","party","required","role","remark","occurred_on",
///      "recorded_by"?,"guest"?:{"name","key","introduced_by":[..],"identity_check",
///      "introduction"}}],"rejections":[…],"changes":[…],"disputes":[…],"attachments":[…],
///      "erasures":[…],"retraction"?,"problems":[{"event","type","issuer","log","index","reason",
///      "detail"?,"because"?}]}
///
/// `event` is the current version in the JSON form of events. Equal records give equal values.
boost::json::value record_to_json(const Record& record, const Catalogue& catalogue);

/// One line of a list of records: id, type, issuer, occurred_on, state, standing, title if there is
/// one, missing.
boost::json::value record_summary(const Record& record);

/// An agreement for API and tools:
///
///     {"id","state","root","renewal_of"?,"as_of"?,"versions":[{"id","base"?,"attempt","proposer",
///      "parties","signers","consent":[{"members","needed","required","faulty"}],"sign_by",
///      "valid_from","valid_to"?,"notice_days","arises_from"?,"arbiter","dispute_days"?,
///      "renews_itself"?:{"months","notice_days","times"},"succession"?,"verdict","completed"?,
///      "signatures":[{"party","status","signed","reason"?,"because"?,"signature"?,"witnessed"?}],
///      "missing":[..],"bound"?:[..],"deaths":[{"cause","party"?,"act"?,"version"?,"head"?:{"log",
///      "size","time"},"proved","shown"}],"dead_since"?,"term"?:{"from","last"?,"cause","by"?,
///      "renewals"?,"renewal"?:{"notice_by","outstanding"}},"phase"?:{"on","state","contested",
///      "because","bound","bound_until"?,"outstanding"}}],
///      "contests":[{"id","kind","party","target","version","claim","open","because"?,"witnessed"?,
///      "answers":[{"id","party","text","witnessed"?}],"ruling"?:{"id","party","ruling","reason"?,
///      "effective_on"?,"witnessed"?}}],
///      "successions":[{"predecessor","successor","declared_by","declared","accepted","completed"}],
///      "acts":[{"id","kind","party","log","index","version","status","reason"?,"because"?,
///      "witnessed"?}]}
///
/// `phase` is the version's at `as_of`, the latest date witnesses put on what is known.
boost::json::value agreement_to_json(const Agreement& agreement);

/// A problem as records list them; also for events that reached no record.
boost::json::value problem_to_json(const Problem& problem);

/// A fact in the form of a facts file (ledger/programme/facts_json.h).
boost::json::value fact_to_json(const Fact& fact);

/// Directory and facts as one facts file: what an indicator sees, for people and other programs.
boost::json::value facts_file_to_json(const World& world, const FactList& facts);

}  // namespace hefu

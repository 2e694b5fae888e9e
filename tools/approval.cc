#include <filesystem>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "tools/closing.h"
#include "tools/closing_act.h"
#include "tools/full_id.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

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

std::string joined(const json::array& texts) {
  std::string out;
  for (const json::value& text : texts) {
    out += (out.empty() ? "" : ", ") + std::string(text.as_string());
  }
  return out;
}

/// What stands against an approval, before it is signed.
std::optional<Error> refusal(const json::object& unit, const json::object& closings,
                             const Member& card) {
  if (const std::string speaker = text_at(unit, "speaker"); speaker != card.id) {
    return Error{Errc::kUnauthorised, speaker + " speaks for this unit, not " + card.id,
                 "an institution approves for itself and its units, the authority for the whole "
                 "programme and for organisations that are no members"};
  }
  if (const std::string given = text_at(unit, "approval"); !given.empty()) {
    return Error{Errc::kConflict, "the unit is approved at this cut already: " + given,
                 "`hefu approval withdraw` takes it back"};
  }
  if (const json::array& waits = array_at(unit, "waits_for"); !waits.empty()) {
    return Error{Errc::kConflict,
                 "not all units below have been approved at this cut: " + joined(waits),
                 "they come first: `hefu approval show` lists the chain; an approval counts a "
                 "moment after it was recorded, when witnesses have dated it"};
  }
  if (const json::object* at = object_at(closings, "at")) {
    if (const json::array& violated = array_at(*at, "violated"); !violated.empty()) {
      const json::object& first = violated.front().as_object();
      return Error{
          Errc::kConflict,
          "assertion " + text_at(first, "id") + " does not hold: " + text_at(first, "detail"),
          "figures that break an assertion of severity error are not approved; correct "
          "the records and propose another cut"};
    }
  }
  return std::nullopt;
}

ApprovalLevel level_of(const json::object& unit) {
  const std::string level = text_at(unit, "level");
  for (const auto one : {ApprovalLevel::kConfirm, ApprovalLevel::kApprove}) {
    if (level == name(one)) {
      return one;
    }
  }
  return ApprovalLevel::kAccept;
}

/// The key of a role that the home has: the reviewer's if it was made, else the registrar's.
Result<KeyRole> role_to_sign(const Home& home, const std::string& wanted) {
  const auto role = key_role(wanted);
  if (!role) {
    return Error{Errc::kInvalid, "no role of keys is called " + wanted, ""};
  }
  return *role == KeyRole::kReviewer && !std::filesystem::exists(home.key_path(*role))
             ? KeyRole::kRegistrar
             : *role;
}

}  // namespace

int run(Context& context, const ApprovalGive& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  const std::string unit = options.whole ? "" : options.unit.empty() ? desk->card.id : options.unit;
  const auto closings =
      fetch_closings(desk->node, options.pack, options.period, options.proposal, unit);
  if (!closings) {
    return report(context, closings.error());
  }
  const json::object* found = unit_in(*closings, unit);
  if (found == nullptr) {
    return report(context, Error{Errc::kNotFound, "unit " + unit + " has no figures at this cut",
                                 "`hefu approval show` lists those that have"});
  }
  if (const auto fault = refusal(*found, *closings, desk->card)) {
    return report(context, *fault);
  }
  const auto scope = scope_of(*closings);
  const auto figures = digest_at(*found, "figures");
  auto rests_on = ids_at(*found, "rests_on");
  const auto role = role_to_sign(desk->home, options.role);
  if (!scope || !figures || !rests_on || !role) {
    return report(context, !scope      ? scope.error()
                           : !figures  ? figures.error()
                           : !rests_on ? rests_on.error()
                                       : role.error());
  }
  const ApprovalLevel level = level_of(*found);
  return record_act(context, *desk,
                    make_event(FigureApproval{*scope, unit, level, *figures, *std::move(rests_on)}),
                    *role,
                    std::string(name(level)) + " of " +
                        (unit.empty() ? "the whole programme" : unit) + " for " + options.period);
}

int run(Context& context, const ApprovalWithdraw& options) {
  auto desk = open_desk(context);
  const auto id = desk ? full_id(desk->node, options.approval) : Result<EventId>(desk.error());
  const auto role = id ? role_to_sign(desk->home, options.role) : Result<KeyRole>(id.error());
  if (!role) {
    return report(context, role.error());
  }
  return record_act(context, *desk, make_event(ApprovalWithdrawal{*id, options.reason}), *role,
                    "withdrawn; every approval that rests on it falls with it");
}

int run(Context& context, const ApprovalShow& options) {
  auto node = open_node(context);
  const auto closings = node ? fetch_closings(*node, options.pack, options.period, options.proposal)
                             : Result<json::object>(node.error());
  if (!closings) {
    return report(context, closings.error());
  }
  if (context.json) {
    print_json(*closings, false);
    return kExitOk;
  }
  const json::object* at = object_at(*closings, "at");
  for (const json::value& item : at == nullptr ? json::array() : array_at(*at, "units")) {
    const json::object& unit = item.as_object();
    const std::string shown = text_at(unit, "unit");
    const std::string approval = text_at(unit, "approval");
    const std::string waits = joined(array_at(unit, "waits_for"));
    std::cout << "  " << text_at(unit, "level") << "  "
              << (shown.empty() ? "the whole programme" : shown) << "  "
              << (!approval.empty() ? "approved: " + approval
                  : waits.empty()   ? std::string("ready")
                                    : "waits for " + waits)
              << "\n";
  }
  return kExitOk;
}

}  // namespace hefu

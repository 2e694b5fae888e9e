#include "tools/agreement_text.h"

#include <algorithm>
#include <iterator>

#include <boost/json.hpp>

#include "ledger/programme/table.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string named(const InstitutionNames& names, const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? id : found->second;
}

std::string all_named(const InstitutionNames& names, const json::array& ids) {
  std::string out;
  for (const json::value& id : ids) {
    out += (out.empty() ? "" : ", ") + named(names, id.as_string().c_str());
  }
  return out;
}

/// Filled up with spaces to so many terminal columns.
std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t width = text_width(text);
  return text + std::string(columns > width ? columns - width : 1, ' ');
}

/// "2026-11-22 10:39" of "2026-11-22T10:39:41.000Z".
std::string minute_of(const std::string& moment) {
  return moment.size() < 16 ? moment : moment.substr(0, 10) + " " + moment.substr(11, 5);
}

bool flag_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

std::string number_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string("?") : json::serialize(*value);
}

std::string words(std::string text) {
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

/// "2 of 3 must sign, among them …".
std::string rule_of(const json::object& version, const InstitutionNames& names) {
  std::string out;
  for (const json::value& item : array_at(version, "consent")) {
    const json::object& consent = item.as_object();
    const std::string members = std::to_string(array_at(consent, "members").size());
    const std::string needed = number_at(consent, "needed");
    out += out.empty() ? "" : "; and ";
    out += needed == members ? "all " + members + " must sign"
                             : needed + " of " + members + " must sign";
    if (const json::array& required = array_at(consent, "required"); !required.empty()) {
      out += ", among them " + all_named(names, required);
    }
  }
  return out;
}

std::string term_of(const json::object& version) {
  const json::object* term = object_at(version, "term");
  const json::object* phase = object_at(version, "phase");
  std::string out =
      phase == nullptr ? text_at(version, "verdict") : words(text_at(*phase, "state"));
  if (phase != nullptr && flag_at(*phase, "contested")) {
    out += ", contested";
  }
  if (term == nullptr) {
    const std::string to = text_at(version, "valid_to");
    return out + "; its term: from " + text_at(version, "valid_from") +
           (to.empty() ? "" : " to " + to);
  }
  const std::string last = text_at(*term, "last");
  if (!last.empty() && last < text_at(*term, "from")) {
    return out + "; never in force (" + words(text_at(*term, "cause")) + ")";
  }
  out += "; from " + text_at(*term, "from") + (last.empty() ? ", no end" : " to " + last);
  const std::string cause = text_at(*term, "cause");
  if (cause != "none" && cause != "date") {
    out += " (" + words(cause) + ")";
  }
  if (const json::object* renewal = object_at(*term, "renewal")) {
    out += ", renews itself unless notice is given by " + text_at(*renewal, "notice_by");
  }
  return out;
}

void add_signatures(const json::object& version, const InstitutionNames& names, std::string* out) {
  for (const json::value& item : array_at(version, "signatures")) {
    const json::object& signature = item.as_object();
    const bool is_signed = flag_at(signature, "signed");
    const std::string status = text_at(signature, "status");
    const std::string party = named(names, text_at(signature, "party"));
    *out += "    " +
            padded(!is_signed           ? "awaited"
                   : status == "counts" ? "signed"
                                        : "signed, " + status,
                   10) +
            (is_signed ? padded(party, 34) + minute_of(text_at(signature, "witnessed")) : party) +
            "\n";
  }
}

void add_version(const json::object& version, const InstitutionNames& names, std::string* out) {
  *out += "\n  version   " + text_at(version, "id") + "\n    " + term_of(version) +
          "\n    proposed by " + named(names, text_at(version, "proposer")) + "; " +
          rule_of(version, names) + "; binding on who signs until " + text_at(version, "sign_by") +
          "\n    objections are decided by " + named(names, text_at(version, "arbiter")) + "\n";
  if (const std::string base = text_at(version, "base"); !base.empty()) {
    *out += "    replaces " + base + "\n";
  }
  add_signatures(version, names, out);
  for (const json::value& item : array_at(version, "deaths")) {
    const json::object& death = item.as_object();
    *out += "    dead: " + words(text_at(death, "cause")) + " " +
            named(names, text_at(death, "party")) + "\n";
  }
}

void add_contests(const json::object& agreement, const InstitutionNames& names, std::string* out) {
  const json::array& contests = array_at(agreement, "contests");
  *out += contests.empty() ? "" : "\n  objections\n";
  for (const json::value& item : contests) {
    const json::object& contest = item.as_object();
    const json::object* ruling = object_at(contest, "ruling");
    *out += "    " + padded(ruling == nullptr ? "open" : text_at(*ruling, "ruling"), 10) +
            text_at(contest, "kind") + " by " + named(names, text_at(contest, "party")) + ": " +
            text_at(contest, "claim") + "\n              " + text_at(contest, "id") + "\n";
    for (const json::value& answer : array_at(contest, "answers")) {
      *out += "              " + named(names, text_at(answer.as_object(), "party")) +
              " answers: " + text_at(answer.as_object(), "text") + "\n";
    }
    if (ruling != nullptr) {
      *out += "              " + named(names, text_at(*ruling, "party")) +
              " rules: " + text_at(*ruling, "reason") + "\n";
    }
  }
}

void add_void_acts(const json::object& agreement, const InstitutionNames& names, std::string* out) {
  std::string lines;
  for (const json::value& item : array_at(agreement, "acts")) {
    const json::object& act = item.as_object();
    if (const std::string status = text_at(act, "status"); status != "counts") {
      lines += "    " + padded(status, 10) + text_at(act, "kind") + " by " +
               named(names, text_at(act, "party")) + ": " + words(text_at(act, "reason")) + "\n" +
               "              " + text_at(act, "id") + "\n";
    }
  }
  *out += lines.empty() ? "" : "\n  does not count\n" + lines;
}

}  // namespace

std::string agreement_text(const json::object& agreement, const std::string& title,
                           const InstitutionNames& names) {
  std::string out = title + "\n  agreement " + text_at(agreement, "id") + "\n  state     " +
                    text_at(agreement, "state") + ", as far as dated by " +
                    minute_of(text_at(agreement, "as_of")) + " UTC\n";
  for (const json::value& version : array_at(agreement, "versions")) {
    add_version(version.as_object(), names, &out);
  }
  add_contests(agreement, names, &out);
  for (const json::value& item : array_at(agreement, "successions")) {
    const json::object& succession = item.as_object();
    out += "\n  " + named(names, text_at(succession, "successor")) + " succeeds " +
           named(names, text_at(succession, "predecessor")) + "\n";
  }
  add_void_acts(agreement, names, &out);
  return out;
}

std::string agreement_list(const json::array& records, const InstitutionNames& names) {
  std::string out;
  for (const json::value& item : records) {
    const json::object& record = item.as_object();
    const std::string standing = text_at(record, "standing");
    std::string state = text_at(record, "state");
    state += standing == "disputed" ? ", disputed" : "";
    out += padded(state, 20) + padded(text_at(record, "title"), 48) +
           named(names, text_at(record, "issuer"));
    if (const json::array& missing = array_at(record, "missing");
        !missing.empty() && text_at(record, "state") == "open") {
      out += "; awaited: " + all_named(names, missing);
    }
    out += "\n" + std::string(20, ' ') + text_at(record, "id") + "\n";
  }
  return out;
}

}  // namespace hefu

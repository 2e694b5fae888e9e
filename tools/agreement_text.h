#pragma once

#include <map>
#include <string>

#include <boost/json/fwd.hpp>

namespace hefu {

/// Names of institutions by credit code; one that is not here is shown by its code.
using InstitutionNames = std::map<std::string, std::string>;

/// An agreement of GET /v1/agreements/<id> as people read it: every version with who signed and who
/// is awaited, until when it binds and is in force; objections and their rulings; and what does not
/// count, with the reason. Times are UTC.
std::string agreement_text(const boost::json::object& agreement, const std::string& title,
                           const InstitutionNames& names);

/// Agreements of GET /v1/records as a list: state, title, whose signature is awaited, id.
std::string agreement_list(const boost::json::array& records, const InstitutionNames& names);

}  // namespace hefu

#pragma once

#include <cstdint>
#include <map>

#include <boost/json/fwd.hpp>

#include "crypto/digest.h"
#include "tools/sheet/institutions.h"

namespace hefu::sheet {

/// Institutions as a node tells of them: what GET /v1/members and GET /v1/guests answer, and one
/// listed event of type institution-registration.
void add_members(const boost::json::object& answer, Institutions* all);
void add_guests(const boost::json::object& answer, Institutions* all);
void add_registered(const boost::json::object& listed, Institutions* all);

/// Events of one type in the institution's own log.
struct HeldEvents {
  struct Place {
    Digest event;
    std::uint64_t index = 0;
  };
  std::map<Digest, std::uint64_t> by_id;  ///< event id → index
  std::map<Digest, Place> by_in_clear;    ///< said_in_clear → the first that says it

  /// Adds an event as GET /v1/events lists it.
  void add(const boost::json::object& listed);
};

}  // namespace hefu::sheet

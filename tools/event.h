#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu event append`: validates, signs once, and submits the events of a JSON or JSON Lines file.
struct EventAppend {
  std::string file = "-";  ///< "-": standard input
  std::string names;       ///< file of names given to events, read and extended
  std::string role = "registrar";
  std::string ack;       ///< level to wait for; empty: the node's default
  bool dry_run = false;  ///< validate and print, submit nothing
};
int run(Context& context, const EventAppend& options);

/// `hefu event list`.
struct EventListing {
  std::string log, type, record, issuer;
  std::string from;  ///< where to go on: the "next" of the page before
  std::int64_t limit = 50;
};
int run(Context& context, const EventListing& options);

/// `hefu event show ID`.
struct EventShow {
  std::string id;
  bool proof = false;  ///< print the offline proof (.tlog-proof) instead
};
int run(Context& context, const EventShow& options);

/// `hefu event verify FILE`: whether a receipt (.tlog-proof) shows that an event stands in a
/// member's log, under the signatures of the log and a quorum of witnesses. Offline.
struct EventVerify {
  std::string file;  ///< what `hefu event show --proof` printed
  std::string
      event;  ///< what `hefu event show` printed of the event; empty: which one is not known
  std::string trust;  ///< charter file; empty: the home's
};
int run(Context& context, const EventVerify& options);

/// `hefu event types [TYPE]`: what the catalogue knows; with a type, its fields and a template.
struct EventTypes {
  std::string type;
};
int run(Context& context, const EventTypes& options);

/// `hefu event erase ID`: destroys the openings of an event's personal fields on the node and logs
/// the erasure.
struct EventErase {
  std::string id;
  std::string reason;
};
int run(Context& context, const EventErase& options);

}  // namespace hefu

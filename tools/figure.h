#pragma once

#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "tools/context.h"
#include "tools/http_client.h"

namespace hefu {

/// `hefu figure show`: the indicator table of a programme, with its evidence ladder.
struct FigureShow {
  std::string pack, period, unit, indicator;
  std::string vintage;  ///< empty: of a closed period, the last one
  bool english = false;
};
int run(Context& context, const FigureShow& options);

/// The figures of a node as /v1/figures gives them; empty texts do not choose.
Result<Bytes> fetch_figures(HttpClient& node, const FigureShow& wanted);

/// `hefu figure explain INDICATOR`: what a figure means, the ladder of its evidence, which records
/// count, which do not, and why.
struct FigureExplain {
  std::string indicator, pack, period, unit;
  std::string vintage;  ///< as of FigureShow
  bool events = false;  ///< also the events of each record, with their places in the logs
  bool english = false;
};
int run(Context& context, const FigureExplain& options);

/// `hefu record show ID` and `hefu record list`.
struct RecordShow {
  std::string id;
};
int run(Context& context, const RecordShow& options);
struct RecordList {
  std::string type, party, state;
};
int run(Context& context, const RecordList& options);

/// `hefu record countersign|reject|dispute|respond|rule|change|retract ID`: says something about a
/// record; `countersign` about several, with one signature.
struct RecordAct {
  std::string type;              ///< protocol event type; set by the command, not by the user
  std::vector<std::string> ids;  ///< the records; of most acts one
  std::string target;            ///< the exact event meant; empty: the record's current version
  std::string text;              ///< remark, reason, claim or answer
  std::string state;             ///< of status-change
  std::string ruling;            ///< of resolution
  std::string effective_on;
};
int run(Context& context, const RecordAct& options);

}  // namespace hefu

#include "tools/whole_log.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/bundle/whole.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/tree.h"
#include "ledger/view/settle.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Whether a node says that anything was decided since the founding. If it lies, what is verified
/// by the founding charter fails.
bool anything_changed(HttpClient& node) {
  const auto governance = node.get_json("/v1/governance");
  return governance && governance->is_object() &&
         (!array_at(governance->as_object(), "decisions").empty() ||
          !array_at(governance->as_object(), "rotations").empty());
}

struct Held {
  std::string note;
  std::vector<Bytes> entries;
};

/// A log as a node shows it: its entries lead to the root of the checkpoint that comes with it.
Result<Held> download(HttpClient& node, const Member& member) {
  const auto note = node.get("/log/" + member.log_name() + "/checkpoint");
  const auto head =
      note ? parse_checkpoint(as_text(*note)) : Result<SignedCheckpoint>(note.error());
  if (!head) {
    return head.error();
  }
  Held log{std::string(as_text(*note)), {}};
  CompactRange range;
  auto read =
      download_log(node, member, head->checkpoint.size, [&](std::uint64_t, BytesView entry) {
        range.append(leaf_hash(entry));
        log.entries.push_back(to_bytes(entry));
        return Result<void>();
      });
  if (!read) {
    return read.error();
  }
  if (range.root() != head->checkpoint.root) {
    return Error{Errc::kUnverified, "its entries do not lead to the root its checkpoint signs",
                 "ask another member's node"};
  }
  return log;
}

}  // namespace

Result<void> download_log(HttpClient& node, const Member& member, std::uint64_t size,
                          const std::function<Result<void>(std::uint64_t, BytesView)>& take) {
  const bool progress = isatty(STDERR_FILENO) == 1;
  for (std::uint64_t start = 0; start < size; start += kFullTileWidth) {
    const auto width =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kFullTileWidth, size - start));
    const TileId tile{kEntriesLevel, start / kFullTileWidth, width};
    auto bytes = node.get("/log/" + member.log_name() + "/" + tile.path());
    if (!bytes) {
      return bytes.error();
    }
    auto entries = decode_entry_bundle(*bytes, width);
    if (!entries) {
      return entries.error().during(tile.path());
    }
    for (std::uint32_t i = 0; i < width; ++i) {
      if (auto taken = take(start + i, (*entries)[i]); !taken) {
        return taken.error().during("entry " + std::to_string(start + i));
      }
    }
    if (progress) {
      std::cerr << "\r" << start + width << " of " << size << " entries" << std::flush;
    }
  }
  if (progress) {
    std::cerr << "\r" << std::string(48, ' ') << "\r";
  }
  return {};
}

Result<Charter> verified_charter(HttpClient& node, const Charter& founding) {
  if (!anything_changed(node)) {
    return founding;
  }
  Charter known = founding;
  std::map<std::string, Held> held;
  while (true) {
    for (const Member* member : known.log_owners()) {
      if (held.count(member->origin) == 1) {
        continue;
      }
      auto log = download(node, *member);
      if (log) {
        held.emplace(member->origin, *std::move(log));
      } else if (log.error().code != Errc::kNotFound) {
        return log.error().during("log " + member->origin);
      }  // else it has none yet, or the node keeps it back: then what it decides is missing
    }
    std::vector<LogContents> logs;
    for (const auto& [origin, log] : held) {
      LogContents& contents = logs.emplace_back(LogContents{origin, log.entries.size(), {}});
      for (std::uint64_t index = 0; index < log.entries.size(); ++index) {
        contents.entries.push_back({index, log.entries[index]});
      }
    }
    EnvelopeVerifier signatures;
    auto settled = settle_ledger(founding, logs, &signatures);
    if (!settled) {
      return settled.error().during("working out the charter in force");
    }
    const bool complete =
        settled->governance.charter.log_owners().size() == known.log_owners().size();
    known = std::move(settled->governance.charter);
    if (!complete) {
      continue;
    }
    for (const auto& [origin, log] : held) {
      const Member* owner = known.by_origin(origin);
      if (owner == nullptr) {
        return Error{Errc::kUnverified, "log " + origin + " belongs to no member of the charter",
                     "ask another member's node"};
      }
      if (auto opened = open_cosigned(known, *owner, log.note); !opened) {
        return opened.error();
      }
    }
    return known;
  }
}

Result<Bundle> download_whole(HttpClient& node, const Bundle& bundle) {
  const auto founding = parse_charter(bundle.charter);
  const auto charter =
      founding ? verified_charter(node, *founding) : Result<Charter>(founding.error());
  if (!charter) {
    return charter.error();
  }
  std::map<std::string, std::vector<Bytes>> held;
  std::vector<LogContents> logs;
  for (const BundleLog& log : bundle.logs) {
    const auto head = parse_checkpoint(log.checkpoint);
    const auto member = head ? find_member(*charter, log.origin) : Result<Member>(head.error());
    auto& entries = held[log.origin];
    auto read = member ? download_log(node, *member, head->checkpoint.size,
                                      [&](std::uint64_t, BytesView entry) -> Result<void> {
                                        entries.push_back(to_bytes(entry));
                                        return {};
                                      })
                       : Result<void>(member.error());
    if (!read) {
      return read.error().during("log " + log.origin);
    }
    LogContents contents{log.origin, entries.size(), {}};
    for (std::uint64_t i = 0; i < entries.size(); ++i) {
      contents.entries.push_back({i, entries[i]});
    }
    logs.push_back(std::move(contents));
  }
  return make_whole(bundle, logs);
}

}  // namespace hefu

#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "api/port.h"
#include "node/closing_desk.h"
#include "node/counts.h"
#include "node/departments.h"
#include "node/store.h"
#include "node/views.h"

namespace hefu {

class Node;

/// What the HTTP API sees of a node.
class NodePort final : public Port {
 public:
  /// Everything handed in must outlive it.
  NodePort(Node& node, Store& store, Views& views, const Charter& founding);

  Result<std::string> status() override;
  Result<std::string> charter_note() override;
  Result<std::string> members() override;
  Result<std::string> governance() override;
  Result<std::string> catalogue_json() override;
  Result<void> admit(const Reach& reach, std::span<const Bytes> envelopes) override;
  Result<void> admit(const Reach& reach, std::span<const Digest> events) override;
  void submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
              std::optional<Priority> priority,
              std::function<void(Result<SubmitReceipt>)> answer) override;
  Result<std::string> events(const EventQuery& query) override;
  Result<std::string> event(const Digest& id) override;
  Result<Digest> event_beginning(std::string_view hex) override;
  Result<std::string> event_proof(const Digest& id) override;
  Result<void> put_disclosures(std::vector<Disclosure> disclosures) override;
  Result<void> erase_disclosures(const Digest& event, const Bytes& erasure) override;
  Result<std::string> records(const RecordQuery& query) override;
  Result<std::string> record(const Digest& id) override;
  Result<std::string> agreements(const AgreementQuery& query) override;
  Result<std::string> agreement(const Digest& id) override;
  Result<std::string> inbox(const InboxQuery& query) override;
  Result<std::string> listings(const ListingQuery& query) override;  // these in market_port.cc
  Result<std::string> recommendations(const RecommendationQuery& query) override;
  Result<std::string> listing_course(const Digest& listing, std::string_view on) override;
  Result<std::string> packs() override;
  Result<std::string> pack(std::string_view id, std::string_view version) override;
  Result<std::string> cut() override;
  Result<std::string> cuts() override;  // these three in closing_port.cc, with figures
  Result<std::string> proposed_cut(const Digest& proposal) override;
  Result<std::string> closings(const ClosingQuery& query) override;
  Result<std::string> differences(const DifferenceQuery& query) override;
  Result<std::string> figures(const FigureQuery& query) override;
  Result<Bytes> bundle(const BundleQuery& query) override;
  Result<std::string> signals(const SignalQuery& query) override;
  Result<std::string> invitation(std::string_view token) override;  // these three in guest_port.cc
  void answer(std::optional<std::string> token, std::vector<Bytes> envelopes,
              std::function<void(Result<GuestReceipt>)> done) override;
  Result<std::string> guests() override;
  Result<LogResource> log_resource(std::string_view member, std::string_view path) override;
  Result<void> begin_backup() override;
  Result<void> begin_rebuild() override;
  Result<std::string> rebuilt() override;
  Result<std::string> backups() override;
  Result<WitnessReply> add_checkpoint(std::string_view request) override;
  Result<std::string> witnessed(const Digest& origin_hash) override;
  Result<std::string> operations() override;  // in operations_port.cc
  Result<std::string> metrics() override;
  Result<std::string> forks() override;
  Result<std::string> fork_proof(std::string_view member) override;

 private:
  [[nodiscard]] DepartmentDesk departments() const;

  Node& node_;
  Store& store_;
  Views& views_;
  ClosingDesk closing_;
  /// Held while openings are read and written: what is erased must not come back with an opening
  /// that was being added.
  std::mutex openings_;
  Counts refused_;  // submissions, by error code
};

}  // namespace hefu

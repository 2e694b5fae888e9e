#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/port.h"

namespace hefu {

inline const std::string kId(64, 'c');

/// For tests: remembers what it was asked and answers with something recognisable, or with `fail`.
class FakePort : public Port {
 public:
  std::optional<Error> fail;
  EventQuery event_query;
  RecordQuery record_query;
  AgreementQuery agreement_query;
  InboxQuery inbox_query;
  std::string asked_pack;
  FigureQuery figure_query;
  BundleQuery bundle_query;
  ClosingQuery closing_query;
  DifferenceQuery difference_query;
  SignalQuery signal_query;
  std::vector<Bytes> envelopes;
  std::optional<AckLevel> asked_level;
  std::optional<Priority> asked_priority;
  AckLevel reached = AckLevel::kReplicated;
  std::vector<Disclosure> disclosures;
  std::string log_member;
  std::string log_path;
  bool immutable = false;
  int backups_begun = 0;
  int rebuilds_begun = 0;
  Result<void> begin_rebuild() override {
    if (fail) {
      return *fail;
    }
    if (++rebuilds_begun > 1) {
      return Error{Errc::kUnavailable, "one is under way", ""};
    }
    return {};
  }
  Result<std::string> rebuilt() override { return say("rebuilt"); }

  Result<std::string> status() override { return say("status"); }
  Result<void> begin_backup() override {
    ++backups_begun;
    return fail ? Result<void>(*fail) : Result<void>();
  }
  Result<std::string> backups() override { return say("backups"); }
  Result<std::string> charter_note() override { return say("charter"); }
  Result<std::string> members() override { return say("members"); }
  Result<std::string> governance() override { return say("governance"); }
  Result<std::string> catalogue_json() override { return say("catalogue"); }
  std::optional<Reach> reach;
  std::optional<Error> beyond_reach;
  Result<void> admit(const Reach& given, std::span<const Bytes> /*envelopes*/) override {
    reach = given;
    return beyond_reach ? Result<void>(*beyond_reach) : Result<void>();
  }
  Result<void> admit(const Reach& given, std::span<const Digest> /*events*/) override {
    reach = given;
    return beyond_reach ? Result<void>(*beyond_reach) : Result<void>();
  }
  void submit(std::vector<Bytes> given, std::optional<AckLevel> level,
              std::optional<Priority> priority,
              std::function<void(Result<SubmitReceipt>)> done) override {
    asked_priority = priority;
    envelopes = std::move(given);
    asked_level = level;
    if (fail) {
      done(*fail);
      return;
    }
    SubmitReceipt receipt;
    receipt.level = reached;
    receipt.origin = "a.example/hefu/1";
    if (reached != AckLevel::kStored) {
      receipt.size = 7;
      receipt.checkpoint = "note\n\n— x y\n";
    }
    for (std::size_t i = 0; i < envelopes.size(); ++i) {
      receipt.entries.push_back(
          {*Digest::from_hex(kId), 5 + i, reached == AckLevel::kWitnessed ? "proof\n" : ""});
    }
    done(std::move(receipt));
  }
  std::optional<std::string> token;
  Result<std::string> invitation(std::string_view given) override {
    token = std::string(given);
    return say("invitation");
  }
  void answer(std::optional<std::string> given, std::vector<Bytes> signed_by_guest,
              std::function<void(Result<GuestReceipt>)> done) override {
    token = std::move(given);
    envelopes = std::move(signed_by_guest);
    if (fail) {
      done(*fail);
      return;
    }
    GuestReceipt receipt{"a.example/hefu/1", {}};
    for (std::size_t i = 0; i < envelopes.size(); ++i) {
      receipt.entries.push_back({*Digest::from_hex(kId), "promise\n"});
    }
    done(std::move(receipt));
  }
  Result<std::string> guests() override { return say("guests"); }
  Result<std::string> events(const EventQuery& query) override {
    event_query = query;
    return say("events");
  }
  Result<std::string> event(const Digest& id) override { return say("event " + id.hex()); }
  Result<Digest> event_beginning(std::string_view hex) override {
    const auto id = Digest::from_hex(std::string(hex) + std::string(64 - hex.size(), '0'));
    return fail ? Result<Digest>(*fail) : Result<Digest>(*id);
  }
  Result<std::string> event_proof(const Digest& id) override { return say("proof " + id.hex()); }
  Result<void> put_disclosures(std::vector<Disclosure> given) override {
    disclosures = std::move(given);
    return fail ? Result<void>(*fail) : Result<void>();
  }
  Result<void> erase_disclosures(const Digest& /*event*/, const Bytes& erasure) override {
    envelopes = {erasure};
    return fail ? Result<void>(*fail) : Result<void>();
  }
  Result<std::string> records(const RecordQuery& query) override {
    record_query = query;
    return say("records");
  }
  Result<std::string> record(const Digest& id) override { return say("record " + id.hex()); }
  Result<std::string> agreement(const Digest& id) override { return say("agreement " + id.hex()); }
  Result<std::string> agreements(const AgreementQuery& query) override {
    agreement_query = query;
    return say("agreements");
  }
  Result<std::string> operations() override { return say("operations"); }
  ListingQuery listing_query;
  RecommendationQuery recommendation_query;
  Result<std::string> listings(const ListingQuery& query) override {
    listing_query = query;
    return say("listings");
  }
  Result<std::string> recommendations(const RecommendationQuery& query) override {
    recommendation_query = query;
    return say("recommendations");
  }
  Result<std::string> listing_course(const Digest& listing, std::string_view on) override {
    return say("course " + listing.hex() + " " + std::string(on));
  }
  Result<std::string> inbox(const InboxQuery& query) override {
    inbox_query = query;
    return say("inbox");
  }
  Result<std::string> packs() override { return say("packs"); }
  Result<std::string> pack(std::string_view id, std::string_view version) override {
    asked_pack = std::string(id) + "/" + std::string(version);
    return say("pack");
  }
  Result<std::string> cut() override { return say("cut"); }
  Result<std::string> cuts() override { return say("cuts"); }
  Result<std::string> proposed_cut(const Digest& id) override { return say("cut " + id.hex()); }
  Result<std::string> closings(const ClosingQuery& query) override {
    closing_query = query;
    return say("closings");
  }
  Result<std::string> differences(const DifferenceQuery& query) override {
    difference_query = query;
    return say("differences");
  }
  Result<std::string> figures(const FigureQuery& query) override {
    figure_query = query;
    return say("figures");
  }
  Result<Bytes> bundle(const BundleQuery& query) override {
    bundle_query = query;
    return fail ? Result<Bytes>(*fail) : Result<Bytes>(to_bytes(std::string_view("bundle")));
  }
  Result<std::string> signals(const SignalQuery& query) override {
    signal_query = query;
    return say("signals");
  }
  Result<WitnessReply> add_checkpoint(std::string_view request) override {
    if (fail) {
      return *fail;
    }
    return request == "good" ? WitnessReply{200, "", "— w sig\n"}
                             : WitnessReply{409, "text/x.tlog.size", "7\n"};
  }
  Result<std::string> witnessed(const Digest& origin_hash) override {
    return say("witnessed " + origin_hash.hex());
  }
  Result<std::string> metrics() override {
    return fail ? Result<std::string>(*fail) : Result<std::string>("hefu_settled 1\n");
  }
  Result<std::string> forks() override { return say("forks"); }
  Result<std::string> fork_proof(std::string_view member) override {
    log_member = std::string(member);
    return fail ? Result<std::string>(*fail) : Result<std::string>("tlog-fork-proof/v0\n");
  }
  Result<LogResource> log_resource(std::string_view member, std::string_view path) override {
    log_member = std::string(member);
    log_path = std::string(path);
    if (fail) {
      return *fail;
    }
    return LogResource{
        to_bytes(path),
        path == "checkpoint" ? "text/plain; charset=utf-8" : "application/octet-stream", immutable};
  }

 private:
  Result<std::string> say(const std::string& what) {
    return fail ? Result<std::string>(*fail) : Result<std::string>("{\"is\":\"" + what + "\"}");
  }
};

}  // namespace hefu

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/fraud/why.h"
#include "ledger/programme/figure.h"

namespace hefu {

// How `why` says what it found; used by why.cc alone.

/// The events and what they give; nulls where they are not at hand.
struct WhyEvents {
  const LedgerState* state = nullptr;
  const View* given = nullptr;
  const Figure* figure = nullptr;
};

/// Whether the version of a record that a leaf counts was replaced by its author.
std::optional<EventId> replaced_since(const CountedRecord& counted, const Records& records);

/// The records a leaf counts; none of a payload that is no list of records.
std::vector<CountedRecord> counted_in(const std::optional<ViewLeaf>& leaf);

/// Of testimonies that agree, or that ask different things.
std::vector<WhyLine> words_apart(const Testimony& left, const Testimony& right,
                                 WhyAnswer::Outcome outcome);

/// Of testimonies that differ: where, what the events give and why, and who is wrong.
std::vector<WhyLine> words(const Testimony& left, const Testimony& right, const WhyAnswer& answer,
                           const WhyEvents& events);

}  // namespace hefu

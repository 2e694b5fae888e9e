#pragma once

#include "ledger/verdict/verdict.h"
#include "tools/context.h"

namespace hefu {

/// The exit code that says a verdict.
constexpr int exit_code(Judgement verdict) {
  switch (verdict) {
    case Judgement::kGood:
      return kExitOk;
    case Judgement::kBad:
      return kExitBad;
    case Judgement::kIncomplete:
      return kExitIncomplete;
  }
  return kExitBad;
}

}  // namespace hefu

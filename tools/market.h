#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu market search`: listings of supply and demand.
struct MarketSearch {
  std::vector<std::string> words;
  std::string direction;
  std::string category;
  std::string issuer;
  std::string place;
  std::string availability;  ///< empty: open
  bool all = false;          ///< whatever their availability
  std::string on;
  std::string from;
  std::uint32_t limit = 20;
};
int run(Context& context, const MarketSearch& options);

/// `hefu market recommend`: what could answer a listing, and why.
struct MarketRecommend {
  std::string listing;
  std::string on;
  std::string from;
  std::uint32_t limit = 10;
  bool english = false;
};
int run(Context& context, const MarketRecommend& options);

/// `hefu market follow`: from a listing to its outcome.
struct MarketFollow {
  std::string listing;
  std::string on;
};
int run(Context& context, const MarketFollow& options);

}  // namespace hefu

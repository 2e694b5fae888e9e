#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// operator<=> of the standard containers (C++20, [array.syn], [vector.syn], [string.cmp] …), which
// libc++ 14, the one of Debian's emscripten, does not have yet. Included before everything else
// when the module is compiled, and never by the other targets. Namespace std is the only one in
// which the compiler looks for them.

namespace std {

namespace hefu_three_way {

template <typename T>
constexpr auto of(const T& a, const T& b) {
  if constexpr (requires { a <=> b; }) {
    return a <=> b;
  } else {
    return a < b ? weak_ordering::less : b < a ? weak_ordering::greater : weak_ordering::equivalent;
  }
}

template <typename Range>
constexpr auto of_ranges(const Range& a, const Range& b) {
  using Order = decltype(of(*a.begin(), *b.begin()));
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const Order order = of(*left, *right); order != 0) {
      return order;
    }
  }
  return Order(left != a.end()    ? strong_ordering::greater
               : right != b.end() ? strong_ordering::less
                                  : strong_ordering::equal);
}

}  // namespace hefu_three_way

template <typename T, size_t N>
constexpr auto operator<=>(const array<T, N>& a, const array<T, N>& b) {
  return hefu_three_way::of_ranges(a, b);
}
template <typename T, typename A>
constexpr auto operator<=>(const vector<T, A>& a, const vector<T, A>& b) {
  return hefu_three_way::of_ranges(a, b);
}
template <typename T, typename C, typename A>
constexpr auto operator<=>(const set<T, C, A>& a, const set<T, C, A>& b) {
  return hefu_three_way::of_ranges(a, b);
}
template <typename K, typename V, typename C, typename A>
constexpr auto operator<=>(const map<K, V, C, A>& a, const map<K, V, C, A>& b) {
  return hefu_three_way::of_ranges(a, b);
}
inline strong_ordering operator<=>(const string& a, const string& b) noexcept {
  const int order = a.compare(b);
  return order <=> 0;
}
constexpr strong_ordering operator<=>(string_view a, string_view b) noexcept {
  const int order = a.compare(b);
  return order <=> 0;
}
template <typename T>
constexpr auto operator<=>(const optional<T>& a, const optional<T>& b) {
  using Order = decltype(hefu_three_way::of(*a, *b));
  return a && b ? hefu_three_way::of(*a, *b) : Order(a.has_value() <=> b.has_value());
}

}  // namespace std

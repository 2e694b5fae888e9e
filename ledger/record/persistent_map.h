#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace hefu {

/// A sorted map of which a copy costs nothing and never changes: what is kept up to date event by
/// event, while readers of earlier states go on reading these.
///
/// A balanced binary tree (AVL) whose nodes are shared between copies: a change makes new nodes on
/// the path to the root, O(log n), and leaves those of every other copy alone. Values are shared
/// and immutable; their addresses stay valid as long as any copy holds them. Readers of different
/// copies need no lock.
template <typename Key, typename T>
class PersistentMap {
  struct Node;
  using Link = std::shared_ptr<const Node>;

 public:
  using Shared = std::shared_ptr<const T>;

  /// What an iterator points at; in the form of the entries of a std::map.
  struct Entry {
    const Key& first;
    const T& second;
  };

  class const_iterator {
   public:
    const_iterator() = default;
    Entry operator*() const { return {path_.back()->key, *path_.back()->value}; }
    auto operator->() const {
      struct Arrow {
        Entry entry;
        const Entry* operator->() const { return &entry; }
      };
      return Arrow{**this};
    }
    [[nodiscard]] const Shared& shared() const { return path_.back()->value; }
    const_iterator& operator++() {
      const Node* right = path_.back()->right.get();
      path_.pop_back();
      descend(right);
      return *this;
    }
    bool operator==(const const_iterator& other) const {
      return path_.empty() == other.path_.empty() &&
             (path_.empty() || path_.back() == other.path_.back());
    }

   private:
    friend class PersistentMap;
    void descend(const Node* node) {
      for (; node != nullptr; node = node->left.get()) {
        path_.push_back(node);
      }
    }
    std::vector<const Node*> path_;  // the entry, and those above it that come after it
  };

  PersistentMap() = default;
  /// From entries that rise strictly by key. O(n).
  static PersistentMap from_sorted(std::vector<std::pair<Key, Shared>> entries) {
    PersistentMap out;
    out.root_ = build(entries, 0, entries.size());
    return out;
  }

  [[nodiscard]] bool empty() const { return root_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return size_of(root_); }
  [[nodiscard]] const_iterator begin() const {
    const_iterator out;
    out.descend(root_.get());
    return out;
  }
  [[nodiscard]] const_iterator end() const { return {}; }
  /// The first entry whose key is not less.
  [[nodiscard]] const_iterator lower_bound(const Key& key) const {
    const_iterator out;
    for (const Node* node = root_.get(); node != nullptr;) {
      if (node->key < key) {
        node = node->right.get();
      } else {
        out.path_.push_back(node);
        node = node->left.get();
      }
    }
    return out;
  }
  [[nodiscard]] const_iterator find(const Key& key) const {
    const_iterator out = lower_bound(key);
    return out == end() || key < (*out).first ? end() : out;
  }
  [[nodiscard]] std::size_t count(const Key& key) const { return get(key) == nullptr ? 0 : 1; }
  [[nodiscard]] bool contains(const Key& key) const { return get(key) != nullptr; }
  /// The value of a key; null if there is none.
  [[nodiscard]] Shared get(const Key& key) const {
    const Node* node = root_.get();
    while (node != nullptr && (key < node->key || node->key < key)) {
      node = key < node->key ? node->left.get() : node->right.get();
    }
    return node == nullptr ? nullptr : node->value;
  }

  /// Puts a value in the place of whatever the key had.
  void set(const Key& key, Shared value) { root_ = put(root_, key, std::move(value)); }
  void set(const Key& key, T value) { set(key, std::make_shared<const T>(std::move(value))); }
  /// True if there was one.
  bool erase(const Key& key) {
    if (!contains(key)) {
      return false;
    }
    root_ = without(root_, key);
    return true;
  }

 private:
  struct Node {
    Key key;
    Shared value;
    Link left;
    Link right;
    std::size_t size;
    int height;
  };

  static std::size_t size_of(const Link& node) { return node == nullptr ? 0 : node->size; }
  static int height_of(const Link& node) { return node == nullptr ? 0 : node->height; }

  static Link join(Key key, Shared value, Link left, Link right) {
    const std::size_t size = size_of(left) + size_of(right) + 1;
    const int height = std::max(height_of(left), height_of(right)) + 1;
    return std::make_shared<const Node>(
        Node{std::move(key), std::move(value), std::move(left), std::move(right), size, height});
  }

  /// The same, where one side may be higher by two.
  static Link balanced(const Key& key, const Shared& value, const Link& left, const Link& right) {
    if (height_of(left) > height_of(right) + 1) {
      if (height_of(left->left) >= height_of(left->right)) {
        return join(left->key, left->value, left->left, join(key, value, left->right, right));
      }
      const Node& middle = *left->right;
      return join(middle.key, middle.value, join(left->key, left->value, left->left, middle.left),
                  join(key, value, middle.right, right));
    }
    if (height_of(right) > height_of(left) + 1) {
      if (height_of(right->right) >= height_of(right->left)) {
        return join(right->key, right->value, join(key, value, left, right->left), right->right);
      }
      const Node& middle = *right->left;
      return join(middle.key, middle.value, join(key, value, left, middle.left),
                  join(right->key, right->value, middle.right, right->right));
    }
    return join(key, value, left, right);
  }

  static Link put(const Link& node, const Key& key, Shared value) {
    if (node == nullptr) {
      return join(key, std::move(value), nullptr, nullptr);
    }
    if (key < node->key) {
      return balanced(node->key, node->value, put(node->left, key, std::move(value)), node->right);
    }
    if (node->key < key) {
      return balanced(node->key, node->value, node->left, put(node->right, key, std::move(value)));
    }
    return join(node->key, std::move(value), node->left, node->right);
  }

  static Link without_first(const Link& node) {
    return node->left == nullptr
               ? node->right
               : balanced(node->key, node->value, without_first(node->left), node->right);
  }

  static Link without(const Link& node, const Key& key) {
    if (key < node->key) {
      return balanced(node->key, node->value, without(node->left, key), node->right);
    }
    if (node->key < key) {
      return balanced(node->key, node->value, node->left, without(node->right, key));
    }
    if (node->left == nullptr || node->right == nullptr) {
      return node->left == nullptr ? node->right : node->left;
    }
    const Node* next = node->right.get();
    while (next->left != nullptr) {
      next = next->left.get();
    }
    return balanced(next->key, next->value, node->left, without_first(node->right));
  }

  static Link build(std::vector<std::pair<Key, Shared>>& entries, std::size_t begin,
                    std::size_t end) {
    if (begin == end) {
      return nullptr;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    Link left = build(entries, begin, middle);
    Link right = build(entries, middle + 1, end);
    return join(std::move(entries[middle].first), std::move(entries[middle].second),
                std::move(left), std::move(right));
  }

  Link root_;
};

}  // namespace hefu

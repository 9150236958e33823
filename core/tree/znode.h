// One znode as it lies in memory: a single allocation that holds the head, the name (the last part of the
// path: the rest stands in its parents) and the data where it is short. What most znodes never have
// (children, a later stat than the one of their creation, long data, an owner) lies apart and is made with
// the first change that needs it.
//
// Always true: a znode's address stays the same from its creation to its end, so znodes name one another by
// pointer: parent and siblings, and their neighbours in the order of creation, in which a parent stands
// before its children. DataTree makes, links and changes them; everybody else reads, until the tree's next
// apply().
#pragma once

#include "jute/client_records.h"
#include "tree/owner.h"
#include "tree/pool.h"

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zk::tree {

// What a znode is on disk and in the digest, beside its path, data and ACL.
struct StatPersisted {
    Zxid czxid, mzxid;
    std::int64_t ctime = 0, mtime = 0;
    std::int32_t version = 0, cversion = 0, aversion = 0; // cversion counts the creates of children only
    std::int64_t ephemeralOwner = 0;
    Zxid pzxid;
    ZK_FIELDS(StatPersisted, czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, pzxid);
};

class Znode;

// The names (not paths) of a znode's children, the youngest first: a range over the children themselves,
// which stand in a list of siblings, so that a parent of a million costs no table of its own.
class ChildNames {
  public:
    class Iterator {
      public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::forward_iterator_tag;
        using pointer = const std::string_view*;
        using reference = std::string_view;

        Iterator() = default;
        explicit Iterator(const Znode* znode) : znode_(znode) {}
        std::string_view operator*() const;
        Iterator& operator++();
        Iterator operator++(int) {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator&) const = default;

      private:
        const Znode* znode_ = nullptr;
    };

    explicit ChildNames(const Znode* first) : first_(first) {}
    Iterator begin() const { return Iterator(first_); }
    Iterator end() const { return Iterator(); }
    bool empty() const { return first_ == nullptr; }

  private:
    const Znode* first_;
};

class Znode {
  public:
    Znode(const Znode&) = delete;
    Znode& operator=(const Znode&) = delete;

    // Null data is not the same as no bytes.
    std::optional<std::string_view> data() const {
        if (dataSize_ < 0) return std::nullopt;
        const char* const bytes = later_ && later_->data ? later_->data.get() : inlineData();
        return std::string_view(bytes, static_cast<std::size_t>(dataSize_));
    }
    StatPersisted persisted() const;
    // The stat that clients see: cversion becomes 2 x stored - numChildren, and only a session is an owner.
    jute::Stat stat() const;
    OwnerKind ownerKind() const { return static_cast<OwnerKind>(ownerKind_); }
    std::int32_t aclId() const { return aclId_; }
    std::size_t childCount() const { return later_ ? later_->childCount : 0; }
    // Of all children's names together.
    std::size_t childNameBytes() const { return later_ ? later_->childNameBytes : 0; }
    ChildNames children() const { return ChildNames(firstChild()); }

    // "" for the root.
    std::string_view name() const { return {reinterpret_cast<const char*>(this + 1), nameSize_}; }
    // The path as on disk: "" for the root.
    std::string diskPath() const {
        std::string path;
        appendPath(path);
        return path;
    }
    void appendPath(std::string& to) const;
    std::size_t pathSize() const;
    // Is `path`, as on disk, this znode's?
    bool isAt(std::string_view path) const;
    // Where it stands in the order of creation.
    std::uint64_t place() const { return place_; }
    std::uint32_t hash() const { return hash_; }

  private:
    friend class ChildNames;
    friend class ChildWalk;
    friend class DataTree;
    friend class View;

    // What came to a znode after its creation.
    struct Later {
        Zxid mzxid, pzxid;
        std::int64_t mtime = 0, ephemeralOwner = 0;
        std::int32_t version = 0, cversion = 0, aversion = 0;
        std::uint32_t childCount = 0;
        std::size_t childNameBytes = 0;
        Znode* firstChild = nullptr;
        std::unique_ptr<char[]> data; // null: the data lies within the znode
        std::size_t inlineSize = 0;   // bytes that the znode has room for
    };

    Znode() = default;
    ~Znode() = default;
    // Not linked to anything yet. `hash` is the path's, `name` its last part.
    static Znode* make(Pool& pool, std::uint32_t hash, std::string_view name,
                       std::optional<std::string_view> data);
    static void destroy(Pool& pool, Znode* znode);
    void setData(std::optional<std::string_view> data);
    void setStat(const StatPersisted& stat);
    Later& later();
    const Znode* firstChild() const { return later_ ? later_->firstChild : nullptr; }
    const char* inlineData() const { return reinterpret_cast<const char*>(this + 1) + nameSize_; }
    char* inlineData() { return reinterpret_cast<char*>(this + 1) + nameSize_; }

    Zxid czxid_;
    std::int64_t ctime_ = 0;
    Znode* parent_ = nullptr; // null: the root
    Znode *nextSibling_ = nullptr, *previousSibling_ = nullptr;
    Znode *older_ = nullptr, *newer_ = nullptr; // in the order of creation
    std::unique_ptr<Later> later_;
    std::uint64_t place_ : 56 = 0;
    std::uint64_t ownerKind_ : 8 = 0;
    std::uint32_t hash_ = 0;
    std::uint32_t nameSize_ = 0;
    std::int32_t dataSize_ = -1; // -1: null
    std::int32_t aclId_ = -1;
};

} // namespace zk::tree

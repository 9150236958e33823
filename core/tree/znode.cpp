#include "tree/znode.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace zk::tree {

namespace {

// Longer data never lies within the znode, where it could not be given back.
constexpr std::size_t kInlineData = 1024;

} // namespace

std::string_view ChildNames::Iterator::operator*() const {
    return znode_->name();
}

ChildNames::Iterator& ChildNames::Iterator::operator++() {
    znode_ = znode_->nextSibling_;
    return *this;
}

Znode* Znode::make(Pool& pool, std::uint32_t hash, std::string_view name,
                   std::optional<std::string_view> data) {
    const std::size_t dataSize = data ? data->size() : 0;
    const std::size_t within = dataSize <= kInlineData ? dataSize : 0;
    Znode* const znode = new (pool.allocate(sizeof(Znode) + name.size() + within)) Znode;
    znode->hash_ = hash;
    znode->nameSize_ = static_cast<std::uint32_t>(name.size());
    std::copy(name.begin(), name.end(), reinterpret_cast<char*>(znode + 1));
    if (dataSize > within) {
        znode->later_ = std::make_unique<Later>();
        znode->setData(data);
    } else if (data) {
        znode->dataSize_ = static_cast<std::int32_t>(dataSize);
        std::copy(data->begin(), data->end(), znode->inlineData());
    }
    return znode;
}

void Znode::destroy(Pool& pool, Znode* znode) {
    const auto within =
        znode->later_ ? znode->later_->inlineSize : static_cast<std::size_t>(std::max(znode->dataSize_, 0));
    const std::size_t size = sizeof(Znode) + znode->nameSize_ + within;
    znode->~Znode();
    pool.release(znode, size);
}

// Precondition: what is changed now is more than the data of a znode that is being made.
Znode::Later& Znode::later() {
    if (!later_) {
        later_ = std::make_unique<Later>();
        later_->mzxid = later_->pzxid = czxid_;
        later_->mtime = ctime_;
        later_->inlineSize = static_cast<std::size_t>(std::max(dataSize_, 0));
    }
    return *later_;
}

void Znode::setData(std::optional<std::string_view> data) {
    Later& to = later();
    const std::size_t size = data ? data->size() : 0;
    char* bytes = inlineData();
    if (size <= to.inlineSize) {
        to.data.reset();
    } else {
        if (!to.data || dataSize_ != static_cast<std::int32_t>(size))
            to.data = std::make_unique_for_overwrite<char[]>(size);
        bytes = to.data.get();
    }
    if (data) std::copy(data->begin(), data->end(), bytes);
    dataSize_ = data ? static_cast<std::int32_t>(size) : -1;
}

void Znode::setStat(const StatPersisted& stat) {
    czxid_ = stat.czxid;
    ctime_ = stat.ctime;
    StatPersisted young;
    young.czxid = young.mzxid = young.pzxid = stat.czxid;
    young.ctime = young.mtime = stat.ctime;
    if (!later_ && stat == young) return;
    Later& to = later();
    to.mzxid = stat.mzxid, to.pzxid = stat.pzxid;
    to.mtime = stat.mtime;
    to.version = stat.version, to.cversion = stat.cversion, to.aversion = stat.aversion;
    to.ephemeralOwner = stat.ephemeralOwner;
}

StatPersisted Znode::persisted() const {
    StatPersisted stat;
    stat.czxid = stat.mzxid = stat.pzxid = czxid_;
    stat.ctime = stat.mtime = ctime_;
    if (later_) {
        stat.mzxid = later_->mzxid, stat.pzxid = later_->pzxid;
        stat.mtime = later_->mtime;
        stat.version = later_->version, stat.cversion = later_->cversion, stat.aversion = later_->aversion;
        stat.ephemeralOwner = later_->ephemeralOwner;
    }
    return stat;
}

jute::Stat Znode::stat() const {
    const StatPersisted stored = persisted();
    jute::Stat stat;
    stat.czxid = stored.czxid, stat.mzxid = stored.mzxid, stat.pzxid = stored.pzxid;
    stat.ctime = stored.ctime, stat.mtime = stored.mtime;
    stat.version = stored.version, stat.aversion = stored.aversion;
    const auto children = static_cast<std::uint32_t>(childCount());
    stat.cversion = static_cast<std::int32_t>(2u * static_cast<std::uint32_t>(stored.cversion) - children);
    stat.ephemeralOwner = ownerKind() == OwnerKind::Session ? stored.ephemeralOwner : 0;
    stat.dataLength = std::max(dataSize_, 0);
    stat.numChildren = static_cast<std::int32_t>(children);
    return stat;
}

std::size_t Znode::pathSize() const {
    std::size_t size = 0;
    for (const Znode* part = this; part->parent_; part = part->parent_)
        size += 1 + part->nameSize_;
    return size;
}

void Znode::appendPath(std::string& to) const {
    to.resize(to.size() + pathSize());
    char* end = to.data() + to.size();
    for (const Znode* part = this; part->parent_; part = part->parent_) {
        end -= part->nameSize_;
        std::memcpy(end, part->name().data(), part->nameSize_);
        *--end = '/';
    }
}

bool Znode::isAt(std::string_view path) const {
    const Znode* part = this;
    for (; part->parent_; part = part->parent_) {
        const std::size_t size = part->nameSize_;
        if (path.size() <= size || path[path.size() - size - 1] != '/' || !path.ends_with(part->name()))
            return false;
        path.remove_suffix(size + 1);
    }
    return path.empty();
}

} // namespace zk::tree

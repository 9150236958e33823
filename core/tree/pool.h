// Pool: memory for the znodes of one tree, in sizes of eight bytes up to 1.2 KB. Blocks of a size are cut
// from large chunks, side by side and without a head of their own; a block that is given back serves the next
// of its size, and the chunks go with the pool. Larger blocks come from the heap one by one. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace zk::tree {

class Pool {
  public:
    Pool() = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Aligned as pointers are.
    void* allocate(std::size_t size) {
        if (size > kLargest) return ::operator new(size);
        Free*& first = free_[classOf(size)];
        if (first == nullptr) return cut(roundUp(size));
        return std::exchange(first, first->next);
    }
    // `size` as it was asked for.
    void release(void* block, std::size_t size) {
        if (size > kLargest) return ::operator delete(block);
        Free*& first = free_[classOf(size)];
        first = new (block) Free{first};
    }

  private:
    struct Free {
        Free* next;
    };
    static constexpr std::size_t kStep = 8, kLargest = 1200, kChunk = 256 * 1024;
    static constexpr std::size_t classOf(std::size_t size) { return (size + kStep - 1) / kStep; }
    static constexpr std::size_t roundUp(std::size_t size) { return classOf(size) * kStep; }

    // From the newest chunk; what is left of one that cannot hold the block is lost, which is less than a
    // block.
    void* cut(std::size_t size) {
        if (left_ < size) {
            chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunk));
            left_ = kChunk;
        }
        std::byte* const block = chunks_.back().get() + (kChunk - left_);
        left_ -= size;
        return block;
    }

    std::vector<std::unique_ptr<std::byte[]>> chunks_;
    std::size_t left_ = 0; // of the newest chunk
    std::array<Free*, kLargest / kStep + 1> free_{};
};

} // namespace zk::tree

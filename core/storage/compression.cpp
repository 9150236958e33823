#include "storage/compression.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "storage/disk.h"
#include "storage/txn_log.h"

#include <zlib.h>
#ifdef VIV_SNAPPY
#include <snappy.h>
#endif

namespace zk::storage {

namespace {

constexpr int kGzipWindow = 15 + 16; // with gzip's header
constexpr std::string_view kSnappyHeader{"\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16};
constexpr std::size_t kSnappyBlock = 32 * 1024;
constexpr std::size_t kGivenAtOnce = 1 << 30;

Error corrupt(const std::string& path, const std::string& what) {
    return {Errc::Corrupt, path + " is damaged: " + what};
}

Result<std::string> gunzipped(const std::string& bytes, const std::string& path) {
    z_stream stream{};
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) return Error{Errc::Io, path + " cannot be read: zlib does not start"};
    std::string out;
    std::string piece(256 * 1024, '\0');
    std::size_t given = 0; // zlib counts in 32 bits
    int state = Z_OK;
    while (state == Z_OK) {
        if (stream.avail_in == 0) {
            const std::size_t size = std::min(bytes.size() - given, kGivenAtOnce);
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + given));
            stream.avail_in = static_cast<uInt>(size);
            given += size;
        }
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
        if (state == Z_BUF_ERROR) break; // it ends before its end
    }
    const bool trailing = stream.avail_in > 0 || given < bytes.size();
    inflateEnd(&stream);
    if (state != Z_STREAM_END) return corrupt(path, "it is no gzip stream, or not a whole one");
    if (trailing) return corrupt(path, "there are bytes behind its end");
    return out;
}

class GzCompressor : public Compressor {
  public:
    GzCompressor() {
        ZK_ASSERT(deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    }
    ~GzCompressor() override { deflateEnd(&stream_); }
    void add(std::string_view bytes, std::string& out) override { run(bytes, Z_NO_FLUSH, out); }
    void finish(std::string& out) override { run({}, Z_FINISH, out); }

  private:
    void run(std::string_view bytes, int flush, std::string& out) {
        char piece[64 * 1024];
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(piece);
            stream_.avail_out = sizeof piece;
            deflate(&stream_, flush);
            out.append(piece, sizeof piece - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }
    z_stream stream_{};
};

#ifdef VIV_SNAPPY
Result<std::string> unsnapped(std::string_view bytes, const std::string& path) {
    if (!bytes.starts_with(kSnappyHeader.substr(0, 8)) || bytes.size() < kSnappyHeader.size())
        return corrupt(path, "it does not begin as a snappy stream does");
    bytes.remove_prefix(kSnappyHeader.size());
    std::string out;
    while (!bytes.empty()) {
        if (bytes.size() < 4) return corrupt(path, "it ends within a block's length");
        const auto length = loadBigEndian<std::int32_t>(bytes.data());
        bytes.remove_prefix(4);
        if (length <= 0 || static_cast<std::size_t>(length) > bytes.size()) return corrupt(path, "it ends within a block");
        std::string block;
        if (!snappy::Uncompress(bytes.data(), static_cast<std::size_t>(length), &block))
            return corrupt(path, "a block of it is no snappy");
        out += block;
        bytes.remove_prefix(static_cast<std::size_t>(length));
    }
    return out;
}

class SnappyCompressor : public Compressor {
  public:
    void add(std::string_view bytes, std::string& out) override {
        begin(out);
        pending_ += bytes;
        std::size_t taken = 0;
        for (; pending_.size() - taken >= kSnappyBlock; taken += kSnappyBlock)
            block(std::string_view(pending_).substr(taken, kSnappyBlock), out);
        pending_.erase(0, taken);
    }
    void finish(std::string& out) override {
        begin(out);
        if (!pending_.empty()) block(pending_, out);
        pending_.clear();
    }

  private:
    void begin(std::string& out) {
        if (!std::exchange(begun_, true)) out += kSnappyHeader;
    }
    static void block(std::string_view bytes, std::string& out) {
        std::string packed;
        snappy::Compress(bytes.data(), bytes.size(), &packed);
        char length[4];
        storeBigEndian(length, static_cast<std::int32_t>(packed.size()));
        out.append(length, sizeof length);
        out += packed;
    }
    std::string pending_;
    bool begun_ = false;
};
#endif

} // namespace

bool isBuilt(Compression method) {
#ifdef VIV_SNAPPY
    static_cast<void>(method);
    return true;
#else
    return method != Compression::Snappy;
#endif
}

std::string_view extensionOf(Compression method) {
    if (method == Compression::Gz) return ".gz";
    return method == Compression::Snappy ? ".snappy" : "";
}

Compression compressionOf(std::string_view name) {
    if (name.ends_with(".gz")) return Compression::Gz;
    return name.ends_with(".snappy") ? Compression::Snappy : Compression::None;
}

std::string snapshotName(Zxid zxid, Compression method) {
    return nameOf("snapshot", zxid) + std::string(extensionOf(method));
}

Result<std::string> decompressed(std::string bytes, Compression method, const std::string& path) {
    if (method == Compression::None) return bytes;
    if (method == Compression::Gz) return gunzipped(bytes, path);
#ifdef VIV_SNAPPY
    return unsnapped(bytes, path);
#else
    return Error{Errc::Corrupt, path + " cannot be read: this build has no snappy; build it with libsnappy"};
#endif
}

std::unique_ptr<Compressor> compressorFor(Compression method) {
    if (method == Compression::Gz) return std::make_unique<GzCompressor>();
#ifdef VIV_SNAPPY
    if (method == Compression::Snappy) return std::make_unique<SnappyCompressor>();
#endif
    return nullptr;
}

} // namespace zk::storage

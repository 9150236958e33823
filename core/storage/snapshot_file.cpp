#include "storage/snapshot_file.h"

#include "base/checksum.h"
#include "jute/archive.h"
#include "storage/txn_log.h"

namespace zk::storage {

namespace {

constexpr std::int32_t kMagic = 0x5A4B534E; // "ZKSN"
constexpr std::int32_t kVersion = 2;
constexpr std::int64_t kDatabaseId = -1;
constexpr std::size_t kFileHeader = 16;
constexpr std::int32_t kDigestVersion = 2;
constexpr std::size_t kStatBytes = 60;
constexpr std::string_view kEnd{"\0\0\0\1/", 5}; // ustring "/"

// Reads over the body without keeping anything of it.
void skipBody(jute::Reader& in) {
    const std::int32_t sessions = in.i32();
    for (std::int32_t index = 0; index < sessions && in.ok(); ++index)
        in.raw(8 + 4);
    const std::int32_t lists = in.i32();
    for (std::int32_t index = 0; index < lists && in.ok(); ++index) {
        in.i64();
        const std::int32_t entries = in.count();
        for (std::int32_t entry = 0; entry < entries && in.ok(); ++entry) {
            in.i32();
            in.ustring();
            in.ustring();
        }
    }
    while (in.ok() && in.ustring() != "/") {
        in.buffer();
        in.raw(8 + kStatBytes);
    }
}

class SnapshotReader {
  public:
    SnapshotReader(std::string bytes, std::string path) : bytes_(std::move(bytes)), path_(std::move(path)) {}

    Result<StoredSnapshot> read(Zxid zxid) {
        jute::Reader in(bytes_);
        if (in.i32() != kMagic || in.i32() != kVersion || (in.i64(), !in.ok()))
            return corrupt(0, "it does not begin as a snapshot does");
        skipBody(in);
        if (!in.ok()) return corrupt(in.offset(), "a record there is cut off or makes no sense");
        const std::size_t bodyEnd = in.offset();
        if (!seal(in)) return badSeal(bodyEnd);
        StoredSnapshot snapshot{zxid, {}, {}, {}, path_};
        if (in.left() >= 8 + 4 + 8 + kSealBytes) { // the digest; an 8-byte zxid with its seal is shorter
            const std::size_t at = in.offset();
            const Zxid digestZxid(in.i64());
            const std::int32_t version = in.i32();
            const auto digest = static_cast<std::uint64_t>(in.i64());
            if (!seal(in)) return badSeal(at);
            if (digestZxid.value != 0 && version == kDigestVersion) {
                snapshot.digest = digest;
                snapshot.digestZxid = digestZxid;
            }
        }
        if (in.left() > 0) {
            const std::size_t at = in.offset();
            in.i64(); // the last processed zxid: the one in the file's name
            if (!seal(in)) return badSeal(at);
        }
        if (in.left() > 0) return corrupt(in.offset(), "there are bytes behind its end");
        bytes_.resize(bodyEnd);
        bytes_.erase(0, kFileHeader);
        snapshot.body = std::move(bytes_);
        return snapshot;
    }

  private:
    static constexpr std::size_t kSealBytes = 8 + 5;

    bool seal(jute::Reader& in) {
        sealed_ = adler32(std::string_view(bytes_).substr(summed_, in.offset() - summed_), sealed_);
        summed_ = in.offset();
        return static_cast<std::uint64_t>(in.i64()) == sealed_ && in.raw(kEnd.size()) == kEnd && in.ok();
    }
    Error corrupt(std::size_t offset, const std::string& what) const {
        return {Errc::Corrupt, path_ + " is damaged at offset " + std::to_string(offset) + ": " + what};
    }
    Error badSeal(std::size_t offset) const {
        return corrupt(offset, "the checksum behind it is not that of the bytes before it");
    }

    std::string bytes_, path_;
    std::size_t summed_ = 0; // bytes that sealed_ covers
    std::uint32_t sealed_ = 1;
};

} // namespace

Result<StoredSnapshot> readSnapshot(Disk& disk, const std::string& path, Zxid zxid) {
    auto bytes = readFile(disk, path);
    if (!bytes) return bytes.error();
    auto plain = decompressed(std::move(*bytes), compressionOf(path), path);
    if (!plain) return plain.error();
    return SnapshotReader(std::move(*plain), path).read(zxid);
}

Result<bool> looksWhole(Disk& disk, const std::string& path) {
    const auto file = disk.open(path);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    if (*size < kFileHeader + kEnd.size()) return false;
    if (const Compression method = compressionOf(path); method != Compression::None) {
        const auto begins = (*file)->read(0, 2);
        if (!begins) return begins.error();
        return *begins == (method == Compression::Gz ? "\x1f\x8b" : "\x82S");
    }
    const auto magic = (*file)->read(0, 4);
    if (!magic) return magic.error();
    const auto tail = (*file)->read(*size - kEnd.size(), kEnd.size());
    if (!tail) return tail.error();
    return magic->size() == 4 && loadBigEndian<std::int32_t>(magic->data()) == kMagic && *tail == kEnd;
}

SnapshotWriter::SnapshotWriter(Disk& disk, std::string directory, Zxid zxid, Compression method)
    : disk_(disk), directory_(std::move(directory)), name_(snapshotName(zxid, method)),
      temporary_(directory_ + "/" + std::string(kUnfinishedPrefix) + name_), zxid_(zxid),
      compressor_(compressorFor(method)) {}

SnapshotWriter::~SnapshotWriter() {
    if (!file_) return;
    file_.reset();
    // What cannot be removed now is removed when the store is opened the next time.
    static_cast<void>(disk_.remove(temporary_));
}

Result<void> SnapshotWriter::begin() {
    auto file = disk_.create(temporary_);
    if (!file) return file.error();
    file_ = std::move(*file);
    std::string header;
    jute::Writer out(header);
    out.i32(kMagic);
    out.i32(kVersion);
    out.i64(kDatabaseId);
    return piece(header);
}

Result<void> SnapshotWriter::piece(std::string_view bytes) {
    adler_ = adler32(bytes, adler_);
    if (!compressor_) return write(bytes);
    std::string packed;
    compressor_->add(bytes, packed);
    return write(packed);
}

Result<void> SnapshotWriter::write(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (auto done = file_->write(written_, bytes); !done) return done;
    written_ += bytes.size();
    return {};
}

void SnapshotWriter::seal(std::string& tail) {
    // adler_ covers what has been written; `tail` is still to be summed.
    jute::Writer(tail).i64(adler32(tail, adler_));
    tail += kEnd;
}

Result<void> SnapshotWriter::finish(std::optional<std::uint64_t> digest, bool withLastZxid) {
    std::string tail;
    jute::Writer out(tail);
    seal(tail);
    if (digest) {
        // Before the first transaction Apache writes no digest, but the record all the same.
        out.i64(zxid_.value);
        out.i32(kDigestVersion);
        out.i64(zxid_.value == 0 ? 0 : static_cast<std::int64_t>(*digest));
        seal(tail);
    }
    // Never without the digest: readers that look for one first would take this for it.
    if (digest && withLastZxid) {
        out.i64(zxid_.value);
        seal(tail);
    }
    if (auto done = piece(tail); !done) return done;
    if (compressor_) {
        std::string packed;
        compressor_->finish(packed);
        if (auto done = write(packed); !done) return done;
    }
    if (auto done = file_->sync(); !done) return done;
    file_.reset();
    if (auto done = disk_.rename(temporary_, directory_ + "/" + name_); !done)
        return done;
    return disk_.syncDirectory(directory_);
}

} // namespace zk::storage

#include "storage/txn_log.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "storage/compression.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace zk::storage {

namespace {

constexpr std::int32_t kMagic = 0x5A4B4C47; // "ZKLG"
constexpr std::int32_t kVersion = 2;
constexpr std::size_t kFileHeader = 16;
constexpr std::size_t kHeaderUsed = 8; // magic and version; nobody reads the database id
constexpr std::size_t kRecordHeader = 12;
constexpr std::size_t kTxnHeader = 32;
constexpr std::size_t kZxidInTxn = 12;
constexpr char kEndOfRecord = 0x42;
constexpr std::uint64_t kReserveAhead = 4096;
constexpr std::size_t kWindow = 1 << 20;

std::string fileHeader() {
    std::string header(kFileHeader, '\0');
    storeBigEndian(header.data(), kMagic);
    storeBigEndian(header.data() + 4, kVersion);
    return header;
}

bool allZero(std::string_view bytes) {
    return bytes.empty() ||
           (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// A record that begins at the start of `bytes`, if one does and is whole.
struct Record {
    enum class State { Whole, Torn, BadChecksum } state = State::Torn;
    Zxid zxid;
    std::string_view txn;
};

// One log being read, through a window over the file.
class LogReader {
  public:
    LogReader(File& file, std::string path, std::uint64_t size)
        : file_(file), path_(std::move(path)), size_(size) {}

    Result<LogScan> scan(const TakeRecord& take);

  private:
    // Up to `size` bytes at `offset`: fewer only at the end of the file. Valid until the next call.
    Result<std::string_view> view(std::uint64_t offset, std::size_t size);
    Result<Record> recordAt(std::uint64_t offset);
    // Says what stands after the last whole record: nothing, a torn tail, or damage.
    Result<LogScan> finish(LogScan scan);
    // The offset of the first whole record, newer than `newerThan`, that begins after `offset`.
    Result<std::optional<std::uint64_t>> recordAfter(std::uint64_t offset, Zxid newerThan);
    Result<bool> zeroFrom(std::uint64_t offset);
    Error corrupt(std::uint64_t offset, const std::string& what) const {
        return {Errc::Corrupt, path_ + " is damaged at offset " + std::to_string(offset) + ": " + what +
                                   "; restore the file, or empty this server's directory and let it copy its "
                                   "data from the others"};
    }

    File& file_;
    std::string path_;
    std::uint64_t size_;
    std::string window_;
    std::uint64_t windowAt_ = 0;
};

Result<std::string_view> LogReader::view(std::uint64_t offset, std::size_t size) {
    const std::uint64_t have = offset < size_ ? size_ - offset : 0;
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, have));
    if (offset < windowAt_ || offset + size > windowAt_ + window_.size()) {
        auto bytes = file_.read(offset, std::max(size, kWindow));
        if (!bytes) return bytes.error();
        window_ = std::move(*bytes);
        windowAt_ = offset;
        if (window_.size() < size) return Error{Errc::Io, path_ + " became shorter while it was read"};
    }
    return std::string_view(window_).substr(static_cast<std::size_t>(offset - windowAt_), size);
}

Result<Record> LogReader::recordAt(std::uint64_t offset) {
    const auto header = view(offset, kRecordHeader);
    if (!header) return header.error();
    if (header->size() < kRecordHeader) return Record{};
    const auto checksum = loadBigEndian<std::uint64_t>(header->data());
    const auto length = loadBigEndian<std::int32_t>(header->data() + 8);
    if (length <= 0 || offset + kRecordHeader + static_cast<std::uint64_t>(length) + 1 > size_)
        return Record{};
    const std::size_t whole = kRecordHeader + static_cast<std::size_t>(length) + 1;
    if (whole > kWindow) { // the mark first: a length that is garbage must not make us read a great deal
        const auto mark = file_.read(offset + whole - 1, 1);
        if (!mark) return mark.error();
        if (*mark != std::string_view(&kEndOfRecord, 1)) return Record{};
    }
    const auto bytes = view(offset, whole);
    if (!bytes) return bytes.error();
    if (bytes->back() != kEndOfRecord) return Record{};
    const auto txn = bytes->substr(kRecordHeader, static_cast<std::size_t>(length));
    if (adler32(txn) != checksum || txn.size() < kTxnHeader)
        return Record{Record::State::BadChecksum, {}, {}};
    return Record{Record::State::Whole, Zxid(loadBigEndian<std::int64_t>(txn.data() + kZxidInTxn)), txn};
}

Result<LogScan> LogReader::scan(const TakeRecord& take) {
    LogScan scan;
    const auto header = view(0, kFileHeader);
    if (!header) return header.error();
    const std::string usual = fileHeader();
    if (!header->starts_with(std::string_view(usual).substr(0, kHeaderUsed))) {
        // What a torn write leaves is a beginning of the header, and zeros.
        const std::string_view written = header->substr(0, header->find_last_not_of('\0') + 1);
        if (!usual.starts_with(written)) return corrupt(0, "it does not begin as a transaction log does");
        return finish(scan);
    }
    if (header->size() < kFileHeader) return finish(scan);
    scan.end = kFileHeader;
    for (;;) {
        const auto record = recordAt(scan.end);
        if (!record) return record.error();
        if (record->state == Record::State::BadChecksum)
            return corrupt(scan.end, "the checksum of the record there is wrong");
        if (record->state == Record::State::Torn) return finish(scan);
        const std::uint64_t end = scan.end + kRecordHeader + record->txn.size() + 1;
        if (auto done = take(record->zxid, record->txn, end); !done) return done.error();
        scan.end = end;
        scan.last = record->zxid;
    }
}

Result<LogScan> LogReader::finish(LogScan scan) {
    const auto clean = zeroFrom(scan.end);
    if (!clean) return clean.error();
    if (*clean) return scan;
    const auto next = recordAfter(scan.end, scan.last.value_or(Zxid(-1)));
    if (!next) return next.error();
    if (*next)
        return corrupt(scan.end,
                       "no whole record begins there, but one does at offset " + std::to_string(**next));
    scan.torn =
        path_ + " ends in a record that was not written to its end, at offset " + std::to_string(scan.end);
    return scan;
}

Result<bool> LogReader::zeroFrom(std::uint64_t offset) {
    while (offset < size_) {
        const auto bytes = view(offset, kWindow);
        if (!bytes) return bytes.error();
        if (!allZero(*bytes)) return false;
        offset += bytes->size();
    }
    return true;
}

Result<std::optional<std::uint64_t>> LogReader::recordAfter(std::uint64_t offset, Zxid newerThan) {
    constexpr std::size_t kStep = kWindow - kRecordHeader;
    for (std::uint64_t at = offset + 1; at + kRecordHeader + kTxnHeader + 1 <= size_; at += kStep) {
        const auto bytes = file_.read(at, kWindow);
        if (!bytes) return bytes.error();
        if (allZero(*bytes)) continue;
        for (std::size_t index = 0; index < kStep && index + kRecordHeader <= bytes->size(); ++index) {
            // The checksum is a long of 32 bits: four zeros begin every record.
            if (loadBigEndian<std::uint32_t>(bytes->data() + index) != 0) continue;
            if (loadBigEndian<std::int32_t>(bytes->data() + index + 8) < static_cast<int>(kTxnHeader))
                continue;
            const auto record = recordAt(at + index);
            if (!record) return record.error();
            if (record->state == Record::State::Whole && record->zxid > newerThan)
                return std::optional<std::uint64_t>(at + index);
        }
    }
    return std::optional<std::uint64_t>();
}

} // namespace

std::string nameOf(std::string_view prefix, Zxid zxid) {
    return std::string(prefix) + "." + hex(zxid).substr(2);
}

std::optional<Zxid> zxidOfName(std::string_view prefix, std::string_view name) {
    if (!name.starts_with(prefix) || name.size() <= prefix.size() + 1 || name[prefix.size()] != '.')
        return {};
    std::string_view digits = name.substr(prefix.size() + 1);
    if (prefix == "snapshot") digits.remove_suffix(extensionOf(compressionOf(digits)).size());
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (failure != std::errc() || end != digits.data() + digits.size()) return {};
    return Zxid(static_cast<std::int64_t>(value));
}

Result<LogScan> scanLog(Disk& disk, const std::string& path, const TakeRecord& take) {
    const auto file = disk.open(path);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    return LogReader(**file, path, *size).scan(take);
}

LogWriter::LogWriter(Disk& disk, std::string directory, std::uint64_t preallocateBytes, bool forceSync)
    : disk_(disk), directory_(std::move(directory)), preallocateBytes_(preallocateBytes),
      forceSync_(forceSync) {}

Result<void> LogWriter::append(Zxid zxid, std::string_view txn) {
    if (sizeLimit_ > 0 && file_ != nullptr && bytes() > sizeLimit_) rollAsked_ = true;
    if (rollAsked_) {
        if (auto done = sync(); !done) return done;
        close();
    }
    if (pending_.empty()) firstPending_ = zxid;
    char header[kRecordHeader];
    storeBigEndian(header, static_cast<std::uint64_t>(adler32(txn)));
    storeBigEndian(header + 8, static_cast<std::int32_t>(txn.size()));
    pending_.append(header, sizeof header);
    pending_.append(txn);
    pending_.push_back(kEndOfRecord);
    return {};
}

void LogWriter::close() {
    file_.reset();
    pending_.clear();
    end_ = reserved_ = 0;
    rollAsked_ = false;
}

Result<void> LogWriter::sync() {
    if (pending_.empty()) return {};
    const bool starts = file_ == nullptr;
    if (starts)
        if (auto done = startFile(); !done) return done;
    if (auto done = reserve(end_ + pending_.size()); !done) return done;
    if (auto done = file_->write(end_, pending_); !done) return done;
    if (forceSync_) {
        if (auto done = file_->sync(); !done) return done;
        if (starts)
            if (auto done = disk_.syncDirectory(directory_); !done) return done;
    }
    end_ += pending_.size();
    pending_.clear();
    return {};
}

Result<void> LogWriter::startFile() {
    const std::string path = directory_ + "/" + nameOf("log", firstPending_);
    const auto there = disk_.exists(path);
    if (!there) return there.error();
    if (*there) return Error{Errc::Corrupt, path + " exists already; a new log must not replace it"};
    auto file = disk_.create(path);
    if (!file) return file.error();
    file_ = std::move(*file);
    reserved_ = kFileHeader;
    pending_.insert(0, fileHeader());
    return {};
}

// Apache's steps: a file is 16 bytes and whole steps long.
Result<void> LogWriter::reserve(std::uint64_t end) {
    if (preallocateBytes_ == 0 || end + kReserveAhead <= reserved_) return {};
    while (end + kReserveAhead > reserved_)
        reserved_ += preallocateBytes_;
    return file_->allocate(reserved_);
}

} // namespace zk::storage

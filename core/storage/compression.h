// Compressed snapshots: snapshot.<zxid>.gz and snapshot.<zxid>.snappy, as zookeeper.snapshot.compression.method makes them.
// The checksums inside are of the bytes before compression. snappy's framing is that of Java's SnappyOutputStream: 16 bytes
// of header, then blocks of an int length and raw snappy. Used by Store, on its thread.
#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace zk::storage {

enum class Compression { None, Gz, Snappy };

// Whether this build can do it: snappy needs its library.
bool isBuilt(Compression method);
// ".gz", ".snappy" or nothing.
std::string_view extensionOf(Compression method);
// By the extension of a file's name.
Compression compressionOf(std::string_view name);
// "snapshot.100000001.gz"
std::string snapshotName(Zxid zxid, Compression method);

// Errors: Corrupt, where the bytes are no such stream, or not a whole one; `path` for the message.
Result<std::string> decompressed(std::string bytes, Compression method, const std::string& path);

// Compresses a stream piece by piece.
class Compressor {
  public:
    virtual ~Compressor() = default;
    virtual void add(std::string_view bytes, std::string& out) = 0;
    virtual void finish(std::string& out) = 0;
};
// Null for None. Precondition: isBuilt.
std::unique_ptr<Compressor> compressorFor(Compression method);

} // namespace zk::storage

#include "net/data_status.h"

#include "storage/txn_log.h"

#include <filesystem>

namespace zk::net {

namespace fs = std::filesystem;

namespace {

// The bytes of the files in version-2; `look` sees each of them.
template <class Look>
std::int64_t sizeOf(const std::string& directory, Look look) {
    std::int64_t size = 0;
    std::error_code failed;
    for (auto entry = fs::directory_iterator(directory + "/version-2", failed); !failed && entry != fs::directory_iterator();
         entry.increment(failed)) {
        std::error_code gone;
        if (const auto bytes = entry->file_size(gone); !gone) size += static_cast<std::int64_t>(bytes);
        look(*entry);
    }
    return size;
}

} // namespace

void fillDataStatus(admin::NodeStatus& status, const std::string& dataDir, const std::string& logDir) {
    status.dataDirSize = sizeOf(dataDir, [&](const fs::directory_entry& entry) {
        const auto zxid = storage::zxidOfName("snapshot", entry.path().filename().string());
        if (!zxid || (status.lastSnapshot && *status.lastSnapshot > *zxid)) return;
        std::error_code gone;
        const auto written = fs::last_write_time(entry.path(), gone);
        if (gone) return;
        using namespace std::chrono;
        status.lastSnapshot = zxid;
        status.lastSnapshotSeconds = duration_cast<seconds>(file_clock::to_sys(written).time_since_epoch()).count();
    });
    status.logDirSize =
        logDir.empty() || logDir == dataDir ? status.dataDirSize : sizeOf(logDir, [](const fs::directory_entry&) {});
}

} // namespace zk::net

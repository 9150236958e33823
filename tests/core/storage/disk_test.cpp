#include "tests/core/storage/fixture.h"

#include <filesystem>
#include <fstream>

namespace zk::storage {
namespace {

// The disk of this system, on a directory that goes with the test.
class SystemDisk : public testing::Test {
  protected:
    SystemDisk()
        : root_(std::filesystem::temp_directory_path() /
                ("storage_test." + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "." +
                 testing::UnitTest::GetInstance()->current_test_info()->name() + "." +
                 std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_);
    }
    ~SystemDisk() override { std::filesystem::remove_all(root_); }

    std::string path(const std::string& name) const { return root_.string() + "/" + name; }

    std::filesystem::path root_;
    std::unique_ptr<Disk> disk_ = systemDisk();
};

TEST_F(SystemDisk, FileKeepsWhatWasWritten) {
    auto file = disk_->create(path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write(0, "hello"));
    ASSERT_TRUE((*file)->write(3, "p me"));
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ(*(*file)->read(0, 100), "help me");
    EXPECT_EQ(*(*file)->read(5, 1), "m");
    EXPECT_EQ(*(*file)->read(7, 1), "");
    EXPECT_EQ(*readFile(*disk_, path("a")), "help me");
    ASSERT_TRUE((*file)->truncate(4));
    EXPECT_EQ(*(*file)->size(), 4u);
    ASSERT_TRUE((*file)->allocate(10));
    EXPECT_EQ(*(*file)->read(0, 100), std::string("help\0\0\0\0\0\0", 10));
    ASSERT_TRUE((*file)->allocate(3)); // never shrinks
    EXPECT_EQ(*(*file)->size(), 10u);
}

TEST_F(SystemDisk, CreateEmptiesWhatIsThere) {
    ASSERT_TRUE(replaceFile(*disk_, path("a"), "old"));
    ASSERT_TRUE(disk_->create(path("a")));
    EXPECT_EQ(*readFile(*disk_, path("a")), "");
}

TEST_F(SystemDisk, MissingFileIsNamed) {
    const auto file = disk_->open(path("nothing"));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, make_error_code(Errc::Missing));
    EXPECT_NE(file.error().message().find(path("nothing")), std::string::npos);
    EXPECT_FALSE(disk_->remove(path("nothing")));
    EXPECT_FALSE(disk_->rename(path("nothing"), path("b")));
    EXPECT_FALSE(*disk_->exists(path("nothing")));
    EXPECT_TRUE(disk_->list(path("nothing"))->empty());
}

TEST_F(SystemDisk, DirectoriesAreMadeAndListed) {
    ASSERT_TRUE(disk_->makeDirectories(path("x/y/z")));
    ASSERT_TRUE(disk_->makeDirectories(path("x/y/z")));
    ASSERT_TRUE(replaceFile(*disk_, path("x/b"), "1"));
    ASSERT_TRUE(replaceFile(*disk_, path("x/a"), "2"));
    EXPECT_EQ(*disk_->list(path("x")), (std::vector<std::string>{"a", "b", "y"}));
    EXPECT_GT(*disk_->freeBytes(path("x")), 0u);
}

TEST_F(SystemDisk, FileInTheWayOfADirectoryIsAnError) {
    ASSERT_TRUE(replaceFile(*disk_, path("x"), "a file"));
    const auto done = disk_->makeDirectories(path("x/y"));
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message().find(path("x")), std::string::npos);
}

TEST_F(SystemDisk, ReplaceFileReplaces) {
    ASSERT_TRUE(replaceFile(*disk_, path("a"), "one"));
    ASSERT_TRUE(replaceFile(*disk_, path("a"), "2"));
    EXPECT_EQ(*readFile(*disk_, path("a")), "2");
    EXPECT_EQ(*disk_->list(root_.string()), std::vector<std::string>{"a"});
}

TEST_F(SystemDisk, SecondLockIsRefusedAndNamesTheHolder) {
    auto first = disk_->lock(root_.string());
    ASSERT_TRUE(first);
    const std::string pid = readFile(*disk_, path("vivarium.lock"))->substr(0, 20);
    const auto second = disk_->lock(root_.string());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, make_error_code(Errc::Locked));
    EXPECT_NE(second.error().message().find("process " + pid.substr(0, pid.find('\n'))), std::string::npos)
        << second.error().message();
    first->reset();
    EXPECT_TRUE(disk_->lock(root_.string()));
}

TEST_F(SystemDisk, StoreLivesOnIt) {
    StoreOptions options{path("data"), path("logs"), 1 << 16};
    {
        auto store = Store::open(*disk_, options);
        ASSERT_TRUE(store) << store.error().message();
        writeSnapshot(**store, Zxid(0));
        appendAll(**store, 1, 20);
        ASSERT_TRUE((*store)->setCurrentEpoch(3));
        const auto other = Store::open(*disk_, options);
        ASSERT_FALSE(other);
        EXPECT_EQ(other.error().code, make_error_code(Errc::Locked));
    }
    auto store = Store::open(*disk_, options);
    ASSERT_TRUE(store) << store.error().message();
    EXPECT_EQ(replayed(**store), zxids(1, 20));
    EXPECT_EQ((*store)->currentEpoch()->value(), 3);
    EXPECT_EQ((*store)->newestSnapshot()->value().body, snapshotBody());
    EXPECT_EQ(*disk_->list(path("logs/version-2")), std::vector<std::string>{"log.1"});
    EXPECT_EQ(std::filesystem::file_size(path("logs/version-2/log.1")), 16u + (1 << 16));
    EXPECT_EQ(*disk_->list(path("data/version-2")), (std::vector<std::string>{"currentEpoch", "snapshot.0"}));
    EXPECT_EQ(*readFile(*disk_, path("data/version-2/currentEpoch")), "3");
}

} // namespace
} // namespace zk::storage

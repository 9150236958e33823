#include "fixture.h"

#include "net/volatile_disk.h"

namespace zk::net {
namespace {

TEST(VolatileDisk, ACopyIsAnotherDoorToTheSameFiles) {
    VolatileDisk disk;
    ASSERT_TRUE(disk.makeDirectories("/a/b"));
    {
        auto file = disk.create("/a/b/one");
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->write(2, "xyz"));
        ASSERT_TRUE((*file)->allocate(8));
        ASSERT_TRUE((*file)->allocate(3)); // never shrinks
        EXPECT_EQ(*(*file)->read(0, 100), std::string("\0\0xyz\0\0\0", 8));
        ASSERT_TRUE((*file)->truncate(4));
    }
    VolatileDisk door = disk;
    EXPECT_EQ(*storage::readFile(door, "/a/b/one"), std::string("\0\0xy", 4));
    ASSERT_TRUE(storage::replaceFile(door, "/a/two", "2"));
    EXPECT_EQ(*disk.list("/a"), (std::vector<std::string>{"b", "two"}));
    ASSERT_TRUE(disk.rename("/a/two", "/a/b/one"));
    EXPECT_EQ(*storage::readFile(door, "/a/b/one"), "2");
    ASSERT_TRUE(door.remove("/a/b/one"));
    EXPECT_FALSE(*disk.exists("/a/b/one"));
}

TEST(VolatileDisk, WhatIsNotThereIsNamed) {
    VolatileDisk disk;
    for (const auto& error : {disk.open("/none").error(), disk.remove("/none").error(), disk.rename("/none", "/b").error(),
                              disk.create("/no/file").error()}) {
        EXPECT_EQ(error.code, make_error_code(storage::Errc::Missing));
        EXPECT_NE(error.message().find("/no"), std::string::npos);
    }
}

TEST(VolatileDisk, ADirectoryIsLockedOnce) {
    VolatileDisk disk;
    VolatileDisk door = disk;
    auto first = disk.lock("/data");
    ASSERT_TRUE(first);
    EXPECT_EQ(door.lock("/data").error().code, make_error_code(storage::Errc::Locked));
    first->reset();
    EXPECT_TRUE(door.lock("/data"));
}

TEST(VolatileDisk, AServerOnItKeepsTheNewestSnapshotOnly) {
    VolatileDisk disk;
    config::ServerConfig config;
    config.dataDir = "/data";
    config.client = {"127.0.0.1", 0};
    config.preallocateKilobytes = 64;
    config.snapCount = 10;
    config.keepsHistory = false;
    Record record;
    Host host(1, record, {}, [&] { return std::make_unique<VolatileDisk>(disk); });
    ASSERT_EQ(outcome([&](auto done) { host.start(config, done); }), "");
    BlockingSession session(optionsFor({host.view().clientPort}));
    for (int index = 0; index < 100; ++index)
        ASSERT_TRUE(create(session, "/n" + std::to_string(index), "x").has_value());
    const auto count = [&](const std::string& kind) {
        int found = 0;
        for (const std::string& name : *disk.list("/data/version-2")) found += name.starts_with(kind);
        return found;
    };
    EXPECT_TRUE(record.has([](const trace::Event& event) { return event.what() == trace::Kind::SnapshotTaken; }));
    EXPECT_TRUE(eventually([&] { return count("snapshot.") == 1 && count("log.") <= 2; }))
        << count("snapshot.") << " snapshots, " << count("log.") << " logs";
}

} // namespace
} // namespace zk::net

// Bench: runs one command of the shell on a FakeClient.
#pragma once

#include "fake_client.h"
#include "shell_run.h"

namespace zk::viv {

using Words = std::vector<std::string>;

struct Bench {
    FakeClient client;
    std::vector<std::string> events;
    bool json = false;

    Outcome run(const Words& words) {
        const Runner runner{client, json,
                            [this](const client::WatchEvent& event) { events.push_back(event.path); }};
        Outcome outcome{99, {}, {}};
        runner.run(parseCommand(words).value(), [&outcome](Outcome result) { outcome = std::move(result); });
        return outcome;
    }
    void add(std::initializer_list<const char*> paths) {
        for (const char* path : paths)
            client.znodes[path] = {};
    }
};

} // namespace zk::viv

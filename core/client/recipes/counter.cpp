#include "client/recipes/counter.h"

#include <charconv>
#include <limits>

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

Result<Counter::Value> parse(const std::string& path, const Data& data) {
    const std::string text = data.bytes.value_or("");
    Counter::Value value{0, data.stat.version};
    if (text.empty()) return value; // kazoo's Counter begins so
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.number);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    return Error{Errc::Malformed, path + " holds \"" + text.substr(0, 40) + "\", which is not a number"};
}

void write(Client& client, const std::string& path, std::int64_t number, std::int32_t version,
           Callback<Counter::Value> done) {
    client.setData(path, std::to_string(number), version,
                   [&client, path, number, version, done = std::move(done)](const Result<jute::Stat>& stat) {
                       if (stat) return done(Counter::Value{number, stat->version});
                       const Error lost = stat.error();
                       if (!is(lost, ErrorCode::ConnectionLoss)) return done(lost);
                       // Where the version is still the one that we wrote over, nothing was written.
                       persistSync(
                           client, path, [&client, path, number, version, lost, done](Result<void> synced) {
                               if (!synced) return done(synced.error());
                               persistExists(client, path, {},
                                             [&client, path, number, version, lost,
                                              done](const Result<std::optional<jute::Stat>>& now) {
                                                 if (!now) return done(now.error());
                                                 if (*now && (*now)->version == version)
                                                     return write(client, path, number, version, done);
                                                 done(lost);
                                             });
                           });
                   });
}

void increase(Client& client, const std::string& path, std::int64_t delta, Callback<Counter::Value> done) {
    Counter(client, path)
        .get([&client, path, delta, done = std::move(done)](const Result<Counter::Value>& value) {
            if (!value) return done(value.error());
            using Limits = std::numeric_limits<std::int64_t>;
            const std::int64_t number = value->number;
            if (delta > 0 ? number > Limits::max() - delta : number < Limits::min() - delta)
                return done(Error{Errc::Malformed, path + ": the sum does not fit into 64 bits"});
            write(client, path, number + delta, value->version,
                  [&client, path, delta, done](const Result<Counter::Value>& written) {
                      if (!written && is(written.error(), ErrorCode::BadVersion))
                          return increase(client, path, delta, done);
                      done(written);
                  });
        });
}

} // namespace

Counter::Counter(Client& client, std::string path) : client_(client), path_(std::move(path)) {}

void Counter::get(Callback<Value> done) {
    persistData(client_, path_, {},
                [&client = client_, path = path_, done = std::move(done)](const Result<Data>& data) {
                    if (data) return done(parse(path, *data));
                    if (!is(data.error(), ErrorCode::NoNode)) return done(data.error());
                    ensurePath(client, path, [&client, path, done](const Result<void>& made) {
                        if (!made) return done(made.error());
                        Counter(client, path).get(done);
                    });
                });
}

void Counter::add(std::int64_t delta, Callback<Value> done) {
    increase(client_, path_, delta, std::move(done));
}

void Counter::set(std::int64_t number, std::int32_t version, Callback<Value> done) {
    write(client_, path_, number, version, std::move(done));
}

} // namespace zk::client::recipes

// JSON as Apache's AdminServer lays it out: objects over several lines with two blanks a level, lists on one line,
// " : " between name and value. Private to core/admin.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zk::admin {

// Writes one document from its front to its end. Every value but those in a list has a name before it.
class Json {
  public:
    Json() { object(); }
    // Ends the document and gives its text.
    std::string take();

    Json& name(std::string_view key);
    void value(std::string_view text);
    void value(const char* text) { value(std::string_view(text)); }
    void value(const std::string& text) { value(std::string_view(text)); }
    void value(bool yes) { raw(yes ? "true" : "false"); }
    void value(std::int64_t number) { raw(std::to_string(number)); }
    void value(int number) { raw(std::to_string(number)); }
    void value(std::size_t number) { raw(std::to_string(number)); }
    void value(double number);
    void null() { raw("null"); }
    // An object or a list as the value, until end().
    void object() { begin(false); }
    void list() { begin(true); }
    void end();

    template <class Value>
    void add(std::string_view key, const Value& one) {
        name(key);
        value(one);
    }

  private:
    void begin(bool list);
    void separate();
    void raw(std::string_view text);
    void quote(std::string_view text);
    void line();

    struct Level {
        bool list = false, empty = true;
    };
    std::string text_;
    std::vector<Level> levels_;
    bool named_ = false;
};

} // namespace zk::admin

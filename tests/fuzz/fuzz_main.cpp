// The entry that libFuzzer calls, for the target that FUZZ_TARGET names.
#include "targets.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    for (const auto& target : zk::fuzz::targets())
        if (std::string_view(target.name) == FUZZ_TARGET)
            target.run(std::string_view(reinterpret_cast<const char*>(bytes), size));
    return 0;
}

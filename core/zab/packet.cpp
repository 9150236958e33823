#include "zab/packet.h"

namespace zk::zab {

void appendPacket(std::string& out, jute::PacketType type, Zxid zxid, std::optional<std::string_view> data) {
    jute::Writer writer(out);
    writer.i32(static_cast<std::int32_t>(type));
    writer.i64(zxid.value);
    if (data)
        writer.bytes(*data);
    else
        writer.i32(-1);
    writer.i32(-1);
}

} // namespace zk::zab

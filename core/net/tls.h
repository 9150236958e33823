// Tls: OpenSSL, and nothing of it outside tls*.cpp. A TlsContext holds one side's key, trust and rules; a TlsSession is TLS
// on one connection: bytes for a Wire underneath, plain bytes above. It never waits, keeps no socket and no thread, and
// frees its buffers while nothing is under way. Errors are sentences: what is wrong, with which file or peer, what to do.
//
// One loop's thread at a time.
#pragma once

#include "base/result.h"
#include "base/tls_options.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zk::net {

class TlsContext {
  public:
    enum class Side { Server, Client };
    // Reads the stores. A client without a trust store trusts the system's authorities.
    static Result<std::shared_ptr<const TlsContext>> make(const TlsOptions& options, Side side);

    const TlsOptions& options() const;
    Side side() const;

    struct Impl;
    explicit TlsContext(std::unique_ptr<Impl> impl);
    ~TlsContext();
    const Impl& impl() const { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

// A context that is made anew once the files that it was made of have changed, where options.reload says so. What is
// connected stays as it is.
class TlsSource {
  public:
    static Result<std::unique_ptr<TlsSource>> open(const TlsOptions& options, TlsContext::Side side);
    // The context for the next connection. Where new files cannot be used the last good ones count on, and `trouble` says so,
    // once for each change of the files; where they can, `news` says that.
    std::shared_ptr<const TlsContext> context(std::string& trouble, std::string& news);

  private:
    using Stamp = std::vector<std::pair<std::filesystem::file_time_type, std::uintmax_t>>;
    TlsSource(const TlsOptions& options, TlsContext::Side side) : options_(options), side_(side) {}
    Stamp stamp() const;

    const TlsOptions options_;
    const TlsContext::Side side_;
    Stamp stamp_;
    std::shared_ptr<const TlsContext> context_;
};

// Who is at the other end of a TLS connection.
struct TlsPeer {
    bool hasCertificate = false;
    std::string subject;  // of its certificate, as Java writes a name after RFC 2253: "CN=a,O=b"
    std::string protocol; // "TLSv1.3"
    std::string cipher;
};

class TlsSession {
  public:
    // What carries the bytes. Gives how many, or an error; would_block where it has to wait.
    class Wire {
      public:
        virtual ~Wire() = default;
        virtual std::size_t receive(char* into, std::size_t room, boost::system::error_code& error) = 0;
        virtual std::size_t transmit(const char* bytes, std::size_t size, boost::system::error_code& error) = 0;
    };
    enum class Step { Done, WantsRead, WantsWrite, Closed, Failed };

    // `host`: a client's, whom it called; the certificate must be made out to it.
    TlsSession(std::shared_ptr<const TlsContext> context, Wire& wire, const std::string& host);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    Step handshake();
    Step read(char* into, std::size_t room, std::size_t& size);
    // Takes bytes off the front as long as the wire does. After Wants... come with the same bytes at the front.
    Step write(std::string_view bytes, std::size_t& size);
    // Says goodbye, where the wire takes it at once.
    void goodbye();

    TlsPeer peer() const;
    // After Failed, and after Closed within the handshake: the sentence.
    const std::string& fault() const { return fault_; }

  private:
    struct Impl;
    Step outcome(int result);
    std::string sentence() const;

    std::unique_ptr<Impl> impl_;
    std::string fault_;
};

// The first byte of every TLS connection.
inline constexpr char kTlsHandshakeByte = 0x16;

} // namespace zk::net

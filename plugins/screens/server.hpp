// SPDX-License-Identifier: Apache-2.0
// An HTTP server for many mostly idle screens: one thread, one reactor, bounded requests.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/message_generator.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <thread>

namespace civicast::screens {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::message_generator;
/// Sends the response; once, now or later, on the reactor's thread.
using Reply = std::function<void(Response &&)>;

/// What answers requests. All of it is called on the reactor's thread.
class Site {
 public:
  virtual ~Site() = default;
  /// How long the body of this request may be (its header is read, its body not yet).
  virtual std::uint64_t body_limit_bytes(const Request &header) const = 0;
  virtual void answer(Request &&request, Reply reply) = 0;
  /// The answer to what is no request: too large a header or body, or no HTTP.
  virtual Response refuse(boost::beast::http::status status) const = 0;
  /// Something threw; the connection gets a 500.
  virtual Response failed(const std::string &what) const = 0;
  /// Called every `Server::beat`.
  virtual void tick() = 0;
};

class Server {
 public:
  static constexpr std::chrono::milliseconds beat{200};

  /// Binds at once: boost::system::system_error if the address is not to be had.
  explicit Server(const boost::asio::ip::tcp::endpoint &at);
  ~Server();

  void start(Site &site);
  /// Ends the reactor; no call to the site is running when it returns.
  void stop();
  boost::asio::ip::tcp::endpoint address() const { return address_; }
  /// [any] Runs `work` on the reactor's thread.
  void post(std::function<void()> work);

 private:
  void accept(Site &site);
  void beat_on(Site &site);

  boost::asio::io_context reactor_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  boost::asio::ip::tcp::endpoint address_;
  std::thread thread_;
};

}  // namespace civicast::screens

// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/server.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/optional.hpp>
#include <boost/system/system_error.hpp>
#include <civicast/channel.hpp>
#include <memory>
#include <utility>

namespace civicast::screens {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds patience{30};
constexpr std::uint32_t header_limit_bytes = 8192;

/// One screen's connection: reads a request, answers it, reads the next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Site &site) : stream_(std::move(socket)), site_(site) {}

  void read() {
    header_.emplace();
    header_->header_limit(header_limit_bytes);
    header_->body_limit(boost::none);  // known only once the header is read
    stream_.expires_after(patience);
    http::async_read_header(stream_, buffer_, *header_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              self->on_header(error);
                            });
  }

 private:
  void on_header(beast::error_code error) {
    if (error == http::error::header_limit)
      return send(site_.refuse(http::status::request_header_fields_too_large));
    if (is_end(error)) return close();
    if (error) return send(site_.refuse(http::status::bad_request));
    Request header;
    header.base() = header_->get().base();
    const std::uint64_t limit = site_.body_limit_bytes(header);
    const auto length = header_->content_length();
    if (length && *length > limit) return send(site_.refuse(http::status::payload_too_large));
    whole_.emplace(std::move(*header_));
    whole_->body_limit(limit);
    http::async_read(
        stream_, buffer_, *whole_,
        [self = shared_from_this()](beast::error_code e, std::size_t) { self->on_request(e); });
  }

  void on_request(beast::error_code error) {
    if (error == http::error::body_limit)
      return send(site_.refuse(http::status::payload_too_large));
    if (is_end(error)) return close();
    if (error) return send(site_.refuse(http::status::bad_request));
    stream_.expires_never();
    try {
      site_.answer(whole_->release(), [self = shared_from_this()](Response &&response) {
        self->send(std::move(response));
      });
    } catch (const std::exception &e) {
      send(site_.failed(e.what()));
    }
  }

  /// The other side went away, or said nothing for too long: there is nobody to answer.
  static bool is_end(beast::error_code error) {
    return error && (error == http::error::end_of_stream || error == http::error::partial_message ||
                     error == beast::error::timeout ||
                     error.category() == asio::error::get_system_category());
  }

  void send(Response &&response) {
    const bool keeps = response.keep_alive();
    stream_.expires_after(patience);
    beast::async_write(stream_, std::move(response),
                       [self = shared_from_this(), keeps](beast::error_code error, std::size_t) {
                         if (error || !keeps) return self->close();
                         self->read();
                       });
  }

  void close() {
    beast::error_code ignored;  // it is over either way
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  Site &site_;
  beast::flat_buffer buffer_{256 * 1024};
  boost::optional<http::request_parser<http::empty_body>> header_;
  boost::optional<http::request_parser<http::string_body>> whole_;
};

}  // namespace

Server::Server(const tcp::endpoint &at) : acceptor_(reactor_), timer_(reactor_) {
  try {
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(at);
    acceptor_.listen();
  } catch (const boost::system::system_error &e) {
    throw Trouble(
        CIV_UNREADY, "listen.taken",
        "监听地址已被占用或不可用，请换一个。 · The address to listen on is taken, or not "
        "to be had; use another.",
        "/listen", 0, e.what());
  }
  address_ = acceptor_.local_endpoint();
}

Server::~Server() {
  stop();
}

void Server::start(Site &site) {
  accept(site);
  beat_on(site);
  thread_ = std::thread([this, &site] {
    // A handler that throws must not end the service: it is logged by the site, and we go on.
    for (;;) {
      try {
        reactor_.run();
        return;
      } catch (const std::exception &e) {
        (void)site.failed(e.what());
      }
    }
  });
}

void Server::stop() {
  reactor_.stop();
  if (thread_.joinable()) thread_.join();
}

void Server::post(std::function<void()> work) {
  asio::post(reactor_, std::move(work));
}

void Server::accept(Site &site) {
  acceptor_.async_accept([this, &site](beast::error_code error, tcp::socket socket) {
    if (!error) {
      std::make_shared<Connection>(std::move(socket), site)->read();
    } else if (error == asio::error::operation_aborted) {
      return;
    }
    accept(site);
  });
}

void Server::beat_on(Site &site) {
  timer_.expires_after(beat);
  timer_.async_wait([this, &site](beast::error_code error) {
    if (error) return;
    beat_on(site);
    site.tick();
  });
}

}  // namespace civicast::screens

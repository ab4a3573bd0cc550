// SPDX-License-Identifier: Apache-2.0
#include "host/api/server.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include "host/api/connection.hpp"
#include "host/api/faults.hpp"

namespace civicast::api {
namespace {

using Poco::Timespan;

// A connection holds a thread as long as it lives (Poco has a thread a connection), so idle ones
// are let go soon, and the console asks again every second instead of being told over a connection
// that never ends: an event stream would hold one thread for each open page, for ever.
constexpr int max_threads = 32;
constexpr int max_waiting = 128;
constexpr int keep_alive_s = 5;
constexpr int silence_s = 10;

class Factory final : public Poco::Net::TCPServerConnectionFactory {
 public:
  explicit Factory(Service &service) : service_(service) {}
  Poco::Net::TCPServerConnection *createConnection(const Poco::Net::StreamSocket &socket) override {
    return new Connection(socket, service_);  // owned by the caller
  }

 private:
  Service &service_;
};

Poco::Net::HTTPServerParams::Ptr parameters() {
  Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
  params->setMaxThreads(max_threads);
  params->setMaxQueued(max_waiting);
  params->setTimeout(Timespan(silence_s, 0));
  params->setKeepAliveTimeout(Timespan(keep_alive_s, 0));
  return params;
}

std::string bracketed(const std::string &host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

struct Server::Parts {
  Parts(Sources sources, const std::string &host, const Poco::Net::ServerSocket &socket)
      : name(bracketed(host)),
        service{Doors(std::move(sources)), Guard(name, socket.address().port()), parameters()},
        server(new Factory(service), pool, socket, service.params) {}

  std::string name;
  Service service;
  Poco::ThreadPool pool{"api", 2, max_threads};
  Poco::Net::TCPServer server;
};

Result<std::unique_ptr<Server>> Server::start(Sources sources, const std::string &host,
                                              std::uint16_t port) {
  const auto address = loopback_address(host);
  if (!address) return address.fault();
  try {
    // Without SO_REUSEPORT, which Poco would set: two hosts must not share a port by turns.
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress(*address, port), true, false);
    socket.listen(max_waiting);
    auto parts = std::make_unique<Parts>(std::move(sources), *address, socket);
    parts->server.start();
    return std::unique_ptr<Server>(new Server(std::move(parts)));
  } catch (const Poco::Net::NetException &error) {
    return Fault(faults::port_unusable,
                 {{"address", bracketed(*address) + ":" + std::to_string(port)},
                  {"reason", error.displayText()}});
  }
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return parts_->server.port();
}

std::string Server::url() const {
  return "http://" + parts_->name + ":" + std::to_string(port());
}

void Server::stop() {
  parts_->service.is_stopping = true;
  parts_->server.stop();
  parts_->pool.joinAll();
}

}  // namespace civicast::api

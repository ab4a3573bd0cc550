// SPDX-License-Identifier: Apache-2.0
// One client's connection: reads requests off the socket, bounded, and writes answers.
#pragma once

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/TCPServerConnection.h>

#include <atomic>

#include "host/api/doors.hpp"
#include "host/api/guard.hpp"

namespace Poco::Net {
class HTTPServerRequestImpl;
}  // namespace Poco::Net

namespace civicast::api {

/// What all connections share; outlives them.
struct Service {
  Doors doors;
  Guard guard;
  Poco::Net::HTTPServerParams::Ptr params;
  std::atomic<bool> is_stopping{false};
};

/// Poco has a connection of its own for this, but it answers what it cannot read with a bare status
/// line; here every refusal has its sentence.
class Connection final : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket &socket, Service &service)
      : TCPServerConnection(socket), service_(service) {}
  void run() override;

 private:
  class Session;
  bool next_request_waits(Session &session);
  void serve_one(Session &session);
  Answer answer(Poco::Net::HTTPServerRequestImpl &request);
  void linger();

  Service &service_;
};

}  // namespace civicast::api

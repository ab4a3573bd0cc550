// SPDX-License-Identifier: Apache-2.0
// Serves the feed's folder over HTTP, to be read: GET and HEAD of the files that the press writes
// and of nothing else. Only requests by a loopback name, or the public one, are answered.
#pragma once

#include <Poco/Net/SocketAddress.h>

#include <functional>
#include <memory>
#include <string>

namespace Poco::Net {
class HTTPServer;
}

namespace civicast::feed {

class Door {
 public:
  /// Binds and serves; throws Poco::Exception if the address is not to be had.
  Door(const Poco::Net::SocketAddress &at);
  ~Door();
  /// Opens `folder` to readers. `public_host` may be empty.
  void open(const std::string &folder, const std::string &public_host);
  /// "http://127.0.0.1:8092", with the port that was really bound.
  const std::string &base() const { return base_; }

 private:
  struct Socket;
  std::unique_ptr<Socket> socket_;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
  std::string base_;
};

/// The file in the folder that a request's path means; empty for what is not to be had.
std::string file_for(const std::string &path);

}  // namespace civicast::feed

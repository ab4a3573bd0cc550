// SPDX-License-Identifier: Apache-2.0
// The far side of a datagram: a socket that tells how each one came; and a network of a test's own.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace civicast::cable {

struct Datagram {
  std::vector<std::uint8_t> bytes;
  int ttl = -1, tos = -1;  ///< as they arrived
  std::string to;          ///< the address that it was sent to
};

/// Bound to a free port of `address`; a multicast group is joined on `interface`.
class Receiver {
 public:
  explicit Receiver(const std::string &address = "127.0.0.1", const std::string &interface = "lo",
                    int port = 0);
  ~Receiver();
  Receiver(const Receiver &) = delete;
  Receiver &operator=(const Receiver &) = delete;

  int port() const { return port_; }
  /// Waits for `count` datagrams; fewer when no further one comes for seconds.
  std::vector<Datagram> take(std::size_t count);
  /// Those that are here already.
  std::vector<Datagram> rest();

 private:
  bool take_one(Datagram &out, int flags);
  int socket_ = -1, port_ = 0;
};

/// Runs `body` in a child that has a network of its own, in which nothing is up, and a mount table
/// of its own; returns what it returns. Throws std::runtime_error when the system allows none.
std::string in_own_network(const std::function<std::string()> &body);
/// In such a network: gives `interface` an address and sets it up. "lo" is there, others are made,
/// as one end of a cable.
void set_up(const std::string &interface, const std::string &address = {});

/// `count` datagrams of seven packets, whose bytes depend on `seed`.
std::vector<std::vector<std::uint8_t>> some_datagrams(std::size_t count, unsigned seed = 1);
std::vector<iovec> parts_of(std::vector<std::vector<std::uint8_t>> &datagrams);

/// Runs a program; returns its exit code and what it wrote to its output.
struct Ran {
  int code = -1;
  std::string text;
};
Ran run(const std::string &command);

/// A program that goes on beside the test; killed at the end, if it has not ended by itself.
class Program {
 public:
  explicit Program(const std::vector<std::string> &words);
  ~Program();
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;
  void kill();
  /// Waits for its end; its exit code, -1 when it was killed.
  int end();

 private:
  pid_t child_ = -1;
};

/// A UDP port of the loopback that nobody has now.
int free_port();
/// Somebody on this machine receives on it.
bool is_bound(int port);

std::vector<std::uint8_t> file_bytes(const std::string &path);

/// Until it is true, or a generous limit has passed.
bool comes_true(const std::function<bool()> &condition);

}  // namespace civicast::cable

// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "sdk/runner/link.hpp"
#include "sdk/runner/plugin_thread.hpp"

/// A runner ends its process when it cannot go on; here that is a fault like any other.
extern "C" void _exit(int status) {
  civicast::fuzz::must_hold(false, "a worker goes on", "status " + std::to_string(status));
  std::abort();
}

namespace civicast::fuzz {

Worker::Worker(const civ_channel_api &api) : api_(api) {
  int ends[2];
  must_hold(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there is a socket");
  host_ = Fd(ends[0]);
  auto outbox = runner::Outbox::open(scratch_ / "outbox");
  must_hold(outbox.ok(), "there is an outbox");
  outbox_ = std::move(*outbox);
  thread_ = std::thread([this, end = ends[1]] { run(Fd(end)); });
}

Worker::~Worker() {
  hang_up();
  thread_.join();
}

void Worker::run(Fd socket) {
  const runner::Plugin plugin{api_.id, api_.version, CIV_ABI_MINOR, &api_};
  const SystemClock clock;
  wire::Hello hello;
  hello.plugin = plugin.id;
  hello.plugin_version = plugin.version;
  hello.abi = "1.0";
  runner::Link link(std::move(socket), *outbox_, hello);
  runner::PluginThread(plugin, *outbox_, link, clock).run();
  link.finish();
}

void Worker::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(host_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

std::optional<wire::ToHost> Worker::next() {
  for (;;) {
    const auto text = frames_.next();
    must_hold(text.ok(), "a worker's frames are within the limit");
    if (*text) {
      Result<wire::ToHost> message = wire::read_to_host(**text);
      must_hold(message.ok(), "what a worker says can be read",
                message ? "" : message.fault().text());
      if (std::holds_alternative<wire::Alive>(*message)) continue;
      if (const auto *batch = std::get_if<wire::FactBatch>(&*message))
        send(wire::Acked{batch->seq});
      return std::move(*message);
    }
    char chunk[64 * 1024];
    const ssize_t got = ::recv(host_.get(), chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    frames_.feed({chunk, static_cast<std::size_t>(got)});
  }
}

void Worker::hang_up() {
  ::shutdown(host_.get(), SHUT_WR);
}

}  // namespace civicast::fuzz

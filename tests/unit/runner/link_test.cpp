// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/link.hpp"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <thread>

using namespace civicast;
using namespace std::chrono_literals;
using runner::Close;
using runner::Link;
using runner::Outbox;
namespace fs = std::filesystem;

namespace {

constexpr auto generous = 60s;

/// Until `is_so`, for at most a generous while.
bool until(const std::function<bool()> &is_so) {
  const auto end = std::chrono::steady_clock::now() + generous;
  while (!is_so() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return is_so();
}

/// The host's end of the socket, worked by hand.
class Host {
 public:
  explicit Host(Fd socket) : socket_(std::move(socket)) {}
  void say(const wire::ToWorker &message) {
    REQUIRE(write_all(socket_.get(), wire::frame(wire::write(message))));
  }
  void say_raw(std::string_view bytes) { REQUIRE(write_all(socket_.get(), bytes)); }
  void call(std::uint64_t id) {
    wire::Call call;
    call.id = id;
    say(call);
  }
  /// The next frame, signs of life left out; nothing at the end of the stream.
  std::optional<wire::ToHost> hear() {
    for (;;) {
      std::optional<wire::ToHost> message = hear_any();
      if (!message || !std::holds_alternative<wire::Alive>(*message)) return message;
    }
  }
  template <class Message>
  Message expect() {
    std::optional<wire::ToHost> message = hear();
    REQUIRE(message);
    REQUIRE(std::holds_alternative<Message>(*message));
    return std::get<Message>(*message);
  }
  std::optional<wire::ToHost> hear_any() {
    for (;;) {
      const auto text = frames_.next();
      REQUIRE(text);
      if (*text) {
        const Result<wire::ToHost> message = wire::read_to_host(**text);
        REQUIRE(message);
        return *message;
      }
      pollfd entry{socket_.get(), POLLIN, 0};
      REQUIRE(::poll(&entry, 1, std::chrono::milliseconds(generous).count()) == 1);
      char chunk[4096];
      const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, 0);
      if (got <= 0) return std::nullopt;
      frames_.feed({chunk, static_cast<std::size_t>(got)});
    }
  }
  void hang_up() { socket_.reset(); }

 private:
  Fd socket_;
  wire::FrameReader frames_;
};

std::pair<Fd, Fd> sockets() {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

wire::Fact fact(const std::string &id, std::size_t proof_bytes = 0) {
  wire::Fact out;
  out.placement = id;
  if (proof_bytes > 0) out.proof = R"({"x":")" + std::string(proof_bytes, 'x') + R"("})";
  return out;
}

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "civicast-link-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

/// A worker without a plugin: its link, a real outbox, and the host's end.
struct Worker {
  explicit Worker(const std::vector<wire::Fact> &left_over = {}) {
    auto opened = Outbox::open(folder.path / "outbox");
    REQUIRE(opened);
    outbox = std::move(*opened);
    if (!left_over.empty()) REQUIRE(outbox->put(left_over));
    auto [ours, theirs] = sockets();
    host.emplace(std::move(ours));
    wire::Hello hello;
    hello.plugin = "test";
    link.emplace(std::move(theirs), *outbox, hello);
    CHECK(host->expect<wire::Hello>().plugin == "test");
  }
  void open() {
    host->say(wire::Welcome{});
    REQUIRE(std::holds_alternative<wire::Welcome>(link->next()));
    link->answer({});
    CHECK(host->expect<wire::Answer>().re == 0);
  }
  /// 0: it is no call.
  std::uint64_t next_call() {
    const runner::Task task = link->next();
    const auto *call = std::get_if<wire::Call>(&task);
    return call ? call->id : 0;
  }
  void answer(std::uint64_t re) {
    wire::Answer answer;
    answer.re = re;
    link->answer(answer);
  }
  bool is_closed() { return std::holds_alternative<Close>(link->next()); }

  Folder folder;
  std::unique_ptr<Outbox> outbox;
  std::optional<Host> host;
  std::optional<Link> link;
};

unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  const unsigned seed = given ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
  UNSCOPED_INFO("CIVICAST_SEED=" << seed);
  return seed;
}

}  // namespace

TEST_CASE("what was left in the outbox goes after the welcome, and before the answer to it") {
  Worker worker({fact("a"), fact("b")});
  REQUIRE(worker.outbox->put({fact("c")}));
  // Whatever is emitted, nothing but signs of life goes before the welcome.
  CHECK(std::holds_alternative<wire::Alive>(*worker.host->hear_any()));
  wire::Welcome welcome;
  welcome.acked = 1;
  worker.host->say(welcome);
  REQUIRE(std::holds_alternative<wire::Welcome>(worker.link->next()));
  worker.link->answer({});
  const auto batch = worker.host->expect<wire::FactBatch>();
  CHECK(batch.seq == 2);
  CHECK(batch.facts.at(0).placement == "c");
  CHECK(worker.host->expect<wire::Answer>().re == 0);
}

TEST_CASE("the facts of a call come before its answer, whoever else emits") {
  std::minstd_rand random(seed());
  Worker worker;
  worker.open();
  constexpr std::uint64_t calls = 200;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (int t = 0; t < 2; ++t)
    others.emplace_back([&] {
      while (!is_over) worker.outbox->put({fact("other", 100)});
    });
  std::thread plugin([&] {
    for (std::uint64_t id = 1; id <= calls; ++id) {
      const std::uint64_t asked = worker.next_call();
      if (asked != id) return worker.answer(0);  // which the host's side takes for wrong
      for (auto left = random() % 3; left > 0; --left)
        worker.outbox->put({fact(std::to_string(asked))});
      worker.outbox->put({fact(std::to_string(asked) + " last")});
      // Now and then so long that the io thread reads in between.
      if (random() % 16 == 0) std::this_thread::sleep_for(8ms);
      worker.answer(asked);
    }
  });
  std::set<std::string> told;
  std::uint64_t last_seq = 0;
  for (std::uint64_t id = 1; id <= calls; ++id) {
    worker.host->call(id);
    for (bool is_answered = false; !is_answered;) {
      const auto message = worker.host->hear();
      REQUIRE(message);
      if (const auto *answer = std::get_if<wire::Answer>(&*message)) {
        REQUIRE(answer->re == id);
        REQUIRE(told.count(std::to_string(id) + " last") == 1);
        is_answered = true;
      } else {
        const auto &batch = std::get<wire::FactBatch>(*message);
        REQUIRE(batch.seq == last_seq + 1);
        last_seq = batch.seq;
        for (const wire::Fact &said : batch.facts) told.insert(said.placement);
        worker.host->say(wire::Acked{batch.seq});
      }
    }
  }
  plugin.join();
  is_over = true;
  for (std::thread &other : others) other.join();
}

TEST_CASE("during a call that lasts, acks are heard and signs of life name the call") {
  Worker worker;
  worker.open();
  worker.host->call(7);
  REQUIRE(worker.next_call() == 7);
  REQUIRE(worker.outbox->put({fact("a")}));
  worker.host->say(wire::Acked{worker.host->expect<wire::FactBatch>().seq});
  CHECK(until([&] { return worker.outbox->is_all_acked(); }));
  for (int beat = 0; beat < 2;) {
    const auto message = worker.host->hear_any();
    REQUIRE(message);
    const auto &alive = std::get<wire::Alive>(*message);
    // The first may still be from before the call.
    if (alive.call == 7 && alive.busy_ms >= 0) ++beat;
  }
  worker.answer(7);
  CHECK(worker.host->expect<wire::Answer>().re == 7);
}

TEST_CASE("after the io thread has read in its place, the plugin thread gets every call") {
  Worker worker;
  worker.open();
  for (std::uint64_t id = 1; id <= 50; ++id) {
    worker.host->call(id);
    REQUIRE(worker.next_call() == id);
    if (id % 2 == 0) {
      // Only the io thread can hear this.
      REQUIRE(worker.outbox->put({fact("a")}));
      worker.host->say(wire::Acked{worker.host->expect<wire::FactBatch>().seq});
      REQUIRE(until([&] { return worker.outbox->is_all_acked(); }));
    }
    worker.answer(id);
    REQUIRE(worker.host->expect<wire::Answer>().re == id);
  }
}

TEST_CASE("calls that come at once are done one after the other, in their order") {
  Worker worker;
  worker.open();
  for (std::uint64_t id = 1; id <= 100; ++id) worker.host->call(id);
  for (std::uint64_t id = 1; id <= 100; ++id) {
    REQUIRE(worker.next_call() == id);
    worker.answer(id);
    REQUIRE(worker.host->expect<wire::Answer>().re == id);
  }
}

TEST_CASE("a host that does not read holds up neither emit nor answer, and gets all in order") {
  Worker worker;
  worker.open();
  worker.host->call(1);
  REQUIRE(worker.next_call() == 1);
  constexpr std::uint64_t batches = 900;  // some 7 MB: beyond the socket, and the window
  for (std::uint64_t i = 0; i < batches; ++i) REQUIRE(worker.outbox->put({fact("a", 7800)}));
  worker.answer(1);
  for (std::uint64_t seq = 1; seq <= batches; ++seq) {
    REQUIRE(worker.host->expect<wire::FactBatch>().seq == seq);
    worker.host->say(wire::Acked{seq});
  }
  CHECK(worker.host->expect<wire::Answer>().re == 1);
  worker.host->call(2);
  CHECK(worker.next_call() == 2);
}

TEST_CASE("facts are sent while the plugin has nothing in hand") {
  Worker worker;
  worker.open();
  bool is_closed = false;
  std::thread plugin([&] { is_closed = worker.is_closed(); });
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    REQUIRE(worker.outbox->put({fact("a")}));
    REQUIRE(worker.host->expect<wire::FactBatch>().seq == seq);
    worker.host->say(wire::Acked{seq});
  }
  CHECK(until([&] { return worker.outbox->is_all_acked(); }));
  worker.host->say(wire::Bye{});
  plugin.join();
  CHECK(is_closed);
}

TEST_CASE("bye, the host's end, and what nobody understands all close the plugin") {
  const auto end = GENERATE(as<std::string>(), "bye", "end", "garbage");
  const auto when = GENERATE(as<std::string>(), "idle", "in a call");
  CAPTURE(end, when);
  Worker worker;
  worker.open();
  const auto finish = [&] {
    if (end == "bye") worker.host->say(wire::Bye{});
    if (end == "end") worker.host->hang_up();
    if (end == "garbage") worker.host->say_raw(wire::frame("{}"));
  };
  if (when == "idle") {
    bool is_closed = false;
    std::thread plugin([&] { is_closed = worker.is_closed(); });
    finish();
    plugin.join();
    CHECK(is_closed);
  } else {
    worker.host->call(1);
    REQUIRE(worker.next_call() == 1);
    finish();
    worker.answer(1);
    CHECK(worker.is_closed());
  }
}

TEST_CASE("the end waits until the host has the last facts") {
  Worker worker;
  worker.open();
  worker.host->say(wire::Bye{});
  REQUIRE(worker.is_closed());
  REQUIRE(worker.outbox->put({fact("last")}));
  std::thread plugin([&] { worker.link->finish(); });
  worker.host->say(wire::Acked{worker.host->expect<wire::FactBatch>().seq});
  plugin.join();
  CHECK(worker.outbox->is_all_acked());
  CHECK_FALSE(worker.host->hear());  // the stream is closed, and not left half open
}

TEST_CASE("a plugin that does not close when it must ends with its process") {
  const auto end = GENERATE(as<std::string>(), "bye", "end");
  CAPTURE(end);
  const Folder folder;
  auto [ours, theirs] = sockets();
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    ours.reset();
    auto outbox = Outbox::open(folder.path / "outbox");
    Link link(std::move(theirs), **outbox, {});
    for (;;)
      if (std::holds_alternative<wire::Call>(link.next())) std::this_thread::sleep_for(1h);
  }
  theirs.reset();
  Host host(std::move(ours));
  host.expect<wire::Hello>();
  host.say(wire::Welcome{});
  host.call(1);
  if (end == "bye") {
    host.say(wire::Bye{});
    while (host.hear()) {
    }
  }
  host.hang_up();
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 75);
}

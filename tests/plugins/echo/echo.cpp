// SPDX-License-Identifier: Apache-2.0
// A channel whose far side is a file: what stands in its journal was aired, truly. A placement's
// English text commands it: "air" (now), "accept" (and no more), "refuse", "unready", "later",
// "unknown", "broken", "crash", "hang", "air then crash",
// "blind" (what becomes of it cannot be told, unless it stands in the journal one day).
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <civicast/channel.hpp>
#include <csignal>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace {

using civicast::Trouble;

class Echo final : public civicast::Channel {
 public:
  Echo(civicast::Host host, civicast::Doc settings)
      : host_(host),
        journal_(host_.state_dir() + "/journal"),
        accepted_(host_.state_dir() + "/accepted"),
        blind_(host_.state_dir() + "/blind"),
        delay_ms_(static_cast<int>(settings.number("/delay_ms"))) {
    if (settings.flag("/refuse_open"))
      throw Trouble(CIV_UNREADY, "echo.refuses", "The settings say so.", "/refuse_open");
    host_.log(CIV_INFO, "echo is open");
  }

  void check(const civicast::Placement &placement) override {
    if (placement.body.text("/text/en") == "refuse")
      throw Trouble(CIV_REFUSED, "echo.refused", "Its text says so.", "/text/en");
  }

  void publish(const civicast::Placement &placement) override {
    check(placement);
    const std::string command = placement.body.text("/text/en");
    pause();
    if (command == "unready") throw Trouble(CIV_UNREADY, "echo.unready", "Its text says so.");
    if (command == "later") throw Trouble(CIV_LATER, "echo.later", "Its text says so.", "", 20);
    if (command == "broken") throw Trouble(CIV_BROKEN, "echo.broken", "Its text says so.");
    if (command == "crash") std::raise(SIGSEGV);
    if (command == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
    if (command == "accept") return accept(placement);
    if (command == "blind") {
      write_down(blind_, placement.id, placement.start_ns, placement.end_ns);
      throw Trouble(CIV_UNKNOWN, "echo.blind", "Nobody saw it.");
    }
    ++published_;
    write_down(journal_, placement.id, placement.start_ns, placement.end_ns);
    if (command == "air then crash") std::raise(SIGKILL);
    if (command == "unknown") throw Trouble(CIV_UNKNOWN, "echo.unknown", "Its text says so.");
    pause();
    say_aired(placement.id, placement.start_ns, placement.end_ns);
    pause();
  }

  void withdraw(std::string_view id) override {
    if (find(journal_, id)) throw Trouble(CIV_REFUSED, "echo.aired", "It was aired already.");
    say(id, CIV_WITHDRAWN, CIV_DID_NOT_AIR, 0, 0);
  }

  civicast::Recall recall(std::string_view id) override {
    pause();
    if (const auto times = find(journal_, id)) {
      say_aired(id, times->first, times->second);
      return civicast::Recall::emitted;
    }
    if (const auto times = find(accepted_, id)) {
      say(id, CIV_ACCEPTED, CIV_STATUS_NONE, times->first, times->second);
      return civicast::Recall::emitted;
    }
    if (find(blind_, id)) return civicast::Recall::cannot_tell;
    return civicast::Recall::never_heard_of_it;
  }

  std::string status() override { return "{\"published\":" + std::to_string(published_) + "}"; }

 private:
  using Times = std::pair<std::int64_t, std::int64_t>;

  void pause() const { std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms_)); }

  void accept(const civicast::Placement &placement) {
    write_down(accepted_, placement.id, placement.start_ns, placement.end_ns);
    say(placement.id, CIV_ACCEPTED, CIV_STATUS_NONE, placement.start_ns, placement.end_ns);
  }

  /// One write, so that a kill leaves a whole line or none.
  static void write_down(const std::string &file, const std::string &id, std::int64_t start_ns,
                         std::int64_t end_ns) {
    std::ostringstream line;
    line << id << ' ' << start_ns << ' ' << end_ns << '\n';
    const std::string text = line.str();
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw Trouble(CIV_LATER, "echo.disk", std::strerror(errno));
    ::close(fd);
  }

  static std::unique_ptr<Times> find(const std::string &file, std::string_view id) {
    std::ifstream in(file);
    std::string name;
    Times times;
    while (in >> name >> times.first >> times.second)
      if (name == id) return std::make_unique<Times>(times);
    return nullptr;
  }

  void say_aired(std::string_view id, std::int64_t start_ns, std::int64_t end_ns) {
    say(id, CIV_AIRED, CIV_AIRED_WITHOUT_DISCREPANCY, start_ns, end_ns);
  }

  void say(std::string_view id, civ_fact_kind kind, civ_status status, std::int64_t start_ns,
           std::int64_t end_ns) {
    civicast::Fact fact = civicast::Fact::of(kind, id, {start_ns, end_ns}, CIV_MEASURED, status);
    fact.proof = R"({"journal":true})";
    while (!host_.emit(fact)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  civicast::Host host_;
  std::string journal_, accepted_, blind_;
  int delay_ms_;
  int published_ = 0;
};

}  // namespace

#ifndef ECHO_VERSION
#define ECHO_VERSION "1.0.0"
#endif
CIVICAST_CHANNEL(Echo, "org.civicast.test.echo", ECHO_VERSION);

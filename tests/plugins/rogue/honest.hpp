// SPDX-License-Identifier: Apache-2.0
// What every rogue is but for its one wrong: a channel that airs at once, for a second, and whose
// journal is the truth of what really aired.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <civicast/channel.hpp>
#include <cstring>
#include <fstream>
#include <optional>
#include <thread>

namespace rogue {

inline constexpr std::int64_t second_ns = 1'000'000'000;

class Honest : public civicast::Channel {
 public:
  Honest(civicast::Host host, civicast::Doc) : host_(host) {}

  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &placement) override { air(placement); }
  void withdraw(std::string_view id) override {
    if (find("journal", id)) throw civicast::Trouble(CIV_REFUSED, "rogue.aired", "It aired.");
    say(id, CIV_WITHDRAWN, 0);
  }
  civicast::Recall recall(std::string_view id) override {
    if (const auto start_ns = find("journal", id))
      say(id, CIV_AIRED, *start_ns);
    else if (const auto accepted_ns = find("accepted", id))
      say(id, CIV_ACCEPTED, *accepted_ns);
    else
      return civicast::Recall::never_heard_of_it;
    return civicast::Recall::emitted;
  }

 protected:
  /// Truly.
  void air(const civicast::Placement &placement) {
    note("journal", placement.id, placement.start_ns);
    say(placement.id, CIV_AIRED, placement.start_ns);
  }
  void accept(const civicast::Placement &placement) {
    note("accepted", placement.id, placement.start_ns);
    say(placement.id, CIV_ACCEPTED, placement.start_ns);
  }

  static civicast::Fact fact(std::string_view id, civ_fact_kind kind, std::int64_t start_ns) {
    civicast::Fact out;
    out.fact = kind;
    out.evidence = CIV_MEASURED;
    out.placement = std::string(id);
    if (kind == CIV_AIRED) out.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    if (kind == CIV_WITHDRAWN) out.status = CIV_DID_NOT_AIR;
    out.start_ns = start_ns;
    out.end_ns = start_ns == 0 ? 0 : start_ns + second_ns;
    return out;
  }
  void say(std::string_view id, civ_fact_kind kind, std::int64_t start_ns) {
    say({fact(id, kind, start_ns)});
  }
  void say(const std::vector<civicast::Fact> &what) {
    while (!host_.emit(what)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  /// True the first time in the life of the channel's folder.
  bool is_first(const std::string &name) {
    const int fd = ::open(path(name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
  }
  std::string path(const std::string &name) const { return host_.state_dir() + "/" + name; }

  /// One write, so that a crash leaves a whole line or none.
  void note(const std::string &file, const std::string &id, std::int64_t start_ns) {
    const std::string line = id + " " + std::to_string(start_ns) + "\n";
    const int fd = ::open(path(file).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool is_written =
        fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int why = errno;
    if (fd >= 0) ::close(fd);
    if (!is_written) throw civicast::Trouble(CIV_LATER, "rogue.disk", std::strerror(why));
  }
  std::optional<std::int64_t> find(const std::string &file, std::string_view id) const {
    std::ifstream in(path(file));
    std::string name;
    for (std::int64_t start_ns = 0; in >> name >> start_ns;)
      if (name == id) return start_ns;
    return std::nullopt;
  }

  civicast::Host host_;
};

}  // namespace rogue

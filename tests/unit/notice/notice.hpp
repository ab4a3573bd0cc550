// SPDX-License-Identifier: Apache-2.0
// A supervisor with one channel: the Notice plugin, a program in another language.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <set>

#include "host/workers/supervisor.hpp"
#include "sdk/base/disk.hpp"
#include "tests/plugins/harness.hpp"

namespace civicast::test {

inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// A post that is due at `start_ns`.
inline wire::Placement post(const std::string &id, std::int64_t start_ns) {
  wire::Placement out;
  out.id = id;
  out.start_ns = out.end_ns = start_ns;
  out.body =
      R"({"kind":"placement","title":{"zh":"文明公约","en":"Convention"},"text":{"zh":"讲文明 <树新风>"}})";
  return out;
}

class NoticeBoard {
 public:
  explicit NoticeBoard(std::string format = "txt") : format_(std::move(format)) {
    REQUIRE(supervisor.add(spec()));
    REQUIRE(step_until(supervisor, [&] { return supervisor.is_ready("one"); }));
  }

  workers::WorkerSpec spec() const {
    workers::WorkerSpec out;
    out.channel = "one";
    out.plugin_dir = CIVICAST_NOTICE;
    out.state_dir = folder_ / "state";
    out.settings = {{"folder", (folder_ / "public").string()}, {"format", format_}};
    return out;
  }

  wire::Answer ask(wire::CallKind kind, const wire::Placement &about) {
    wire::Answer answer;
    bool has = false;
    supervisor.call("one", kind, about, [&](const wire::Answer &said) {
      answer = said;
      has = true;
    });
    REQUIRE(step_until(supervisor, [&] { return has; }));
    return answer;
  }
  /// Waits until so many facts of that kind were said of `id`.
  bool hears(const std::string &id, wire::FactKind kind, std::size_t times = 1) {
    return step_until(supervisor, [&] { return said(id, kind).size() >= times; });
  }
  std::vector<wire::Fact> said(const std::string &id, wire::FactKind kind) const {
    std::vector<wire::Fact> out;
    for (const wire::Fact &fact : recorder.facts)
      if (fact.placement == id && fact.fact == kind) out.push_back(fact);
    return out;
  }

  /// Names of what a passer-by sees.
  std::set<std::string> files() const {
    std::set<std::string> out;
    for (const auto &entry : std::filesystem::directory_iterator(folder_ / "public"))
      if (entry.path().filename().string().front() != '.')
        out.insert(entry.path().filename().string());
    return out;
  }
  bool is_public(const std::string &name) const {
    using std::filesystem::perms;
    const auto is_open = [](const std::filesystem::path &path, perms wanted) {
      return (std::filesystem::status(path).permissions() & wanted) == wanted;
    };
    return is_open(folder_ / "public", perms::others_read | perms::others_exec) &&
           is_open(folder_ / ("public/" + name), perms::others_read);
  }
  std::string file(const std::string &name) const {
    const auto bytes = read_file(folder_ / ("public/" + name), 1 << 20);
    REQUIRE(bytes);
    return *bytes;
  }

 private:
  TempFolder folder_;
  std::string format_;

 public:
  Recorder recorder;
  workers::Supervisor supervisor{recorder, hasty()};
};

}  // namespace civicast::test

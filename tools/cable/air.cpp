// SPDX-License-Identifier: Apache-2.0
#include "tools/cable/air.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plugins/cable/play/engine.hpp"
#include "sdk/base/rfc3339.hpp"
#include "tools/civicast/work_folder.hpp"

namespace civicast::cable_render {
namespace {

/// So far ahead of the signal items are known, as from a host that hands them over in time.
constexpr std::int64_t horizon_ns = 60'000'000'000;

struct ToldClock final : cable::Clock {
  cable::Pacer::Reading read() override { return {mono_ns, utc_ns}; }
  void pass(std::int64_t ns) {
    mono_ns += ns;
    utc_ns += ns;
  }
  std::int64_t mono_ns = 1'000'000'000, utc_ns = 0;
};

class Stream final : public cable::Output {
 public:
  explicit Stream(int to) : to_(to) {}
  std::int64_t send(const std::vector<iovec> &datagrams) override {
    rest_ = datagrams;
    for (std::size_t at = 0; at < rest_.size();) {
      const ssize_t wrote = ::writev(to_, &rest_[at], static_cast<int>(rest_.size() - at));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0 && errno == EPIPE) throw HungUp();
      if (wrote < 0) throw std::runtime_error(std::strerror(errno));
      auto left = static_cast<std::size_t>(wrote);
      while (at < rest_.size() && left >= rest_[at].iov_len) left -= rest_[at++].iov_len;
      if (at == rest_.size()) break;
      rest_[at].iov_base = static_cast<char *>(rest_[at].iov_base) + left;
      rest_[at].iov_len -= left;
    }
    return 0;
  }

 private:
  int to_;
  std::vector<iovec> rest_;
};

class Endings final : public cable::FactSink {
 public:
  Endings(cable::Journal &journal, std::ostream *to, Summary &summary)
      : journal_(journal), to_(to), summary_(summary) {}
  void put(Fact fact, int slot) override {
    if (slot >= 0) journal_.free(slot);
    if (fact.fact != CIV_AIRED && fact.fact != CIV_MISSED) return;
    ++(fact.fact == CIV_AIRED ? summary_.aired : summary_.not_aired);
    if (!to_) return;
    const nlohmann::ordered_json line{{"placement", fact.placement},
                                      {"fact", fact.fact == CIV_AIRED ? "aired" : "missed"},
                                      {"status", static_cast<int>(fact.status)},
                                      {"start", rfc3339(fact.start_ns)},
                                      {"end", rfc3339(fact.end_ns)},
                                      {"proof", nlohmann::ordered_json::parse(fact.proof)}};
    *to_ << line.dump() << '\n';
  }

 private:
  cable::Journal &journal_;
  std::ostream *to_;
  Summary &summary_;
};

/// Hands items over as the signal comes near them.
class Host {
 public:
  Host(const Plan &plan, cable::Schedule &schedule) : plan_(plan), schedule_(schedule) {}
  void hand_over(std::int64_t until_ns) {
    for (;;) {
      if (next_ == items_.size()) {
        if (round_ > 0 && plan_.round_ns == 0) return;
        items_ = round_of(plan_, round_++);
        next_ = 0;
      }
      if (items_[next_].start_ns > until_ns) return;
      schedule_.add(std::make_shared<const cable::Item>(std::move(items_[next_++])));
    }
  }

 private:
  const Plan &plan_;
  cable::Schedule &schedule_;
  std::vector<cable::Item> items_;
  std::size_t next_ = 0;
  std::int64_t round_ = 0;
};

}  // namespace

Summary air(const Plan &plan, const Order &order) {
  Summary summary;
  const cli::WorkFolder folder("cable-render");
  const cable::Slate slate(*plan.house);
  cable::Journal journal(folder.path() / "airing.now");
  Endings endings(journal, order.airings, summary);
  Stream stream(order.to);
  cable::Schedule schedule;
  ToldClock clock;
  clock.utc_ns = plan.start_ns;
  cable::Engine engine(
      {clock, schedule, slate, journal, endings, {&stream}},
      {*plan.house, {}, {}, order.has_cues ? std::optional(cable::CueSettings{}) : std::nullopt});
  Host host(plan, schedule);
  const std::int64_t end_ns = plan.start_ns + order.duration_ns;
  while (clock.utc_ns < end_ns) {
    host.hand_over(clock.utc_ns + horizon_ns);
    clock.pass(engine.tick() - clock.mono_ns);
    if (order.on_progress) order.on_progress(clock.utc_ns - plan.start_ns);
  }
  engine.stop();
  const cable::Engine::Status status = engine.status();
  summary.packets = status.packets;
  summary.frames = status.frames_sent;
  summary.slate_frames = status.slate_frames;
  summary.standby_frames = status.standby_frames;
  summary.violations = status.check.violations();
  return summary;
}

}  // namespace civicast::cable_render

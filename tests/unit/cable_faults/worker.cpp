// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/worker.hpp"

#include <filesystem>

#include "plugins/cable/book/handover_file.hpp"
#include "plugins/cable/play/restore.hpp"
#include "sdk/runner/doc.hpp"

namespace civicast::cable::faults {
namespace {

/// As the clerk waits between two attempts.
constexpr std::int64_t kRetryNs = 200'000'000;

std::unique_ptr<runner::Outbox> open_outbox(const std::string &path) {
  auto opened = runner::Outbox::open(path);
  if (!opened) throw std::runtime_error("the outbox does not open");
  return std::move(*opened);
}

wire::Welcome welcome(const std::string &folder) {
  wire::Welcome out;
  out.state_dir = folder;
  out.locale = "zh-CN";
  return out;
}

civ_host quiet(const civ_host &host) {
  civ_host out = host;
  out.log = [](const civ_host *, std::int32_t, civ_text) {};
  return out;
}

Address to_port(int port) {
  return parse_address("udp://127.0.0.1:" + std::to_string(port));
}

std::int64_t size_of(const std::string &path) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path, absent);
  return absent ? -1 : static_cast<std::int64_t>(size);
}

}  // namespace

Worker::Worker(const Site &site)
    : site_(site),
      outbox_(open_outbox(site.folder + "/outbox")),
      host_side_(welcome(site.folder), site.clock,
                 [this](const std::vector<wire::Fact> &facts) { return outbox_->put(facts); }),
      raw_host_(quiet(*host_side_.raw())),
      host_(&raw_host_),
      found_bytes_(site.has_file ? size_of(site.tape()) : -1),
      journal_(site.folder + "/airing.now"),
      history_(site.folder + "/history", site.clock.utc_ns),
      first_(to_port(kFirstPort)),
      second_(to_port(kSecondPort)),
      file_(site.has_file ? std::make_unique<FileOutput>(site.tape()) : nullptr),
      after_(take_handover(handover_path(), site.clock.mono_ns)) {
  std::vector<Output *> outputs{&first_, &second_};
  if (file_) outputs.push_back(file_.get());
  desk_ = std::make_unique<Desk>(host_, site.house, Desk::Parts{schedule_, history_, facts_});
  const Engine::Parts parts{site.clock, schedule_, site.slate, journal_,
                            facts_,     outputs,   file_.get()};
  engine_ = std::make_unique<Engine>(parts, EngineSettings{site.house, {}, after_, CueSettings{}});
  restore({journal_, history_, schedule_, *engine_, facts_},
          {site.clock.utc_ns, found_bytes_, after_.has_value(), after_ ? after_->plan_frame : 0,
           after_ ? after_->shifts : std::map<std::string, std::int64_t>()});
}

std::int64_t Worker::tick() {
  const std::int64_t next = engine_->tick();
  settle_all();
  return next;
}

void Worker::settle_all() {
  if (site_.clock.mono_ns < settle_again_ns_) return;
  for (; !facts_.queue.empty(); facts_.queue.pop_front())
    if (!settle(facts_.queue.front(), host_, history_, journal_)) {
      settle_again_ns_ = site_.clock.mono_ns + kRetryNs;
      return;
    }
}

civ_verdict Worker::publish(const Handing &handing, std::int64_t *retry_ms) {
  const runner::JsonDoc body(handing.body);
  const std::string sha256(64, 'a');
  const civ_media media{sizeof(civ_media), text(handing.path), text(sha256), text("video/mp2t"), 0};
  const civ_media *list[] = {&media};
  const civ_placement raw{sizeof(civ_placement),
                          1,
                          text(handing.id),
                          handing.start_ns,
                          handing.end_ns,
                          body.raw(),
                          list,
                          1};
  try {
    desk_->publish(Placement(raw));
  } catch (const Trouble &trouble) {
    *retry_ms = trouble.retry_after_ms;
    return trouble.verdict;
  } catch (const std::exception &) {
    return CIV_BROKEN;  // as at the border
  }
  return CIV_DONE;
}

civ_verdict Worker::withdraw(const std::string &id) {
  try {
    desk_->withdraw(id);
  } catch (const Trouble &trouble) {
    return trouble.verdict;
  } catch (const std::exception &) {
    return CIV_BROKEN;
  }
  return CIV_DONE;
}

Recall Worker::recall(const std::string &id) {
  try {
    return desk_->recall(id);
  } catch (const Trouble &) {
    return Recall::cannot_tell;  // asked again
  }
}

void Worker::hand_over() {
  engine_->begin_handover();
  while (!engine_->has_left()) {
    const std::int64_t next = tick();
    site_.clock.pass(next - site_.clock.mono_ns);
  }
  leave_handover(handover_path(), engine_->hand_over());
  settle_again_ns_ = 0;
  settle_all();
}

}  // namespace civicast::cable::faults

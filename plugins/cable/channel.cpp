// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/channel.hpp"

#include <sched.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <limits>

#include "plugins/cable/book/handover_file.hpp"
#include "plugins/cable/play/restore.hpp"
#include "plugins/cable/ts/packet.hpp"

namespace civicast::cable {
namespace {

constexpr std::array<int, 3> kOwnPids{kMapPid, kVideoPid, kAudioPid};
constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs + now.tv_nsec;
}

void sleep_until(std::int64_t mono_ns) {
  const timespec until{mono_ns / kSecondNs, mono_ns % kSecondNs};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

/// A signal is worth more than anything else on the machine. Without the right to say so, the
/// pacer's figures tell whether it mattered.
void ask_for_real_time() {
  const sched_param lowest{1};
  ::pthread_setschedparam(::pthread_self(), SCHED_RR, &lowest);
}

std::int64_t size_of(const std::string &path) {
  struct stat info {};
  return !path.empty() && ::stat(path.c_str(), &info) == 0 ? info.st_size : -1;
}

const formats::HouseFormat &house_of(const std::string &id) {
  const formats::HouseFormat *found = formats::find(id.empty() ? "ts_720p25" : id);
  if (found) return *found;
  throw Trouble(CIV_UNREADY, "format.unknown",
                "没有这种成品格式。 · There is no such house format.", "/format", 0, id);
}

std::optional<CueSettings> cues_of(const Doc &settings) {
  if (!settings.flag("/cues")) return std::nullopt;
  CueSettings cues;
  cues.pid = static_cast<int>(std::clamp<std::int64_t>(settings.integer("/cue_pid"), 0, kNullPid));
  const bool is_taken = std::find(kOwnPids.begin(), kOwnPids.end(), cues.pid) != kOwnPids.end();
  if (is_taken || cues.pid < 0x20 || cues.pid >= kNullPid)
    throw Trouble(
        CIV_UNREADY, "cues.pid",
        "PID 须在 32 至 8190 之间，且不是画面、声音和节目表所用的。 · The PID must lie between "
        "32 and 8190 and be none of the picture's, the sound's and the tables'.",
        "/cue_pid", 0, std::to_string(cues.pid));
  return cues;
}

template <class Body>
auto or_unready(const char *code, const char *at, const char *sentence, Body &&body) {
  try {
    return body();
  } catch (const std::runtime_error &e) {
    throw Trouble(CIV_UNREADY, code, sentence, at, 0, e.what());
  }
}

}  // namespace

Pacer::Reading HostClock::read() {
  // A thread that is put aside between two clocks reads two instants; and of the first reading the
  // signal would be early until it is steered back, which takes minutes for milliseconds.
  constexpr std::int64_t kNearNs = 50'000;
  constexpr int kTries = 5;
  std::int64_t nearest_ns = std::numeric_limits<std::int64_t>::max();
  Pacer::Reading best;
  for (int i = 0; i < kTries && nearest_ns > kNearNs; ++i) {
    const std::int64_t before_ns = monotonic_ns(), utc_ns = host_.now_ns();
    const std::int64_t took_ns = monotonic_ns() - before_ns;
    if (took_ns >= nearest_ns) continue;
    nearest_ns = took_ns;
    best = {before_ns, utc_ns};
  }
  return best;
}

CableChannel::CableChannel(Host host, Doc settings)
    : host_(host),
      state_dir_(host.state_dir()),
      house_(house_of(settings.text("/format"))),
      clock_(host) {
  av_log_set_level(AV_LOG_FATAL);  // what matters comes back as an error number
  const std::vector<Wanted> wanted = wanted_outputs(settings);
  const std::int64_t file_size_bytes = size_of(evidence_path(wanted, state_dir_));
  journal_ =
      or_unready("state.journal", "", "状态目录不可写。 · The state folder cannot be written.",
                 [&] { return std::make_unique<Journal>(state_dir_ + "/airing.now"); });
  history_ = or_unready(
      "state.history", "", "状态目录不可写。 · The state folder cannot be written.",
      [&] { return std::make_unique<History>(state_dir_ + "/history", host_.now_ns()); });
  outputs_ = open_outputs(wanted, settings.text("/srt_passphrase"));
  slate_ =
      or_unready("slate.encoder", "", "缺少编码器，无法生成垫片。 · The slate cannot be encoded.",
                 [&] { return std::make_unique<Slate>(house_); });
  clerk_ = std::make_unique<Clerk>(host_, *history_, *journal_);
  desk_ = std::make_unique<Desk>(host_, house_, Desk::Parts{schedule_, *history_, *clerk_});
  if (settings.flag("/preview"))
    preview_ = std::make_unique<Preview>(state_dir_ + "/preview", house_);
  const Engine::Parts parts{clock_,
                            schedule_,
                            *slate_,
                            *journal_,
                            *clerk_,
                            outputs_->in_order(),
                            outputs_->evidence(),
                            preview_.get()};
  const auto after = take_handover(handover_path(), monotonic_ns());
  engine_ = std::make_unique<Engine>(parts, EngineSettings{house_, {}, after, cues_of(settings)});
  restore({*journal_, *history_, schedule_, *engine_, *clerk_},
          {host_.now_ns(), file_size_bytes, after.has_value(), after ? after->plan_frame : 0,
           after ? after->shifts : std::map<std::string, std::int64_t>()});
  playout_ = std::thread([this] { play(); });
}

CableChannel::~CableChannel() {
  is_closing_ = true;
  if (playout_.joinable()) playout_.join();
  preview_.reset();
  clerk_.reset();
}

std::unique_ptr<Outputs> CableChannel::open_outputs(const std::vector<Wanted> &wanted,
                                                    const std::string &srt_passphrase) const {
  const Host host = host_;
  const Site site{state_dir_, state_dir_.substr(state_dir_.rfind('/') + 1), house_.rate_bits_per_s,
                  srt_passphrase, [host] { return host.now_ns(); }};
  return std::make_unique<Outputs>(wanted, site);
}

void CableChannel::play() {
  ask_for_real_time();
  try {
    while (!is_closing_ && !engine_->has_left()) {
      if (is_handing_over_) engine_->begin_handover();
      sleep_until(engine_->tick());
    }
    if (engine_->has_left()) return leave();
    engine_->stop();
  } catch (const std::exception &e) {
    // Without its engine this process is of no use; the supervisor starts another within a second.
    host_.log(CIV_ERROR, std::string("the playout engine broke: ") + e.what());
    std::abort();
  }
}

void CableChannel::leave() {
  const Handover handover = engine_->hand_over();
  try {
    leave_handover(handover_path(), handover);
  } catch (const std::runtime_error &e) {
    host_.log(CIV_ERROR, std::string("the signal will begin anew: ") + e.what());
    engine_->stop();
  }
  const std::scoped_lock lock(handover_mutex_);
  is_handed_over_ = true;
  handed_over_.notify_all();
}

bool CableChannel::hand_over() {
  is_handing_over_ = true;
  std::unique_lock lock(handover_mutex_);
  handed_over_.wait(lock, [this] { return is_handed_over_; });
  return true;
}

std::string CableChannel::handover_path() const {
  return state_dir_ + "/handover";
}

void CableChannel::check(const Placement &placement) {
  desk_->check(placement);
}

void CableChannel::publish(const Placement &placement) {
  desk_->publish(placement);
}

void CableChannel::withdraw(std::string_view id) {
  desk_->withdraw(id);
}

Recall CableChannel::recall(std::string_view id) {
  return desk_->recall(id);
}

std::string CableChannel::status() {
  const auto drops = preview_ ? std::optional(preview_->drops()) : std::nullopt;
  return status_page_.write({engine_->status(), outputs_->states(), drops, host_.now_ns()});
}

}  // namespace civicast::cable

// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/engine.hpp"

#include <algorithm>

#include "plugins/cable/book/airing.hpp"

namespace civicast::cable {
namespace {

/// How far the muxer runs ahead of the sender at least: the time a slow disk has.
constexpr std::int64_t kLeadFrames = 4;
/// So many more at a time: one in many wake-ups finds the caches cold for the muxer. Both together
/// are how late a placement may be handed over.
constexpr std::int64_t kBatchFrames = 4;

/// An output has so long to find out what it did not deliver: the longest segment of a list, the
/// search for a place to cut, and what may lie in a queue. plugin.json gives the host's patience.
constexpr std::int64_t kPatienceFrames = 25 * 80;

/// A break is looked for so often; a cue's window is three seconds long.
constexpr std::int64_t kCueEveryFrames = 5;

std::int64_t first_dts(const EngineSettings &settings, const Pacer &pacer) {
  if (settings.after) return settings.after->first_dts;
  // From UTC, so that after a restart the timestamps stand where they would have stood.
  return settings.first_dts.value_or(pacer.base() % kClockWrap * kVideoTicks % kClockWrap);
}

const Handover *handover_of(const EngineSettings &settings) {
  return settings.after ? &*settings.after : nullptr;
}

std::optional<CueInserter> inserter_of(const EngineSettings &settings) {
  if (!settings.cues) return std::nullopt;
  return CueInserter(*settings.cues, settings.house.rate_bits_per_s, handover_of(settings));
}

/// All channels of a machine wake at the same instants: the second finds the caches warm, and one
/// interrupt serves them all.
std::int64_t next_tick_ns(std::int64_t mono_ns) {
  return (mono_ns / kTickNs + 1) * kTickNs;
}

Pacer pacer_of(const EngineSettings &settings, const Pacer::Reading &now) {
  const std::int64_t rate = settings.house.rate_bits_per_s;
  return settings.after ? Pacer(rate, now, *settings.after) : Pacer(rate, now);
}

}  // namespace

Engine::Engine(const Parts &parts, const EngineSettings &settings)
    : parts_(parts),
      settings_(settings),
      rate_(settings.house.rate_bits_per_s),
      composer_(settings.house, parts.schedule, parts.slate),
      pacer_(pacer_of(settings, parts_.clock.read())),
      inserter_(inserter_of(settings_)),
      splice_(ring_, rate_, handover_of(settings_), inserter_ ? &*inserter_ : nullptr),
      first_dts_(first_dts(settings, pacer_)),
      mux_(ring_, splice_, {settings.house, first_dts_, settings.after.has_value()}),
      check_(rate_, handover_of(settings_)) {
  if (inserter_) cues_.emplace(*inserter_, parts.schedule, settings.after.has_value());
  status_.has_cues = inserter_.has_value();
}

std::int64_t Engine::tick() {
  const Pacer::Reading now = parts_.clock.read();
  const Pacer::Tick tick = pacer_.tick(now, sent_);
  if (tick.is_stall) {
    for (const RunPtr &run : composer_.open_runs()) run->progress.is_stalled = true;
    for (const Mark &mark : marks_)
      if (mark.run) mark.run->progress.is_stalled = true;
    const std::scoped_lock lock(status_mutex_);
    ++status_.stalls;
  }
  compose_ahead(tick.due);
  if (!may_compose() && !is_flushed_) flush();
  // A debt is paid back at twice the rate, not in one burst that overruns a receiver's buffer.
  const std::int64_t most = packet_of(1, rate_) * 2 * kTickNs / kFrameNs;
  std::int64_t end = std::min({tick.due, sent_ + most + kDatagramPackets, ring_.written()});
  end -= end % kDatagramPackets;
  if (end > sent_) send({sent_, end, pacer_.signal_ns(now.mono_ns), tick.late_ns / 1000});
  return next_tick_ns(now.mono_ns);
}

/// A live input's pictures are taken as late as can be: they may not have come yet.
void Engine::compose_ahead(std::int64_t due) {
  const std::int64_t least = due + packet_of(kLeadFrames, rate_);
  if (pacer_.turn_of(next_frame_) >= least) return;
  const std::int64_t most = composer_.has_live() ? least : least + packet_of(kBatchFrames, rate_);
  while (pacer_.turn_of(next_frame_) < most && may_compose()) compose();
}

bool Engine::may_compose() const {
  return !is_leaving_ || next_frame_ % settings_.house.grid_pictures() != 0;
}

/// All of it leaves, in whole datagrams, and nothing less than what is due before the next frame.
void Engine::flush() {
  mux_.flush();
  splice_.put_tables_if_due();
  const std::int64_t whole =
      std::max(ring_.written(), pacer_.turn_of(next_frame_) / kDatagramPackets * kDatagramPackets);
  splice_.pad_to(ceil_div(whole, kDatagramPackets) * kDatagramPackets);
  is_flushed_ = true;
}

void Engine::compose() {
  const std::int64_t frame = next_frame_++;
  if (cues_ && frame % kCueEveryFrames == 0) announce_breaks(frame);
  const Composer::Picture picture = composer_.picture(frame, pacer_.base() + frame);
  collect_ended();
  marks_.push_back({mux_.video(*picture.packet, frame), picture.run, picture.shown});
  if (picture.run) picture.run->last_end = marks_.back().place.end;
  if (parts_.tap) parts_.tap->picture(*picture.packet, frame);
  const AudioSpan span = audio_of(frame, settings_.house.sound_ticks());
  for (std::int64_t audio = span.first; audio < span.end; ++audio) {
    const AVPacket &sound = composer_.sound(audio);
    mux_.audio(sound, audio);
    if (parts_.tap) parts_.tap->sound(sound, audio);
  }
}

SplicePoint Engine::splice_point(std::int64_t plan_frame) const {
  const std::int64_t frame = plan_frame - pacer_.base();
  const std::int64_t pts = first_dts_ + frame * kVideoTicks + 2 * kMuxDelayTicks;
  const std::int64_t turn = pacer_.turn_of(frame);
  return {(pts % kClockWrap + kClockWrap) % kClockWrap, turn,
          arm_window(turn, kMuxDelayTicks, rate_)};
}

void Engine::announce_breaks(std::int64_t frame) {
  cues_->look(pacer_.base() + frame, ring_.written(),
              [this](std::int64_t plan_frame) { return splice_point(plan_frame); });
  const std::scoped_lock lock(status_mutex_);
  status_.next_breaks = cues_->ahead();
}

void Engine::collect_ended() {
  // Over when the turn of the next frame has come and the item's last picture has left.
  const std::int64_t turn = pacer_.turn_of(next_frame_ - 1);
  for (RunPtr &run : composer_.ended())
    closings_.push_back({std::max(turn, run->last_end), std::move(run)});
  for (const Composer::Expired &late : composer_.expired())
    parts_.facts.put(never_aired(*late.item, late.is_preempted ? CIV_PREEMPTED : CIV_DID_NOT_AIR),
                     -1);
}

void Engine::send(const Batch &batch) {
  begin_runs(batch);
  announce(batch);
  const std::int64_t errors = deliver(batch);
  account(batch, errors);
  for (const RunPtr &run : begun_) parts_.facts.put(started(run->progress), -1);
  begun_.clear();
  sent_ = batch.end;
  ring_.release(sent_);
  hear_of_losses();
  close_runs(batch);
}

void Engine::begin_runs(const Batch &batch) {
  for (const Mark &mark : marks_) {
    if (mark.place.first >= batch.end) break;
    Run *run = mark.run.get();
    if (!run || run->is_started) continue;
    run->is_started = true;
    run->before = check_.counters();
    run->progress.start_ns = batch.at_ns;
    run->progress.first_pts = mark.place.pts;
    if (run->slot < 0) run->slot = parts_.journal.open(run->progress);
    begun_.push_back(mark.run);
  }
}

void Engine::announce(const Batch &batch) {
  for (const Mark &mark : marks_) {
    if (mark.place.end > batch.end) break;
    if (!mark.run) continue;
    Progress &progress = mark.run->progress;
    ++progress.about;
    const std::int64_t bytes = (mark.place.end - batch.first) * kPacketBytes;
    const std::int64_t file_bytes = parts_.file ? parts_.file->size_bytes() + bytes : 0;
    if (mark.run->slot >= 0) parts_.journal.about(mark.run->slot, progress.about, file_bytes);
  }
}

std::int64_t Engine::deliver(const Batch &batch) {
  datagrams_.clear();
  for (std::int64_t at = batch.first; at < batch.end; at += kDatagramPackets) {
    const std::uint8_t *packet = ring_.packet(at);
    for (std::int64_t i = 0; i < kDatagramPackets; ++i) check_.look(packet + i * kPacketBytes);
    datagrams_.push_back({const_cast<std::uint8_t *>(packet),
                          static_cast<std::size_t>(kDatagramPackets * kPacketBytes)});
  }
  std::int64_t errors = 0;
  for (Output *output : parts_.outputs) {
    const std::int64_t lost = output->send(datagrams_);
    // In the journal before the file, the last one, has the batch: what a process that died there
    // had sent is taken from the file, which knows nothing of the others.
    if (lost > 0) charge(batch, lost);
    errors += lost;
  }
  return errors;
}

/// What happened to a batch happened to every item of which something may have been in it: also
/// to the one on air whose sound and padding fill the time between two pictures.
void Engine::charge(const Batch &batch, std::int64_t errors) {
  const WorstReadings worst = check_.take_fresh();
  const auto charge_one = [&](Run &run) {
    Progress &progress = run.progress;
    progress.send_errors += errors;
    progress.late_max_us = std::max(progress.late_max_us, batch.late_us);
    progress.check = check_.counters() - run.before;
    progress.worst.merge(worst);
    if (errors > 0 && run.slot >= 0) parts_.journal.sent(run.slot, progress);
  };
  const Run *last = on_air_.get();
  if (on_air_) charge_one(*on_air_);
  for (const Mark &mark : marks_) {
    if (mark.place.first >= batch.end) break;
    if (!mark.run || mark.run.get() == last) continue;
    last = mark.run.get();
    charge_one(*mark.run);
  }
}

void Engine::account(const Batch &batch, std::int64_t errors) {
  const std::scoped_lock lock(status_mutex_);
  status_.packets += batch.end - batch.first;
  status_.send_errors += errors;
  status_.late_max_us = std::max(status_.late_max_us, batch.late_us);
  status_.check = check_.counters();
  status_.worst = check_.recent();
  if (inserter_) status_.cues = inserter_->counters();
  if (composer_.has_live() || !status_.live.empty()) status_.live = composer_.live_states();
  charge(batch, 0);
  for (; !marks_.empty() && marks_.front().place.end <= batch.end; marks_.pop_front()) {
    const Mark &mark = marks_.front();
    ++status_.frames_sent;
    on_air_ = mark.run;
    aftermath_.on_air(mark.place.first, mark.run);
    status_.shown = mark.shown;
    if (!mark.run) {
      ++(mark.shown == Composer::Shown::standby ? status_.standby_frames : status_.slate_frames);
      status_.placement.clear();
      continue;
    }
    Progress &progress = mark.run->progress;
    const Item &item = *mark.run->item;
    ++progress.sent;
    progress.packets += mark.place.end - mark.place.first;
    progress.last_pts = mark.place.pts;
    if (mark.run->slot >= 0) parts_.journal.sent(mark.run->slot, progress);
    if (status_.placement != item.id) {
      status_.placement = item.id;
      status_.asset = item.asset;
      status_.title = item.title;
      status_.kind = item.kind;
      status_.frames = item.frames();
    }
    status_.frame = progress.sent;
  }
}

void Engine::hear_of_losses() {
  std::vector<RunPtr> charged;
  const std::int64_t lost = aftermath_.ask(parts_.outputs, charged);
  for (const RunPtr &run : charged)
    if (run->slot >= 0) parts_.journal.sent(run->slot, run->progress);
  if (lost == 0) return;
  const std::scoped_lock lock(status_mutex_);
  status_.send_errors += lost;
}

void Engine::close_runs(const Batch &batch) {
  while (!closings_.empty() && closings_.front().position <= batch.end) {
    Closing &closing = closings_.front();
    if (closing.run == on_air_) on_air_.reset();
    end(*closing.run, batch.at_ns);
    aftermath_.over(closing.position, std::move(closing.run));
    closings_.pop_front();
  }
  for (const RunPtr &run : aftermath_.settled(batch.end, packet_of(kPatienceFrames, rate_)))
    tell(*run);
}

void Engine::end(Run &run, std::int64_t now_ns) {
  Progress &progress = run.progress;
  if (!run.is_started) progress.start_ns = now_ns = run.item->start_ns;
  progress.end_ns = now_ns;
  if (run.slot >= 0) parts_.journal.close(run.slot, progress);
}

void Engine::tell(const Run &run) {
  parts_.facts.put(final_fact(run.progress), run.slot);
}

/// What is over, or will be before anybody comes back to it.
void Engine::end_all(std::int64_t now_ns) {
  hear_of_losses();
  for (const RunPtr &run : aftermath_.all()) tell(*run);
  for (Closing &closing : closings_) {
    end(*closing.run, now_ns);
    tell(*closing.run);
  }
  closings_.clear();
}

void Engine::stop() {
  const std::int64_t now_ns = pacer_.signal_ns(parts_.clock.read().mono_ns);
  end_all(now_ns);
  for (const RunPtr &run : composer_.open_runs()) {
    if (run->item->is_elastic() || !run->is_started) continue;
    end(*run, now_ns);
    tell(*run);
  }
}

Handover Engine::hand_over() {
  const std::int64_t now_ns = pacer_.signal_ns(parts_.clock.read().mono_ns);
  end_all(now_ns);
  std::map<std::string, std::int64_t> shifts;
  for (const RunPtr &run : composer_.open_runs())
    if (run->shift != 0) shifts[run->item->id] = run->shift;
  return {pacer_.base() + next_frame_,
          (first_dts_ + next_frame_ * kVideoTicks) % kClockWrap,
          pacer_.origin_bits() + sent_ * kPacketBytes * 8 - next_frame_ * (rate_ / 25),
          pacer_.offset_ns(),
          splice_.counters(),
          shifts};
}

Engine::Status Engine::status() const {
  const std::scoped_lock lock(status_mutex_);
  return status_;
}

}  // namespace civicast::cable

// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/composer.hpp"

#include <algorithm>
#include <utility>

namespace civicast::cable {
namespace {

constexpr std::int64_t kPrepareAheadFrames = 200;  // 8 s
constexpr std::int64_t kPrepareEveryFrames = 5;
/// A file that failed is not opened again for every frame.
constexpr std::int64_t kRetryFrames = 25;

}  // namespace

void Composer::resume(const Left &left) {
  auto run = std::make_shared<Run>();
  run->item = left.item;
  run->progress = left.progress;
  run->progress.about = left.progress.sent;
  run->progress.is_joined |= !left.is_exact;
  run->slot = left.slot;
  run->is_started = left.progress.sent > 0;
  run->is_resumed = left.is_exact;
  run->shift = left.shift;
  runs_.push_back(run);
}

RunPtr Composer::run_of(const ItemPtr &item, std::int64_t plan_frame) {
  for (const RunPtr &run : runs_)
    if (run->item->id == item->id) return run;
  auto run = std::make_shared<Run>();
  run->item = item;
  run->progress.id = item->id;
  run->progress.sha256 = item->sha256;
  run->progress.kind = item->kind;
  run->progress.expected = item->frames();
  run->progress.is_joined = plan_frame > item->start_frame();
  runs_.push_back(run);
  return run;
}

// ---- files

/// Only what the gate has let pass: a file that was changed since is not what was planned, and may
/// be what would break the signal.
std::unique_ptr<Clip> Composer::open(const Item &item, std::int64_t frame) const {
  auto clip = std::make_unique<Clip>(item.path, house_, frame);
  if (item.file_bytes >= 0 && !clip->is(item.file_bytes, item.file_changed_ns))
    throw std::runtime_error("changed since it was accepted");
  return clip;
}

/// What cannot be entered leaves the clip alone that is on air: it is what is shown instead.
bool Composer::enter(Run &run, std::int64_t position) {
  // Only what was shown up to here goes on in the middle: not what a stall or its file had stopped.
  const bool is_whole_so_far = run.item->is_elastic() || run.progress.sent == position;
  if (std::exchange(run.is_resumed, false) && is_whole_so_far) return resume_clip(run, position);
  // A picture that refers to others can be entered nowhere; what is whole or not has one entry.
  if (position > 0 && !run.item->is_elastic()) return false;
  const std::int64_t early = position % house_.video.gop_pictures;
  position -= early;
  const auto ready = prepared_.find(run.item->id);
  if (position == 0 && ready != prepared_.end()) {
    clip_ = std::move(ready->second);
    prepared_.erase(ready);
  } else {
    try {
      clip_ = open(*run.item, position);
    } catch (const std::runtime_error &) {
      run.progress.is_missing = true;
      return false;
    }
  }
  clip_owner_ = run.item->id;
  run.shift += early;
  return true;
}

bool Composer::resume_clip(Run &run, std::int64_t position) {
  // One group of pictures earlier, so that the sound in front of the first one has been read too.
  const std::int64_t group = house_.video.gop_pictures;
  const std::int64_t entry = std::max<std::int64_t>(0, position / group - 1) * group;
  clip_owner_ = run.item->id;
  try {
    clip_ = open(*run.item, entry);
    clip_->skip_to(position);
  } catch (const std::runtime_error &) {
    clip_.reset();
    run.progress.is_missing = true;
    return false;
  }
  return true;
}

const AVPacket *Composer::from_clip(Run &run, std::int64_t plan_frame) {
  const Item &item = *run.item;
  const auto position = [&] {
    const std::int64_t planned = plan_frame - item.start_frame() - run.shift;
    return item.is_elastic() && item.clip_frames > 0 ? planned % item.clip_frames : planned;
  };
  const bool is_running = clip_ && clip_owner_ == item.id && clip_->position() == position();
  if (!is_running) {
    if (!run.is_resumed) run.shift = 0;
    if (!enter(run, position())) return nullptr;
  }
  try {
    const AVPacket *packet = clip_->video();
    if (!packet) clip_.reset();  // shorter than promised
    return packet;
  } catch (const std::runtime_error &) {
    clip_.reset();  // damaged
    return nullptr;
  }
}

// ---- the ladder

bool Composer::show_item(const ItemPtr &item, std::int64_t out_frame, std::int64_t plan_frame,
                         Picture &picture) {
  if (!item->live.empty() && show_live(item, out_frame, plan_frame, picture)) return true;
  if (item->path.empty()) return false;
  const RunPtr run = run_of(item, plan_frame);
  if (out_frame < run->retry_frame) return false;
  picture.packet = from_clip(*run, plan_frame);
  if (!picture.packet) {
    run->retry_frame = out_frame + kRetryFrames;
    return false;
  }
  source_ = clip_.get();
  clip_origin_ = out_frame - (clip_->position() - 1);
  picture.shown = item->live.empty() ? Shown::item : Shown::standby;
  if (item->live.empty()) picture.run = run;
  if (item->kind == Kind::filler) standby_item_ = item;
  return true;
}

bool Composer::show_live(const ItemPtr &item, std::int64_t out_frame, std::int64_t plan_frame,
                         Picture &picture) {
  auto &input = live_[item->live];
  if (!input) input = std::make_unique<LiveInput>(item->live, house_);
  if (live_on_air_ != input.get() && !input->enter()) return false;
  picture.packet = input->video();
  live_on_air_ = picture.packet ? input.get() : nullptr;
  if (!picture.packet) return false;
  source_ = input.get();
  clip_origin_ = out_frame - (input->position() - 1);
  picture.run = run_of(item, plan_frame);
  picture.shown = Shown::item;
  return true;
}

bool Composer::show_standby(std::int64_t out_frame, Picture &picture) {
  if (!standby_item_ || out_frame < standby_retry_frame_) return false;
  try {
    const AVPacket *packet = standby_ ? standby_->video() : nullptr;
    if (!packet) {
      standby_ = open(*standby_item_, 0);
      packet = standby_->video();
    }
    picture.packet = packet;
  } catch (const std::runtime_error &) {
    standby_.reset();
    standby_retry_frame_ = out_frame + kRetryFrames;
    return false;
  }
  picture.shown = Shown::standby;
  source_ = standby_.get();
  clip_origin_ = out_frame - (standby_->position() - 1);
  return true;
}

void Composer::show_slate(std::int64_t out_frame, Picture &picture) {
  if (shown_ != Shown::slate) slate_origin_ = out_frame;
  picture.packet = &slate_.picture(out_frame - slate_origin_);
  source_ = nullptr;
}

void Composer::close_over(std::int64_t plan_frame) {
  const auto over = [&](const RunPtr &run) {
    // Of what is whole or not nothing more is shown when the clock was set back to its start or
    // behind that: it would be seen a second time.
    const bool is_again = !run->item->is_elastic() && run->item->start_frame() >= plan_frame;
    if (run->item->end_frame() > plan_frame && !is_again) return false;
    ended_.push_back(run);
    schedule_.done(run->item->id);
    return true;
  };
  std::erase_if(runs_, over);
  for (ItemPtr &item : schedule_.expire(plan_frame))
    expired_.push_back({std::move(item), is_bulletin_});
}

Composer::Picture Composer::picture(std::int64_t out_frame, std::int64_t plan_frame) {
  close_over(plan_frame);
  if (plan_frame % kPrepareEveryFrames == 0) prepare(plan_frame);
  Picture picture;
  const std::vector<ItemPtr> standing = schedule_.take(plan_frame);
  if (!standing.empty()) {
    const RunPtr first = run_of(standing.front(), plan_frame);
    for (const RunPtr &other : runs_)
      if (other != first) other->progress.is_preempted = true;
  }
  for (std::size_t i = 0; i < standing.size() && !picture.packet; ++i) {
    // Below the first only what may be shown in part.
    if (i > 0 && !standing[i]->is_elastic()) continue;
    if (i > 0) schedule_.take(standing[i]->id);
    show_item(standing[i], out_frame, plan_frame, picture);
  }
  if (!picture.packet && !show_standby(out_frame, picture)) show_slate(out_frame, picture);
  // What something else was shown in between is entered anew, or never: were it kept, it would go
  // on amid a group of pictures as soon as a clock that is set puts the plan where it was left.
  if (source_ != clip_.get()) clip_.reset();
  if (source_ != standby_.get()) standby_.reset();
  if (source_ != live_on_air_) live_on_air_ = nullptr;  // to be entered anew
  shown_ = picture.shown;
  is_bulletin_ = picture.run && picture.run->item->kind == Kind::bulletin;
  // Only the very first picture follows another sender's last one.
  for (const RunPtr &run : runs_) run->is_resumed = false;
  return picture;
}

const AVPacket &Composer::sound(std::int64_t audio_frame) {
  if (!source_) return slate_.silence();
  try {
    const AVPacket *packet =
        source_->audio(clip_audio(audio_frame, clip_origin_, house_.sound_ticks()));
    return packet ? *packet : slate_.silence();
  } catch (const std::runtime_error &) {
    return slate_.silence();  // the next picture of this clip will tell what is wrong
  }
}

void Composer::prepare(std::int64_t plan_frame) {
  const std::vector<ItemPtr> coming = schedule_.coming(plan_frame, kPrepareAheadFrames);
  prepare_live(coming);
  std::erase_if(prepared_, [&](const auto &pair) {
    return std::none_of(coming.begin(), coming.end(),
                        [&](const ItemPtr &item) { return item->id == pair.first; });
  });
  for (const ItemPtr &item : coming) {
    if (prepared_.contains(item->id) || item->path.empty()) continue;
    try {
      prepared_[item->id] = open(*item, 0);
    } catch (const std::runtime_error &) {
      prepared_.erase(item->id);  // tried again until its time; then the airing says so
    }
    break;  // opening takes a millisecond: one for each call
  }
}

/// Inputs are opened before their time, and stay open under breaks.
void Composer::prepare_live(const std::vector<ItemPtr> &coming) {
  const auto is_wanted = [&](const std::string &url) {
    return std::any_of(coming.begin(), coming.end(),
                       [&](const ItemPtr &item) { return item->live == url; }) ||
           std::any_of(runs_.begin(), runs_.end(),
                       [&](const RunPtr &run) { return run->item->live == url; });
  };
  for (const ItemPtr &item : coming)
    if (!item->live.empty() && !live_.contains(item->live))
      live_[item->live] = std::make_unique<LiveInput>(item->live, house_);
  for (auto at = live_.begin(); at != live_.end();) {
    if (is_wanted(at->first) || at->second.get() == source_) {
      ++at;
      continue;
    }
    // The sender does not wait for a reader that waits for the network.
    at->second->begin_to_close();
    closing_.push_back(std::move(at->second));
    at = live_.erase(at);
  }
  std::erase_if(closing_, [](const auto &input) { return input->has_closed(); });
}

std::map<std::string, LiveInput::State> Composer::live_states() const {
  std::map<std::string, LiveInput::State> states;
  for (const auto &[url, input] : live_) {
    LiveInput::State &state = states[url] = input->state();
    state.is_on_air = input.get() == live_on_air_;
  }
  return states;
}

}  // namespace civicast::cable

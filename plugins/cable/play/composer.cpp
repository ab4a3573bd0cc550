// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/composer.hpp"

#include <algorithm>
#include <utility>

namespace civicast::cable {
namespace {

constexpr std::int64_t kPrepareAheadFrames = 200;  // 8 s
constexpr std::int64_t kPrepareEveryFrames = 5;

}  // namespace

void Composer::resume(const ItemPtr &item, const Progress &progress, int slot, bool is_exact) {
  auto run = std::make_shared<Run>();
  run->item = item;
  run->progress = progress;
  run->progress.about = progress.sent;
  run->progress.is_joined |= !is_exact;
  run->slot = slot;
  run->is_started = progress.sent > 0;
  run->is_resumed = is_exact;
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

bool Composer::enter(Run &run, std::int64_t position) {
  clip_.reset();
  if (std::exchange(run.is_resumed, false)) return resume_clip(run, position);
  // A picture that refers to others can be entered nowhere; what is whole or not has one entry.
  if (position % house_.video.gop_pictures != 0 || (position > 0 && !run.item->is_elastic()))
    return false;
  clip_owner_ = run.item->id;
  const auto ready = prepared_.find(clip_owner_);
  if (position == 0 && ready != prepared_.end()) {
    clip_ = std::move(ready->second);
    prepared_.erase(ready);
    return true;
  }
  try {
    clip_ = std::make_unique<Clip>(run.item->path, house_, position);
  } catch (const std::runtime_error &) {
    run.progress.is_missing = true;
    return false;
  }
  return true;
}

bool Composer::resume_clip(Run &run, std::int64_t position) {
  // One group of pictures earlier, so that the sound in front of the first one has been read too.
  const std::int64_t group = house_.video.gop_pictures;
  const std::int64_t entry = std::max<std::int64_t>(0, position / group - 1) * group;
  clip_owner_ = run.item->id;
  try {
    clip_ = std::make_unique<Clip>(run.item->path, house_, entry);
    clip_->skip_to(position);
  } catch (const std::runtime_error &) {
    clip_.reset();
    run.progress.is_missing = true;
    return false;
  }
  return true;
}

const AVPacket *Composer::from_clip(Run &run, std::int64_t position) {
  const bool is_running = clip_ && clip_owner_ == run.item->id && clip_->position() == position;
  if (!is_running && !enter(run, position)) return nullptr;
  try {
    const AVPacket *packet = clip_->video();
    if (!packet) clip_.reset();  // shorter than promised
    return packet;
  } catch (const std::runtime_error &) {
    clip_.reset();  // damaged
    return nullptr;
  }
}

Composer::Picture Composer::picture(std::int64_t out_frame, std::int64_t plan_frame) {
  const auto over = [&](const RunPtr &run) {
    if (run->item->end_frame() > plan_frame) return false;
    ended_.push_back(run);
    schedule_.done(run->item->id);
    return true;
  };
  std::erase_if(runs_, over);
  for (ItemPtr &item : schedule_.expire(plan_frame)) expired_.push_back(std::move(item));
  if (plan_frame % kPrepareEveryFrames == 0) prepare(plan_frame);

  Picture picture;
  is_from_clip_ = false;
  if (const ItemPtr item = schedule_.take(plan_frame)) {
    const RunPtr run = run_of(item, plan_frame);
    for (const RunPtr &other : runs_)
      if (other != run) other->progress.is_preempted = true;
    std::int64_t position = plan_frame - item->start_frame();
    if (item->is_elastic() && item->clip_frames > 0) position %= item->clip_frames;
    picture.packet = from_clip(*run, position);
    if (picture.packet) {
      picture.run = run;
      clip_origin_ = out_frame - position;
      is_from_clip_ = true;
    }
  }
  if (!picture.packet) {
    if (!was_slate_) slate_origin_ = out_frame;
    picture.packet = &slate_.picture(out_frame - slate_origin_);
  }
  was_slate_ = !is_from_clip_;
  // Only the very first picture follows another sender's last one.
  for (const RunPtr &run : runs_) run->is_resumed = false;
  return picture;
}

const AVPacket &Composer::sound(std::int64_t audio_frame) {
  if (!is_from_clip_ || !clip_) return slate_.silence();
  try {
    const AVPacket *packet =
        clip_->audio(clip_audio(audio_frame, clip_origin_, house_.sound_ticks()));
    return packet ? *packet : slate_.silence();
  } catch (const std::runtime_error &) {
    return slate_.silence();  // the next picture of this clip will tell what is wrong
  }
}

void Composer::prepare(std::int64_t plan_frame) {
  const std::vector<ItemPtr> coming = schedule_.coming(plan_frame, kPrepareAheadFrames);
  std::erase_if(prepared_, [&](const auto &pair) {
    return std::none_of(coming.begin(), coming.end(),
                        [&](const ItemPtr &item) { return item->id == pair.first; });
  });
  for (const ItemPtr &item : coming) {
    if (prepared_.contains(item->id)) continue;
    try {
      prepared_[item->id] = std::make_unique<Clip>(item->path, house_, 0);
    } catch (const std::runtime_error &) {
      prepared_.erase(item->id);  // tried again until its time; then the airing says so
    }
    break;  // opening takes a millisecond: one for each call
  }
}

}  // namespace civicast::cable

// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/desk.hpp"

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/format/flaw.hpp"
#include "plugins/cable/format/live_reader.hpp"

namespace civicast::cable {
namespace {

Trouble unwritten(const std::runtime_error &e) {
  return {
      CIV_LATER, "state.history", "状态目录写不进去。 · The state folder cannot be written.", "",
      5000,      e.what()};
}

Trouble untold() {
  return {CIV_LATER, "host.busy", "请稍后再试。 · Try again later.", "", 1000};
}

}  // namespace

Item Desk::item_of(const Placement &placement) {
  if (placement.id.empty() || placement.id.size() > Journal::kMaxId)
    throw Trouble(CIV_REFUSED, "id.length", "编号长度无效。 · The id has no valid length.", "/id");
  Item item;
  item.live = placement.body.text("/live");
  if (!item.live.empty() && !is_live_url(item.live))
    throw Trouble(
        CIV_REFUSED, "live.url",
        "直播地址只能是 udp、srt、http 或 https。 · A live input is a udp, srt, http or https "
        "address.",
        "/live");
  if (placement.media.empty() && item.live.empty())
    throw Trouble(CIV_REFUSED, "media.none", "没有成品文件。 · There is no house file.", "/media");
  item.id = placement.id;
  item.kind = kind_of(placement.body.text("/kind"));
  item.asset = placement.body.text("/asset");
  item.title = placement.body.text("/title/zh");
  item.break_id = placement.body.text("/break/id");
  item.start_ns = placement.start_ns;
  item.end_ns = placement.end_ns;
  if (item.frames() <= 0)
    throw Trouble(CIV_REFUSED, "time.empty", "排期没有时长。 · The placement has no length.",
                  "/end_ns");
  if (!item.live.empty() && !item.is_elastic())
    throw Trouble(CIV_REFUSED, "live.kind",
                  "只有节目和垫片可以是直播。 · Only a programme or a filler can be live.",
                  "/live");
  if (placement.media.empty()) return item;
  const Media &media = placement.media.front();
  item.path = media.path;
  item.sha256 = media.sha256.substr(0, 64);
  try {
    const Gate::Answer answer = gate_.inspect(media.path, media.sha256);
    item.clip_frames = answer.frames;
    item.file_bytes = answer.size_bytes;
    item.file_changed_ns = answer.changed_ns;
  } catch (const Flaw &flaw) {
    throw Trouble(CIV_REFUSED, flaw.code, flaw.what(), "/media/0", 0, flaw.detail);
  }
  if (!item.is_elastic() && item.clip_frames < item.frames())
    throw Trouble(CIV_REFUSED, "media.short",
                  "成品文件比排期短。 · The house file is shorter than its time.", "/media/0", 0,
                  std::to_string(item.clip_frames) + " < " + std::to_string(item.frames()));
  return item;
}

void Desk::check(const Placement &placement) {
  item_of(placement);
}

void Desk::publish(const Placement &placement) {
  if (recall(placement.id) == Recall::emitted) return;
  const auto item = std::make_shared<const Item>(item_of(placement));
  if (!parts_.schedule.has_room_for(*item))
    throw Trouble(CIV_REFUSED, "time.taken",
                  "该时间已有别的排期。 · Another placement has this time already.", "/start_ns");
  // In the history before in the schedule: it must not begin before a restart would know of it.
  // Accepted before in the schedule, too: nothing may be said of it earlier.
  const Fact fact = accepted(*item);
  try {
    parts_.history.add(*item, fact);
  } catch (const std::runtime_error &e) {
    throw unwritten(e);
  }
  const bool is_told = host_.emit(fact);
  parts_.schedule.add(item);
  if (!is_told) throw untold();
}

void Desk::withdraw(std::string_view id) {
  const std::string name(id);
  switch (parts_.schedule.remove(id)) {
    case Schedule::Removal::on_air:
      throw Trouble(CIV_REFUSED, "withdraw.on_air", "已开始播出。 · It is on air already.");
    case Schedule::Removal::absent: {
      const auto record = parts_.history.find(id);
      if (record && record->is_final())
        throw Trouble(CIV_REFUSED, "withdraw.over", "已经结束。 · It is over already.");
      throw Trouble(CIV_REFUSED, "withdraw.unknown", "没有此排期。 · There is no such placement.");
    }
    case Schedule::Removal::removed:
      break;
  }
  const Fact fact = withdrawn(name, host_.now_ns());
  try {
    parts_.history.add(fact);
  } catch (const std::runtime_error &e) {
    // Taken back only in memory it would be on air again after a restart: it stays.
    parts_.schedule.add(parts_.history.find(id)->item);
    throw unwritten(e);
  }
  if (!host_.emit(fact)) parts_.facts.put(fact, -1);
}

Recall Desk::recall(std::string_view id) {
  const auto record = parts_.history.find(id);
  if (!record) return Recall::never_heard_of_it;
  // Known, but not to be told just now: whoever asks again will hear.
  if (!host_.emit(record->facts)) throw untold();
  return Recall::emitted;
}

}  // namespace civicast::cable

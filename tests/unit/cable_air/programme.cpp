// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/programme.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "host/base/sha256.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::air {
namespace {

using playlists::Item;
using playlists::ItemKind;

constexpr std::int64_t kGroup = 25;  ///< pictures, of the house format

Item item(const std::string &id, ItemKind kind, const std::string &asset, std::int64_t start_ns,
          std::int64_t frames) {
  Item out;
  out.id = id;
  out.kind = kind;
  out.asset = asset;
  out.title = {asset, asset};
  out.start_ns = start_ns;
  out.end_ns = start_ns + frames * kFrameNs;
  if (kind == ItemKind::placement) {
    out.campaign = out.topic = "values";
    out.break_id = "break";
  }
  return out;
}

bool is_elastic(const Item &item) {
  return item.kind == ItemKind::filler || item.kind == ItemKind::programme;
}

int right_of(const Item &item) {
  return item.kind == ItemKind::placement ? 2 : item.kind == ItemKind::programme ? 1 : 0;
}

}  // namespace

Clips::Clips() {
  const auto make = [&](const std::string &asset, int frames, int hue, int tone_hz) {
    cable::ClipRecipe recipe{.frames = frames, .tone_hz = tone_hz};
    recipe.video_options = "-vf hue=h=" + std::to_string(hue);
    Clip &clip = by_asset[asset];
    clip.path = cable::house_file(recipe);
    std::ifstream in(clip.path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    clip.sha256 = hex(sha256(bytes));
    clip.frames = known.add(asset, clip.path);
  };
  make("spot-a", 75, 0, 440);
  make("spot-b", 75, 60, 550);
  make("spot-c", 30, 120, 660);
  make("spot-d", 48, 180, 770);
  make("filler", 150, 240, 880);
  make("programme", 225, 300, 990);
}

const Clips &clips() {
  static const Clips made;
  return made;
}

const Item *Plan::find(const std::string &id) const {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item &each) { return each.id == id; });
  return found == items.end() ? nullptr : &*found;
}

std::vector<std::int64_t> Plan::joins() const {
  std::vector<std::int64_t> out;
  for (const Item &each : items) {
    if (each.kind == ItemKind::filler) continue;
    out.push_back(each.start_ns);
    out.push_back(each.end_ns);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Item long_filler(std::int64_t now_ns) {
  return item("filler", ItemKind::filler, "filler", (now_ns / kFrameNs - 333) * kFrameNs,
              25 * 3600);
}

Plan make_plan(const Item &filler, std::int64_t start_ns, std::int64_t seconds, unsigned seed) {
  std::mt19937 random(seed);
  const auto from_to = [&](std::int64_t a, std::int64_t b) {
    return std::uniform_int_distribution<std::int64_t>(a, b)(random);
  };
  const std::vector<std::string> assets{"spot-a", "spot-b", "spot-c", "spot-d"};
  Plan plan;
  plan.start_ns = (start_ns + kFrameNs - 1) / kFrameNs * kFrameNs;
  plan.end_ns = plan.start_ns + seconds * 25 * kFrameNs;
  plan.items.push_back(filler);
  const std::int64_t third = seconds * 25 / 3;
  plan.items.push_back(
      item("programme", ItemKind::programme, "programme", plan.start_ns + third * kFrameNs, third));
  std::int64_t at = plan.start_ns;
  for (int spot = 0; at < plan.end_ns;) {
    for (std::int64_t left = from_to(1, 3); left > 0; --left) {
      const std::string &asset = assets[static_cast<std::size_t>(from_to(0, 3))];
      const std::int64_t frames = clips().by_asset.at(asset).frames;
      plan.items.push_back(
          item("spot-" + std::to_string(spot++), ItemKind::placement, asset, at, frames));
      at += frames * kFrameNs;
    }
    plan.end_ns = std::max(plan.end_ns, at);
    at += from_to(10, 60) * kFrameNs;
  }
  std::stable_sort(plan.items.begin(), plan.items.end(),
                   [](const Item &a, const Item &b) { return a.start_ns < b.start_ns; });
  return plan;
}

const Item *Showing::due(std::int64_t plan_frame) const {
  const Item *best = nullptr;
  for (const Item &each : plan_->items) {
    if (plan_frame < first_frame(each) || plan_frame >= end_frame(each)) continue;
    const bool goes_on = last_ == &each && last_frame_ == plan_frame - 1;
    if (!is_elastic(each) && !goes_on && plan_frame != first_frame(each)) continue;
    if (!best || right_of(each) > right_of(*best)) best = &each;
  }
  return best;
}

Showing::Expected Showing::next(std::int64_t plan_frame) {
  const Item *item = due(plan_frame);
  Expected expected{item, 0};
  if (item && !is_elastic(*item)) {
    expected.frame = plan_frame - first_frame(*item);
  } else if (item) {
    const std::int64_t length = clips_->at(item->asset).frames;
    const std::int64_t planned = plan_frame - first_frame(*item);
    const bool goes_on =
        last_ == item && last_frame_ == plan_frame - 1 && (planned - behind_) % length != 0;
    if (!goes_on) behind_ = planned % length % kGroup;
    expected.frame = (planned - behind_) % length;
  }
  last_ = item;
  last_frame_ = plan_frame;
  return expected;
}

}  // namespace civicast::air

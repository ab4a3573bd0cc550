// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/clips.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable::faults {
namespace {

constexpr std::size_t kPacket = 188;

std::uint64_t hash_of(const std::vector<std::uint8_t> &bytes) {
  constexpr std::uint64_t kPrime = 0x9E37'79B9'7F4A'7C15;
  std::uint64_t hash = bytes.size() * kPrime, word = 0;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::memcpy(&word, &bytes[at], 8);
    hash = (hash ^ word) * kPrime;
    hash ^= hash >> 29;
  }
  for (; at < bytes.size(); ++at) hash = (hash ^ bytes[at]) * kPrime;
  return hash ^ hash >> 32;
}

struct Recipe {
  std::int64_t frames = 75;
  int hue = 0;             ///< degrees: each clip has pictures of its own
  int rate_percent = 100;  ///< of the house's bit rate
  std::string options = {};
  std::string source = "testsrc2";
  bool has_sound = true;
};

/// ISO/IEC 13818-1 table 2-21; -1: the unit has none.
std::int64_t pts_of(const std::uint8_t *unit) {
  if (!(unit[7] & 0x80)) return -1;
  const std::uint8_t *b = unit + 9;
  return std::int64_t{b[0] & 0x0E} << 29 | b[1] << 22 | (b[2] & 0xFE) << 14 | b[3] << 7 | b[4] >> 1;
}

std::string make(const TempFolder &folder, const std::string &name,
                 const formats::HouseFormat &house, const Recipe &recipe) {
  const formats::Video &video = house.video;
  const std::string size = std::to_string(video.width) + "x" + std::to_string(video.height);
  const std::string bits = std::to_string(video.bits_per_s * recipe.rate_percent / 100);
  const std::string path = folder / (name + ".ts");
  const std::string sound =
      recipe.has_sound ? " -f lavfi -i 'sine=f=440:r=48000' -ac 2 -ar 48000 -c:a mp2 -b:a 192k"
                       : "";
  const std::string command =
      "ffmpeg -v error -y -f lavfi -i '" + recipe.source + "=s=" + size +
      ":r=25,hue=h=" + std::to_string(recipe.hue) + "'" + sound +
      " -pix_fmt yuv420p -c:v libx264 -threads 1 -preset ultrafast -profile:v high -g 25 "
      "-keyint_min 25 -bf 0 "
      "-x264-params nal-hrd=cbr:scenecut=0:open-gop=0:aud=1:repeat-headers=1 -b:v " +
      bits + " -minrate " + bits + " -maxrate " + bits + " -bufsize " +
      std::to_string(video.vbv_bits) + " " + recipe.options + " -t " +
      std::to_string(static_cast<double>(recipe.frames) / 25.0) + " -f mpegts '" + path + "'";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("ffmpeg failed: " + command);
  return path;
}

formats::HouseFormat quartered() {
  formats::HouseFormat house = real_house();
  house.id = "ts_small";
  house.rate_bits_per_s = 1'000'000;
  house.video.width = 320;
  house.video.height = 180;
  house.video.bits_per_s = 600'000;
  house.video.vbv_bits = 240'000;
  return house;
}

}  // namespace

// ---- reading

bool UnitReader::packet(const std::uint8_t *p, std::int64_t at, Unit &done) {
  const int pid = (p[1] & 0x1F) << 8 | p[2];
  const bool is_start = p[1] & 0x40;
  if (pid != pid_ && !(pid_ < 0 && is_start)) return false;
  const std::size_t start = (p[3] & 0x20) ? std::size_t{5} + p[4] : 4;
  if (!(p[3] & 0x10) || start >= kPacket) return false;
  const std::uint8_t *payload = p + start;
  if (!is_start) {
    if (!is_open_) return false;
    bytes_.insert(bytes_.end(), payload, p + kPacket);
    open_.last = at;
    return false;
  }
  // ISO/IEC 13818-1 table 2-22: a stream id of video.
  const bool is_video = start + 14 < kPacket && !payload[0] && !payload[1] && payload[2] == 1 &&
                        (payload[3] & 0xF0) == 0xE0;
  if (!is_video) return false;
  pid_ = pid;
  const bool is_done = close(done);
  is_open_ = true;
  open_ = {0, pts_of(payload), at, at};
  bytes_.assign(payload + 9 + payload[8], p + kPacket);
  return is_done;
}

bool UnitReader::close(Unit &done) {
  if (!is_open_) return false;
  done = open_;
  done.hash = hash_of(bytes_);
  is_open_ = false;
  return true;
}

bool UnitReader::rest(Unit &done) {
  return close(done);
}

// ---- the book

ClipBook::ClipBook(const formats::HouseFormat &house) {
  static std::vector<std::unique_ptr<TempFolder>> folders;  // gone at the end of the process
  folders.push_back(std::make_unique<TempFolder>());
  const TempFolder &folder = *folders.back();
  int hue = 0;
  const auto add = [&](std::vector<Clip> &to, std::int64_t frames) {
    hue += 20;
    to.push_back(
        {make(folder, std::to_string(hue), house, {.frames = frames, .hue = hue}), frames});
  };
  for (const std::int64_t frames : {75, 126, 150, 250, 99, 201, 375, 75, 150}) add(spots, frames);
  for (const std::int64_t frames : {150, 252}) add(fillers, frames);
  for (const std::int64_t frames : {750, 501}) add(programmes, frames);
  const std::vector<Recipe> bad{
      {.rate_percent = 160},     {.options = "-bf 2"}, {.options = "-g 50 -keyint_min 50"},
      {.options = "-s 352x288"}, {.has_sound = false},
  };
  for (std::size_t i = 0; i < bad.size(); ++i)
    refused.push_back({make(folder, "bad" + std::to_string(i), house, bad[i]), bad[i].frames});
  const int all = static_cast<int>(spots.size() + fillers.size() + programmes.size());
  for (int clip = 0; clip < all; ++clip) learn(clip);
}

const Clip &ClipBook::at(int clip) const {
  auto i = static_cast<std::size_t>(clip);
  for (const std::vector<Clip> *list : {&spots, &fillers, &programmes}) {
    if (i < list->size()) return (*list)[i];
    i -= list->size();
  }
  throw std::out_of_range("no such clip");
}

void ClipBook::learn(int clip) {
  std::ifstream in(at(clip).path, std::ios::binary);
  std::array<char, kPacket> packet{};
  UnitReader reader;
  UnitReader::Unit unit;
  std::int64_t frame = 0;
  const auto know = [&] {
    if (!known_.emplace(unit.hash, Shown{clip, frame++}).second)
      throw std::runtime_error("two pictures of the storm's clips are the same");
  };
  while (in.read(packet.data(), kPacket))
    if (reader.packet(reinterpret_cast<const std::uint8_t *>(packet.data()), 0, unit)) know();
  if (reader.rest(unit)) know();
  if (frame != at(clip).frames) throw std::runtime_error("a clip has not its length");
}

Shown ClipBook::find(std::uint64_t hash) const {
  const auto found = known_.find(hash);
  return found == known_.end() ? Shown{} : found->second;
}

const formats::HouseFormat &real_house() {
  return *formats::find("ts_720p25");
}

const formats::HouseFormat &small_house() {
  static const formats::HouseFormat house = quartered();
  return house;
}

const ClipBook &clips_of(const formats::HouseFormat &house) {
  static std::map<std::string, ClipBook> books;
  return books.try_emplace(house.id, house).first->second;
}

}  // namespace civicast::cable::faults

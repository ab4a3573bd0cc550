// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <set>

#include "sdk/base/json.hpp"
#include "sdk/base/text.hpp"
#include "sdk/formats/faults.hpp"
#include "sdk/formats/house_format.hpp"
#include "sdk/formats/limits.hpp"

namespace civicast::formats {
namespace {

constexpr std::array<const char *, 3> video_codecs = {"h264", "hevc", "mpeg2"};
constexpr std::array<const char *, 3> sound_codecs = {"mp2", "aac", "ac3"};
constexpr std::array<const char *, 3> scans = {"progressive", "top_first", "bottom_first"};
constexpr std::array<const char *, 3> colours = {"bt709", "bt470bg", "smpte170m"};
constexpr std::array<const char *, 2> ends = {"together", "nearest"};
constexpr std::int64_t most_bits = 100'000'000;
constexpr std::size_t most_formats = 64;

/// One object of the table. The first mistake stands; every member must be asked for, once.
class Members {
 public:
  Members(const Json &json, std::string at, std::optional<Fault> &wrong)
      : json_(json), at_(std::move(at)), wrong_(wrong) {
    if (!json.is_object()) mistake(at_, "not an object");
  }

  const Json &member(const char *name) {
    static const Json none;
    asked_.insert(name);
    if (json_.is_object() && json_.contains(name)) return json_.at(name);
    mistake(at_, std::string("\"") + name + "\" is missing");
    return none;
  }
  std::string text(const char *name) {
    const Json &value = member(name);
    if (value.is_string() && !value.get<std::string>().empty()) return value.get<std::string>();
    mistake(pointer_to(at_, name), "not a text");
    return {};
  }
  std::int64_t number(const char *name, std::int64_t least, std::int64_t most) {
    return number_in(member(name), pointer_to(at_, name), least, most);
  }
  std::int64_t number_in(const Json &value, const std::string &at, std::int64_t least,
                         std::int64_t most) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= most_bits) {
      const auto found = value.get<std::int64_t>();
      if (found >= least && found <= most) return found;
    }
    mistake(at, "not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }
  template <class Enum, std::size_t n>
  Enum choice(const char *name, const std::array<const char *, n> &names) {
    const std::string wanted = text(name);
    std::string known;
    for (std::size_t i = 0; i < n; ++i) {
      if (wanted == names[i]) return static_cast<Enum>(i);
      known += std::string(known.empty() ? "" : ", ") + names[i];
    }
    mistake(pointer_to(at_, name), "none of " + known);
    return Enum{};
  }
  Members object(const char *name) { return {member(name), pointer_to(at_, name), wrong_}; }
  void nothing_else() {
    if (!json_.is_object()) return;
    for (const auto &[name, value] : json_.items())
      if (asked_.count(name) == 0)
        mistake(pointer_to(at_, name), "nothing is known of this member");
  }
  void mistake(const std::string &at, const std::string &reason) {
    if (!wrong_) wrong_ = Fault(faults::format_malformed, {{"reason", reason}}).at(at);
  }
  const std::string &at() const { return at_; }

 private:
  const Json &json_;
  std::string at_;
  std::optional<Fault> &wrong_;
  std::set<std::string> asked_;
};

Video video_in(Members members) {
  Video video;
  video.codec = members.choice<VideoCodec>("codec", video_codecs);
  video.profile = members.text("profile");
  video.level = members.text("level");
  video.width = static_cast<int>(members.number("width", 16, 8192));
  video.height = static_cast<int>(members.number("height", 16, 8192));
  const Json &pixel = members.member("pixel");
  const std::string at = pointer_to(members.at(), "pixel");
  if (pixel.is_array() && pixel.size() == 2) {
    video.pixel_width = static_cast<int>(members.number_in(pixel[0], at + "/0", 1, 255));
    video.pixel_height = static_cast<int>(members.number_in(pixel[1], at + "/1", 1, 255));
  } else {
    members.mistake(at, "not two numbers");
  }
  video.scan = members.choice<Scan>("scan", scans);
  video.gop_pictures = static_cast<int>(members.number("gop", 1, 250));
  video.bits_per_s = members.number("bits", 100'000, most_bits);
  video.vbv_bits = members.number("vbv_bits", 10'000, most_bits);
  video.colour = members.choice<Colour>("colour", colours);
  members.nothing_else();
  return video;
}

Sound sound_in(Members members) {
  Sound sound;
  sound.codec = members.choice<SoundCodec>("codec", sound_codecs);
  sound.samples_per_s = static_cast<int>(members.number("rate", 1, 192'000));
  sound.channels = static_cast<int>(members.number("channels", 1, 8));
  sound.bits_per_s = members.number("bits", 1, most_bits);
  sound.frame_samples = static_cast<int>(members.number("frame_samples", 1, 8192));
  sound.ends = members.choice<SoundEnds>("ends", ends);
  members.nothing_else();
  return sound;
}

/// The id becomes part of file names and of XML.
bool is_id(const std::string &id) {
  return id.size() <= 40 && id.compare(0, 3, "ts_") == 0 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

HouseFormat format_in(Members members) {
  HouseFormat format;
  format.id = members.text("id");
  if (!is_id(format.id))
    members.mistake(pointer_to(members.at(), "id"), "not \"ts_\" and then a-z, 0-9, \"_\"");
  Members name = members.object("name");
  format.name_zh = name.text("zh");
  format.name_en = name.text("en");
  name.nothing_else();
  format.rate_bits_per_s = members.number("rate", 1'000'000, most_bits);
  format.video = video_in(members.object("video"));
  format.sound = sound_in(members.object("sound"));
  members.nothing_else();
  return format;
}

}  // namespace

Result<std::vector<HouseFormat>> read_formats(std::string_view json) {
  const auto table = parse_json(json);
  if (!table) return table.fault();
  std::optional<Fault> wrong;
  Members members(*table, "", wrong);
  const Json &list = members.member("formats");
  members.nothing_else();
  if (!list.is_array() || list.empty() || list.size() > most_formats)
    members.mistake("/formats", "not a list of 1 to " + std::to_string(most_formats));
  if (wrong) return *wrong;
  std::vector<HouseFormat> formats;
  std::set<std::string> ids;
  for (const Json &each : list) {
    const std::string at = pointer_to("/formats", std::to_string(formats.size()));
    HouseFormat format = format_in(Members(each, at, wrong));
    if (wrong) return *wrong;
    if (!ids.insert(format.id).second) members.mistake(at + "/id", "stands twice");
    if (wrong) return *wrong;
    if (auto why = impossible_in(format))
      return Fault(faults::format_impossible, {{"format", format.id}, {"reason", *why}}).at(at);
    formats.push_back(std::move(format));
  }
  return formats;
}

const char *name_of(VideoCodec codec) {
  return video_codecs.at(static_cast<std::size_t>(codec));
}

const char *name_of(SoundCodec codec) {
  return sound_codecs.at(static_cast<std::size_t>(codec));
}

const char *name_of(Scan scan) {
  return scans.at(static_cast<std::size_t>(scan));
}

const char *name_of(Colour colour) {
  return colours.at(static_cast<std::size_t>(colour));
}

}  // namespace civicast::formats

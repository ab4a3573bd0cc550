// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/rig.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <stdexcept>

namespace civicast::cable {

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "civicast-cable-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  path = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

namespace {

/// Runs `command` with the name of a new file behind it; of one command once in a process.
std::string made_by(const std::string &command) {
  av_log_set_level(AV_LOG_FATAL);  // as the channel does
  static const TempFolder folder;
  static std::map<std::string, std::string> made;
  std::string &file = made[command];
  if (!file.empty()) return file;
  const std::string name = folder / (std::to_string(made.size()) + ".ts");
  if (std::system((command + " -f mpegts '" + name + "'").c_str()) != 0)
    throw std::runtime_error("ffmpeg failed: " + command);
  return file = name;
}

struct Codecs {
  std::string source, filter, video, sound;
};

const std::string kH264 =
    "-c:v libx264 -preset veryfast -profile:v high -g 25 -keyint_min 25 -bf 0 -x264-params "
    "nal-hrd=cbr:scenecut=0:open-gop=0:aud=1:repeat-headers=1";
const std::string kLayer2 = "-c:a mp2 -b:a 192k";

std::string bits(int rate, int buffer) {
  const std::string kbits = std::to_string(rate) + "k";
  return " -b:v " + kbits + " -minrate " + kbits + " -maxrate " + kbits + " -bufsize " +
         std::to_string(buffer) + "k";
}

Codecs codecs_of(const std::string &format) {
  const std::string hd = "testsrc2=s=1920x1080:r=25", fields = "tinterlace=interleave_top";
  if (format == "ts_1080i25")
    return {"testsrc2=s=1920x1080:r=50", fields,
            kH264 + ":tff=1 -flags +ilme+ildct" + bits(6800, 3400), kLayer2};
  if (format == "ts_1080p25") return {hd, "null", kH264 + bits(6800, 3400), kLayer2};
  if (format == "ts_576i25")
    return {"testsrc2=s=720x576:r=50", fields + ",setsar=64/45",
            "-c:v mpeg2video -g 12 -bf 0 -flags +ilme+ildct+cgop+low_delay -sc_threshold "
            "1000000000 -top 1" +
                bits(4200, 1835),
            kLayer2};
  if (format == "ts_hevc_1080p25")
    return {hd, "null",
            "-c:v libx265 -preset ultrafast -x265-params keyint=25:min-keyint=25:bframes=0:"
            "scenecut=0:open-gop=0:repeat-headers=1:aud=1:hrd=1:log-level=none" +
                bits(4200, 2100),
            kLayer2};
  const std::string sd = "testsrc2=s=1280x720:r=25", h264 = kH264 + bits(3200, 1600);
  if (format == "ts_720p25_ac3") return {sd, "null", h264, "-c:a ac3 -b:a 192k"};
  // The encoder's first frame comes before the picture.
  if (format == "ts_720p25_aac")
    return {sd, "null", h264, "-c:a aac -b:a 160k -bsf:a \"noise=drop='eq(n,0)'\""};
  return {sd, "null", h264, kLayer2};
}

}  // namespace

std::string house_file_of(const std::string &format, int frames) {
  const Codecs codecs = codecs_of(format);
  return made_by("ffmpeg -v error -y -f lavfi -i '" + codecs.source +
                 "' -f lavfi -i 'sine=f=440:r=48000' -ac 2 -vf '" + codecs.filter +
                 "' -pix_fmt yuv420p " + codecs.video + " -ar 48000 " + codecs.sound + " -t " +
                 std::to_string(frames / 25.0) + " -shortest");
}

std::string house_file(const ClipRecipe &r) {
  const std::string seconds = std::to_string(r.frames / 25.0);
  return made_by("ffmpeg -v error -y -f lavfi -i '" + r.picture +
                 "=s=1280x720:r=25' -f lavfi -i 'sine=f=" + std::to_string(r.tone_hz) +
                 ":r=48000' -ac 2 -pix_fmt yuv420p " + kH264 + " -b:v " + r.rate + " -minrate " +
                 r.rate + " -maxrate " + r.rate + " -bufsize " + r.buffer + " " + r.video_options +
                 " -ar 48000 " + r.audio_options + " -t " + seconds + " -shortest");
}

std::string spot_file() {
  return house_file({.frames = 75});
}
std::string filler_file() {
  return house_file({.frames = 150, .picture = "smptebars", .tone_hz = 880});
}

nlohmann::json proof(const Fact &fact) {
  return nlohmann::json::parse(fact.proof);
}

const formats::HouseFormat &the_house() {
  return *formats::find("ts_720p25");
}

void FactList::put(Fact fact, int slot) {
  facts.push_back(std::move(fact));
  if (slot >= 0) journal_.free(slot);
}

Fact FactList::final_of(const std::string &id) const {
  std::vector<Fact> found;
  std::copy_if(facts.begin(), facts.end(), std::back_inserter(found), [&](const Fact &fact) {
    return fact.placement == id && (fact.fact == CIV_AIRED || fact.fact == CIV_MISSED);
  });
  if (found.size() != 1)
    throw std::logic_error(std::to_string(found.size()) + " final facts of " + id);
  return found.front();
}

std::size_t FactList::count(const std::string &id, civ_fact_kind kind) const {
  return static_cast<std::size_t>(std::count_if(facts.begin(), facts.end(), [&](const Fact &fact) {
    return fact.placement == id && fact.fact == kind;
  }));
}

std::int64_t CheckedOutput::send(const std::vector<iovec> &datagrams) {
  handed += static_cast<std::int64_t>(datagrams.size());
  for (const iovec &datagram : datagrams) {
    const auto *data = static_cast<const std::uint8_t *>(datagram.iov_base);
    check.feed(data, datagram.iov_len);
    if (bytes) bytes->insert(bytes->end(), data, data + datagram.iov_len);
  }
  if (failing == 0) return 0;
  --failing;
  return 1;
}

const Slate &the_slate() {
  static const Slate slate(the_house());
  return slate;
}

Rig::Rig(const EngineSettings &settings, Tap *tap)
    : slate(settings.house),
      start_ns(clock.utc_ns),
      journal(folder / "airing.now"),
      facts(journal) {
  const Engine::Parts parts{clock, schedule, slate, journal, facts, {&output}, nullptr, tap};
  engine = std::make_unique<Engine>(parts, settings);
}

ItemPtr Rig::plan(const std::string &id, const std::string &path, std::int64_t after_ms,
                  std::int64_t frames, Kind kind, std::int64_t clip_frames) {
  Item item;
  item.id = id;
  item.kind = kind;
  item.asset = "asset-of-" + id;
  item.path = path;
  item.sha256 = std::string(64, 'a');
  item.start_ns = start_ns + after_ms * 1'000'000;
  item.end_ns = item.start_ns + frame_ns(frames);
  item.clip_frames = clip_frames > 0 ? clip_frames : frames;
  const auto planned = std::make_shared<const Item>(item);
  schedule.add(planned);
  return planned;
}

void Rig::run_for_ms(std::int64_t ms) {
  const std::int64_t end = clock.mono_ns + ms * 1'000'000;
  while (clock.mono_ns < end) {
    const std::int64_t next = engine->tick();
    clock.pass(std::min(next, end) - clock.mono_ns);
  }
}

}  // namespace civicast::cable

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

std::string house_file(const ClipRecipe &r) {
  static const TempFolder folder;
  static std::map<std::string, std::string> made;
  const std::string seconds = std::to_string(r.frames / 25.0);
  const std::string command =
      "ffmpeg -v error -y -f lavfi -i '" + r.picture +
      "=s=1280x720:r=25' -f lavfi -i 'sine=f=" + std::to_string(r.tone_hz) +
      ":r=48000' -ac 2 -c:v libx264 -preset veryfast -profile:v high" +
      " -pix_fmt yuv420p -g 25 -keyint_min 25 -bf 0 -b:v " + r.rate + " -minrate " + r.rate +
      " -maxrate " + r.rate + " -bufsize " + r.buffer +
      " -x264-params nal-hrd=cbr:scenecut=0:open-gop=0:aud=1:repeat-headers=1 " + r.video_options +
      " -ar 48000 " + r.audio_options + " -t " + seconds + " -shortest -f mpegts ";
  std::string &file = made[command];
  if (!file.empty()) return file;
  const std::string name = folder / (std::to_string(made.size()) + ".ts");
  if (std::system((command + "'" + name + "'").c_str()) != 0)
    throw std::runtime_error("ffmpeg failed: " + command);
  return file = name;
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
  static const Slate slate;
  return slate;
}

Rig::Rig(const EngineSettings &settings)
    : start_ns(clock.utc_ns), journal(folder / "airing.now"), facts(journal) {
  const Engine::Parts parts{clock, schedule, the_slate(), journal, facts, {&output}};
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

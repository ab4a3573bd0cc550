// SPDX-License-Identifier: Apache-2.0
// How fast an import is, as a multiple of real time, beside the ffmpeg command line making the same
// transport stream from the same file. Ours also hashes, copies, measures loudness, writes the MP4
// and the JPEG, and reads all of it back; ffmpeg's does not.
//
//   bench-house-file [FILE]     without FILE: 20 s of 1080p30 test picture and tone, made by ffmpeg
//
// Then each format of cable is made of what was imported, once, as a running station makes it.
//
// Last line: {"x_realtime":…, "ffmpeg_x_realtime":…, "ratio":…, "still_s":…, "formats":{ID:…}}
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "host/library/library.hpp"
#include "sdk/base/json.hpp"

namespace {

namespace fs = std::filesystem;
using namespace civicast;

constexpr int rounds = 3;

double seconds_of(const std::function<void()> &work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void run(const std::string &command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

/// A library that has never seen anything.
library::Asset import(const fs::path &folder, const fs::path &file) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  SystemClock clock;
  auto store = std::move(store::Store::open(folder / "civicast.db")).value();
  auto shelf = std::move(library::Library::open(*store, folder, clock)).value();
  NoProgress progress;
  library::ImportRequest request;
  request.file = file;
  auto asset = shelf->import(request, progress);
  if (!asset) throw std::runtime_error(asset.fault().text());
  return *asset;
}

/// How fast the formats of the table are made of an asset that is in the library.
Json later_formats(const fs::path &folder, const library::Asset &asset) {
  std::vector<library::HouseFormat> wanted;
  for (const formats::HouseFormat &format : formats::all()) wanted.emplace_back(format);
  SystemClock clock;
  auto store = std::move(store::Store::open(folder / "civicast.db")).value();
  auto shelf = std::move(library::Library::open(*store, folder, clock, wanted)).value();
  Json found = Json::object();
  for (const auto &unmade : shelf->unmade()) {
    const double seconds = seconds_of([&] {
      NoProgress progress;
      const auto made = shelf->make(unmade.asset, unmade.format, progress);
      if (!made) throw std::runtime_error(made.fault().text());
    });
    const double x = static_cast<double>(asset.duration_ns) / 1e9 / seconds;
    found[library::name_of(unmade.format)] = std::round(x * 100) / 100;
  }
  return found;
}

std::string same_encode(const fs::path &from, const fs::path &to) {
  return fmt::format(
      "ffmpeg -nostdin -v error -y -i '{}' -vf "
      "scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2:"
      "flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p,setsar=1,"
      "pad=1280:720:-1:-1,fps=25 -c:v libx264 -preset veryfast -profile:v high -level 3.1 "
      "-b:v 3200k -minrate 3200k -maxrate 3200k -bufsize 1600k -g 25 -keyint_min 25 -bf 0 "
      "-nal-hrd cbr -aud 1 -x264-params scenecut=0:force-cfr=1 "
      "-c:a mp2 -b:a 192k -ar 48000 -ac 2 -f mpegts '{}'",
      from.string(), to.string());
}

void measure(const fs::path &folder, fs::path file) {
  if (file.empty()) {
    file = folder / "film.mp4";
    run(
        fmt::format("ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=1920x1080:r=30:d=20 "
                    "-f lavfi -i sine=f=440:d=20 -c:v libx264 -preset veryfast -c:a aac '{}'",
                    file.string()));
  }
  const fs::path still = folder / "still.png";
  run(fmt::format("ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=1280x720 -frames:v 1 '{}'",
                  still.string()));
  double ours = 1e9, theirs = 1e9, still_s = 1e9, duration_s = 0;
  for (int round = 1; round <= rounds; ++round) {
    ours = std::min(ours, seconds_of([&] {
                      duration_s =
                          static_cast<double>(import(folder / "station", file).duration_ns) / 1e9;
                    }));
    theirs = std::min(theirs, seconds_of([&] { run(same_encode(file, folder / "theirs.ts")); }));
    still_s = std::min(still_s, seconds_of([&] { import(folder / "station", still); }));
    fmt::print(
        "round {}: {:.1f} s of film; best import {:.2f} s, ffmpeg {:.2f} s; best still of "
        "15 s {:.2f} s\n",
        round, duration_s, ours, theirs, still_s);
  }
  const Json formats = later_formats(folder / "station", import(folder / "station", file));
  fmt::print(
      "{{\"x_realtime\":{:.2f},\"ffmpeg_x_realtime\":{:.2f},\"ratio\":{:.3f},"
      "\"still_s\":{:.2f},\"formats\":{}}}\n",
      duration_s / ours, duration_s / theirs, theirs / ours, still_s, to_text(formats));
}

}  // namespace

int main(int argc, char **argv) {
  std::string folder = (fs::temp_directory_path() / "civicast-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  int status = 0;
  try {
    measure(folder, argc > 1 ? fs::absolute(argv[1]) : fs::path());
  } catch (const std::exception &failure) {
    fmt::print(stderr, "{}\n", failure.what());
    status = 1;
  }
  fs::remove_all(folder);
  return status;
}

// SPDX-License-Identifier: Apache-2.0
#include "host/library/render.hpp"

#include <algorithm>

#include "host/library/faults.hpp"
#include "host/library/house.hpp"
#include "host/library/library.hpp"
#include "host/library/scan.hpp"
#include "host/library/verify.hpp"
#include "host/library/writer.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

// Containers count in milliseconds or ticks of their own; what is left over by their rounding is
// not worth another step of the grid.
constexpr std::int64_t rounding_ns = 4 * ns_per_ms;

Tick ticker(Progress &progress, const std::string &what) {
  return [&progress, what](std::int64_t done, std::int64_t total) {
    progress.step(what, static_cast<double>(done), static_cast<double>(total));
  };
}

fs::path with_suffix(const fs::path &stem, const char *suffix) {
  return fs::path(stem) += suffix;
}

/// The sound of a film, or the bed of a still picture.
Result<SoundSource> sound_of(const fs::path &file, const std::string &shown, int stream,
                             const Scan &scan) {
  SoundSource source;
  if (stream < 0) return source;
  auto decoded = Decoded::open(file, shown, stream);
  if (!decoded) return std::move(decoded).fault();
  source.decoded = std::move(*decoded);
  source.begin_ns = scan.begin_ns;
  source.gain_db = gain_db(scan.loudness);
  return source;
}

Result<SoundSource> bed(const Source &source, Asset &asset, Progress &progress) {
  if (source.sound.empty()) return SoundSource{};
  const std::string shown = source.sound.filename().string();
  auto media = probe(source.sound, shown);
  if (!media) return std::move(media).fault();
  if (media->audio < 0) return Fault(faults::sound_missing, {{"file", shown}});
  media->video = -1;
  media->kind = AssetKind::audio;
  auto found =
      scan(source.sound, shown, *media, ticker(progress, source.shown + " 响度 · loudness"));
  if (!found) return std::move(found).fault();
  asset.loudness_lkfs = found->loudness.lkfs;
  auto sound = sound_of(source.sound, shown, media->audio, *found);
  if (sound) sound->fades_out = found->duration_ns > asset.duration_ns;
  return sound;
}

Result<std::vector<Rendition>> write(const Source &source, const fs::path &stem,
                                     std::int64_t duration_ns, Pictures &pictures, Sound &sound,
                                     Progress &progress) {
  const std::int64_t count = pictures_for(duration_ns);
  const std::vector<Rendition> made = {{HouseFormat::ts_720p25, with_suffix(stem, ".ts"), count},
                                       {HouseFormat::mp4_720p25, with_suffix(stem, ".mp4"), count},
                                       {HouseFormat::jpeg_720, with_suffix(stem, ".jpg"), 0}};
  std::string thumbnail;
  {
    const auto motion = pictures.is_still() ? Encoder::Motion::still : Encoder::Motion::film;
    HouseWriter writer(made[0].path, made[1].path, motion);
    const auto tick = ticker(progress, source.shown + " 编码 · encoding");
    writer.write(pictures, sound, count, [&](std::int64_t n, const AVFrame &picture) {
      if (n == count / 3) thumbnail = jpeg(picture, pictures.box());
      tick(n + 1, count);
    });
  }
  for (const Result<void> &judged : {pictures.judge(), sound.judge()})
    if (!judged) return Fault(judged.fault());
  if (auto wrote = write_file_atomically(made[2].path, thumbnail); !wrote)
    return std::move(wrote).fault();
  for (const Rendition &each : made)
    if (auto wrong = wrong_with(each.path, each.format, each.pictures))
      return Fault(faults::house_file_wrong, {{"file", source.shown}, {"reason", *wrong}});
  return made;
}

Result<std::vector<Rendition>> render_still(const Source &source, const Media &media,
                                            const fs::path &stem, Asset &asset,
                                            Progress &progress) {
  auto still = decode_still(source.file, source.shown, media);
  if (!still) return std::move(still).fault();
  asset.width = still->width;
  asset.height = still->height;
  auto source_of_sound = bed(source, asset, progress);
  if (!source_of_sound) return std::move(source_of_sound).fault();
  StillPictures pictures(*still);
  Sound sound(std::move(*source_of_sound), pictures_for(asset.duration_ns));
  return write(source, stem, asset.duration_ns, pictures, sound, progress);
}

Result<std::vector<Rendition>> render_film(const Source &source, const Media &media,
                                           const Scan &scan, const fs::path &stem,
                                           Progress &progress) {
  auto decoded = Decoded::open(source.file, source.shown, media.video);
  if (!decoded) return std::move(decoded).fault();
  auto source_of_sound = sound_of(source.file, source.shown, media.audio, scan);
  if (!source_of_sound) return std::move(source_of_sound).fault();
  FilmPictures pictures(std::move(*decoded), media.orientation, scan.begin_ns, scan.duration_ns,
                        scan.is_fast);
  const std::int64_t length_ns = scan.duration_ns - rounding_ns;
  Sound sound(std::move(*source_of_sound), pictures_for(length_ns));
  return write(source, stem, length_ns, pictures, sound, progress);
}

}  // namespace

std::int64_t pictures_for(std::int64_t duration_ns) {
  const std::int64_t steps = (duration_ns + house_grid_ns - 1) / house_grid_ns;
  return std::max<std::int64_t>(1, steps) * grid_pictures;
}

Result<std::vector<Rendition>> render(const Source &source, const Media &media,
                                      const fs::path &stem, Asset &asset, Progress &progress) {
  if (media.is_still) return render_still(source, media, stem, asset, progress);
  asset.width = media.width;
  asset.height = media.height;
  auto found =
      scan(source.file, source.shown, media, ticker(progress, source.shown + " 检查 · checking"));
  if (!found) return std::move(found).fault();
  asset.duration_ns = found->duration_ns;
  asset.loudness_lkfs = found->loudness.lkfs;
  if (media.kind == AssetKind::audio) return std::vector<Rendition>{};
  return render_film(source, media, *found, stem, progress);
}

}  // namespace civicast::library

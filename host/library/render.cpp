// SPDX-License-Identifier: Apache-2.0
#include "host/library/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "host/library/faults.hpp"
#include "host/library/house.hpp"
#include "host/library/scan.hpp"
#include "host/library/verify.hpp"
#include "host/library/writer.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

// Containers count in milliseconds or ticks of their own; what is left over by their rounding is
// not worth another step of the grid.
constexpr std::int64_t rounding_ns = 4 * ns_per_ms;

/// What every encoding pass begins anew.
struct Takes {
  std::function<Result<std::unique_ptr<Pictures>>(const formats::Video &, double softness)>
      pictures;
  std::function<Result<SoundSource>()> sound;
  std::int64_t duration_ns = 0;
  bool is_still = false;
};

/// Formats whose pictures are the same are encoded once.
struct Pass {
  formats::Video video;
  std::vector<HouseFormat> formats;
};

Tick ticker(Progress &progress, const std::string &what) {
  return [&progress, what](std::int64_t done, std::int64_t total) {
    progress.step(what, static_cast<double>(done), static_cast<double>(total));
  };
}

std::vector<Pass> passes_for(const std::vector<HouseFormat> &formats) {
  std::vector<Pass> passes;
  for (const HouseFormat &format : formats) {
    const formats::HouseFormat *cable = format.cable();
    const formats::Video &video = (cable != nullptr ? *cable : browser_format()).video;
    const auto same = std::find_if(passes.begin(), passes.end(),
                                   [&](const Pass &pass) { return pass.video == video; });
    if (same == passes.end())
      passes.push_back({video, {format}});
    else
      same->formats.push_back(format);
  }
  return passes;
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

/// Makes the bed of a still, again and again.
Result<std::function<Result<SoundSource>()>> bed(const Source &source, Asset &asset,
                                                 Progress &progress) {
  if (source.sound.empty()) return std::function([] { return Result<SoundSource>(SoundSource{}); });
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
  const bool fades_out = found->duration_ns > asset.duration_ns;
  return std::function([file = source.sound, shown, stream = media->audio, found = *found,
                        fades_out]() -> Result<SoundSource> {
    auto sound = sound_of(file, shown, stream, found);
    if (sound) sound->fades_out = fades_out;
    return sound;
  });
}

std::vector<Moving> moving_of(const std::vector<Rendition> &made) {
  std::vector<Moving> files;
  for (const Rendition &each : made)
    if (!(each.format == HouseFormat::jpeg_720))
      files.push_back({each.format, each.path, each.pictures});
  return files;
}

std::int64_t longest(const std::vector<Moving> &files) {
  std::int64_t pictures = 1;
  for (const Moving &file : files) pictures = std::max(pictures, file.pictures);
  return pictures;
}

Result<void> write_jpeg(const std::vector<Rendition> &made, const std::string &bytes) {
  for (const Rendition &each : made) {
    if (!(each.format == HouseFormat::jpeg_720)) continue;
    if (auto wrote = write_file_atomically(each.path, bytes); !wrote) return wrote;
  }
  return {};
}

/// Encodes what is to be made in one pass; the JPEG is taken after a third of it.
Result<void> write(const Source &source, const Takes &takes, const formats::Video &video,
                   double softness, const std::vector<Rendition> &made, Progress &progress) {
  auto pictures = takes.pictures(video, softness);
  if (!pictures) return std::move(pictures).fault();
  auto source_of_sound = takes.sound();
  if (!source_of_sound) return std::move(source_of_sound).fault();
  const std::vector<Moving> files = moving_of(made);
  if (files.empty()) return write_jpeg(made, jpeg((*pictures)->next(), (*pictures)->box()));
  const std::int64_t count = longest(files);
  Sound sound(std::move(*source_of_sound), count, taps_of(files));
  std::string thumbnail;
  {
    const auto motion = (*pictures)->is_still() ? Encoder::Motion::still : Encoder::Motion::film;
    HouseWriter writer(video, files, motion);
    const auto tick = ticker(
        progress, fmt::format("{} 编码 · encoding {}", source.shown, files[0].format.name()));
    writer.write(**pictures, sound, [&](std::int64_t n, const AVFrame &picture) {
      if (n == count / 3) thumbnail = jpeg(picture, (*pictures)->box());
      tick(n + 1, count);
    });
  }
  for (const Result<void> &judged : {(*pictures)->judge(), sound.judge()})
    if (!judged) return Fault(judged.fault());
  return write_jpeg(made, thumbnail);
}

std::optional<std::string> wrong_with(const std::vector<Rendition> &made) {
  for (const Rendition &each : made)
    if (auto wrong = wrong_with(each.path, each.format, each.pictures))
      return fmt::format("{}: {}", each.format.name(), *wrong);
  return std::nullopt;
}

/// Reads back what was written. Snow and confetti can be more than a codec's coarsest step makes
/// fit into its rate: then the pictures are softened, and softened more.
Result<void> write_right(const Source &source, const Takes &takes, const formats::Video &video,
                         const std::vector<Rendition> &made, Progress &progress) {
  std::optional<std::string> wrong;
  for (const double softness : {0.0, 1.5, 4.0}) {
    auto wrote = write(source, takes, video, softness, made, progress);
    if (!wrote) return wrote;
    wrong = wrong_with(made);
    if (!wrong) return {};
    if (takes.is_still) break;
  }
  return Fault(faults::house_file_wrong, {{"file", source.shown}, {"reason", *wrong}});
}

Result<std::vector<Rendition>> write_all(const Source &source, const Takes &takes,
                                         const fs::path &stem,
                                         const std::vector<HouseFormat> &formats,
                                         Progress &progress) {
  std::vector<Rendition> all;
  for (const Pass &pass : passes_for(formats)) {
    std::vector<Rendition> made;
    for (const HouseFormat &format : pass.formats)
      made.push_back({format, fs::path(stem) += fmt::format(".{}", format.name()),
                      pictures_of(format, takes.duration_ns, takes.is_still)});
    if (auto passed = write_right(source, takes, pass.video, made, progress); !passed)
      return std::move(passed).fault();
    all.insert(all.end(), made.begin(), made.end());
  }
  return all;
}

Result<std::vector<Rendition>> render_still(const Source &source, const Media &media,
                                            const fs::path &stem,
                                            const std::vector<HouseFormat> &formats, Asset &asset,
                                            Progress &progress) {
  auto still = decode_still(source.file, source.shown, media, browser_format().video);
  if (!still) return std::move(still).fault();
  asset.width = still->width;
  asset.height = still->height;
  auto sound = bed(source, asset, progress);
  if (!sound) return std::move(sound).fault();
  Takes takes;
  takes.pictures = [&](const formats::Video &video, double) -> Result<std::unique_ptr<Pictures>> {
    auto drawn = decode_still(source.file, source.shown, media, video);
    if (!drawn) return std::move(drawn).fault();
    return std::unique_ptr<Pictures>(std::make_unique<StillPictures>(*drawn, video));
  };
  takes.sound = *sound;
  takes.duration_ns = asset.duration_ns;
  takes.is_still = true;
  return write_all(source, takes, stem, formats, progress);
}

Result<std::vector<Rendition>> render_film(const Source &source, const Media &media,
                                           const Scan &scan, const fs::path &stem,
                                           const std::vector<HouseFormat> &formats,
                                           Progress &progress) {
  Takes takes;
  takes.pictures = [&](const formats::Video &video,
                       double softness) -> Result<std::unique_ptr<Pictures>> {
    auto decoded = Decoded::open(source.file, source.shown, media.video);
    if (!decoded) return std::move(decoded).fault();
    FilmSource film{std::move(*decoded), media.orientation, scan.begin_ns, scan.duration_ns,
                    scan.frame_ns,       scan.lines,        softness};
    return std::unique_ptr<Pictures>(std::make_unique<FilmPictures>(std::move(film), video));
  };
  takes.sound = [&] { return sound_of(source.file, source.shown, media.audio, scan); };
  takes.duration_ns = scan.duration_ns;
  return write_all(source, takes, stem, formats, progress);
}

}  // namespace

const formats::HouseFormat &browser_format() {
  return *HouseFormat::ts_720p25.cable();
}

std::int64_t pictures_of(const HouseFormat &format, std::int64_t duration_ns, bool is_still) {
  if (format == HouseFormat::jpeg_720) return 0;
  const formats::HouseFormat *cable = format.cable();
  const std::int64_t length_ns = is_still ? duration_ns : duration_ns - rounding_ns;
  return (cable != nullptr ? *cable : browser_format()).pictures_for(length_ns);
}

Result<std::vector<Rendition>> render(const Source &source, const Media &media,
                                      const fs::path &stem, const std::vector<HouseFormat> &formats,
                                      Asset &asset, Progress &progress) {
  if (media.is_still) return render_still(source, media, stem, formats, asset, progress);
  asset.width = media.width;
  asset.height = media.height;
  auto found =
      scan(source.file, source.shown, media, ticker(progress, source.shown + " 检查 · checking"));
  if (!found) return std::move(found).fault();
  asset.duration_ns = found->duration_ns;
  asset.loudness_lkfs = found->loudness.lkfs;
  if (media.kind == AssetKind::audio) return std::vector<Rendition>{};
  return render_film(source, media, *found, stem, formats, progress);
}

}  // namespace civicast::library

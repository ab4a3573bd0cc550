// SPDX-License-Identifier: Apache-2.0
#include "host/library/remake.hpp"

#include "host/library/faults.hpp"
#include "host/library/library.hpp"
#include "host/library/or_undo.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

/// The more there is to be seen, the better another file that is made of it.
std::int64_t worth(const HouseFile &file) {
  const formats::HouseFormat *cable = file.format.cable();
  return cable == nullptr ? 0 : std::int64_t{cable->video.width} * cable->video.height;
}

}  // namespace

Result<HouseFile> Remake::make(const Asset &asset, const HouseFormat &format, Progress &progress) {
  const auto lock = incoming_.wait_for(asset.sha256);
  if (auto there = store_.house_file(asset.id, format)) return std::move(*there);
  drop_hidden(asset);  // the lock is ours, so whoever left it is dead
  const auto origin = origin_of(asset);
  if (!origin) return origin.fault();
  return or_undo(
      shelf_.folder(), [&] { return make_of(*origin, asset, format, progress); },
      [&] { drop_hidden(asset); });
}

Result<HouseFile> Remake::make_of(const Origin &origin, const Asset &asset,
                                  const HouseFormat &format, Progress &progress) {
  const std::string shown = origin.made_from == from_source
                                ? asset.source_name
                                : asset.source_name + " (" + origin.made_from + ")";
  auto media = probe(origin.file, shown);
  if (!media) return std::move(media).fault();
  Asset facts = asset;  // they are known already, and of the source
  auto made = render({origin.file, origin.sound, shown}, *media, incoming_.stem(asset.sha256),
                     {format}, facts, progress);
  if (!made) return std::move(made).fault();
  auto file = shelf_.house_file(made->front(), asset.id, origin.made_from);
  if (!file) return file;
  store_.name_house_files({*file}, false);
  if (auto settled = shelf_.settle(made->front().path, file->path); !settled)
    return std::move(settled).fault();
  store_.show_house_file(*file);
  return file;
}

std::optional<HouseFile> Remake::best_of(const Asset &asset) {
  std::optional<HouseFile> best;
  for (const HouseFormat &format : house_formats()) {
    auto file = store_.house_file(asset.id, format);
    if (!file || file->frames == 0 || !fs::exists(file->path)) continue;
    if (!best || worth(*file) > worth(*best)) best = std::move(file);
  }
  return best;
}

Result<Remake::Origin> Remake::origin_of(const Asset &asset) {
  const fs::path source = shelf_.source(asset.sha256), sound = shelf_.sound(asset.sha256);
  if (fs::exists(source)) {
    const auto hash = hash_of(source, [](std::uint64_t) {});
    if (hash && *hash == asset.sha256)
      return Origin{source, fs::exists(sound) ? sound : fs::path(), from_source};
  }
  const auto best = best_of(asset);
  if (!best) return Fault(faults::house_file_sourceless, {{"id", asset.id}});
  return Origin{best->path, {}, name_of(best->format)};
}

std::int64_t Remake::duration_in(const Asset &asset, const HouseFormat &format) {
  const bool is_kept = fs::exists(shelf_.source(asset.sha256));
  const auto best = is_kept ? std::nullopt : best_of(asset);
  const std::int64_t pictures =
      best ? pictures_of(format, best->duration_ns, false)
           : pictures_of(format, asset.duration_ns, asset.kind == AssetKind::image);
  return pictures * formats::picture_ns;
}

void Remake::drop_hidden(const Asset &asset) {
  incoming_.clear(asset.sha256);
  store_.drop_house_files(asset.id, LibraryStore::Which::hidden,
                          [](const fs::path &path) { fs::remove(path); });
}

void Remake::clear_dead() {
  for (const Asset &asset : store_.with_hidden_files())
    if (const auto lock = incoming_.try_for(asset.sha256)) drop_hidden(asset);
}

}  // namespace civicast::library

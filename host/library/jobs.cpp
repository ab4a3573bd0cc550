// SPDX-License-Identifier: Apache-2.0
#include "host/library/jobs.hpp"

#include "host/base/sha256.hpp"
#include "host/library/admit.hpp"
#include "host/library/av.hpp"
#include "host/library/faults.hpp"
#include "host/library/probe.hpp"
#include "host/library/render.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

constexpr const char *from_source = "source";

std::function<void(std::uint64_t)> byte_ticker(const fs::path &file, const char *what,
                                               Progress &progress) {
  std::error_code unknown;
  const auto total = static_cast<double>(fs::file_size(file, unknown));
  return [&progress, total, step = file.filename().string() + what](std::uint64_t done) {
    progress.step(step, static_cast<double>(done), total);
  };
}

/// The asset as far as the request and the first look tell.
Result<Job> job_for(const ImportRequest &request, const std::string &sha256, std::int64_t now_ns) {
  Job job;
  Asset &asset = job.asset;
  const std::string stem = request.file.stem().string();
  asset.id = request.id.empty() ? "a-" + sha256.substr(0, 12) : request.id;
  asset.title = {request.title.zh.empty() ? stem : request.title.zh,
                 request.title.en.empty() ? stem : request.title.en};
  asset.text = request.text;
  asset.sha256 = sha256;
  asset.source_name = request.file.filename().string();
  asset.imported_ns = now_ns;
  job.has_sound = !request.sound.empty();
  if (is_text(request.file)) {
    auto body = read_text(request.file);
    if (!body) return std::move(body).fault();
    asset.kind = AssetKind::text;
    if (asset.text.zh.empty()) asset.text.zh = *body;
    if (asset.text.en.empty()) asset.text.en = *body;
  } else {
    auto media = probe(request.file, request.file.string());
    if (!media) return std::move(media).fault();
    asset.kind = media->kind;
    job.is_still = media->is_still;
    if (job.is_still) asset.duration_ns = request.still_ns;
  }
  if (job.has_sound && !job.is_still)
    return Fault(faults::sound_without_still, {{"file", request.file.string()}});
  std::error_code unknown;
  if (job.is_still && fs::file_size(request.file, unknown) > max_still_bytes)
    return Fault(faults::media_too_large, {{"file", request.file.string()}, {"limit", "128 MiB"}});
  return job;
}

const char *extension_of(const HouseFormat &format) {
  if (format.cable() != nullptr) return ".ts";
  return format == HouseFormat::mp4_720p25 ? ".mp4" : ".jpg";
}

const char *mime_of(const HouseFormat &format) {
  if (format.cable() != nullptr) return "video/mp2t";
  return format == HouseFormat::mp4_720p25 ? "video/mp4" : "image/jpeg";
}

Result<HouseFile> house_file_of(const Rendition &made, const std::string &asset,
                                const std::string &made_from, const fs::path &house) {
  auto hash = hash_of(made.path, [](std::uint64_t) {});
  if (!hash) return std::move(hash).fault();
  HouseFile file;
  file.asset = asset;
  file.format = made.format;
  file.sha256 = *hash;
  file.path = house / hash->substr(0, 2) / (*hash + extension_of(made.format));
  file.mime = mime_of(made.format);
  file.frames = made.pictures;
  file.duration_ns = made.pictures * formats::picture_ns;
  file.made_from = made_from;
  return file;
}

/// The more there is to be seen, the better another file that is made of it.
std::int64_t worth(const HouseFile &file) {
  const formats::HouseFormat *cable = file.format.cable();
  return cable == nullptr ? 0 : std::int64_t{cable->video.width} * cable->video.height;
}

/// Into its place, so that a power cut finds it there.
Result<void> settle(const fs::path &from, const fs::path &to, const fs::path &house) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (error)
    return Fault(faults::house_folder_unusable,
                 {{"folder", to.parent_path().string()}, {"reason", error.message()}});
  if (auto synced = sync_directory(to.parent_path()); !synced) return synced;
  return sync_directory(house);
}

}  // namespace

Jobs::Jobs(LibraryStore &store, fs::path house, Incoming incoming, const Clock &clock,
           std::vector<HouseFormat> formats)
    : store_(store),
      house_(std::move(house)),
      incoming_(std::move(incoming)),
      clock_(clock),
      formats_(std::move(formats)) {}

fs::path Jobs::kept(const std::string &sha256, const char *what) const {
  return house_ / sha256.substr(0, 2) / (sha256 + what);
}

Result<Asset> Jobs::import(const ImportRequest &request, Progress &progress) {
  if (auto admitted = admit(request); !admitted) return std::move(admitted).fault();
  auto sha256 = hash_of(request.file, byte_ticker(request.file, " 读取 · reading", progress));
  if (!sha256) return std::move(sha256).fault();
  const auto lock = incoming_.wait_for(*sha256);
  if (auto there = store_.find_by_bytes(*sha256)) return *there;
  // The lock is ours, so whoever began this job is dead.
  if (auto dead = store_.unfinished(*sha256)) discard(*dead);
  return begin(request, *sha256, progress);
}

Result<Asset> Jobs::begin(const ImportRequest &request, const std::string &sha256,
                          Progress &progress) {
  auto job = job_for(request, sha256, clock_.now_ns());
  if (!job) return std::move(job).fault();
  if (auto holder = store_.begin(*job))
    return Fault(faults::asset_id_taken, {{"id", job->asset.id}, {"other", *holder}});
  return or_undo(
      [&]() -> Result<Asset> {
        if (auto staged = stage(request, *job, progress); !staged) return std::move(staged).fault();
        return finish(*job, progress);
      },
      [&] { discard(*job); });
}

template <class Work, class Undo>
auto Jobs::or_undo(Work work, Undo undo) -> decltype(work()) {
  try {
    auto done = work();
    if (!done) undo();
    return done;
  } catch (const av::Error &error) {
    undo();
    if (error.code() != AVERROR(ENOSPC) && error.code() != AVERROR(EIO)) throw;
    return Fault(faults::house_folder_unusable,
                 {{"folder", house_.string()}, {"reason", av::reason(error.code())}});
  } catch (...) {
    undo();
    throw;
  }
}

Result<void> Jobs::stage(const ImportRequest &request, const Job &job, Progress &progress) {
  const std::string &sha256 = job.asset.sha256;
  if (job.has_sound) {
    auto sound = incoming_.stage(request.sound, incoming_.sound(sha256),
                                 byte_ticker(request.sound, " 复制 · copying", progress));
    if (!sound) return std::move(sound).fault();
  }
  auto copied = incoming_.stage(request.file, incoming_.source(sha256),
                                byte_ticker(request.file, " 复制 · copying", progress));
  if (!copied) return std::move(copied).fault();
  if (*copied != sha256) return Fault(faults::media_changed, {{"file", request.file.string()}});
  return {};
}

Result<Asset> Jobs::finish(const Job &job, Progress &progress) {
  Asset asset = job.asset;
  auto accepted = accept(asset, progress);
  if (!accepted) return std::move(accepted).fault();
  store_.finish(asset);
  incoming_.clear(asset.sha256);
  return asset;
}

Result<void> Jobs::accept(Asset &asset, Progress &progress) {
  if (asset.kind == AssetKind::text) return {};
  const fs::path staged = incoming_.source(asset.sha256);
  auto media = probe(staged, asset.source_name);
  if (!media) return std::move(media).fault();
  Source source{staged, incoming_.sound(asset.sha256), asset.source_name};
  if (!fs::exists(source.sound)) source.sound.clear();
  auto made = render(source, *media, incoming_.stem(asset.sha256), formats_, asset, progress);
  if (!made) return std::move(made).fault();
  std::vector<HouseFile> files;
  for (const Rendition &each : *made) {
    auto file = house_file_of(each, asset.id, from_source, house_);
    if (!file) return std::move(file).fault();
    files.push_back(std::move(*file));
  }
  store_.name_house_files(files, true);
  for (std::size_t i = 0; i < files.size(); ++i)
    if (auto settled = settle((*made)[i].path, files[i].path, house_); !settled) return settled;
  return keep(asset.sha256);
}

/// For the day when a channel asks for another format. The source goes last: a job without it is
/// beyond rescue, one without its sound bed would be finished in silence.
Result<void> Jobs::keep(const std::string &sha256) {
  const fs::path sound = incoming_.sound(sha256), source = incoming_.source(sha256);
  if (fs::exists(sound)) {
    std::error_code error;
    fs::create_directories(kept(sha256).parent_path(), error);
    if (!error)
      fs::copy_file(sound, kept(sha256, ".sound"), fs::copy_options::overwrite_existing, error);
    if (error)
      return Fault(faults::house_folder_unusable,
                   {{"folder", house_.string()}, {"reason", error.message()}});
  }
  return settle(source, kept(sha256), house_);
}

void Jobs::drop_house_files(const Job &job) {
  fs::remove(kept(job.asset.sha256));
  fs::remove(kept(job.asset.sha256, ".sound"));
  store_.drop_house_files(job.asset.id, LibraryStore::Which::all,
                          [](const fs::path &path) { fs::remove(path); });
}

void Jobs::discard(const Job &job) {
  drop_house_files(job);
  incoming_.clear(job.asset.sha256);
  store_.forget(job);
}

void Jobs::resume(Progress &progress) {
  for (const Job &seen : store_.unfinished()) {
    const auto lock = incoming_.try_for(seen.asset.sha256);
    if (!lock) continue;
    const auto job = store_.unfinished(seen.asset.sha256);
    if (!job) continue;
    if (!fs::exists(incoming_.source(seen.asset.sha256))) {
      discard(*job);
      continue;
    }
    drop_house_files(*job);
    const auto done = or_undo([&] { return finish(*job, progress); }, [&] { discard(*job); });
    if (!done) progress.step(done.fault().text(), 1, 1);
  }
  for (const std::string &sha256 : incoming_.present()) {
    const auto lock = incoming_.try_for(sha256);
    if (lock && !store_.unfinished(sha256)) incoming_.clear(sha256);
  }
  for (const Asset &asset : store_.with_hidden_files())
    if (const auto lock = incoming_.try_for(asset.sha256)) drop_hidden(asset);
}

void Jobs::drop_hidden(const Asset &asset) {
  incoming_.clear(asset.sha256);
  store_.drop_house_files(asset.id, LibraryStore::Which::hidden,
                          [](const fs::path &path) { fs::remove(path); });
}

Result<HouseFile> Jobs::make(const Asset &asset, const HouseFormat &format, Progress &progress) {
  const auto lock = incoming_.wait_for(asset.sha256);
  if (auto there = store_.house_file(asset.id, format)) return std::move(*there);
  drop_hidden(asset);
  return or_undo([&] { return make_of(asset, format, progress); }, [&] { drop_hidden(asset); });
}

Result<HouseFile> Jobs::make_of(const Asset &asset, const HouseFormat &format, Progress &progress) {
  auto origin = origin_of(asset, files_of(asset));
  if (!origin) return std::move(origin).fault();
  const std::string shown = origin->name == from_source
                                ? asset.source_name
                                : asset.source_name + " (" + origin->name + ")";
  auto media = probe(origin->file, shown);
  if (!media) return std::move(media).fault();
  Asset facts = asset;  // they are known already, and of the source
  auto made = render({origin->file, origin->sound, shown}, *media, incoming_.stem(asset.sha256),
                     {format}, facts, progress);
  if (!made) return std::move(made).fault();
  auto file = house_file_of(made->front(), asset.id, origin->name, house_);
  if (!file) return file;
  store_.name_house_files({*file}, false);
  if (auto settled = settle(made->front().path, file->path, house_); !settled)
    return std::move(settled).fault();
  store_.show_house_file(*file);
  return file;
}

std::vector<HouseFile> Jobs::files_of(const Asset &asset) {
  std::vector<HouseFile> files;
  for (const HouseFormat &format : house_formats())
    if (auto file = store_.house_file(asset.id, format)) files.push_back(std::move(*file));
  return files;
}

Result<Origin> Jobs::origin_of(const Asset &asset, const std::vector<HouseFile> &made) const {
  const fs::path source = kept(asset.sha256), sound = kept(asset.sha256, ".sound");
  if (fs::exists(source)) {
    auto hash = hash_of(source, [](std::uint64_t) {});
    if (hash && *hash == asset.sha256)
      return Origin{source, fs::exists(sound) ? sound : fs::path(), from_source};
  }
  const HouseFile *best = nullptr;
  for (const HouseFile &file : made)
    if (file.frames > 0 && fs::exists(file.path) && (!best || worth(file) > worth(*best)))
      best = &file;
  if (!best) return Fault(faults::house_file_sourceless, {{"id", asset.id}});
  return Origin{best->path, {}, name_of(best->format)};
}

std::int64_t Jobs::duration_in(const Asset &asset, const HouseFormat &format) {
  const bool is_still = asset.kind == AssetKind::image;
  if (fs::exists(kept(asset.sha256)))
    return pictures_of(format, asset.duration_ns, is_still) * formats::picture_ns;
  const auto origin = origin_of(asset, files_of(asset));
  const auto file =
      origin ? store_.house_file(asset.id, *house_format(origin->name)) : std::nullopt;
  const std::int64_t duration_ns = file ? file->duration_ns : asset.duration_ns;
  return pictures_of(format, duration_ns, false) * formats::picture_ns;
}

}  // namespace civicast::library

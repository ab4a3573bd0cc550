// SPDX-License-Identifier: Apache-2.0
#include "host/library/jobs.hpp"

#include "host/base/sha256.hpp"
#include "host/library/admit.hpp"
#include "host/library/faults.hpp"
#include "host/library/or_undo.hpp"
#include "host/library/probe.hpp"
#include "host/library/render.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

Jobs::Jobs(LibraryStore &store, fs::path house, Incoming incoming, const Clock &clock,
           std::vector<HouseFormat> formats)
    : store_(store),
      shelf_(std::move(house)),
      incoming_(std::move(incoming)),
      clock_(clock),
      formats_(std::move(formats)),
      remake_(store_, shelf_, incoming_) {}

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
      shelf_.folder(),
      [&]() -> Result<Asset> {
        if (auto staged = stage(request, *job, progress); !staged) return std::move(staged).fault();
        return finish(*job, progress);
      },
      [&] { discard(*job); });
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
    auto file = shelf_.house_file(each, asset.id, from_source);
    if (!file) return std::move(file).fault();
    files.push_back(std::move(*file));
  }
  store_.name_house_files(files, true);
  for (std::size_t i = 0; i < files.size(); ++i)
    if (auto settled = shelf_.settle((*made)[i].path, files[i].path); !settled) return settled;
  return shelf_.keep(incoming_, asset.sha256);
}

void Jobs::drop_house_files(const Job &job) {
  shelf_.drop_kept(job.asset.sha256);
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
    const auto done = or_undo(
        shelf_.folder(), [&] { return finish(*job, progress); }, [&] { discard(*job); });
    if (!done) progress.step(done.fault().text(), 1, 1);
  }
  for (const std::string &sha256 : incoming_.present()) {
    const auto lock = incoming_.try_for(sha256);
    if (lock && !store_.unfinished(sha256)) incoming_.clear(sha256);
  }
  remake_.clear_dead();
}

}  // namespace civicast::library

// SPDX-License-Identifier: Apache-2.0
#include "host/library/shelf.hpp"

#include "host/library/faults.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

const char *extension_of(const HouseFormat &format) {
  if (format.cable() != nullptr) return ".ts";
  return format == HouseFormat::mp4_720p25 ? ".mp4" : ".jpg";
}

const char *mime_of(const HouseFormat &format) {
  if (format.cable() != nullptr) return "video/mp2t";
  return format == HouseFormat::mp4_720p25 ? "video/mp4" : "image/jpeg";
}

Fault unusable(const fs::path &folder, const std::error_code &error) {
  return Fault(faults::house_folder_unusable,
               {{"folder", folder.string()}, {"reason", error.message()}});
}

}  // namespace

Result<HouseFile> Shelf::house_file(const Rendition &made, const std::string &asset,
                                    const std::string &made_from) const {
  auto hash = hash_of(made.path, [](std::uint64_t) {});
  if (!hash) return std::move(hash).fault();
  HouseFile file;
  file.asset = asset;
  file.format = made.format;
  file.sha256 = *hash;
  file.path = place_of(*hash, extension_of(made.format));
  file.mime = mime_of(made.format);
  file.frames = made.pictures;
  file.duration_ns = made.pictures * formats::picture_ns;
  file.made_from = made_from;
  return file;
}

Result<void> Shelf::settle(const fs::path &from, const fs::path &to) const {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (error) return unusable(to.parent_path(), error);
  if (auto synced = sync_directory(to.parent_path()); !synced) return synced;
  return sync_directory(folder_);
}

fs::path Shelf::place_of(const std::string &sha256, const char *extension) const {
  return folder_ / sha256.substr(0, 2) / (sha256 + extension);
}

fs::path Shelf::source(const std::string &sha256) const {
  return place_of(sha256, ".source");
}

fs::path Shelf::sound(const std::string &sha256) const {
  return place_of(sha256, ".sound");
}

/// The source goes last: a job without it is beyond rescue, one without its sound bed would be
/// finished in silence.
Result<void> Shelf::keep(const Incoming &incoming, const std::string &sha256) const {
  if (fs::exists(incoming.sound(sha256))) {
    std::error_code error;
    fs::create_directories(sound(sha256).parent_path(), error);
    if (error) return unusable(folder_, error);
    auto copied = incoming.stage(incoming.sound(sha256), sound(sha256), [](std::uint64_t) {});
    if (!copied) return std::move(copied).fault();
  }
  return settle(incoming.source(sha256), source(sha256));
}

void Shelf::drop_kept(const std::string &sha256) const {
  fs::remove(source(sha256));
  fs::remove(sound(sha256));
  fs::remove(sound(sha256) += ".part");
}

}  // namespace civicast::library

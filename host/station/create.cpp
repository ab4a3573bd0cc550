// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <system_error>

#include "host/base/xml.hpp"
#include "host/station/faults.hpp"
#include "host/station/station.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::station {
namespace {

namespace fs = std::filesystem;

/// A folder beside `target` that is removed unless it was kept.
class Draft {
 public:
  explicit Draft(const fs::path &target) {
    std::string name = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX"));
    if (::mkdtemp(name.data())) folder_ = name;
  }
  Draft(const Draft &) = delete;
  Draft &operator=(const Draft &) = delete;
  ~Draft() {
    std::error_code ignored;  // it was never the station; the next attempt does not meet it
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  const fs::path &folder() const { return folder_; }
  void keep() { folder_.clear(); }

 private:
  fs::path folder_;
};

bool sync_file(const fs::path &file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

/// The plain files and folders below `from`; whatever else stands there is left behind.
std::error_code copy_tree(const fs::path &from, const fs::path &to) {
  std::error_code error;
  fs::create_directory(to, error);
  for (fs::directory_iterator it(from, error), end; !error && it != end; it.increment(error)) {
    const fs::path target = to / it->path().filename();
    const auto status = it->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) {
      error = copy_tree(it->path(), target);
    } else if (fs::is_regular_file(status)) {
      fs::copy_file(it->path(), target, error);
      if (!error && !sync_file(target)) error = {errno, std::system_category()};
    }
    if (error) break;
  }
  if (!error && !sync_directory(to)) error = std::make_error_code(std::errc::io_error);
  return error;
}

std::error_code copy_station(const fs::path &from, const fs::path &to) {
  std::error_code error;
  for (const char *name :
       {"station.xml", "places.xml", "channels.xml", "campaigns.xml", "assets.xml"}) {
    fs::copy_file(from / name, to / name, error);
    if (!error && !sync_file(to / name)) error = {errno, std::system_category()};
    if (error) return error;
  }
  for (const char *name : {"grids", "media", "rules"}) {
    if (!fs::is_directory(from / name, error)) continue;
    if (error = copy_tree(from / name, to / name); error) return error;
  }
  fs::permissions(to, fs::perms{0755}, error);
  if (!error && !sync_directory(to)) error = std::make_error_code(std::errc::io_error);
  return error;
}

enum class Standing { free, same_station, taken };

Standing standing(const fs::path &target, const std::string &id) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(target, error))) return Standing::free;
  if (!fs::is_directory(target, error)) return Standing::taken;
  if (fs::is_empty(target, error) && !error) return Standing::free;
  auto head = xml::Document::read(target / "station.xml", "station.xml", "station");
  // Mistakes made in it since are told by whoever loads it: it still is the station.
  return head && head->root().optional_text("id") == id ? Standing::same_station : Standing::taken;
}

bool is_below(const fs::path &inner, const fs::path &outer) {
  const auto relative = inner.lexically_relative(outer);
  return !relative.empty() && relative.begin()->string() != "..";
}

Faults failed(const fs::path &folder, const std::error_code &error) {
  return {Fault(faults::copy_failed, {{"folder", folder.string()}, {"reason", error.message()}})};
}

}  // namespace

Result<void, Faults> create_station(const fs::path &from_template, const fs::path &to) {
  auto station = load_station(from_template);
  if (!station) return std::move(station).fault();
  std::error_code error;
  fs::path target = fs::weakly_canonical(fs::absolute(to), error);
  if (!target.has_filename()) target = target.parent_path();
  switch (standing(target, station->id)) {
    case Standing::same_station:
      return {};
    case Standing::taken:
      return Faults{
          Fault(faults::target_taken, {{"folder", target.string()}, {"station", station->id}})};
    case Standing::free:
      break;
  }
  if (is_below(target, station->folder))
    return Faults{Fault(faults::source_in_target, {{"folder", target.string()}})};

  fs::create_directories(target.parent_path(), error);
  if (error) return failed(target, error);
  Draft draft(target);
  if (draft.folder().empty()) return failed(target, {errno, std::system_category()});
  if (error = copy_station(station->folder, draft.folder()); error) return failed(target, error);
  fs::rename(draft.folder(), target, error);
  if (error && standing(target, station->id) == Standing::same_station)
    return {};  // somebody else made it meanwhile
  if (error) return failed(target, error);
  draft.keep();
  if (auto synced = sync_directory(target.parent_path()); !synced)
    return Faults{std::move(synced).fault()};
  return {};
}

}  // namespace civicast::station

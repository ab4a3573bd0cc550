// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/press.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <civicast/journal.hpp>
#include <nlohmann/json.hpp>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

void make(const std::string &folder) {
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) file::fail("make " + folder);
}

bool exists(const std::string &path) {
  return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

Press::Press(std::string folder) : folder_(std::move(folder)) {
  make(folder_);
  make(folder_ + "/images");
  make(folder_ + "/posts");
  file::replace(folder_ + "/style.css", style_sheet);
}

void Press::keep_image(const Media &media) const {
  const std::string path = folder_ + "/images/" + media.sha256 + ".jpg";
  if (exists(path)) return;
  const std::string bytes = file::Handle(media.path, O_RDONLY).read_all();
  if (sha256_hex(bytes) != media.sha256)
    throw Trouble(
        CIV_REFUSED, "media.changed",
        "图片成品文件与登记的不一致，请重新生成。 · The picture's house file is not the one that "
        "was recorded; make it again.",
        "/media/0", 0, media.path);
  file::replace(path, bytes);
}

void Press::print(const Masthead &masthead, const std::vector<Entry> &latest,
                  const std::vector<Entry> &changed) const {
  for (const Entry &entry : changed)
    file::replace(folder_ + "/posts/" + slug(entry.post.id) + ".html", entry_page(masthead, entry));
  file::replace(folder_ + "/feed.atom", atom_feed(masthead, latest));
  file::replace(folder_ + "/index.html", index_page(masthead, latest));
  file::replace(folder_ + "/feed.json", json_feed(masthead, latest));
}

bool Press::has_printed(const std::string &tag) const {
  const std::string path = folder_ + "/feed.json";
  if (!exists(path)) return false;
  const auto feed = nlohmann::json::parse(file::Handle(path, O_RDONLY).read_all(), nullptr, false);
  if (!feed.is_object() || !feed.contains("items")) return false;
  for (const auto &item : feed["items"])
    if (item.value("id", "") == tag) return true;
  return false;
}

}  // namespace civicast::feed

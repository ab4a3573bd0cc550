// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/scaffold.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>

#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"
#include "sdk/base/json.hpp"
#include "tools/plugin/faults.hpp"
#include "tools/plugin/template_files.hpp"

namespace civicast::plugin {
namespace {

namespace fs = std::filesystem;

/// What stands between two @ in a template, and in its place.
using Words = std::map<std::string, std::string>;

/// Names of targets that CMake makes itself.
constexpr std::array reserved = {"all",
                                 "clean",
                                 "depend",
                                 "edit_cache",
                                 "help",
                                 "install",
                                 "list_install_components",
                                 "package",
                                 "package_source",
                                 "rebuild_cache",
                                 "test"};

std::string last_part(const std::string &id) {
  return id.substr(id.rfind('.') + 1);
}

/// "town_square" → "TownSquare", or with `gap`, "Town square".
std::string class_name(const std::string &short_name) {
  std::string out;
  bool begins_word = true;
  for (const char c : short_name) {
    const bool is_gap = c == '_' || c == '-';
    if (!is_gap) out += static_cast<char>(begins_word ? std::toupper(c) : c);
    begins_word = is_gap;
  }
  return out;
}

std::string plain_name(std::string short_name) {
  std::replace_if(
      short_name.begin(), short_name.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  short_name.front() = static_cast<char>(std::toupper(short_name.front()));
  return short_name;
}

Result<void> check_id(const std::string &id) {
  static const std::regex shape("[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+([_-][a-z0-9]+)*)+");
  const std::string name = last_part(id);
  const bool is_name = !name.empty() && name.size() <= 40 && std::islower(name.front());
  if (id.size() > 128 || !is_name || !std::regex_match(id, shape))
    return Fault(faults::new_id_wrong, {{"id", id.substr(0, 128)}});
  if (std::find(reserved.begin(), reserved.end(), name) != reserved.end())
    return Fault(faults::new_id_reserved, {{"short", name}});
  return {};
}

Result<void> check_name(const std::string &name) {
  const bool is_line =
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  const auto characters =
      std::count_if(name.begin(), name.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; });
  if (is_line && characters >= 1 && characters <= 100) return {};
  return Fault(faults::new_name_wrong, {{"name", name.substr(0, 400)}});
}

Result<void> check_folder(const fs::path &folder) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(folder, error))) return {};
  if (fs::is_directory(folder, error) && fs::is_empty(folder, error) && !error) return {};
  return Fault(faults::new_folder_taken, {{"folder", folder.string()}});
}

/// A quoted JSON string: it stands in plugin.json as it is.
std::string quoted(const std::string &text) {
  return to_text(Json(text));
}

std::string filled(std::string_view text, const Words &words) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find('@', at), text.size());
    const std::size_t end = text.find('@', begin + 1);
    out += text.substr(at, begin - at);
    if (end == std::string_view::npos) return out += text.substr(begin);
    const auto word = words.find(std::string(text.substr(begin + 1, end - begin - 1)));
    // An @ that begins no word stands for itself; the next one may begin one.
    if (word == words.end())
      out += '@';
    else
      out += word->second;
    at = word == words.end() ? begin + 1 : end + 1;
  }
  return out;
}

/// "channel.cpp.in" → "town_square.cpp"; a leading "dot-" is a dot, so that no tool takes a
/// template for its own settings.
fs::path target_of(const std::string &name, const std::string &short_name) {
  fs::path out;
  for (const fs::path &part : fs::path(name).parent_path() / fs::path(name).stem()) {
    std::string text = part.string();
    if (text.rfind("dot-", 0) == 0) text.replace(0, 4, ".");
    if (text == "channel.cpp") text = short_name + ".cpp";
    out /= text;
  }
  return out;
}

Result<void> write(const fs::path &file, const std::string &text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error)
    return Fault(civicast::faults::file_unwritable,
                 {{"file", file.parent_path().string()}, {"reason", error.message()}});
  const bool is_program = text.rfind("#!", 0) == 0;
  return write_file_atomically(file, text, is_program ? 0755 : 0644);
}

}  // namespace

Result<Scaffold> write_scaffold(const NewPlugin &plugin) {
  if (auto good = check_id(plugin.id); !good) return good.fault();
  Scaffold made{plugin.folder, last_part(plugin.id), {}};
  if (made.folder.empty()) made.folder = made.short_name;
  const std::string name_en = plugin.name_en.empty() ? plain_name(made.short_name) : plugin.name_en;
  const std::string name_zh = plugin.name_zh.empty() ? name_en + " 渠道" : plugin.name_zh;
  for (const std::string &name : {name_zh, name_en})
    if (auto good = check_name(name); !good) return good.fault();
  if (auto good = check_folder(made.folder); !good) return good.fault();

  const Words words = {{"id", plugin.id},
                       {"short", made.short_name},
                       {"class", class_name(made.short_name)},
                       {"name_zh", name_zh},
                       {"name_en", name_en},
                       {"json_name_zh", quoted(name_zh)},
                       {"json_name_en", quoted(name_en)}};
  for (const auto &[name, text] : template_files()) {
    const fs::path target = target_of(name, made.short_name);
    if (auto written = write(made.folder / target, filled(text, words)); !written)
      return written.fault();
    made.files.push_back(target.string());
  }
  std::sort(made.files.begin(), made.files.end());
  return made;
}

}  // namespace civicast::plugin

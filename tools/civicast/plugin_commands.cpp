// SPDX-License-Identifier: Apache-2.0
// `civicast plugin`: what channels are made of. Each command that is more than a listing has a file
// of its own: plugin_*_command.cpp.
#include <algorithm>

#include "host/workers/manifest.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/trusted_plugins.hpp"

namespace civicast::cli {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> plugin_folders(const fs::path &in) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(in, error))
    if (fs::exists(entry.path() / "plugin.json", error)) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

/// Of --station, if there is one.
std::string trust_of(const fs::path &folder, const Context &context) {
  const fs::path lock = lock_of(context.station);
  std::error_code error;
  if (!fs::exists(lock, error)) return "—";
  return workers::confirmed(lock, folder) ? "可信 trusted" : "不可信 not trusted";
}

/// Without loading any code: a plugin that cannot be loaded is listed too.
void list_plugins(const fs::path &in, Context &context) {
  Table table({{"folder", "目录 folder"},
               {"id", "编号 id"},
               {"version", "版本 version"},
               {"name_zh", "名称"},
               {"name_en", "name"},
               {"carries", "可播内容 carries"},
               {"trust", "信任 trust"}});
  for (const fs::path &folder : plugin_folders(in)) {
    const auto manifest = workers::read_manifest(folder);
    if (!manifest) {
      report(manifest.fault(), context);
      continue;
    }
    std::string carries;
    for (const std::string &kind : manifest->carries)
      carries += (carries.empty() ? "" : " ") + kind;
    table.add({folder.filename().string(), manifest->id, manifest->version, manifest->name.zh,
               manifest->name.en, carries, trust_of(folder, context)});
  }
  table.print(context);
}

}  // namespace

void add_plugin_commands(CLI::App &app, Context &context) {
  auto *plugins = app.add_subcommand("plugin", "插件 · Plugins, of which channels are made");
  plugins->require_subcommand(1);
  auto *list = plugins->add_subcommand("list", "列出已安装的插件 · List the plugins that are here");
  add_format_option(*list, context);
  auto folder = std::make_shared<fs::path>(default_plugins_folder());
  list->add_option("--plugins", *folder, "插件目录 · Where the plugins are, a folder each")
      ->type_name("DIR");
  list->callback([&context, folder] { list_plugins(*folder, context); });
  add_plugin_new(*plugins, context);
  add_plugin_check(*plugins, context);
  add_plugin_run(*plugins, context);
  add_plugin_trust(*plugins, context);
}

}  // namespace civicast::cli

// SPDX-License-Identifier: Apache-2.0
// `civicast plugin trust|install`: a person's word that a plugin may run, and how it gets there.
#include <unistd.h>

#include "host/workers/faults.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/trusted_plugins.hpp"

namespace civicast::cli {
namespace {
namespace fs = std::filesystem;

struct Arguments {
  fs::path plugins = default_plugins_folder();
  std::vector<std::string> names;
  fs::path folder;
};

void print(const std::vector<TrustChange> &changes, const Context &context) {
  Table table({{"plugin", "插件 plugin"},
               {"id", "编号 id"},
               {"version", "版本 version"},
               {"was", "此前 was"},
               {"files", "文件 files"},
               {"change", "变化 change"}});
  for (const TrustChange &change : changes)
    table.add({change.plugin, change.version.id, change.version.version, change.was,
               change.version.files.size(),
               change.was.empty() ? "新增 new"
               : change.is_new    ? "更新 renewed"
                                  : "未变 unchanged"});
  table.print(context);
}

void trust_named(const Arguments &arguments, Context &context) {
  std::vector<std::string> names = arguments.names;
  if (names.empty()) {
    const auto station = station::load_station(context.station);
    if (!station) return report(station.fault(), context);
    names = plugins_of(*station);
  }
  const auto changes = trust(lock_of(context.station), arguments.plugins, names);
  if (!changes) return report(changes.fault(), context);
  print(*changes, context);
}

/// Whole beside the old one, then in its place: a worker that runs keeps the files that it has.
void copy_in(const fs::path &from, const fs::path &to) {
  const fs::path fresh = to.string() + ".new", old = to.string() + ".old";
  fs::remove_all(fresh);
  fs::copy(from, fresh, fs::copy_options::recursive);
  fs::remove_all(old);
  if (fs::exists(to)) fs::rename(to, old);
  fs::rename(fresh, to);
  fs::remove_all(old);
}

void install(const Arguments &arguments, Context &context) {
  const fs::path from = fs::absolute(arguments.folder / "").parent_path().lexically_normal();
  const auto version = workers::identify(from);
  if (!version) return report(version.fault(), context);
  const std::string name = from.filename().string();
  try {
    fs::create_directories(arguments.plugins);
    copy_in(from, arguments.plugins / name);
  } catch (const fs::filesystem_error &error) {
    return report(Fault(workers::faults::plugin_not_installed,
                        {{"folder", error.path1().string()}, {"reason", error.code().message()}}),
                  context);
  }
  const auto changes = trust(lock_of(context.station), arguments.plugins, {name});
  if (!changes) return report(changes.fault(), context);
  print(*changes, context);
}

}  // namespace

void add_plugin_trust(CLI::App &plugins, Context &context) {
  auto arguments = std::make_shared<Arguments>();
  const auto common = [&](CLI::App &command) {
    command
        .add_option("--plugins", arguments->plugins,
                    "插件目录 · Where the plugins are, a folder each")
        ->type_name("DIR");
    add_format_option(command, context);
  };
  auto *trust_command = plugins.add_subcommand(
      "trust",
      "把插件当前的文件登记到站点的 plugins.lock；未登记或被改动的插件不会运行 · Write what the "
      "plugins' files are now into the station's plugins.lock; nothing else is run. A running "
      "channel takes a new version up by itself");
  trust_command
      ->add_option(
          "names", arguments->names,
          "插件目录名；默认为站点各渠道所用的全部插件 · Plugins by their folder's name; all "
          "that the station's channels use if left out")
      ->type_name("NAME");
  common(*trust_command);
  trust_command->callback([arguments, &context] { trust_named(*arguments, context); });

  auto *install_command =
      plugins.add_subcommand("install",
                             "把一个插件目录装入插件目录并登记 · Copy a plugin's folder among the "
                             "plugins, in the place of "
                             "an older version, and trust it");
  install_command
      ->add_option("folder", arguments->folder,
                   "含 plugin.json 的目录 · The folder with plugin.json")
      ->required()
      ->type_name("DIR");
  common(*install_command);
  install_command->callback([arguments, &context] { install(*arguments, context); });
}

}  // namespace civicast::cli

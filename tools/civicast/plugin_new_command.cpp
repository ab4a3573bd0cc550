// SPDX-License-Identifier: Apache-2.0
// `civicast plugin new`: a folder from which a channel of one's own grows.
#include <iostream>

#include "tools/civicast/commands.hpp"
#include "tools/plugin/scaffold.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

/// Where the SDK is installed of which this program is a part; empty in a build folder.
fs::path sdk_folder() {
  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  const bool is_installed = fs::exists(prefix / "lib/cmake/Civicast/CivicastConfig.cmake");
  return is_installed ? prefix : fs::path();
}

void print_next(const plugin::Scaffold &made, const fs::path &sdk) {
  const std::string folder = made.folder.string();
  if (sdk.empty())
    std::cout << "\n先安装 SDK · First install the SDK:\n"
              << "  cmake --install build --prefix /opt/civicast --component sdk\n";
  std::cout << "\n编译、测试 · Build it and run its tests:\n"
            << "  cd " << folder << "\n"
            << "  CIVICAST=" << (sdk.empty() ? "/opt/civicast" : sdk.string()) << " ./ci\n"
            << "\n改写 · Make it yours:\n"
            << "  " << folder << "/" << made.short_name << ".cpp\n"
            << "  " << folder << "/plugin.json\n"
            << "\n上线步骤见 · How it goes on air:\n"
            << "  " << folder << "/README.md\n";
}

void make(const plugin::NewPlugin &wanted, Context &context) {
  const auto made = plugin::write_scaffold(wanted);
  if (!made) return report(made.fault(), context);
  std::cout << "已新建插件 " << wanted.id << " · The plugin " << wanted.id << " is made:\n";
  for (const std::string &file : made->files)
    std::cout << "  " << (made->folder / file).string() << "\n";
  print_next(*made, sdk_folder());
}

}  // namespace

void add_plugin_new(CLI::App &plugins, Context &context) {
  auto wanted = std::make_shared<plugin::NewPlugin>();
  auto *command =
      plugins.add_subcommand("new",
                             "新建一个插件目录：可编译、可运行的小渠道，带测试和持续集成 · Make a "
                             "folder for a new plugin: "
                             "a small channel that builds and runs, with its test and its CI");
  command
      ->add_option("id", wanted->id,
                   "插件编号，例如 org.example.town_square · Its id, a domain name backwards")
      ->required()
      ->type_name("ID");
  command
      ->add_option("--folder", wanted->folder,
                   "写到哪里，默认为编号的最后一段 · Where; the id's last part if left out")
      ->type_name("DIR");
  command->add_option("--name-zh", wanted->name_zh, "中文名称 · Its name in Chinese")
      ->type_name("NAME");
  command->add_option("--name-en", wanted->name_en, "英文名称 · Its name in English")
      ->type_name("NAME");
  command->callback([wanted, &context] { make(*wanted, context); });
}

}  // namespace civicast::cli

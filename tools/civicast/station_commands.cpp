// SPDX-License-Identifier: Apache-2.0
// `civicast station`: makes a station from a template, and checks one.
#include "host/ledger/faults.hpp"
#include "host/ledger/ledger.hpp"
#include "host/library/library.hpp"
#include "host/station/assets.hpp"
#include "host/station/station.hpp"
#include "host/store/store.hpp"
#include "host/witness/witness.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/trusted_plugins.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

void print_summary(const station::Station &station, const Context &context) {
  Table table({{"id", "编号 id"},
               {"name_zh", "名称"},
               {"name_en", "name"},
               {"zone", "时区 zone"},
               {"places", "点位 places"},
               {"channels", "渠道 channels"},
               {"campaigns", "宣传任务 campaigns"},
               {"assets", "素材 assets"},
               {"folder", "目录 folder"}});
  table.add({station.id, station.name.zh, station.name.en, station.zone.name(),
             station.places.all().size(), station.channels.size(), station.campaigns.size(),
             station.assets.size(), station.folder.string()});
  table.print(context);
}

/// A ledger that is there already stays as it is: nothing may ever make a second one.
Result<void> ensure_ledger(const station::Station &station) {
  auto made = ledger::create(station.folder / "ledger", station.folder / "keys",
                             station.id + ".civicast.local/airings");
  if (!made && !made.fault().is(ledger::faults::ledger_exists)) return made;
  auto key = witness::ensure_key(station.folder / "keys", station.id + ".civicast.local/witness");
  if (!key) return key.fault();
  return {};
}

Result<void, Faults> import_all(const station::Station &station) {
  const SystemClock clock;
  auto store = store::Store::open(station.folder / "civicast.db");
  if (!store) return Faults{std::move(store).fault()};
  auto library = library::Library::open(**store, station.folder, clock,
                                        channels::formats_of(station.channels));
  if (!library) return Faults{std::move(library).fault()};
  TerminalProgress progress;
  if (auto resumed = (*library)->resume(progress); !resumed)
    return Faults{std::move(resumed).fault()};
  if (auto imported = station::import_assets(station, **library, progress); !imported)
    return imported;
  Faults refused;  // of what an earlier run imported for other channels
  for (const auto &each : (*library)->unmade())
    if (auto made = (*library)->make(each.asset, each.format, progress); !made)
      refused.push_back(std::move(made).fault());
  if (!refused.empty()) return refused;
  return {};
}

/// Whoever makes a station trusts the plugins that are installed; later it takes a word of its own.
Result<void, Faults> trust_first(const station::Station &station) {
  std::error_code error;
  if (fs::exists(lock_of(station.folder), error)) return {};
  auto trusted = trust(lock_of(station.folder), default_plugins_folder(), plugins_of(station));
  if (!trusted) return trusted.fault();
  return {};
}

/// Each step finds what an earlier run has done, so a run that was cut off is simply run again.
void create(const fs::path &from, Context &context) {
  if (auto made = station::create_station(from, context.station); !made)
    return report(made.fault(), context);
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  if (auto made = ensure_ledger(*station); !made) return report(made.fault(), context);
  if (auto imported = import_all(*station); !imported) return report(imported.fault(), context);
  if (auto trusted = trust_first(*station); !trusted) return report(trusted.fault(), context);
  print_summary(*station, context);
}

void check(const fs::path &folder, Context &context) {
  const auto station = station::load_station(folder.empty() ? context.station : folder);
  if (!station) return report(station.fault(), context);
  print_summary(*station, context);
}

}  // namespace

void add_station_commands(CLI::App &app, Context &context) {
  auto *stations = app.add_subcommand("station", "站点 · The station as a whole");
  stations->require_subcommand(1);

  auto from = std::make_shared<fs::path>("playlists/chenghua");
  auto *create_command = stations->add_subcommand(
      "create",
      "由模板建站并导入素材；可反复运行 · Make --station from a template and import its assets; "
      "running it again does only what is left to do");
  create_command->add_option("--from", *from, "模板目录 · The template's folder")
      ->capture_default_str()
      ->type_name("DIR");
  add_format_option(*create_command, context);
  create_command->callback([from, &context] { create(*from, context); });

  auto folder = std::make_shared<fs::path>();
  auto *check_command = stations->add_subcommand(
      "check",
      "检查站点的全部配置，列出每一处错误 · Check all of a station's files and list every mistake");
  check_command
      ->add_option("folder", *folder,
                   "站点目录，默认为 --station · The folder; --station if left out")
      ->type_name("DIR");
  add_format_option(*check_command, context);
  check_command->callback([folder, &context] { check(*folder, context); });
}

}  // namespace civicast::cli

// SPDX-License-Identifier: Apache-2.0
// `civicast index`: throws the derived tables away and makes them again from the ledger.
#include "host/airings/intake.hpp"
#include "host/counts/index.hpp"
#include "host/flow/lock.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

void rebuild(Context &context) {
  auto rooms = open_rooms(context);
  if (!rooms) return;
  // A running host would go on counting from where it believes the tables to be.
  const auto lock = flow::StationLock::take(context.station);
  if (!lock) return report(lock.fault(), context);
  {
    TerminalProgress progress;
    const SystemClock clock;
    airings::Intake intake(*rooms->store, *rooms->ledger, clock);
    if (auto done = intake.rebuild(progress); !done) return report(done.fault(), context);
    counts::Index index(*rooms->store, *rooms->ledger, rooms->station.zone);
    if (auto done = index.rebuild(progress); !done) return report(done.fault(), context);
  }
  const auto all = counts::count(*rooms->store, {});
  Table table({{"entries", "台账记录 entries"}, {"airings", "播出次数 airings"}});
  table.add({counts::covered(*rooms->store), all.empty() ? 0 : all.front().airings});
  table.print(context);
}

}  // namespace

void add_index_commands(CLI::App &app, Context &context) {
  auto *indices = app.add_subcommand("index", "由台账得出的索引 · What is derived from the ledger");
  indices->require_subcommand(1);
  auto *command = indices->add_subcommand(
      "rebuild",
      "清空并由台账重建；先停止服务 · Empty it and make it again from the ledger; stop "
      "the host first");
  add_format_option(*command, context);
  command->callback([&context] { rebuild(context); });
}

}  // namespace civicast::cli

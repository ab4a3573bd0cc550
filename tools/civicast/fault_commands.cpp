// SPDX-License-Identifier: Apache-2.0
// `civicast faults`: the manual of everything that can be refused, made from the tables themselves.
#include <array>

#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

constexpr std::array all_faults = {
#define CIVICAST_FAULT(number, id, name, actor, zh, en) \
  FaultKind{number, name, Actor::actor, zh, en},
#include "tools/civicast/fault_tables.inc"
#undef CIVICAST_FAULT
};

void print_faults(const Context &context) {
  Table table(
      {{"number", "编号 number"}, {"name", "名称 name"}, {"zh", "说明"}, {"en", "meaning"}});
  for (const FaultKind &kind : all_faults)
    table.add({kind.number, std::string(kind.name), std::string(kind.zh), std::string(kind.en)});
  table.print(context);
}

}  // namespace

void add_fault_commands(CLI::App &app, Context &context) {
  auto *command = app.add_subcommand(
      "faults", "列出所有可能的拒绝原因及其含义 · List every reason to refuse, and what it means");
  add_format_option(*command, context);
  command->callback([&context] { print_faults(context); });
}

}  // namespace civicast::cli

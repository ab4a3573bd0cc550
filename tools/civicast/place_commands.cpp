// SPDX-License-Identifier: Apache-2.0
// `civicast place`: the organisation as a tree.
#include <map>

#include "host/station/station.hpp"
#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

void list_places(Context &context) {
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  Table table({{"id", "编号 id"},
               {"kind", "类型 kind"},
               {"name_zh", "名称"},
               {"name_en", "name"},
               {"parent", "上级 parent"}});
  std::map<std::string, int> depths;  // a place stands after its parent
  for (const auto &place : station->places.all()) {
    const int depth = place.parent.empty() ? 0 : depths[place.parent] + 1;
    depths[place.id] = depth;
    const bool is_for_people = context.format == "table";
    const std::string indent(is_for_people ? static_cast<std::size_t>(depth) * 2 : 0, ' ');
    const std::string kind(places::word(place.kind));
    table.add({indent + place.id, is_for_people ? places::words(place.kind).zh + " " + kind : kind,
               place.name.zh, place.name.en, place.parent});
  }
  table.print(context);
}

}  // namespace

void add_place_commands(CLI::App &app, Context &context) {
  auto *places = app.add_subcommand("place", "点位 · The places of the organisation");
  places->require_subcommand(1);
  auto *list = places->add_subcommand("list", "按隶属关系列出点位 · List the places as a tree");
  add_format_option(*list, context);
  list->callback([&context] { list_places(context); });
}

}  // namespace civicast::cli

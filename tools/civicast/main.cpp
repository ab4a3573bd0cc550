// SPDX-License-Identifier: Apache-2.0
// `civicast`: everything that the console can do, from a script.
#include <exception>
#include <iostream>

#include "tools/civicast/commands.hpp"

int main(int argc, char **argv) {
  using namespace civicast::cli;
  CLI::App app{"Civicast 公益广告播出与审计 · plans, airs and proves public-service ads",
               "civicast"};
  Context context;
  app.add_option("--station", context.station, "站点目录 · The station's folder")
      ->capture_default_str()
      ->type_name("DIR");
  app.require_subcommand(1);
  app.fallthrough();

  add_affidavit_commands(app, context);
  add_airing_commands(app, context);
  add_as_run_commands(app, context);
  add_asset_commands(app, context);
  add_bulletin_commands(app, context);
  add_campaign_commands(app, context);
  add_channel_commands(app, context);
  add_count_commands(app, context);
  add_fault_commands(app, context);
  add_held_commands(app, context);
  add_index_commands(app, context);
  add_ledger_commands(app, context);
  add_place_commands(app, context);
  add_plan_commands(app, context);
  add_playlist_commands(app, context);
  add_plugin_commands(app, context);
  add_report_commands(app, context);
  add_rules_commands(app, context);
  add_schedule_commands(app, context);
  add_station_commands(app, context);

  try {
    CLI11_PARSE(app, argc, argv);
  } catch (const std::exception &breakdown) {
    std::cerr << "内部错误：" << breakdown.what() << "\n"
              << "Internal error: " << breakdown.what() << "\n";
    return 70;
  }
  return context.exit_code;
}

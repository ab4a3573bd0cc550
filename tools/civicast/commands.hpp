// SPDX-License-Identifier: Apache-2.0
// The commands of `civicast`, one file a noun.
#pragma once

#include "tools/civicast/context.hpp"

namespace civicast::cli {

void add_affidavit_commands(CLI::App &app, Context &context);
void add_airing_commands(CLI::App &app, Context &context);
void add_as_run_commands(CLI::App &app, Context &context);
void add_asset_commands(CLI::App &app, Context &context);
void add_bulletin_commands(CLI::App &app, Context &context);
void add_campaign_commands(CLI::App &app, Context &context);
void add_channel_commands(CLI::App &app, Context &context);
void add_count_commands(CLI::App &app, Context &context);
void add_fault_commands(CLI::App &app, Context &context);
void add_held_commands(CLI::App &app, Context &context);
void add_index_commands(CLI::App &app, Context &context);
void add_ledger_commands(CLI::App &app, Context &context);
void add_place_commands(CLI::App &app, Context &context);
void add_plan_commands(CLI::App &app, Context &context);
void add_playlist_commands(CLI::App &app, Context &context);
void add_plugin_commands(CLI::App &app, Context &context);
void add_report_commands(CLI::App &app, Context &context);
void add_rules_commands(CLI::App &app, Context &context);
void add_schedule_commands(CLI::App &app, Context &context);
void add_station_commands(CLI::App &app, Context &context);

/// Commands under `civicast plugin` that have a file of their own.
void add_plugin_new(CLI::App &plugins, Context &context);
void add_plugin_check(CLI::App &plugins, Context &context);
void add_plugin_run(CLI::App &plugins, Context &context);
void add_plugin_trust(CLI::App &plugins, Context &context);

}  // namespace civicast::cli

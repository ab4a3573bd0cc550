// SPDX-License-Identifier: Apache-2.0
// `civicast affidavit`: a campaign's airings, proved to somebody who does not trust the station.
#include <fmt/format.h>

#include <iostream>
#include <limits>

#include "host/affidavit/faults.hpp"
#include "host/affidavit/make.hpp"
#include "host/affidavit/verify.hpp"
#include "host/counts/finals.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string campaign, from, to;
  fs::path out = ".";
};

std::vector<std::uint64_t> entries_of(const Rooms &rooms, const affidavit::Statement &statement) {
  std::vector<std::uint64_t> entries;
  for (const auto &one :
       counts::finals(*rooms.store, {statement.from_ns, statement.to_ns, {}, statement.campaign}))
    if (one.counts()) entries.push_back(one.entry);
  return entries;
}

Result<affidavit::Statement> asked(const Wanted &wanted, const station::Station &station,
                                   std::int64_t now_ns) {
  const auto *campaign = station.campaign(wanted.campaign);
  if (campaign == nullptr)
    return Fault(affidavit::faults::campaign_unknown, {{"campaign", wanted.campaign}});
  affidavit::Statement out;
  out.first = day_of(wanted.from).value_or(campaign->first);
  out.last = day_of(wanted.to).value_or(std::min(campaign->last, station.zone.date_at(now_ns)));
  if (out.last < out.first)
    return Fault(affidavit::faults::days_reversed,
                 {{"from", date_text(out.first)}, {"to", date_text(out.last)}});
  out.station = station.id;
  out.station_name = station.name;
  out.zone = station.zone.name();
  out.campaign = campaign->id;
  out.campaign_title = campaign->title;
  out.from_ns = station.zone.instant(out.first, 0);
  out.to_ns = station.zone.instant(next_day(out.last), 0);
  out.made_ns = now_ns;
  for (const auto &channel : station.channels) out.channels[channel.id] = channel.name;
  return out;
}

void put_out(const affidavit::Made &made, const Wanted &wanted, Context &context) {
  const auto &s = made.statement;
  const std::string stem =
      fmt::format("{}-{}-{}-{}", s.station, s.campaign, date_text(s.first), date_text(s.last));
  std::error_code error;
  fs::create_directories(wanted.out, error);
  Table table({{"campaign", "宣传任务 campaign"},
               {"airings", "播出次数 airings"},
               {"minutes", "分钟 minutes"},
               {"size", "台账记录 tree size"},
               {"file", "文件 file"},
               {"bytes", "字节 bytes"}});
  for (const auto &[suffix, bytes] : {std::pair{".pdf", &made.pdf}, std::pair{".zip", &made.zip}}) {
    const fs::path file = wanted.out / (stem + suffix);
    if (auto done = write_file_atomically(file, *bytes); !done)
      return report(done.fault(), context);
    table.add(
        {s.campaign, s.airings, s.duration_ms / 60'000, s.tree_size, file.string(), bytes->size()});
  }
  table.print(context);
  if (made.unsigned_airings > 0)
    std::cerr << made.unsigned_airings << " 次播出尚未签名，没有计入；一秒后再出具即可包含。\n"
              << made.unsigned_airings
              << " airings are not signed yet and were left out; made again in a second it has "
                 "them.\n";
}

void make(const Wanted &wanted, Context &context) {
  const auto rooms = open_counted_rooms(context);
  if (!rooms) return;
  const auto statement = asked(wanted, rooms->station, SystemClock().now_ns());
  if (!statement) return report(statement.fault(), context);
  TerminalProgress progress;
  const auto made =
      affidavit::make({ledger_folder(context), context.station / "keys" / "ledger.pub",
                       *rooms->ledger, entries_of(*rooms, *statement)},
                      *statement, rooms->station.zone, progress);
  if (!made) return report(made.fault(), context);
  put_out(*made, wanted, context);
}

void verify(const fs::path &bundle, const fs::path &key, Context &context) {
  std::optional<std::string> key_line;
  if (!key.empty()) {
    auto text = read_file(key, 4096);
    if (!text) return report(text.fault(), context);
    key_line = *std::move(text);
  }
  const auto parts = affidavit::unpack(bundle);
  if (!parts) return report(parts.fault(), context);
  const auto verified = affidavit::verify(*parts, key_line);
  if (!verified) return report(verified.fault(), context);
  const auto &s = verified->statement;
  Table table({{"campaign", "宣传任务 campaign"},
               {"channel", "渠道 channel"},
               {"evidence", "证据 evidence"},
               {"airings", "播出次数 airings"},
               {"seconds", "秒 seconds"}});
  for (const auto &[channel, grades] : s.sums)
    for (const auto &[evidence, sum] : grades)
      table.add({s.campaign, channel, evidence, sum.airings, sum.duration_ms / 1000});
  table.print(context);
  if (context.format != "table") return;
  std::cout << fmt::format(
      "\n核验无误：《{}》{} 至 {} 完整播出 {} 次，每一次都在台账 {} 的前 {} 条记录之中。\n"
      "Good: “{}” was aired completely {} times from {} to {}, each time within the first {} "
      "entries of the ledger {}.\n",
      s.campaign_title.zh, date_text(s.first), date_text(s.last), s.airings, s.origin, s.tree_size,
      s.campaign_title.en, s.airings, date_text(s.first), date_text(s.last), s.tree_size, s.origin);
  if (!key_line)
    std::cout << "公钥来自压缩包本身，请与该单位公布的比对： " << verified->key_line << "\n"
              << "The key is the bundle's own; compare it with the one that the station publishes, "
                 "or give it with --key.\n";
}

}  // namespace

void add_affidavit_commands(CLI::App &app, Context &context) {
  auto *affidavits = app.add_subcommand("affidavit", "播出证明 · Affidavits of performance");
  affidavits->require_subcommand(1);

  auto wanted = std::make_shared<Wanted>();
  auto *make_command =
      affidavits->add_subcommand("make",
                                 "出具一个宣传任务的播出证明：PDF，以及不依赖本站即可核验的 .zip · "
                                 "Make a campaign's affidavit: "
                                 "a PDF, and a .zip that anybody can verify without the station");
  make_command->add_option("--campaign", wanted->campaign, "宣传任务 · The campaign")
      ->type_name("ID")
      ->required();
  make_command
      ->add_option("--from", wanted->from,
                   "起始日（含），默认任务首日 · First day; the "
                   "campaign's")
      ->check(is_day());
  make_command
      ->add_option("--to", wanted->to,
                   "截止日（含），默认任务末日或今天 · Last day; the "
                   "campaign's, or today")
      ->check(is_day());
  make_command->add_option("--out", wanted->out, "写到哪个目录 · The folder to write into")
      ->type_name("DIR")
      ->capture_default_str();
  add_format_option(*make_command, context);
  make_command->callback([wanted, &context] { make(*wanted, context); });

  struct Bundle {
    fs::path file, key;
  };
  auto bundle = std::make_shared<Bundle>();
  auto *verify_command = affidavits->add_subcommand(
      "verify",
      "核验证明压缩包，不需要站点：每条记录、每个证明、签名和总数；不符则说明并以 1 退出 · Verify "
      "a "
      "bundle, without a station: each entry, each proof, the signature and the sums; say what "
      "differs and exit 1");
  verify_command->add_option("BUNDLE", bundle->file, "证明的 .zip · The .zip")
      ->required()
      ->check(CLI::ExistingFile);
  verify_command
      ->add_option("--key", bundle->key,
                   "自己取得的公钥文件 · A file with the public key that you got yourself")
      ->type_name("PUB")
      ->check(CLI::ExistingFile);
  add_format_option(*verify_command, context);
  verify_command->callback([bundle, &context] { verify(bundle->file, bundle->key, context); });
}

}  // namespace civicast::cli

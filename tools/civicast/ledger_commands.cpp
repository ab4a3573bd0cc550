// SPDX-License-Identifier: Apache-2.0
// `civicast ledger`: reads, checks and exports the ledger, beside a running host or without one.
#include "host/ledger/note.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/verify.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

std::string root_text(const Hash &root) {
  return ledger::base64({reinterpret_cast<const char *>(root.data()), root.size()});
}

void verify(const fs::path &pub, Context &context) {
  TerminalProgress progress;
  const auto verdict =
      ledger::verify(ledger_folder(context),
                     pub.empty() ? context.station / "keys" / "ledger.pub" : pub, progress);
  if (!verdict) return report(verdict.fault(), context);
  Table table({{"origin", "台账 origin"},
               {"size", "记录 size"},
               {"signed", "已签名 signed"},
               {"root", "树根 root"},
               {"verdict", "结论 verdict"}});
  table.add({verdict->origin, verdict->size, verdict->signed_size, root_text(verdict->signed_root),
             "good"});
  table.print(context);
}

void show(std::uint64_t from, std::size_t count, Context &context) {
  const auto reader = ledger::Reader::open(ledger_folder(context));
  if (!reader) return report(reader.fault(), context);
  const auto entries = (*reader)->read(from, count);
  if (!entries) return report(entries.fault(), context);
  Table table({{"entry", "台账号 entry"}, {"text", "内容 text"}});
  for (const std::string &entry : *entries) {
    const auto parsed = parse_json(entry);
    table.add({from++, context.format == "json" && parsed ? *parsed : Json(entry)});
  }
  table.print(context);
}

void export_to(const fs::path &out, Context &context) {
  TerminalProgress progress;
  if (auto done = ledger::export_tiles(ledger_folder(context), out, progress); !done)
    report(done.fault(), context);
}

}  // namespace

void add_ledger_commands(CLI::App &app, Context &context) {
  auto *ledgers = app.add_subcommand("ledger", "台账 · The book of airings");
  ledgers->require_subcommand(1);

  auto pub = std::make_shared<fs::path>();
  auto *verify_command = ledgers->add_subcommand(
      "verify",
      "重读整本台账：每个字节、哈希和签名；有改动则说明在哪里，退出码 1 · Read all of it "
      "again: every byte, hash and signature; if anything differs, say where and exit 1");
  verify_command
      ->add_option("--pub", *pub,
                   "自己保存的公钥文件；默认用站点里的 · A copy of the public key that you kept; "
                   "the station's if left out")
      ->type_name("FILE");
  add_format_option(*verify_command, context);
  verify_command->callback([pub, &context] { verify(*pub, context); });

  auto out = std::make_shared<fs::path>();
  auto *export_command = ledgers->add_subcommand(
      "export",
      "导出为 C2SP tlog-tiles 静态文件，供任何人核对 · Export as static C2SP tlog-tiles "
      "that anybody can verify");
  export_command->add_option("DIR", *out, "空的或不存在的目录 · An empty or absent folder")
      ->required();
  export_command->callback([out, &context] { export_to(*out, context); });

  struct Span {
    std::uint64_t from = 0;
    std::size_t count = 20;
  };
  auto span = std::make_shared<Span>();
  auto *show_command =
      ledgers->add_subcommand("show", "原样列出台账记录 · Print entries as they are");
  show_command->add_option("--from", span->from, "第一条的台账号 · Index of the first")
      ->capture_default_str();
  show_command->add_option("--count", span->count, "多少条 · How many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  add_format_option(*show_command, context);
  show_command->callback([span, &context] { show(span->from, span->count, context); });
}

}  // namespace civicast::cli

// SPDX-License-Identifier: Apache-2.0
// `civicast ledger`: reads, checks and exports the ledger, beside a running host or without one.
#include "host/ledger/note.hpp"
#include "host/ledger/prove.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/rotate.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/verify.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/rfc3339.hpp"
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

/// Both files, or a sentence: the entry as it stands, and what proves it.
void prove(std::uint64_t entry, fs::path out, Context &context) {
  const auto proven = ledger::prove(ledger_folder(context), entry);
  if (!proven) return report(proven.fault(), context);
  if (out.empty()) out = std::to_string(entry) + ".tlog-proof";
  const fs::path text = fs::path(out).replace_extension(".entry");
  if (auto done = write_file_atomically(text, proven->entry); !done)
    return report(done.fault(), context);
  if (auto done = write_file_atomically(out, to_text(proven->proof)); !done)
    return report(done.fault(), context);
  Table table({{"entry", "台账号 entry"},
               {"proof", "证明 proof"},
               {"text", "记录 text"},
               {"bytes", "证明字节 bytes"}});
  table.add({entry, out.string(), text.string(), to_text(proven->proof).size()});
  table.print(context);
}

struct ToCheck {
  fs::path proof, entry, pub, policy;
};

void check_proof(const ToCheck &what, Context &context) {
  const auto proof = read_file(what.proof, 256 * 1024);
  if (!proof) return report(proof.fault(), context);
  const fs::path entry_file =
      what.entry.empty() ? fs::path(what.proof).replace_extension(".entry") : what.entry;
  const auto entry = read_file(entry_file, 64 * 1024);
  if (!entry) return report(entry.fault(), context);
  const auto shown = what.proof.filename().string();
  std::optional<Result<ledger::Proved>> proved;
  if (!what.policy.empty()) {
    const auto policy = ledger::read_policy(what.policy);
    if (!policy) return report(policy.fault(), context);
    proved = ledger::check_proof(*proof, *entry, *policy, shown);
  } else {
    const auto key = ledger::read_verifier_key(
        what.pub.empty() ? context.station / "keys" / "ledger.pub" : what.pub);
    if (!key) return report(key.fault(), context);
    proved = ledger::check_proof(*proof, *entry, *key, shown);
  }
  if (!*proved) return report(proved->fault(), context);
  Table table({{"origin", "台账 origin"},
               {"entry", "台账号 entry"},
               {"size", "检查点记录数 size"},
               {"root", "树根 root"},
               {"cosigners", "会签 cosigners"},
               {"verdict", "结论 verdict"}});
  const auto &held = **proved;
  table.add({held.checkpoint.origin, held.index, held.checkpoint.size,
             root_text(held.checkpoint.root), held.cosigners, "good"});
  table.print(context);
}

void rotate(int days, Context &context) {
  const SystemClock clock;
  const auto done = ledger::rotate_key(ledger_folder(context), context.station / "keys",
                                       clock.now_ns(), std::int64_t{days} * 86'400);
  if (!done) return report(done.fault(), context);
  Table table(
      {{"new", "新公钥 new key"}, {"old", "旧公钥 old key"}, {"until", "双签至 both sign until"}});
  table.add({done->new_key.line(), done->old_key.line(), rfc3339(done->until_s * ns_per_s)});
  table.print(context);
}

void add_rotate_command(CLI::App &ledgers, Context &context) {
  auto days = std::make_shared<int>(30);
  auto *command = ledgers.add_subcommand(
      "rotate-key",
      "换一把签名密钥：两把一起签一段时间，台账里留下两把都签过的记录；服务须先停止；中途被打断"
      "就再运行一次 · Change the key: both sign for a while, and an entry of the ledger names the "
      "new "
      "one, signed by both. The host must be stopped; if it is cut off, run it again");
  command->add_option("--overlap-days", *days, "双签多少天 · For how many days both sign")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  add_format_option(*command, context);
  command->callback([days, &context] { rotate(*days, context); });
}

void add_proof_commands(CLI::App &ledgers, Context &context) {
  struct ToProve {
    std::uint64_t entry = 0;
    fs::path out;
  };
  auto asked = std::make_shared<ToProve>();
  auto *prove_command = ledgers.add_subcommand(
      "proof",
      "为一条记录写出 C2SP tlog-proof 证明，记录原文放在旁边的 .entry 文件里 · Write the C2SP "
      "tlog-proof of an entry, and the entry itself into a file .entry beside it");
  prove_command->add_option("ENTRY", asked->entry, "台账号 · Index of the entry")->required();
  prove_command
      ->add_option("--out", asked->out,
                   "证明文件；默认 ENTRY.tlog-proof · The file; ENTRY.tlog-proof if left out")
      ->type_name("FILE");
  add_format_option(*prove_command, context);
  prove_command->callback([asked, &context] { prove(asked->entry, asked->out, context); });

  auto what = std::make_shared<ToCheck>();
  auto *check_command = ledgers.add_subcommand(
      "verify-proof",
      "只凭公钥（或见证规则）核对一份证明，不需要台账 · Check a proof with the public key, or a "
      "policy, alone: no ledger is needed");
  check_command->add_option("PROOF", what->proof, "证明文件 · The proof")->required();
  check_command
      ->add_option(
          "--entry", what->entry,
          "记录原文；默认是证明旁边的 .entry · The entry; the file .entry beside the proof "
          "if left out")
      ->type_name("FILE");
  auto *pub = check_command->add_option(
      "--pub", what->pub,
      "自己保存的公钥文件；默认用站点里的 · A copy of the public key that you kept; the station's "
      "if left out");
  pub->type_name("FILE");
  check_command
      ->add_option("--policy", what->policy,
                   "C2SP tlog-policy 文件：认可的台账、见证方和法定数目 · A C2SP tlog-policy: "
                   "known logs, witnesses and their quorum")
      ->type_name("FILE")
      ->excludes(pub);
  add_format_option(*check_command, context);
  check_command->callback([what, &context] { check_proof(*what, context); });
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
  add_proof_commands(*ledgers, context);
  add_rotate_command(*ledgers, context);
}

}  // namespace civicast::cli

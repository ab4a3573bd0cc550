// SPDX-License-Identifier: Apache-2.0
// `civicast asrun`: what has aired, for traffic systems and from playout servers, as CCMS or BXF.
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <iostream>

#include "host/counts/index.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/outcome_json.hpp"
#include "host/flow/faults.hpp"
#include "host/flow/rooms.hpp"
#include "host/ledger/reader.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/exchange_house.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

void write(const ExportOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto format = exchange::format_named(options.format);
  if (!format) return report(format.fault(), context);
  const auto ledger = ledger::Reader::open(ledger_folder(context));
  if (!ledger) return report(ledger.fault(), context);
  TerminalProgress progress;
  counts::Index index(*opened->store, **ledger, opened->station.zone);
  if (auto done = index.catch_up(progress); !done) return report(done.fault(), context);
  put_out(exchange::export_as_run(house_of(*opened), options.channel,
                                  date_or(options.date, opened->today()), *format),
          options.out, context);
}

/// The answer of the running host, which alone may write the ledger.
std::optional<Json> ask_host(const station::Station &station, const exchange::Upload &upload,
                             const exchange::Wish &wish, const std::string &channel,
                             Context &context) {
  const std::string url = fmt::format("http://{}:{}", station.api_host, station.api_port);
  const auto unreachable = [&](const std::string &reason) {
    report(Fault(exchange::faults::host_unreachable, {{"url", url}, {"reason", reason}}), context);
  };
  try {
    Poco::Net::HTTPClientSession session(station.api_host, station.api_port);
    session.setTimeout(Poco::Timespan(300, 0));
    Poco::URI uri("/api/v1/asruns/" + channel);
    uri.addQueryParameter("name", upload.name);
    if (wish.date) uri.addQueryParameter("date", date_text(*wish.date));
    if (wish.is_partial) uri.addQueryParameter("partial", "true");
    if (wish.is_closed) uri.addQueryParameter("closed", "true");
    Poco::Net::HTTPRequest request("POST", uri.getPathAndQuery(), "HTTP/1.1");
    request.setContentType("application/octet-stream");
    request.setContentLength64(static_cast<Poco::Int64>(upload.text.size()));
    session.sendRequest(request) << upload.text;
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    auto answer = parse_json(body);
    if (!answer) return report(answer.fault(), context), std::nullopt;
    if (response.getStatus() == Poco::Net::HTTPResponse::HTTP_OK) return *std::move(answer);
    unreachable(answer->value("zh", "") + " " + answer->value("en", ""));
  } catch (const Poco::Exception &error) {
    unreachable(error.displayText());
  }
  return {};
}

/// Takes the file into the ledger: by ourselves where no host runs, else through it.
std::optional<Json> tell(PlannedStation &opened, const exchange::Upload &upload,
                         const exchange::Wish &wish, const std::string &channel, Context &context) {
  TerminalProgress progress;
  auto rooms = flow::open_rooms(context.station, opened.clock, progress);
  if (!rooms) {
    if (rooms.fault().size() == 1 && rooms.fault().front().is(faults::station_in_use))
      return ask_host(opened.station, upload, wish, channel, context);
    return report(rooms.fault(), context), std::nullopt;
  }
  const auto house = house_of(opened);
  auto told = exchange::import_as_run(house, upload, wish, rooms->intake.get());
  if (!told) return report(told.fault(), context), std::nullopt;
  if (auto counted = rooms->index->catch_up(progress); !counted) report(counted.fault(), context);
  if (auto sealed = rooms->ledger->checkpoint(opened.now_ns(), true); !sealed)
    report(sealed.fault(), context);
  return to_json(*told);
}

/// The sentences of faults that came as JSON.
void print_sentences(const Json &list) {
  for (const Json &one : list)
    std::cerr << one.value("zh", "") << "\n" << one.value("en", "") << "\n";
}

void print(const Json &outcome, bool is_trial, Context &context) {
  const std::vector<Column> columns = {
      {"channel", "频道 channel"},   {"events", "记录 events"}, {"aired", "播出 aired"},
      {"missed", "未播 missed"},     {"open", "未定 open"},     {"others", "其他 others"},
      {"entered", "新入账 entered"}, {"known", "已有 known"},   {"done", "已入账 done"}};
  Table table(columns);
  std::vector<Json> row;
  for (const Column &column : columns) row.push_back(outcome.at(column.key));
  table.add(std::move(row));
  table.print(context);
  for (const char *list : {"remarks", "faults", "disputes"}) print_sentences(outcome.at(list));
  const bool has_failed =
      is_trial ? !outcome.at("faults").empty() : !outcome.at("done").get<bool>();
  if (has_failed) context.exit_code = 1;
}

void import(const ImportOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto upload = read_upload(options.file, context);
  if (!upload) return;
  exchange::Wish wish = options.wish();
  wish.is_trial = true;
  const auto trial = exchange::import_as_run(house_of(*opened), *upload, wish, nullptr);
  if (!trial) return report(trial.fault(), context);
  const bool is_stopped = !trial->faults.empty() && !wish.is_partial;
  if (options.is_trial || is_stopped) return print(to_json(*trial), options.is_trial, context);
  wish.is_trial = false;
  if (const auto told = tell(*opened, *upload, wish, trial->channel, context))
    print(*told, false, context);
}

}  // namespace

void add_as_run_commands(CLI::App &app, Context &context) {
  auto *as_run = app.add_subcommand(
      "asrun", "与编播系统、播出服务器交换播出记录 · As-runs for and from other systems");
  as_run->require_subcommand(1);

  auto exported = std::make_shared<ExportOptions>();
  auto *export_command = as_run->add_subcommand(
      "export",
      "由台账写出一天的播出记录：CCMS 的 .VER（全部广告）或 BXF 的 as-run · Write what became of a "
      "day, from the ledger: a CCMS .VER (every ad) or a BXF as-run");
  add_export_options(*export_command, *exported, {"ver", "bxf"});
  export_command->callback([exported, &context] { write(*exported, context); });

  auto imported = std::make_shared<ImportOptions>();
  auto *import_command = as_run->add_subcommand(
      "import",
      "把别的播出系统的 .VER 或 BXF as-run "
      "记入台账，证据为“上报”；同一文件导入两次不会重复；只有完整"
      "播出才计数 · Enter a .VER or a BXF as-run of another playout into the ledger, on evidence "
      "\"reported\". The same file twice changes nothing; only complete airings count");
  add_import_options(*import_command, *imported);
  import_command->add_flag(
      "--closed", imported->is_closed,
      "文件已是最终版：仍为 0002 的记录按未播记入 · Nobody will write into this file any more: "
      "records that are still 0002 have not aired");
  add_format_option(*import_command, context);
  import_command->callback([imported, &context] { import(*imported, context); });
}

}  // namespace civicast::cli

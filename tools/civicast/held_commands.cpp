// SPDX-License-Identifier: Apache-2.0
// `civicast held`: placements of which nobody could tell what became of them, and what people
// settle about them.
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <pwd.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "host/counts/index.hpp"
#include "host/exchange/faults.hpp"
#include "host/flow/faults.hpp"
#include "host/flow/held.hpp"
#include "host/flow/rooms.hpp"
#include "host/ledger/reader.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/rfc3339.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/planned_station.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

using airings::Inquiry;

struct HeldOptions {
  std::string channel, id, by, note;
  std::size_t limit = 100;
  bool again = false, leave = false, is_settled = false;
};

std::string user() {
  const passwd *entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : std::to_string(::getuid());
}

std::string local(const Json &instant, const station::Station &station) {
  if (!instant.is_string()) return {};
  return station.zone.local_text(*parse_rfc3339(instant.get<std::string>()));
}

std::string both(const Json &words) {
  const auto zh = words.value("zh", ""), en = words.value("en", "");
  return zh == en ? zh : zh + " · " + en;
}

/// "王芳 2026-11-23 19:30:00 leave: …"
std::string told(const Json &step, const station::Station &station) {
  if (!step.is_object()) return {};
  const std::string verdict = step.value("verdict", "");
  return step.value("by", "") + " " + local(step.at("at"), station) + " " +
         (verdict.empty() ? step.value("step", "") : verdict) + ": " + step.value("note", "");
}

void print(const Json &rows, const station::Station &station, const Context &context) {
  Table table({{"placement", "排期 placement"},
               {"channel", "频道 channel"},
               {"start", "计划开始 start"},
               {"title_zh", "标题"},
               {"title_en", "title"},
               {"handed", "交出 handed over"},
               {"attempts", "次数 attempts"},
               {"known", "所知 known"},
               {"last", "最近一步 last step"},
               {"settled", "结论 settled"},
               {"aired", "之后证实播出（台账序号）aired after all (entry)"}});
  for (const Json &row : rows) {
    const Json &item = row.at("item"), &steps = row.at("steps"), &aired = row.at("aired");
    const Json title = item.is_object() ? item.at("title") : Json::object();
    table.add({row.at("placement"), row.at("channel"),
               item.is_object() ? local(item.at("start"), station) : "", title.value("zh", ""),
               title.value("en", ""), local(row.at("handed"), station), row.at("attempts"),
               both(row.at("known")), steps.empty() ? "" : told(steps.back(), station),
               told(row.at("settled"), station), aired.is_object() ? aired.at("entry") : Json("")});
  }
  table.print(context);
}

void list(const HeldOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto ledger = ledger::Reader::open(ledger_folder(context));
  if (!ledger) return report(ledger.fault(), context);
  TerminalProgress progress;
  counts::Index index(*opened->store, **ledger, opened->station.zone);
  if (auto done = index.catch_up(progress); !done) return report(done.fault(), context);
  const flow::Held held(*opened->store, *opened->playlists, **ledger, index, opened->clock);
  const Json all = held.list(options.channel, options.limit);
  print(all.at(options.is_settled ? "settled" : "held"), opened->station, context);
}

/// Where the running host answers: it may have chosen its port itself.
std::string address_of_host(const Context &context, const station::Station &station) {
  const auto facts = read_file(context.station / "host.json", 64 << 10);
  const auto read = facts ? parse_json(*facts) : Result<Json>(Json::object());
  const std::string given = read && read->is_object() ? read->value("api", "") : "";
  return given.empty() ? "http://" + station.api_host + ":" + std::to_string(station.api_port)
                       : given;
}

/// The row that the running host answers, which alone may write the ledger.
std::optional<Json> ask_host(const flow::Decision &decision, const station::Station &station,
                             Context &context) {
  const std::string url = address_of_host(context, station);
  const auto unreachable = [&](const std::string &reason) {
    report(Fault(exchange::faults::host_unreachable, {{"url", url}, {"reason", reason}}), context);
  };
  try {
    const Poco::URI uri(url);
    Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
    session.setTimeout(Poco::Timespan(60, 0));
    std::string path;
    Poco::URI::encode("/api/v1/held/" + decision.placement, "?#", path);
    const std::string body = to_text(
        {{"choice", airings::word(decision.step)}, {"by", decision.by}, {"note", decision.note}});
    Poco::Net::HTTPRequest request("POST", path, "HTTP/1.1");
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::string text;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
    auto answer = parse_json(text);
    if (!answer) return report(answer.fault(), context), std::nullopt;
    if (response.getStatus() == Poco::Net::HTTPResponse::HTTP_OK) return *std::move(answer);
    std::cerr << answer->value("zh", "") << "\n" << answer->value("en", "") << "\n";
    context.exit_code = 1;
  } catch (const Poco::Exception &error) {
    unreachable(error.displayText());
  }
  return {};
}

/// By ourselves where no host runs, else through it. What a person has asked then is asked, and
/// what was held then is ended, once a host runs.
void decide(const HeldOptions &options, Inquiry::Step step, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const flow::Decision decision{options.id, step, options.by, "cli:" + user(), options.note};
  TerminalProgress progress;
  auto rooms = flow::open_rooms(context.station, opened->clock, progress);
  if (!rooms) {
    if (rooms.fault().size() != 1 || !rooms.fault().front().is(faults::station_in_use))
      return report(rooms.fault(), context);
    if (const auto row = ask_host(decision, opened->station, context))
      print(Json::array({*row}), opened->station, context);
    return;
  }
  const auto row = rooms->held->decide(decision, nullptr);
  if (!row) return report(row.fault(), context);
  if (auto sealed = rooms->ledger->checkpoint(opened->now_ns(), true); !sealed)
    report(sealed.fault(), context);
  print(Json::array({*row}), opened->station, context);
}

void add_signed(CLI::App &command, HeldOptions &options, Context &context) {
  command.add_option("placement", options.id, "排期编号 · The placement's id")
      ->required()
      ->type_name("ID");
  command
      .add_option(
          "--by", options.by,
          "谁作的决定，默认是登录名，记入台账 · Who decides; your login if left out; kept in "
          "the ledger")
      ->default_val(user())
      ->type_name("NAME");
  command.add_option("--note", options.note, "说明，记入台账 · Why; kept in the ledger")
      ->required()
      ->type_name("TEXT");
  add_format_option(command, context);
}

}  // namespace

void add_held_commands(CLI::App &app, Context &context) {
  auto options = std::make_shared<HeldOptions>();
  auto *held = app.add_subcommand(
      "held",
      "待核实的排期：不知道是否播出 · Placements of which nobody could tell what became of "
      "them");
  held->require_subcommand(1);

  auto *list_command =
      held->add_subcommand("list", "列出待人工核实的排期 · List what a person must look at");
  list_command->add_option("--channel", options->channel, "只看此频道 · Only this channel")
      ->type_name("ID");
  list_command->add_flag("--settled", options->is_settled,
                         "改为列出已有结论的 · Those that were settled instead");
  list_command->add_option("--limit", options->limit, "最多多少条 · At most so many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  add_format_option(*list_command, context);
  list_command->callback([options, &context] { list(*options, context); });

  auto *ask_command = held->add_subcommand(
      "ask",
      "再向频道查询一次；回答记入台账 · Ask the channel once more; its answer is kept in the "
      "ledger");
  add_signed(*ask_command, *options, context);
  ask_command->callback([options, &context] { decide(*options, Inquiry::Step::ask, context); });

  auto *settle_command = held->add_subcommand(
      "settle",
      "作出结论：结果不明，不计次。“已播出”只凭证据，不能由人填写 · Settle that nobody knows what "
      "became of it: it counts for nothing. That something aired only evidence can say");
  add_signed(*settle_command, *options, context);
  auto *choice = settle_command->add_option_group("choice");
  choice->add_flag("--again", options->again, "重新排期 · Plan it again");
  choice->add_flag("--leave", options->leave, "不再重排 · Do not plan it again");
  choice->require_option(1);
  settle_command->callback([options, &context] {
    decide(*options, options->again ? Inquiry::Step::again : Inquiry::Step::leave, context);
  });
}

}  // namespace civicast::cli

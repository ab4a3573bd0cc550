// SPDX-License-Identifier: Apache-2.0
// The table of addresses. What each answers, in full: openapi/.
#include <algorithm>
#include <charconv>

#include "host/api/doors.hpp"
#include "host/api/faults.hpp"
#include "host/api/files.hpp"
#include "host/base/id.hpp"
#include "sdk/base/text.hpp"

namespace civicast::api {
namespace {

/// The member of the list `things` with this id, or nothing.
bool has_id(const Json &things, const std::string &id) {
  return std::any_of(things.begin(), things.end(),
                     [&](const Json &thing) { return thing.at("id") == id; });
}

Result<void> channel_exists(const Sources &sources, const std::string &id) {
  if (!is_slug(id)) return Fault(faults::id_malformed, {{"text", id}});
  if (!has_id(sources.channels(), id)) return Fault(faults::channel_unknown, {{"id", id}});
  return {};
}

/// What a filter names exists: a misspelt id would otherwise look like a count of nothing.
template <class Asked>
Result<void> ids_exist(const Sources &sources, const Asked &asked) {
  if (!asked.channel.empty() && !has_id(sources.channels(), asked.channel))
    return Fault(faults::channel_unknown, {{"id", asked.channel}}).at("?channel");
  if (!asked.campaign.empty() && !has_id(sources.campaigns(), asked.campaign))
    return Fault(faults::campaign_unknown, {{"id", asked.campaign}}).at("?campaign");
  return {};
}

template <class Asked>
Result<void> filters_exist(const Sources &sources, const Asked &asked) {
  if (auto known = ids_exist(sources, asked); !known) return known.fault();
  if (!asked.place.empty() && !has_id(sources.places(), asked.place))
    return Fault(faults::place_unknown, {{"id", asked.place}}).at("?place");
  return {};
}

template <class T>
Answer answer_of(const Result<T, Faults> &result) {
  return result.ok() ? json_answer(*result) : fault_answer(result.fault());
}

template <class Asked>
Answer filtered(const Sources &sources, const Result<Asked> &asked,
                const std::function<Result<Json, Faults>(const Asked &)> &source) {
  if (!asked) return fault_answer(asked.fault());
  if (const auto known = filters_exist(sources, *asked); !known) return fault_answer(known.fault());
  return answer_of(source(*asked));
}

Answer station(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.station(), "now");
}

Answer live(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.live(), "now");
}

Answer channels(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.channels());
}

Answer campaigns(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.campaigns());
}

Answer places(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.places());
}

Answer assets(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.assets());
}

Answer ledger(const Sources &sources, const Request &, const Parts &, const Query &) {
  return json_answer(sources.ledger());
}

Answer checkpoint(const Sources &sources, const Request &, const Parts &, const Query &) {
  auto note = sources.checkpoint();
  if (!note) return fault_answer(note.fault());
  Answer answer;
  answer.type = "text/plain; charset=utf-8";
  answer.body = std::move(*note);
  return answer;
}

Answer tile(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  auto bytes = sources.tile(parts[0]);
  if (!bytes) return fault_answer(bytes.fault());
  Answer answer;
  answer.type = "application/octet-stream";
  answer.body = std::move(*bytes);
  // A tile of a width never changes: a wider one has another address.
  answer.cache = "public, max-age=31536000, immutable";
  return answer;
}

Answer add_checkpoint(const Sources &sources, const Request &request, const Parts &,
                      const Query &) {
  auto given = sources.add_checkpoint(request.body);
  Answer answer;
  answer.status = given.status;
  answer.type = std::move(given.type);
  answer.body = std::move(given.body);
  return answer;
}

Answer openapi(const Sources &, const Request &, const Parts &, const Query &) {
  Answer answer;
  answer.body = openapi_text();
  answer.cache = "no-cache";
  return answer;
}

Answer thumbnail(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  if (!is_slug(parts[0])) return fault_answer(Fault(faults::id_malformed, {{"text", parts[0]}}));
  const auto file = sources.thumbnail(parts[0]);
  if (!file) return fault_answer(Fault(faults::thumbnail_unknown, {{"id", parts[0]}}));
  return file_answer(*file, "max-age=60")
      .value_or(fault_answer(Fault(faults::thumbnail_unknown, {{"id", parts[0]}})));
}

Answer playlist(const Sources &sources, const Request &, const Parts &parts, const Query &query) {
  if (const auto known = channel_exists(sources, parts[0]); !known)
    return fault_answer(known.fault());
  const auto asked = playlist_query(parts[0], query);
  return asked.ok() ? answer_of(sources.playlist(*asked)) : fault_answer(asked.fault());
}

Answer counts(const Sources &sources, const Request &, const Parts &, const Query &query) {
  return filtered(sources, counts_query(query), sources.counts);
}

Answer airings(const Sources &sources, const Request &, const Parts &, const Query &query) {
  return filtered(sources, airings_query(query), sources.airings);
}

Answer airing(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  const std::string &text = parts[0];
  std::uint64_t entry = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  const std::optional<Json> found = is_number ? sources.airing(entry) : std::nullopt;
  return found ? json_answer(*found)
               : fault_answer(Fault(faults::airing_unknown, {{"entry", text}}));
}

Answer plan(const Sources &sources, const Request &request, const Parts &, const Query &) {
  const auto days = replan_body(request);
  if (!days) return fault_answer(days.fault());
  return answer_of(sources.replan(*days));
}

Answer download(Result<Download, Faults> file) {
  if (!file) return fault_answer(file.fault());
  Answer answer;
  answer.type = file->type;
  answer.body = std::move(file->text);
  answer.file_name = std::move(file->name);
  return answer;
}

const std::vector<std::string> &report_words() {
  static const std::vector<std::string> words = {"reconciliation", "compliance", "monthly"};
  return words;
}

template <class Source>
Answer imported(const Source &source, const Sources &sources, const Request &request,
                const Parts &parts, const Query &query) {
  if (const auto known = channel_exists(sources, parts[0]); !known)
    return fault_answer(known.fault());
  const auto asked = upload_query(parts[0], query, request);
  return asked.ok() ? answer_of(source(*asked)) : fault_answer(asked.fault());
}

template <class Source>
Answer exported(const Source &source, const Sources &sources, const Parts &parts,
                const Query &query, const std::vector<std::string> &formats) {
  if (const auto known = channel_exists(sources, parts[0]); !known)
    return fault_answer(known.fault());
  const auto asked = file_query(parts[0], query, formats);
  if (!asked) return fault_answer(asked.fault());
  return download(source(*asked));
}

Answer schedule_in(const Sources &sources, const Request &request, const Parts &parts,
                   const Query &query) {
  return imported(sources.import_schedule, sources, request, parts, query);
}

Answer as_run_in(const Sources &sources, const Request &request, const Parts &parts,
                 const Query &query) {
  return imported(sources.import_as_run, sources, request, parts, query);
}

Answer schedule_out(const Sources &sources, const Request &, const Parts &parts,
                    const Query &query) {
  return exported(sources.schedule_file, sources, parts, query, {"sch", "bxf"});
}

Answer as_run_out(const Sources &sources, const Request &, const Parts &parts, const Query &query) {
  return exported(sources.as_run_file, sources, parts, query, {"ver", "bxf"});
}

Answer bulletins(const Sources &sources, const Request &, const Parts &, const Query &query) {
  const auto limit = number_of(query, "limit", 1, 50);
  if (!limit) return fault_answer(limit.fault());
  return json_answer(sources.bulletins(static_cast<int>(limit->value_or(20))));
}

Answer bulletin(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  if (!is_slug(parts[0])) return fault_answer(Fault(faults::id_malformed, {{"text", parts[0]}}));
  return answer_of(sources.bulletin(parts[0]));
}

Answer ordered(const Request &request,
               const std::function<Result<Json, Faults>(const BulletinOrder &)> &source) {
  const auto order = bulletin_body(request);
  return order.ok() ? answer_of(source(*order)) : fault_answer(order.fault());
}

Answer preview_bulletin(const Sources &sources, const Request &request, const Parts &,
                        const Query &) {
  return ordered(request, sources.preview_bulletin);
}

Answer issue_bulletin(const Sources &sources, const Request &request, const Parts &,
                      const Query &) {
  return ordered(request, sources.issue_bulletin);
}

Answer recall_bulletin(const Sources &sources, const Request &request, const Parts &parts,
                       const Query &) {
  if (!is_slug(parts[0])) return fault_answer(Fault(faults::id_malformed, {{"text", parts[0]}}));
  const auto reason = reason_body(request);
  if (!reason) return fault_answer(reason.fault());
  return answer_of(sources.recall_bulletin(parts[0], *reason));
}

Answer report(const Sources &sources, const Request &, const Parts &parts, const Query &query) {
  const auto &known = report_words();
  if (std::find(known.begin(), known.end(), parts[0]) == known.end())
    return fault_answer(Fault(faults::report_unknown, {{"text", shortened(parts[0], 64)}}));
  const auto asked = report_query(parts[0], query);
  if (!asked) return fault_answer(asked.fault());
  if (const auto exist = ids_exist(sources, *asked); !exist) return fault_answer(exist.fault());
  if (asked->format == "json") return answer_of(sources.report(*asked));
  return download(sources.report_file(*asked));
}

Answer note(const Sources &sources, const Request &request, const Parts &, const Query &) {
  const auto order = note_body(request);
  return order.ok() ? answer_of(sources.write_note(*order)) : fault_answer(order.fault());
}

Answer held(const Sources &sources, const Request &, const Parts &, const Query &query) {
  const auto asked = held_query(query);
  if (!asked) return fault_answer(asked.fault());
  if (!asked->channel.empty())
    if (const auto known = channel_exists(sources, asked->channel); !known)
      return fault_answer(known.fault());
  return json_answer(sources.held(*asked));
}

Answer decide(const Sources &sources, const Request &request, const Parts &parts, const Query &) {
  const auto decision = held_body(parts[0], request);
  if (!decision) return fault_answer(decision.fault());
  return answer_of(sources.decide(*decision));
}

Answer preview(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  if (const auto known = channel_exists(sources, parts[0]); !known)
    return fault_answer(known.fault());
  const Answer missing =
      fault_answer(Fault(faults::preview_missing, {{"channel", parts[0]}, {"file", parts[1]}}));
  if (!is_file_name(parts[1]) || !is_preview_type(parts[1])) return missing;
  const auto file = sources.channels_folder / parts[0] / "preview" / parts[1];
  return file_answer(file, parts[1].ends_with(".m3u8") ? "no-store" : "max-age=60")
      .value_or(missing);
}

Answer picture(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  if (const auto known = channel_exists(sources, parts[0]); !known)
    return fault_answer(known.fault());
  if (!is_slug(parts[1])) return fault_answer(Fault(faults::id_malformed, {{"text", parts[1]}}));
  const auto file = sources.channels_folder / parts[0] / "pictures" / (parts[1] + ".jpg");
  return file_answer(file, "no-cache")
      .value_or(fault_answer(
          Fault(faults::picture_missing, {{"channel", parts[0]}, {"place", parts[1]}})));
}

Answer console_page(const Sources &sources, const Request &, const Parts &, const Query &) {
  return file_answer(sources.console_folder / "index.html", "no-cache").value_or(console_absent());
}

Answer console_file(const Sources &sources, const Request &, const Parts &parts, const Query &) {
  const Answer missing = fault_answer(Fault(faults::file_missing, {{"file", parts[0]}}));
  if (!is_file_name(parts[0])) return missing;
  // Vite puts a hash of the content in every name, so a file never changes.
  return file_answer(sources.console_folder / "assets" / parts[0], "max-age=31536000, immutable")
      .value_or(missing);
}

Answer console_icon(const Sources &sources, const Request &, const Parts &, const Query &) {
  return file_answer(sources.console_folder / "favicon.svg", "no-cache")
      .value_or(fault_answer(Fault(faults::file_missing, {{"file", "favicon.svg"}})));
}

}  // namespace

const std::vector<Route> &routes() {
  static const std::vector<Route> table = {
      {"GET", "/api/v1/station", {}, station},
      {"GET", "/api/v1/live", {}, live},
      {"GET", "/api/v1/channels", {}, channels},
      {"GET", "/api/v1/campaigns", {}, campaigns},
      {"GET", "/api/v1/places", {}, places},
      {"GET", "/api/v1/assets", {}, assets},
      {"GET", "/api/v1/assets/{asset}/thumbnail", {}, thumbnail},
      {"GET", "/api/v1/playlists/{channel}", {"date", "since", "until"}, playlist},
      {"GET", "/api/v1/counts", {"by", "from", "to", "campaign", "channel", "place"}, counts},
      {"GET",
       "/api/v1/airings",
       {"from", "to", "campaign", "channel", "place", "limit", "before"},
       airings},
      {"GET", "/api/v1/airings/{entry}", {}, airing},
      {"GET", "/api/v1/ledger", {}, ledger},
      {"POST", "/api/v1/plan", {}, plan},
      {"GET", "/api/v1/schedules/{channel}", {"date", "format"}, schedule_out},
      {"POST",
       "/api/v1/schedules/{channel}",
       {"date", "name", "trial", "partial"},
       schedule_in,
       true},
      {"GET", "/api/v1/asruns/{channel}", {"date", "format"}, as_run_out},
      {"POST",
       "/api/v1/asruns/{channel}",
       {"date", "name", "trial", "partial", "closed"},
       as_run_in,
       true},
      {"GET",
       "/api/v1/reports/{report}",
       {"from", "to", "channel", "campaign", "month", "open", "limit", "offset", "format"},
       report},
      {"POST", "/api/v1/notes", {}, note},
      {"GET", "/api/v1/bulletins", {"limit"}, bulletins},
      {"POST", "/api/v1/bulletins", {}, issue_bulletin},
      {"POST", "/api/v1/bulletins/preview", {}, preview_bulletin},
      {"GET", "/api/v1/bulletins/{bulletin}", {}, bulletin},
      {"POST", "/api/v1/bulletins/{bulletin}/recall", {}, recall_bulletin},
      {"GET", "/api/v1/held", {"channel", "limit"}, held},
      {"POST", "/api/v1/held/{placement}", {}, decide},
      {"GET", "/api/v1/openapi.json", {}, openapi},
      {"GET", "/checkpoint", {}, checkpoint},
      {"GET", "/tile/{tile...}", {}, tile},
      {"POST", "/add-checkpoint", {}, add_checkpoint, false, true},
      {"GET", "/live/{channel}/{file}", {}, preview},
      {"GET", "/pictures/{channel}/{place}.jpg", {"at"}, picture},
      {"GET", "/", {}, console_page},
      {"GET", "/favicon.svg", {}, console_icon},
      {"GET", "/assets/{file}", {}, console_file},
  };
  return table;
}

}  // namespace civicast::api

// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/routes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/file_posix.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <variant>

#include "plugins/screens/file_slice.hpp"
#include "plugins/screens/player_files.hpp"
#include "plugins/screens/plays.hpp"
#include "plugins/screens/range.hpp"
#include "plugins/screens/time_text.hpp"

namespace civicast::screens {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using nlohmann::json;

constexpr std::int64_t ahead_ns = 3600 * ns_per_s;
constexpr std::uint64_t plays_limit_bytes = 64 * 1024, picture_limit_bytes = 200 * 1024;
constexpr const char *policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob:; img-src "
    "'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*";

/// The text between `head` and `tail` of `path`, if it is like that.
std::optional<std::string> between(const std::string &path, std::string_view head,
                                   std::string_view tail = {}) {
  if (path.size() < head.size() + tail.size() || path.compare(0, head.size(), head) != 0 ||
      path.compare(path.size() - tail.size(), tail.size(), tail) != 0)
    return std::nullopt;
  return path.substr(head.size(), path.size() - head.size() - tail.size());
}

const char *type_of(const std::string &name) {
  const std::string end = name.substr(name.rfind('.') + 1);
  if (end == "html") return "text/html; charset=utf-8";
  if (end == "css") return "text/css; charset=utf-8";
  if (end == "js") return "text/javascript; charset=utf-8";
  if (end == "svg") return "image/svg+xml";
  return "application/octet-stream";
}

/// A name by which only this machine can be meant. Another name may be a stranger's, pointed here.
bool is_loopback_name(std::string_view host) {
  const bool is_v6 = !host.empty() && host.front() == '[';
  const std::size_t end = is_v6 ? host.find(']') : host.find(':');
  const std::string name(
      host.substr(is_v6 ? 1 : 0, end == host.npos ? end : end - (is_v6 ? 1 : 0)));
  if (name == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(name, error);
  return !error && address.is_loopback();
}

std::string view_of(beast::string_view text) {
  return std::string(text.data(), text.size());
}

std::string parameter(const std::string &query, const std::string &name) {
  const std::size_t at = ("&" + query).find("&" + name + "=");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 1;
  return query.substr(from, query.find('&', from) - from);
}

/// Percent-decoding, for the id of an item in a query.
std::string decoded(const std::string &text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::sscanf(text.c_str() + i + 1, "%2x", &byte) == 1) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string tag_of(const std::string &text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a: a change detector, not a proof
  for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  char hex[24];
  std::snprintf(hex, sizeof hex, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return hex;
}

json item_json(const Item &item) {
  return {{"id", item.id},
          {"kind", item.kind},
          {"start", time_text(item.start_ns)},
          {"end", time_text(item.end_ns)},
          {"asset", item.asset},
          {"title", {{"zh", item.title_zh}, {"en", item.title_en}}},
          {"media", "/media/" + item.media.sha256},
          {"mime", item.media.mime},
          {"sha256", item.media.sha256},
          {"duration_ms", item.media.duration_ns / ns_per_ms}};
}

bool is_whole_jpeg(const std::string &bytes) {
  return bytes.size() > 4 && bytes.compare(0, 3, "\xff\xd8\xff") == 0 &&
         bytes.compare(bytes.size() - 2, 2, "\xff\xd9") == 0;
}

}  // namespace

Routes::Routes(Host host, Book &book, Server &server, Names station, std::string pictures)
    : host_(host),
      book_(book),
      server_(server),
      station_(std::move(station)),
      pictures_(std::move(pictures)) {}

std::uint64_t Routes::body_limit_bytes(const Request &header) const {
  const std::string target = view_of(header.target());
  if (between(target, "/api/screens/", "/picture")) return picture_limit_bytes;
  return between(target, "/api/screens/", "/plays") ? plays_limit_bytes : 1024;
}

template <class Message>
void Routes::dress(Message &message) const {
  message.set(http::field::server, "Civicast");
  message.set("X-Civicast-Now-Ns", std::to_string(host_.now_ns()));
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  if (message.find(http::field::cache_control) == message.end())
    message.set(http::field::cache_control, "no-store");
  message.prepare_payload();
}

Response Routes::problem(const Request &request, const Problem &what) const {
  http::response<http::string_body> response(http::int_to_status(what.status), request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, "application/json; charset=utf-8");
  response.body() = what.json();
  dress(response);
  return response;
}

Response Routes::json(const Request &request, const std::string &body) const {
  http::response<http::string_body> response(http::status::ok, request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, "application/json; charset=utf-8");
  response.body() = body;
  dress(response);
  return response;
}

Response Routes::refuse(http::status status) const {
  const Problem &what = status == http::status::payload_too_large ? problems::body_too_large
                        : status == http::status::request_header_fields_too_large
                            ? problems::header_too_large
                            : problems::bad_request;
  Request request;
  request.version(11);
  request.keep_alive(false);  // where the next request begins is not known
  return problem(request, what);
}

Response Routes::failed(const std::string &what) const {
  host_.log(CIV_ERROR, "screens: " + what);
  Request request;
  request.version(11);
  request.keep_alive(false);
  return problem(request, problems::broken);
}

void Routes::tick() {
  book_.tick();
}

void Routes::answer(Request &&request, Reply reply) {
  const std::string host = view_of(request[http::field::host]);
  if (!is_loopback_name(host)) return reply(problem(request, problems::foreign_host));
  const std::string target = view_of(request.target());
  const std::size_t mark = target.find('?');
  const std::string path = target.substr(0, mark);
  const std::string query = mark == std::string::npos ? "" : target.substr(mark + 1);
  if (request.method() == http::verb::get) return reply(get(request, path, query));
  const auto plays_place = between(path, "/api/screens/", "/plays");
  const auto picture_place = between(path, "/api/screens/", "/picture");
  if (request.method() != http::verb::post || (!plays_place && !picture_place))
    return reply(problem(request, problems::no_such_method));
  const std::string origin = view_of(request[http::field::origin]);
  if (!origin.empty() && origin != "http://" + host)
    return reply(problem(request, problems::foreign_origin));
  const std::string place = plays_place ? *plays_place : *picture_place;
  if (!is_place_id(place)) return reply(problem(request, problems::bad_place));
  if (!book_.knows_place(place)) return reply(problem(request, problems::unknown_place));
  if (picture_place) return reply(picture(request, place));
  plays(request, place, std::move(reply));
}

Response Routes::get(const Request &request, const std::string &path, const std::string &query) {
  if (path == "/") return front(request);
  if (path == "/sw.js") return page(request, "sw.js");
  if (path == "/api/clock")
    return json(request, nlohmann::json{{"now_ns", std::to_string(host_.now_ns())}}.dump());
  if (const auto name = between(path, "/player/")) return page(request, *name);
  if (const auto sha256 = between(path, "/media/")) return media(request, *sha256);
  if (const auto place = between(path, "/screen/"))
    return is_place_id(*place) ? page(request, "index.html")
                               : problem(request, problems::bad_place);
  if (const auto place = between(path, "/api/screens/", "/plan"))
    return is_place_id(*place) ? plan(request, *place, query)
                               : problem(request, problems::bad_place);
  return problem(request, problems::no_such_path);
}

Response Routes::page(const Request &request, const std::string &name) const {
  const auto found = player_files().find(name);
  if (found == player_files().end()) return problem(request, problems::no_such_path);
  http::response<http::string_body> response(http::status::ok, request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, type_of(name));
  response.set("Content-Security-Policy", policy);
  response.set("Service-Worker-Allowed", "/");
  response.body() = std::string(found->second);
  dress(response);
  return response;
}

Response Routes::front(const Request &request) const {
  std::string list;
  for (const ScreenState &screen : book_.screens())
    list += "<li><a href=\"/screen/" + screen.place + "\">" + screen.place + "</a></li>";
  http::response<http::string_body> response(http::status::ok, request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, "text/html; charset=utf-8");
  response.set("Content-Security-Policy", policy);
  response.body() =
      "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>大屏 · Screens</title>"
      "<link rel=\"stylesheet\" href=\"/player/front.css\"><h1>大屏 · Screens</h1><ul>" +
      (list.empty() ? "<li>还没有排期 · Nothing is planned yet</li>" : list) + "</ul></html>";
  dress(response);
  return response;
}

Response Routes::plan(const Request &request, const std::string &place, const std::string &query) {
  book_.see(place, decoded(parameter(query, "on")));
  nlohmann::json items = nlohmann::json::array();
  for (const Item &item : book_.plan(place, ahead_ns)) items.push_back(item_json(item));
  nlohmann::json body{{"place", place},
                      {"known", book_.knows_place(place)},
                      {"station", {{"zh", station_.zh}, {"en", station_.en}}},
                      {"items", std::move(items)}};
  const std::string tag = tag_of(body.dump());
  const bool is_same = view_of(request[http::field::if_none_match]) == tag;
  http::response<http::string_body> response(
      is_same ? http::status::not_modified : http::status::ok, request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::etag, tag);
  response.set(http::field::cache_control, "no-cache");
  if (!is_same) {
    body["now_ns"] = std::to_string(host_.now_ns());
    response.set(http::field::content_type, "application/json; charset=utf-8");
    response.body() = body.dump();
  }
  dress(response);
  return response;
}

Response Routes::media(const Request &request, const std::string &sha256) {
  const std::optional<Media> media = book_.media(sha256);
  if (!media) return problem(request, problems::unknown_media);
  FileSlice::value_type body;
  beast::error_code error;
  body.file.open(media->path.c_str(), beast::file_mode::scan, error);
  const std::uint64_t size = error ? 0 : body.file.size(error);
  if (error || size == 0) {
    host_.log(CIV_ERROR, "screens: cannot read " + media->path);
    return problem(request, problems::media_gone);
  }
  const Range range = read_range(view_of(request[http::field::range]), size);
  if (range.kind == Range::outside) return problem(request, problems::bad_range);
  body.size = range.last - range.first + 1;
  body.file.seek(range.first, error);
  if (error) return problem(request, problems::media_gone);
  const bool is_part = range.kind == Range::part;
  http::response<FileSlice> response(is_part ? http::status::partial_content : http::status::ok,
                                     request.version());
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body);
  response.set(http::field::content_type, media->mime);
  response.set(http::field::accept_ranges, "bytes");
  response.set(http::field::etag, "\"" + sha256 + "\"");
  response.set(http::field::cache_control, "public, max-age=31536000, immutable");
  if (is_part)
    response.set(http::field::content_range, "bytes " + std::to_string(range.first) + "-" +
                                                 std::to_string(range.last) + "/" +
                                                 std::to_string(size));
  dress(response);
  return response;
}

Response Routes::picture(const Request &request, const std::string &place) {
  if (request[http::field::content_type] != "image/jpeg")
    return problem(request, problems::not_jpeg_type);
  if (!is_whole_jpeg(request.body())) return problem(request, problems::not_jpeg);
  const std::string path = pictures_ + "/" + place + ".jpg";
  file::replace(path, request.body());
  return json(request, "{}");
}

void Routes::plays(const Request &request, const std::string &place, Reply reply) {
  const std::string type = view_of(request[http::field::content_type]);
  if (type.substr(0, type.find(';')) != "application/json")
    return reply(problem(request, problems::not_json_type));
  auto read = read_plays(request.body(), place, host_.now_ns());
  if (const Problem *wrong = std::get_if<Problem>(&read)) return reply(problem(request, *wrong));
  // What arrives in one round of the reactor is stored with one sync.
  if (waiting_.empty()) server_.post([this] { store_waiting(); });
  waiting_.push_back({std::get<Report>(std::move(read)), std::move(reply), request.version(),
                      request.keep_alive()});
}

void Routes::store_waiting() {
  std::vector<Waiting> round;
  round.swap(waiting_);
  std::vector<Report> reports;
  for (Waiting &waiting : round) reports.push_back(std::move(waiting.report));
  std::optional<std::vector<Receipt>> receipts;
  try {
    receipts = book_.store(reports);
  } catch (const std::exception &e) {
    host_.log(CIV_ERROR, std::string("screens: plays cannot be stored: ") + e.what());
  }
  for (std::size_t i = 0; i < round.size(); ++i) {
    Request request;
    request.version(round[i].version);
    request.keep_alive(round[i].keeps);
    if (!receipts) {
      round[i].reply(problem(request, problems::not_stored));
      continue;
    }
    const Receipt &receipt = (*receipts)[i];
    round[i].reply(json(request, nlohmann::json{{"session", reports[i].records.front().session},
                                                {"seq", receipt.highest},
                                                {"repeated", receipt.repeated},
                                                {"unknown", receipt.unknown},
                                                {"now_ns", std::to_string(host_.now_ns())}}
                                     .dump()));
  }
}

}  // namespace civicast::screens

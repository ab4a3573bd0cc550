// SPDX-License-Identifier: Apache-2.0
// A small station that answers every source from memory, and a client that sends raw bytes.
#pragma once

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "host/api/faults.hpp"
#include "host/api/server.hpp"
#include "host/api/sources.hpp"
#include "sdk/base/json.hpp"

namespace civicast::api {

struct FakeStation {
  std::filesystem::path folder;
  std::atomic<int> plans{0};
  std::atomic<int> ticks{0};  ///< `now` of each answer differs from the last one's
  PlaylistQuery played;
  CountsQuery counted;
  AiringsQuery listed;
  UploadQuery uploaded;
  FileQuery filed;
  ReportQuery reported;
  NoteOrder noted;
  BulletinOrder ordered;
  std::atomic<int> issues{0};
  std::string recalled;
  HeldQuery looked_at;
  HeldDecision decided;

  FakeStation() {
    std::string pattern = (std::filesystem::temp_directory_path() / "civicast-api-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~FakeStation() { std::filesystem::remove_all(folder); }
  FakeStation(const FakeStation &) = delete;

  void put(const std::string &name, const std::string &bytes) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }

  Sources sources() {
    const auto ids = [](const char *id) { return [id] { return Json::array({{{"id", id}}}); }; };
    Sources s;
    s.station = [this] { return Json{{"id", "chenghua"}, {"now", std::to_string(++ticks)}}; };
    s.live = [this] { return Json{{"channels", Json::array()}, {"now", std::to_string(++ticks)}}; };
    s.channels = ids("cable");
    s.campaigns = ids("values");
    s.places = ids("hemei");
    s.assets = ids("values-fuqiang");
    s.ledger = [] { return Json{{"size", 7}}; };
    s.playlist = [this](const PlaylistQuery &query) {
      played = query;
      return Result<Json, Faults>(Json{{"channel", query.channel}, {"items", Json::array()}});
    };
    s.counts = [this](const CountsQuery &query) {
      counted = query;
      return Result<Json, Faults>(Json{{"by", query.by}, {"rows", Json::array()}});
    };
    s.import_schedule = s.import_as_run = [this](const UploadQuery &query) {
      uploaded = query;
      return Result<Json, Faults>(Json{{"done", !query.is_trial}});
    };
    s.schedule_file = s.as_run_file = [this](const FileQuery &query) {
      filed = query;
      return Result<Download, Faults>(
          Download{"B2301001.VER", "text/plain; charset=utf-8", "LOI\r\n"});
    };
    s.airings = [this](const AiringsQuery &query) {
      listed = query;
      return Result<Json, Faults>(Json{{"airings", Json::array()}, {"next_before", nullptr}});
    };
    s.airing = [](std::uint64_t entry) -> std::optional<Json> {
      if (entry >= 7) return std::nullopt;
      return Json{{"entry", entry}, {"proof", {{"frames_sent", 375}}}};
    };
    s.tile = [](const std::string &path) -> Result<std::string> {
      if (path != "0/x001/067.p/2") return Fault(faults::file_missing, {{"file", path}});
      return std::string(64, 'h');
    };
    s.add_checkpoint = [](const std::string &body) -> PlainAnswer {
      return {409, "text/x.tlog.size", std::to_string(body.size()) + "\n"};
    };
    s.replan = [this](int days) {
      ++plans;
      return Result<Json, Faults>(Json{{"days", days}, {"placements", 12}});
    };
    s.report = [this](const ReportQuery &query) {
      reported = query;
      return Result<Json, Faults>(Json{{"report", query.report}, {"total", 0}});
    };
    s.report_file = [this](const ReportQuery &query) {
      reported = query;
      return Result<Download, Faults>(Download{"r.csv", "text/csv; charset=utf-8", "a\r\n"});
    };
    s.write_note = [this](const NoteOrder &order) {
      noted = order;
      return Result<Json, Faults>(Json{{"entry", 7}});
    };
    s.preview_bulletin = [this](const BulletinOrder &order) {
      ordered = order;
      return Result<Json, Faults>(Json{{"channels", Json::array()}});
    };
    s.issue_bulletin = [this](const BulletinOrder &order) {
      ordered = order;
      ++issues;
      return Result<Json, Faults>(Json{{"id", "b1"}});
    };
    s.bulletins = [](int limit) { return Json{{"bulletins", Json::array()}, {"limit", limit}}; };
    s.bulletin = [](const std::string &id) { return Result<Json, Faults>(Json{{"id", id}}); };
    s.recall_bulletin = [this](const std::string &id, const std::string &reason) {
      recalled = id + " " + reason;
      return Result<Json, Faults>(Json{{"id", id}});
    };
    s.held = [this](const HeldQuery &query) {
      looked_at = query;
      return Json{{"held", Json::array()}, {"settled", Json::array()}};
    };
    s.decide = [this](const HeldDecision &decision) {
      decided = decision;
      return Result<Json, Faults>(Json{{"placement", decision.placement}});
    };
    s.checkpoint = [] { return Result<std::string>("chenghua/airings\n7\nroot\n\n— sig\n"); };
    s.thumbnail = [this](const std::string &asset) -> std::optional<std::filesystem::path> {
      if (asset != "values-fuqiang") return std::nullopt;
      return folder / "fuqiang.jpg";
    };
    s.channels_folder = folder / "channels";
    s.console_folder = folder / "console";
    return s;
  }
};

struct Reply {
  int status = 0;
  std::string head, body;
  Json json() const { return Json::parse(body); }
  bool has(const std::string &line) const { return head.find(line + "\r\n") != std::string::npos; }
};

/// Sends `bytes` as they are and reads until the server closes.
inline Reply send_raw(std::uint16_t port, const std::string &bytes) {
  Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
  for (std::size_t sent = 0; sent < bytes.size();)
    sent += static_cast<std::size_t>(
        socket.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
  std::string text(4096, '\0');
  std::string all;
  for (int count; (count = socket.receiveBytes(text.data(), 4096)) > 0;)
    all.append(text, 0, static_cast<std::size_t>(count));
  Reply reply;
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos) return reply;
  reply.head = all.substr(0, end + 2);
  reply.body = all.substr(end + 4);
  reply.status = std::stoi(reply.head.substr(9, 3));
  return reply;
}

/// A request line and headers for this port, "Connection: close", and `more`.
inline std::string request_text(std::uint16_t port, const std::string &line,
                                const std::string &more = {}, const std::string &body = {}) {
  return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nConnection: close\r\n" + more + "\r\n" + body;
}

}  // namespace civicast::api

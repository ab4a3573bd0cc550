// SPDX-License-Identifier: Apache-2.0
// The channel "station screens": browsers in front of people, each with its own plan and its own
// word on what it showed.
#include <sys/stat.h>

#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>
#include <civicast/channel.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "plugins/screens/book.hpp"
#include "plugins/screens/routes.hpp"
#include "plugins/screens/server.hpp"
#include "plugins/screens/time_text.hpp"

namespace civicast::screens {
namespace {

constexpr std::int64_t online_ns = 20 * ns_per_s;  ///< four polls of a page

std::string text_or(const Doc &settings, const char *at, const char *otherwise) {
  const std::string value = settings.text(at);
  return value.empty() ? otherwise : value;
}

std::int64_t number_or(const Doc &settings, const char *at, std::int64_t otherwise,
                       std::int64_t least, std::int64_t most) {
  const std::string given = settings.json(at);
  if (given.empty() || given == "null") return otherwise;
  const auto value = static_cast<std::int64_t>(settings.number(at));
  if (value < least || value > most)
    throw Trouble(CIV_UNREADY, "setting.range",
                  "此设置应在 " + std::to_string(least) + " 到 " + std::to_string(most) +
                      " 之间。 · This setting must be from " + std::to_string(least) + " to " +
                      std::to_string(most) + ".",
                  at);
  return value;
}

boost::asio::ip::tcp::endpoint endpoint(const std::string &listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  const std::string digits = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool is_number = !digits.empty() && digits.size() <= 5 &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  const int port = is_number ? std::stoi(digits) : -1;
  if (error || port < 0 || port > 65535 || !address.is_loopback())
    throw Trouble(
        CIV_UNREADY, "listen.malformed",
        "监听地址须是本机地址加端口，例如 127.0.0.1:8091。 · It must be a loopback address "
        "and a port, such as 127.0.0.1:8091.",
        "/listen", 0, listen);
  return {address, static_cast<unsigned short>(port)};
}

std::string folder(const std::string &path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) file::fail("make " + path);
  return path;
}

/// A disk that is full now may have room later.
template <class Body>
void or_later(Body &&body) {
  try {
    body();
  } catch (const std::system_error &e) {
    throw Trouble(CIV_LATER, "disk.write",
                  "磁盘写不进去，请检查空间。 · The disk does not take it; see whether it is full.",
                  "", 5000, e.what());
  }
}

class Screens final : public Channel {
 public:
  Screens(Host host, Doc settings)
      : host_(host),
        server_(bind(text_or(settings, "/listen", "127.0.0.1:8091"))),
        book_(host, host.state_dir() + "/journal.jsonl",
              number_or(settings, "/report_grace_s", 60, 5, 300) * ns_per_s,
              number_or(settings, "/keep_days", 7, 1, 60) * 86400 * ns_per_s),
        routes_(host, book_, server_,
                {text_or(settings, "/station_zh", "新时代文明实践站"),
                 text_or(settings, "/station_en", "New Era Civilization Practice Station")},
                folder(host.state_dir() + "/pictures")) {
    server_.start(routes_);
  }
  ~Screens() override { server_.stop(); }
  /// All that is known is on disk, and players ask again: any moment is a good one.
  bool hand_over() override { return true; }

  void check(const Placement &placement) override { read_item(placement); }
  void publish(const Placement &placement) override {
    or_later([&] { book_.accept(read_item(placement)); });
  }
  void withdraw(std::string_view id) override {
    or_later([&] { book_.withdraw(std::string(id)); });
  }
  Recall recall(std::string_view id) override { return book_.recall(std::string(id)); }

  std::string status() override {
    const auto at = server_.address();
    const bool is_v6 = at.address().is_v6();
    const std::string base = std::string("http://") + (is_v6 ? "[" : "") +
                             at.address().to_string() + (is_v6 ? "]" : "") + ":" +
                             std::to_string(at.port());
    const std::int64_t now_ns = host_.now_ns();
    nlohmann::json screens = nlohmann::json::array();
    for (const ScreenState &screen : book_.screens())
      screens.push_back(json_of(screen, base, now_ns));
    return nlohmann::json{{"links", {{{"rel", "player"}, {"href", base}}}},
                          {"screens", std::move(screens)},
                          {"counters", book_.counters()}}
        .dump();
  }

 private:
  static boost::asio::ip::tcp::endpoint bind(const std::string &listen) { return endpoint(listen); }

  nlohmann::json json_of(const ScreenState &screen, const std::string &base,
                         std::int64_t now_ns) const {
    const std::string picture = "pictures/" + screen.place + ".jpg";
    struct ::stat ignored {};
    const bool has_picture = ::stat((host_.state_dir() + "/" + picture).c_str(), &ignored) == 0;
    const bool is_online = screen.last_seen_ns > 0 && now_ns - screen.last_seen_ns <= online_ns;
    return {{"place", screen.place},
            {"href", base + "/screen/" + screen.place},
            {"online", is_online},
            {"last_seen", screen.last_seen_ns ? nlohmann::json(time_text(screen.last_seen_ns))
                                              : nlohmann::json()},
            {"seq", screen.seq},
            {"lost", screen.lost},
            {"picture", has_picture ? nlohmann::json(picture) : nlohmann::json()},
            {"on_air", is_online ? screen.on_air : ""}};
  }

  Host host_;
  Server server_;
  Book book_;
  Routes routes_;
};

}  // namespace
}  // namespace civicast::screens

#ifndef PLUGIN_VERSION  // a test builds the next version from the same source
#define PLUGIN_VERSION "1.0.0"
#endif
CIVICAST_CHANNEL(civicast::screens::Screens, "org.civicast.screens", PLUGIN_VERSION);

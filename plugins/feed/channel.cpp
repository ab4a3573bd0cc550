// SPDX-License-Identifier: Apache-2.0
// The channel "feed": posts at their time, as Atom, JSON Feed and pages, in a folder and served.
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/URI.h>

#include <chrono>
#include <civicast/channel.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <thread>

#include "plugins/feed/archive.hpp"
#include "plugins/feed/door.hpp"
#include "plugins/feed/press.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

/// The house clock cannot be waited for, as a test may own it: it is looked at this often.
constexpr std::chrono::milliseconds look{100};
constexpr std::chrono::seconds rest_after_failure{1};

std::string text_or(const Doc &settings, const char *at, const char *otherwise) {
  const std::string value = settings.text(at);
  return value.empty() ? otherwise : value;
}

[[noreturn]] void unready(const char *code, const char *sentence, const char *at,
                          const std::string &detail) {
  throw Trouble(CIV_UNREADY, code, sentence, at, 0, detail);
}

Poco::Net::SocketAddress address(const Doc &settings) {
  const std::string listen = text_or(settings, "/listen", "127.0.0.1:8092");
  const std::size_t colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool is_port = !port.empty() && port.size() <= 5 &&
                       port.find_first_not_of("0123456789") == std::string::npos &&
                       std::stoi(port) < 65536;
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  Poco::Net::IPAddress ip;
  if (!is_port || !Poco::Net::IPAddress::tryParse(host, ip) || !ip.isLoopback())
    unready("listen.malformed",
            "监听地址须是本机地址加端口，例如 127.0.0.1:8092。 · It must be a loopback address and "
            "a port, "
            "such as 127.0.0.1:8092.",
            "/listen", listen);
  return {ip, static_cast<Poco::UInt16>(std::stoi(port))};
}

std::string folder(const Host &host, const Doc &settings) {
  const std::string name = text_or(settings, "/folder", "public");
  return name.front() == '/' ? name : host.state_dir() + "/" + name;
}

std::string base_url(const Doc &settings, const Door &door) {
  std::string base = settings.text("/base_url");
  if (base.empty()) return door.base();
  while (!base.empty() && base.back() == '/') base.pop_back();
  if (base.rfind("http://", 0) != 0 && base.rfind("https://", 0) != 0)
    unready("base_url.malformed",
            "公开网址须以 http:// 或 https:// 开头。 · The public address begins with http:// or "
            "https://.",
            "/base_url", base);
  return base;
}

std::string authority(const Doc &settings) {
  const std::string name = text_or(settings, "/authority", "civicast.local");
  if (name.size() > 200 ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != name.npos)
    unready("authority.malformed",
            "编号域名只能有小写字母、数字、点和连字符。 · The naming authority has only a–z, 0–9, "
            "dots and "
            "hyphens.",
            "/authority", name);
  return name;
}

std::size_t keep(const Doc &settings) {
  const std::string given = settings.json("/keep");
  if (given.empty() || given == "null") return 200;
  const double value = settings.number("/keep");
  if (!(value >= 1 && value <= 2000))
    unready("keep.range", "保留条数须在 1 到 2000 之间。 · Keep from 1 to 2000 entries.", "/keep",
            given);
  return static_cast<std::size_t>(value);
}

Masthead masthead(const Doc &settings, const Door &door) {
  Masthead head;
  head.title_zh = text_or(settings, "/title_zh", "文明实践公告");
  head.title_en = text_or(settings, "/title_en", "Civilization Practice Notices");
  head.author = text_or(settings, "/author", "新时代文明实践中心");
  head.base_url = base_url(settings, door);
  for (const std::string *text : {&head.title_zh, &head.title_en, &head.author, &head.base_url})
    if (!is_xml_text(*text))
      unready("text.control",
              "设置中有控制字符，请删除。 · A setting has control characters; remove them.", "",
              *text);
  return head;
}

Press press(const Host &host, const Doc &settings) {
  try {
    return Press(folder(host, settings));
  } catch (const std::system_error &e) {
    unready("folder.unwritable",
            "文件夹不能写入，请检查路径和权限。 · The folder cannot be written; see its path and "
            "permissions.",
            "/folder", e.what());
  }
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

class Feed final : public Channel {
 public:
  Feed(Host host, Doc settings)
      : host_(host),
        door_(address(settings)),
        masthead_(masthead(settings, door_)),
        archive_(host, host.state_dir() + "/posts.jsonl", press(host, settings), masthead_,
                 authority(settings), keep(settings)) {
    door_.open(folder(host, settings), Poco::URI(masthead_.base_url).getHost());
    timer_ = std::thread([this] { run(); });
  }

  /// All that was posted is on disk: any moment is a good one.
  bool hand_over() override { return true; }
  ~Feed() override {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    wake_.notify_all();
    timer_.join();
  }

  void check(const Placement &placement) override { read_post(placement); }

  void publish(const Placement &placement) override {
    or_later([&] {
      if (is_retraction(placement)) return archive_.retract(placement.id);
      archive_.accept(read_post(placement), placement.media);
    });
  }

  void withdraw(std::string_view id) override {
    or_later([&] { archive_.withdraw(std::string(id)); });
  }
  Recall recall(std::string_view id) override { return archive_.recall(std::string(id)); }

  std::string status() override {
    nlohmann::json status = archive_.status();
    status["links"] = {{{"rel", "page"}, {"href", door_.base() + "/"}},
                       {{"rel", "atom"}, {"href", door_.base() + "/feed.atom"}},
                       {{"rel", "json"}, {"href", door_.base() + "/feed.json"}}};
    return status.dump();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    std::chrono::milliseconds pause = look;
    while (!wake_.wait_for(lock, pause, [this] { return is_closing_; })) {
      lock.unlock();
      pause = look;
      try {
        archive_.tick();
      } catch (const std::exception &e) {
        host_.log(CIV_ERROR, std::string("feed: ") + e.what());
        pause = rest_after_failure;
      }
      lock.lock();
    }
  }

  Host host_;
  Door door_;
  Masthead masthead_;
  Archive archive_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_closing_ = false;
  std::thread timer_;
};

}  // namespace
}  // namespace civicast::feed

#ifndef PLUGIN_VERSION  // a test builds the next version from the same source
#define PLUGIN_VERSION "1.0.0"
#endif
CIVICAST_CHANNEL(civicast::feed::Feed, "org.civicast.feed", PLUGIN_VERSION);

// SPDX-License-Identifier: Apache-2.0
#include "tests/far/platform/platform.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

namespace far_side {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int most_threads = 64;

/// [any] Chance, from one seed.
class Whim {
 public:
  explicit Whim(const Temper &temper) : temper_(temper), random_(temper.seed) {}

  void dawdle() { std::this_thread::sleep_for(std::chrono::microseconds(pause_us())); }
  bool loses_answer() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(random_() % 1000) < temper_.lost_of_1000;
  }

 private:
  std::int64_t pause_us() {
    const std::lock_guard lock(mutex_);
    const std::int64_t longest_us =
        temper_.longest_pause_ms * (random_() % 10 == 0 ? 10'000 : 1'000);
    return std::uniform_int_distribution<std::int64_t>(0, longest_us)(random_);
  }
  const Temper temper_;
  std::mutex mutex_;
  std::mt19937 random_;
};

std::string as_json(const Post &post) {
  return nlohmann::json{{"key", post.key},
                        {"text", post.text},
                        {"address", post.address},
                        {"created_ns", std::to_string(post.created_ns)}}
      .dump();
}

class Handler final : public Poco::Net::HTTPRequestHandler {
 public:
  Handler(Wall *wall, Whim &whim) : wall_(wall), whim_(whim) {}

  void handleRequest(HTTPServerRequest &request, HTTPServerResponse &response) override {
    response.setKeepAlive(false);
    if (!wall_) return say(response, HTTPServerResponse::HTTP_NOT_FOUND, "{}");
    request.getMethod() == "POST" ? post(request, response) : look(request, response);
  }

 private:
  static void say(HTTPServerResponse &response, HTTPServerResponse::HTTPStatus status,
                  const std::string &body) {
    response.setStatusAndReason(status);
    response.setContentType("application/json");
    response.sendBuffer(body.data(), body.size());
  }

  void post(HTTPServerRequest &request, HTTPServerResponse &response) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto said = nlohmann::json::parse(body, nullptr, false);
    const std::string key = request.get("Idempotency-Key", "");
    // Whoever was killed while it wrote leaves half a request.
    if (key.empty() || !said.is_object() || !said.contains("text"))
      return say(response, HTTPServerResponse::HTTP_BAD_REQUEST, "{}");
    wall_->begin(key);
    whim_.dawdle();
    const bool is_new = wall_->posts(key).empty();
    const auto made = wall_->create(key, said["text"].get<std::string>(),
                                    std::stoll(request.get("Valid-Until", "0")));
    whim_.dawdle();
    if (whim_.loses_answer()) {
      wall_->lost(key);
      return dynamic_cast<Poco::Net::HTTPServerRequestImpl &>(request).detachSocket().close();
    }
    if (!made) return say(response, HTTPServerResponse::HTTP_PRECONDITION_FAILED, "{}");
    say(response, is_new ? HTTPServerResponse::HTTP_CREATED : HTTPServerResponse::HTTP_OK,
        as_json(*made));
    wall_->answered(key);
  }

  void look(HTTPServerRequest &request, HTTPServerResponse &response) {
    if (wall_->manner() == Manner::blind)
      return say(response, HTTPServerResponse::HTTP_NOT_IMPLEMENTED, "{}");
    whim_.dawdle();
    std::string key;
    for (const auto &[name, value] : Poco::URI(request.getURI()).getQueryParameters())
      if (name == "key") key = value;
    const auto found = wall_->posts(key);
    whim_.dawdle();
    if (found.empty()) return say(response, HTTPServerResponse::HTTP_NOT_FOUND, "{}");
    say(response, HTTPServerResponse::HTTP_OK, as_json(found.front()));
  }

  Wall *wall_;
  Whim &whim_;
};

}  // namespace

struct Platform::Parts {
  class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
   public:
    explicit Factory(Parts &parts) : parts_(parts) {}
    Poco::Net::HTTPRequestHandler *createRequestHandler(const HTTPServerRequest &asked) override {
      std::vector<std::string> path;
      Poco::URI(asked.getURI()).getPathSegments(path);
      const bool is_known = path.size() == 2 && path[1] == "posts" && parts_.walls.count(path[0]);
      return new Handler(is_known ? &parts_.walls.at(path[0]) : nullptr, parts_.whim);
    }

   private:
    Parts &parts_;
  };

  explicit Parts(const Temper &temper) : whim(temper) {
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0), true);
    socket.listen(256);
  }
  void serve() {
    Poco::Net::HTTPServerParams::Ptr limits = new Poco::Net::HTTPServerParams;
    limits->setMaxThreads(most_threads);
    limits->setMaxQueued(256);
    limits->setKeepAlive(false);
    server = std::make_unique<Poco::Net::HTTPServer>(new Factory(*this), threads, socket, limits);
    server->start();
  }

  Whim whim;
  std::map<std::string, Wall> walls;
  Poco::Net::ServerSocket socket;
  Poco::ThreadPool threads{8, most_threads};
  std::unique_ptr<Poco::Net::HTTPServer> server;
};

Platform::Platform(const std::map<std::string, Manner> &accounts, Temper temper)
    : parts_(std::make_unique<Parts>(temper)) {
  // A client that was killed while it was answered must not end the platform.
  ::signal(SIGPIPE, SIG_IGN);
  for (const auto &[name, manner] : accounts) parts_->walls.try_emplace(name, manner);
  parts_->serve();
}

Platform::~Platform() {
  parts_->server->stop();
  parts_->threads.joinAll();
}

std::string Platform::url() const {
  return "http://" + parts_->socket.address().toString();
}

const Wall &Platform::wall(const std::string &account) const {
  return parts_->walls.at(account);
}

}  // namespace far_side

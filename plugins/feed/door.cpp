// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/door.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timespan.h>
#include <unistd.h>

#include <civicast/channel.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <utility>

namespace civicast::feed {
namespace {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

const char *type_of(const std::string &file) {
  const std::string end = file.substr(file.rfind('.') + 1);
  if (end == "atom") return "application/atom+xml; charset=utf-8";
  if (end == "json") return "application/feed+json; charset=utf-8";
  if (end == "css") return "text/css; charset=utf-8";
  if (end == "jpg") return "image/jpeg";
  return "text/html; charset=utf-8";
}

struct Refusal {
  HTTPServerResponse::HTTPStatus status;
  const char *code, *zh, *en;
};

const Refusal foreign_host{HTTPServerResponse::HTTP_MISDIRECTED_REQUEST, "host.foreign",
                           "请用本机地址或公开网址访问。",
                           "Ask by the loopback address or the public one."};
const Refusal no_method{HTTPServerResponse::HTTP_METHOD_NOT_ALLOWED, "method.wrong",
                        "这里只能读取。", "This can only be read."};
const Refusal no_file{HTTPServerResponse::HTTP_NOT_FOUND, "path.unknown", "没有这个文件。",
                      "There is no such file."};

class Handler final : public HTTPRequestHandler {
 public:
  Handler(std::string folder, std::string public_host)
      : folder_(std::move(folder)), public_host_(std::move(public_host)) {}

  void handleRequest(HTTPServerRequest &request, HTTPServerResponse &response) override {
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'");
    response.set("Referrer-Policy", "no-referrer");
    if (!is_ours(request.getHost())) return refuse(response, foreign_host);
    if (request.getMethod() != "GET" && request.getMethod() != "HEAD") {
      response.setKeepAlive(false);  // a body may follow that nobody reads
      return refuse(response, no_method);
    }
    const std::string file = file_for(request.getURI().substr(0, request.getURI().find('?')));
    const std::string path = folder_ + "/" + file;
    if (file.empty() || ::access(path.c_str(), R_OK) != 0) return refuse(response, no_file);
    response.set("Cache-Control", file.rfind("images/", 0) == 0
                                      ? "public, max-age=31536000, immutable"
                                      : "no-cache");
    if (request.getMethod() == "HEAD") {
      response.setContentType(type_of(file));
      response.send();
      return;
    }
    response.sendFile(path, type_of(file));
  }

 private:
  bool is_ours(const std::string &host) const {
    const bool is_v6 = !host.empty() && host.front() == '[';
    const std::string name =
        is_v6 ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
    if (name == "localhost" || (!public_host_.empty() && name == public_host_)) return true;
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(name, address) && address.isLoopback();
  }

  static void refuse(HTTPServerResponse &response, const Refusal &why) {
    response.setStatusAndReason(why.status);
    response.setContentType("application/json; charset=utf-8");
    const std::string body =
        nlohmann::json{{"code", why.code}, {"zh", why.zh}, {"en", why.en}}.dump();
    response.sendBuffer(body.data(), body.size());
  }

  std::string folder_, public_host_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Factory(std::string folder, std::string public_host)
      : folder_(std::move(folder)), public_host_(std::move(public_host)) {}
  HTTPRequestHandler *createRequestHandler(const HTTPServerRequest &) override {
    return new Handler(folder_, public_host_);
  }

 private:
  std::string folder_, public_host_;
};

}  // namespace

struct Door::Socket {
  Poco::Net::ServerSocket bound;
  Poco::ThreadPool threads{2, 8};
};

std::string file_for(const std::string &path) {
  if (path == "/") return "index.html";
  static const std::regex known(
      "/(index\\.html|feed\\.atom|feed\\.json|style\\.css|images/[0-9a-f]{64}\\.jpg|"
      "posts/[A-Za-z0-9_-][A-Za-z0-9._~-]{0,120}\\.html)");
  if (path.size() > 300 || !std::regex_match(path, known)) return {};
  return path.substr(1);
}

Door::Door(const Poco::Net::SocketAddress &at) : socket_(std::make_unique<Socket>()) {
  try {
    socket_->bound.bind(at, true);
    socket_->bound.listen();
  } catch (const Poco::Exception &e) {
    throw Trouble(
        CIV_UNREADY, "listen.taken",
        "监听地址已被占用或不可用，请换一个。 · The address to listen on is taken, or not "
        "to be had; use another.",
        "/listen", 0, e.displayText());
  }
  base_ = "http://" + socket_->bound.address().toString();
}

Door::~Door() {
  if (server_) server_->stopAll(true);
}

void Door::open(const std::string &folder, const std::string &public_host) {
  auto *limits = new Poco::Net::HTTPServerParams;
  limits->setMaxThreads(8);
  limits->setMaxQueued(64);
  limits->setThreadIdleTime(Poco::Timespan(0, 500'000));  // stopping may wait for one of these
  limits->setTimeout(Poco::Timespan(10, 0));
  limits->setKeepAliveTimeout(Poco::Timespan(5, 0));
  server_ = std::make_unique<Poco::Net::HTTPServer>(new Factory(folder, public_host),
                                                    socket_->threads, socket_->bound, limits);
  server_->start();
}

}  // namespace civicast::feed

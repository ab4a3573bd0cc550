// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/far_side.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <stdexcept>

namespace civicast::kit {
namespace {

constexpr int patience_ms = 2'000;
constexpr std::size_t most_request_bytes = 8 * 1024 * 1024;

std::string answer(FarSide::Manner manner) {
  switch (manner) {
    case FarSide::Manner::unauthorized:
      return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    case FarSide::Manner::forbidden:
      return "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    case FarSide::Manner::busy:
      return "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n"
             "Connection: close\r\n\r\n{}";
    case FarSide::Manner::broken:
      return "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\nConnection: "
             "close\r\n\r\n{}";
    case FarSide::Manner::cut:
      return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{";
    case FarSide::Manner::gone:
    case FarSide::Manner::obliging:
      break;
  }
  return {};
}

/// Of the request's header; empty if it is not there.
std::string header_of(const std::string &request, const std::string &name) {
  const std::string head = "\r\n" + request.substr(request.find("\r\n") + 2);
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  const std::string wanted = "\r\n" + name + ":";
  const auto found = std::search(head.begin(), head.end(), wanted.begin(), wanted.end(), same);
  if (found == head.end()) return {};
  const auto from = static_cast<std::size_t>(found - head.begin()) + wanted.size();
  std::string value = head.substr(from, head.find("\r\n", from) - from);
  value.erase(0, value.find_first_not_of(' '));
  return value;
}

/// "Fri, 27 Nov 2026 07:50:00 GMT"
std::string http_time(std::int64_t ahead_s) {
  const std::time_t now = std::time(nullptr) + ahead_s;
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

/// How many bytes of a body its header announces.
std::size_t body_bytes(std::string header) {
  std::transform(header.begin(), header.end(), header.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = header.find("content-length:");
  if (at == std::string::npos) return 0;
  return static_cast<std::size_t>(std::max(0, std::atoi(header.c_str() + at + 15)));
}

bool is_whole(const std::string &request) {
  const std::size_t end = request.find("\r\n\r\n");
  return end != std::string::npos && request.size() >= end + 4 + body_bytes(request.substr(0, end));
}

}  // namespace

std::string FarSide::obliging(const std::string &request) {
  const std::string method = request.substr(0, request.find(' '));
  const std::string path =
      request.substr(method.size() + 1, request.find(' ', method.size() + 1) - method.size() - 1);
  std::string key = header_of(request, "Idempotency-Key");
  if (key.empty()) key = path.substr(path.rfind('/') + 1);
  const bool is_question = method == "GET" || method == "HEAD";
  if (is_question && posted_.count(key) == 0)
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  const std::string &when = posted_.emplace(key, http_time(clock_ahead_s_)).first->second;
  return std::string(is_question ? "HTTP/1.1 200 OK" : "HTTP/1.1 201 Created") +
         "\r\nContent-Type: application/json\r\nLocation: " + url() + "/posts/" + key +
         "\r\nLast-Modified: " + when + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
}

FarSide::FarSide()
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), wake_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto *raw = reinterpret_cast<sockaddr *>(&address);
  if (::bind(socket_.get(), raw, size) != 0 || ::listen(socket_.get(), 64) != 0 ||
      ::getsockname(socket_.get(), raw, &size) != 0)
    throw std::runtime_error("the kit's far side cannot listen on 127.0.0.1");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

FarSide::~FarSide() {
  is_ending_ = true;
  const std::uint64_t one = 1;
  // It fails only when the counter is full: awake already.
  [[maybe_unused]] const ssize_t put = ::write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void FarSide::run() {
  while (!is_ending_) {
    pollfd entries[] = {{socket_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    ::poll(entries, 2, -1);
    if (!(entries[0].revents & POLLIN)) continue;
    const Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client) serve(client.get());
  }
}

void FarSide::serve(int fd) {
  std::string request;
  char chunk[16 * 1024];
  while (!is_whole(request) && request.size() < most_request_bytes) {
    pollfd entry{fd, POLLIN, 0};
    if (::poll(&entry, 1, patience_ms) <= 0) return;
    const ssize_t got = ::recv(fd, chunk, sizeof chunk, 0);
    if (got <= 0) return;
    request.append(chunk, static_cast<std::size_t>(got));
  }
  ++requests_;
  const Manner manner = manner_;
  const std::string text = manner == Manner::obliging ? obliging(request) : answer(manner);
  // A client that does not wait for its answer is no fault of ours.
  [[maybe_unused]] const ssize_t put = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace civicast::kit

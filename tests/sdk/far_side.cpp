// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/far_side.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

namespace civicast::test {
namespace {

Fd listen_on_loopback(int &port) {
  Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto *raw = reinterpret_cast<sockaddr *>(&address);
  if (!listener || ::bind(listener.get(), raw, size) != 0 || ::listen(listener.get(), 16) != 0 ||
      ::getsockname(listener.get(), raw, &size) != 0)
    throw std::runtime_error("no port of 127.0.0.1 to listen on");
  port = ntohs(address.sin_port);
  return listener;
}

/// Reads on until `bytes` has at least `size`; false if the other side is gone.
bool read_to(int connection, std::string &bytes, std::size_t size) {
  char block[4096];
  while (bytes.size() < size) {
    const ssize_t got = ::recv(connection, block, sizeof block, 0);
    if (got <= 0) return false;
    bytes.append(block, static_cast<std::size_t>(got));
  }
  return true;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void read_head(const std::string &head, FarRequest &request) {
  std::istringstream lines(head);
  std::string line;
  lines >> request.method >> request.target;
  std::getline(lines, line);
  while (std::getline(lines, line) && line != "\r") {
    const std::size_t colon = line.find(':');
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    request.headers[lower(line.substr(0, colon))] = line.substr(value, line.find('\r') - value);
  }
}

bool read_request(int connection, FarRequest &request) {
  std::string bytes;
  std::size_t end = std::string::npos;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
    if (!read_to(connection, bytes, bytes.size() + 1)) return false;
  read_head(bytes.substr(0, end + 2), request);
  const auto length = request.headers.find("content-length");
  const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  if (!read_to(connection, bytes, end + 4 + size)) return false;
  request.body = bytes.substr(end + 4, size);
  return true;
}

std::string text_of(const FarAnswer &answer) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " As Told\r\n";
  for (const std::string &header : answer.headers) out += header + "\r\n";
  out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\nConnection: close\r\n\r\n";
  return out + answer.body;
}

}  // namespace

FarSide::FarSide(Rule rule) : rule_(std::move(rule)), listener_(listen_on_loopback(port_)) {
  thread_ = std::thread([this] { serve(); });
}

FarSide::~FarSide() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

void FarSide::answer_from_now_on(FarAnswer answer) {
  const std::lock_guard lock(mutex_);
  rule_ = [answer = std::move(answer)](const FarRequest &) { return answer; };
}

std::vector<FarRequest> FarSide::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FarSide::serve() {
  for (;;) {
    Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return;
    answer(std::move(connection));
  }
}

void FarSide::answer(Fd connection) {
  FarRequest request;
  if (!read_request(connection.get(), request)) return;
  FarAnswer answer;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    answer = rule_(request);
  }
  if (answer.end == FarAnswer::End::silence) return kept_open_.push_back(std::move(connection));
  if (answer.end == FarAnswer::End::cut) return;
  const std::string text = text_of(answer);
  ::send(connection.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace civicast::test

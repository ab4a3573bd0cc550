// SPDX-License-Identifier: Apache-2.0
#include "tests/stand_in/http.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>

namespace stand_in {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

tcp::socket connected(asio::io_context &io, const std::string &address, const std::string &port) {
  tcp::resolver resolver(io);
  tcp::socket socket(io);
  asio::connect(socket, resolver.resolve(address, port));
  return socket;
}

}  // namespace

Http::Http(const std::string &base) : host_(base.substr(base.find("//") + 2)) {
  const std::size_t colon = host_.rfind(':');
  address_ = host_.substr(0, colon);
  port_ = host_.substr(colon + 1);
}

Answer Http::get(const std::string &target, const Headers &headers) const {
  return ask("GET", target, "", headers);
}

Answer Http::post(const std::string &target, const std::string &body, const std::string &type,
                  const Headers &headers) const {
  Headers all = headers;
  all.emplace("Content-Type", type);
  return ask("POST", target, body, all);
}

Answer Http::ask(const std::string &method, const std::string &target, const std::string &body,
                 const Headers &headers) const {
  asio::io_context io;
  tcp::socket socket = connected(io, address_, port_);
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, host_);
  for (const auto &[name, value] : headers) request.set(name, value);
  request.keep_alive(false);
  request.body() = body;
  request.prepare_payload();
  boost::system::error_code error;  // a server may answer, and close, before it has read it all
  http::write(socket, request, error);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64u << 20);
  parser.skip(method == "HEAD");
  http::read(socket, buffer, parser);
  Answer answer;
  answer.status = parser.get().result_int();
  answer.body = parser.get().body();
  for (const auto &field : parser.get()) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = std::string(field.value());
  }
  return answer;
}

std::string Http::raw(const std::string &bytes) const {
  asio::io_context io;
  tcp::socket socket = connected(io, address_, port_);
  boost::system::error_code error;
  asio::write(socket, asio::buffer(bytes), error);
  std::string all;
  asio::read(socket, asio::dynamic_buffer(all), error);
  return all;
}

}  // namespace stand_in

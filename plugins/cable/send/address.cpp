// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/address.hpp"

#include <civicast/channel.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "plugins/cable/send/percent.hpp"

namespace civicast::cable {
namespace {

using Kind = Address::Kind;

constexpr std::size_t kMaxUrl = 2000, kMaxStreamId = 512;
constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds{{{"udp", Kind::udp},
                                                                   {"rtp", Kind::rtp},
                                                                   {"srt", Kind::srt},
                                                                   {"file", Kind::file},
                                                                   {"hls", Kind::hls}}};

[[noreturn]] void wrong(const char *code, const std::string &zh, const std::string &en) {
  throw unready(std::string("output.") + code, "输出地址有误：" + zh + "。",
                "The output address is not right: " + en + ".");
}

std::string quoted(std::string_view text) {
  std::string out = "“";
  for (const char c : text.substr(0, 80)) out += is_plain(c) ? c : '?';
  return out + "”";
}

struct Option {
  std::string name, value;
};

std::int64_t number(const Option &option, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const char *end = option.value.data() + option.value.size();
  const auto read = std::from_chars(option.value.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < least || value > most)
    wrong("value",
          option.name + " 应为 " + std::to_string(least) + " 至 " + std::to_string(most) +
              " 之间的整数，而不是 " + quoted(option.value),
          option.name + " is a whole number from " + std::to_string(least) + " to " +
              std::to_string(most) + ", not " + quoted(option.value));
  return value;
}

std::int64_t duration_s(const Option &option) {
  constexpr std::string_view kUnits = "smhd";
  constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86'400};
  const std::size_t unit =
      option.value.empty() ? std::string_view::npos : kUnits.find(option.value.back());
  std::int64_t value = 0;
  const char *end = option.value.data() + option.value.size() - (option.value.empty() ? 0 : 1);
  const auto read = std::from_chars(option.value.data(), end, value);
  const bool is_number = read.ec == std::errc() && read.ptr == end && value >= 1;
  if (unit == std::string_view::npos || !is_number || value > 31 * 86'400 / kSeconds[unit])
    wrong("value", option.name + " 应为时长，例如 30m、1h 或 1d，最多 31d",
          option.name + " is a duration such as 30m, 1h or 1d, of at most 31d");
  return value * kSeconds[unit];
}

void datagram_option(Address &to, const Option &option) {
  if (option.name == "ttl") {
    to.ttl = static_cast<int>(number(option, 1, 255));
  } else if (option.name == "dscp") {
    to.dscp = static_cast<int>(number(option, 0, 63));
  } else if (option.name == "interface") {
    const bool is_one = !option.value.empty() && option.value.size() < INET6_ADDRSTRLEN &&
                        std::all_of(option.value.begin(), option.value.end(), is_host_character);
    if (!is_one)
      wrong("value", "interface 应为本机的 IP 地址或网卡名",
            "interface is an IP address of this machine or the name of an interface");
    to.interface = option.value;
  } else {
    wrong("option", "没有选项 " + quoted(option.name) + "，可用 ttl、interface、dscp、proof",
          "there is no option " + quoted(option.name) + ", only ttl, interface, dscp and proof");
  }
}

void srt_option(Address &to, const Option &option) {
  if (option.name == "latency") {
    to.latency_ms = static_cast<int>(number(option, 20, 8000));
  } else if (option.name == "mode") {
    if (option.value != "caller" && option.value != "listener")
      wrong("value", "mode 应为 caller 或 listener", "mode is caller or listener");
    to.is_listener = option.value == "listener";
  } else if (option.name == "streamid") {
    if (option.value.empty() || option.value.size() > kMaxStreamId)
      wrong("value", "streamid 应为 1 至 512 个字节", "streamid has 1 to 512 bytes");
    to.stream_id = option.value;
  } else if (option.name == "passphrase") {
    wrong("secret", "密码不写在地址里，请填写 srt_passphrase",
          "a passphrase does not stand in an address; use the setting srt_passphrase");
  } else {
    wrong("option", "没有选项 " + quoted(option.name) + "，可用 mode、latency、streamid、proof",
          "there is no option " + quoted(option.name) + ", only mode, latency, streamid and proof");
  }
}

void file_option(Address &to, const Option &option) {
  if (option.name == "every")
    to.every_s = duration_s(option);
  else if (option.name == "keep")
    to.keep = static_cast<int>(number(option, 1, 1'000'000));
  else
    wrong("option", "没有选项 " + quoted(option.name) + "，可用 every、keep、proof",
          "there is no option " + quoted(option.name) + ", only every, keep and proof");
}

void hls_option(Address &to, const Option &option) {
  // RFC 8216 §6.2.2: a list is never shorter than three segments.
  if (option.name == "segment")
    to.segment_s = static_cast<int>(number(option, 1, 60));
  else if (option.name == "keep")
    to.keep = static_cast<int>(number(option, 3, 10'000));
  else
    wrong("option", "没有选项 " + quoted(option.name) + "，可用 segment、keep、proof",
          "there is no option " + quoted(option.name) + ", only segment, keep and proof");
}

void take_option(Address &to, const Option &option) {
  if (option.name == "proof") {
    if (option.value != "yes" && option.value != "no")
      wrong("value", "proof 应为 yes 或 no", "proof is yes or no");
    to.is_proof = option.value == "yes";
    return;
  }
  if (to.is_datagram()) return datagram_option(to, option);
  if (to.kind == Kind::srt) return srt_option(to, option);
  if (to.kind == Kind::file) return file_option(to, option);
  return hls_option(to, option);
}

void take_options(Address &to, std::string_view query) {
  std::vector<std::string> seen;
  while (!query.empty()) {
    const std::string_view piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    const std::size_t equals = piece.find('=');
    std::string value;
    if (equals == std::string_view::npos || !from_percent(piece.substr(equals + 1), value))
      wrong("option", quoted(piece) + " 不是“名称=值”", quoted(piece) + " is not a name=value");
    const Option option{std::string(piece.substr(0, equals)), std::move(value)};
    if (std::find(seen.begin(), seen.end(), option.name) != seen.end())
      wrong("option", quoted(option.name) + " 写了两次", quoted(option.name) + " stands twice");
    take_option(to, option);
    seen.push_back(option.name);
  }
}

/// As the system writes it, so that two spellings of one address are one; empty if it is none.
std::string canonical_ip(const std::string &host) {
  std::array<std::uint8_t, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  for (const int family : {AF_INET, AF_INET6})
    if (inet_pton(family, host.c_str(), bytes.data()) == 1)
      return inet_ntop(family, bytes.data(), out.data(), out.size());
  return {};
}

void take_port(Address &to, std::string_view port) {
  const char *end = port.data() + port.size();
  const auto read = std::from_chars(port.data(), end, to.port);
  if (read.ec != std::errc() || read.ptr != end || to.port == 0)
    wrong("port", "缺少端口，应为 1 至 65535", "the port, from 1 to 65535, is missing");
}

void take_host(Address &to, const std::string &host, bool is_bracketed) {
  const std::string ip = canonical_ip(host);
  to.host = ip.empty() ? host : ip;
  const bool is_v6 = ip.find(':') != std::string::npos;
  if (is_bracketed != is_v6)
    wrong("host", "IPv6 地址要写在方括号里，例如 [ff15::7]",
          "an IPv6 address, and nothing else, stands in brackets, as in [ff15::7]");
  if (to.is_datagram() && ip.empty())
    wrong("host", "目的地应为 IP 地址，而不是 " + quoted(host),
          "the destination is an IP address, not " + quoted(host));
  const bool is_name = host.size() <= 253 && host.find(':') == std::string::npos &&
                       std::all_of(host.begin(), host.end(), is_host_character);
  if (ip.empty() && !is_name)
    wrong("host", quoted(host) + " 不是主机名", quoted(host) + " is not a host name");
}

void take_authority(Address &to, std::string_view authority) {
  const bool is_bracketed = !authority.empty() && authority.front() == '[';
  const std::size_t bracket = is_bracketed ? authority.find(']') : 0;
  const std::size_t colon =
      bracket == std::string_view::npos ? bracket : authority.find(':', bracket);
  if (colon == std::string_view::npos || (is_bracketed && colon != bracket + 1))
    wrong("port", "缺少端口，应为 1 至 65535", "the port, from 1 to 65535, is missing");
  // "udp://::1:5500" has a colon too many: where the port begins cannot be told.
  if (!is_bracketed && authority.find(':', colon + 1) != std::string_view::npos)
    wrong("host", "IPv6 地址要写在方括号里，例如 [ff15::7]",
          "an IPv6 address stands in brackets, as in [ff15::7]");
  take_port(to, authority.substr(colon + 1));
  const std::string host(is_bracketed ? authority.substr(1, bracket - 1)
                                      : authority.substr(0, colon));
  if (!host.empty())
    take_host(to, host, is_bracketed);
  else if (is_bracketed || to.is_datagram())
    wrong("host", "缺少主机地址", "the host's address is missing");
}

/// Of what other parts of the channel keep in its folder, nothing may be written over.
bool is_taken(std::string_view path) {
  constexpr std::array<std::string_view, 7> kTaken{
      "preview", "history", "airing.now", "outbox", "handover", "worker.lock", "epoch"};
  const std::string_view first = path.substr(0, path.find('/'));
  return std::find(kTaken.begin(), kTaken.end(), first) != kTaken.end();
}

/// Without what means nothing: "a//b/./c" and "a/b/c" are one path.
std::string clean_path(std::string_view path) {
  std::string out = path.substr(0, 1) == "/" ? "/" : "";
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part == "..") wrong("path", "路径中不能有 ..", "a path does not go up with ..");
    if (part.empty() || part == ".") continue;
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  return out;
}

void take_path(Address &to, std::string_view path) {
  if (path.substr(0, 3) == "///") path.remove_prefix(2);
  std::string plain;
  if (path.substr(0, 2) == "//" || !from_percent(path, plain))
    wrong("path", "应写成 file:air.ts 或 file:/path/air.ts",
          "it is written file:air.ts or file:/path/air.ts");
  to.path = clean_path(plain);
  if (to.path.empty() || to.path == "/") wrong("path", "缺少文件名", "the file's name is missing");
  if (is_taken(to.path))
    wrong("path", quoted(to.path) + " 已被频道自己使用，请换一个名字",
          quoted(to.path) + " is used by the channel itself; choose another name");
  const bool is_ts = to.path.size() > 3 && to.path.compare(to.path.size() - 3, 3, ".ts") == 0;
  if (to.kind == Kind::file && (!is_ts || to.path.compare(to.path.size() - 4, 4, "/.ts") == 0))
    wrong("path", "文件名应以 .ts 结尾", "the file's name ends in .ts");
}

void must_agree(const Address &to) {
  if (to.kind == Kind::file && to.keep > 0 && to.every_s == 0)
    wrong("option", "keep 需要与 every 同用", "keep goes with every");
  if (to.kind != Kind::srt) return;
  if (!to.is_listener && to.host.empty())
    wrong("host", "缺少主机；若要等待对方连接，请加 mode=listener",
          "the host is missing; to be called by receivers, add mode=listener");
  if (to.is_listener && !to.host.empty() && canonical_ip(to.host).empty())
    wrong("host", "监听地址应为本机的 IP 地址",
          "a listener's host is an IP address of this machine");
  if (to.is_listener && !to.stream_id.empty())
    wrong("option", "streamid 由连接方给出", "streamid is given by the side that calls");
}

std::string authority_of(const Address &to) {
  const bool is_v6 = to.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + to.host + "]" : to.host) + ":" + std::to_string(to.port);
}

std::string_view word(Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)].first;
}

}  // namespace

Address parse_address(const std::string &url) {
  Address to;
  if (url.size() > kMaxUrl) wrong("scheme", "太长", "it is too long");
  const std::size_t colon = std::min(url.find(':'), url.size());
  const std::string_view all = url, scheme = all.substr(0, colon);
  const auto *known = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const auto &kind) { return kind.first == scheme; });
  if (known == kKinds.end() || colon == url.size())
    wrong("scheme", "应以 udp://、rtp://、srt://、file: 或 hls: 开头",
          "it begins with udp://, rtp://, srt://, file: or hls:");
  to.kind = known->second;
  if (to.kind == Kind::hls) to.keep = 10;
  std::string_view rest = all.substr(colon + 1);
  const std::size_t mark = std::min(rest.find('?'), rest.size());
  const std::string_view query = rest.substr(std::min(mark + 1, rest.size()));
  rest = rest.substr(0, mark);
  if (to.kind == Kind::file || to.kind == Kind::hls) {
    take_path(to, rest);
  } else {
    if (rest.substr(0, 2) != "//") wrong("scheme", "冒号后面应为 //", "after the colon stands //");
    take_authority(to, rest.substr(2));
  }
  take_options(to, query);
  must_agree(to);
  return to;
}

std::string Address::url() const {
  const bool is_path = kind == Kind::file || kind == Kind::hls;
  std::string out(word(kind));
  out += is_path ? ":" + to_percent(path) : "://" + authority_of(*this);
  char mark = '?';
  const auto option = [&](bool is_there, const char *name, const std::string &value) {
    if (!is_there) return;
    out += mark + (name + ("=" + to_percent(value)));
    mark = '&';
  };
  option(is_listener, "mode", "listener");
  option(kind == Kind::srt, "latency", std::to_string(latency_ms));
  option(!stream_id.empty(), "streamid", stream_id);
  option(ttl > 0, "ttl", std::to_string(ttl));
  option(!interface.empty(), "interface", interface);
  option(dscp > 0, "dscp", std::to_string(dscp));
  option(every_s > 0, "every", std::to_string(every_s) + "s");
  option(kind == Kind::hls, "segment", std::to_string(segment_s));
  option(keep > 0, "keep", std::to_string(keep));
  option(!is_proof, "proof", "no");
  return out;
}

std::string Address::destination() const {
  // One group through two interfaces is two destinations: a pair as in SMPTE ST 2022-7.
  if (is_datagram()) return authority_of(*this) + " " + interface;
  if (kind != Kind::srt) return "path " + path;
  return is_listener ? "listener " + std::to_string(port) : "srt " + authority_of(*this);
}

}  // namespace civicast::cable

// SPDX-License-Identifier: Apache-2.0
#include "host/grids/live_source.hpp"

#include <algorithm>
#include <charconv>

namespace civicast::grids {
namespace {

struct Parts {
  std::string_view scheme, host, port, path;  ///< the path without its query
};

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

std::optional<Parts> parts_of(std::string_view url) {
  Parts parts;
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return {};
  parts.scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  parts.path = rest.substr(authority_end);
  parts.path = parts.path.substr(0, parts.path.find('?'));
  // The port begins after the last colon, unless that is one of an IPv6 address.
  const auto port_at = authority.rfind(':');
  if (port_at != std::string_view::npos && authority.find(']', port_at) == std::string_view::npos) {
    parts.port = authority.substr(port_at + 1);
    authority = authority.substr(0, port_at);
    if (parts.port.empty()) return {};
  }
  parts.host = authority;
  return parts;
}

bool is_host(std::string_view host) {
  const auto all = [](std::string_view text, std::string_view extra) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             extra.find(c) != std::string_view::npos;
    });
  };
  if (host.starts_with('['))
    return host.ends_with(']') && all(host.substr(1, host.size() - 2), ":.%");
  return all(host, ".-_");
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

}  // namespace

std::optional<Words> live_misfit(std::string_view url) {
  if (url.size() > max_live_bytes || !is_visible_ascii(url))
    return Words{"最多 512 个字节，没有空格、引号和控制字符",
                 "at most 512 bytes, without blanks, quotes or control characters"};
  const auto parts = parts_of(url);
  const bool is_stream = parts && (parts->scheme == "udp" || parts->scheme == "srt");
  const bool is_list = parts && (parts->scheme == "http" || parts->scheme == "https");
  if (!is_stream && !is_list)
    return Words{"以 udp://、srt://、http:// 或 https:// 开头",
                 "it begins with udp://, srt://, http:// or https://"};
  if (parts->host.find('@') != std::string_view::npos)
    return Words{"不带用户名、密码和 @：看到播出单的人都看得到它",
                 "no user name, password or @: everybody who sees the playlist sees it"};
  if (!is_host(parts->host))
    return Words{"在 :// 之后写主机名或地址", "after :// a host or address"};
  if (is_stream && parts->port.empty())
    return Words{"写明端口，如 udp://239.1.1.7:5500", "with a port, such as udp://239.1.1.7:5500"};
  if (!parts->port.empty() && !is_port(parts->port))
    return Words{"端口是 1 到 65535 的整数", "a port is a whole number from 1 to 65535"};
  if (is_stream && !parts->path.empty() && parts->path != "/")
    return Words{"端口之后没有路径", "no path after the port"};
  if (is_list && !parts->path.ends_with(".m3u8"))
    return Words{"指向一个 .m3u8 播放列表", "it names an .m3u8 playlist"};
  return {};
}

}  // namespace civicast::grids

// SPDX-License-Identifier: Apache-2.0
// Where an output goes, as one line that people write:
//
//   udp://239.1.1.7:5500?ttl=4&interface=192.0.2.5&dscp=34     also rtp://; [ff15::7] for IPv6
//   srt://head-end.example:9000?latency=200&streamid=cable     calls, again and again
//   srt://:9000?mode=listener                                  is called, by several at once
//   file:air.ts                                                only grows; is evidence
//   file:air.ts?every=1h&keep=48                               a new file each hour
//   hls:hls?segment=6&keep=10                                  a folder
//
// Each takes proof=no, too: what it does not deliver is shown, and takes no airing away.
// Paths are relative to the channel's folder unless they begin with "/".
#pragma once

#include <cstdint>
#include <string>

namespace civicast::cable {

struct Address {
  enum class Kind { udp, rtp, srt, file, hls };
  Kind kind = Kind::udp;
  bool is_proof = true;  ///< an airing is complete only if this output delivered all of it

  // udp, rtp, srt
  std::string host;  ///< without brackets; empty for a listener on every interface
  std::uint16_t port = 0;
  // udp, rtp
  int ttl = 0;   ///< 0: the system's
  int dscp = 0;  ///< RFC 2474, 0 … 63
  std::string
      interface;  ///< an address of this machine or an interface's name; empty: by the route
  // srt
  bool is_listener = false;
  int latency_ms = 120;
  std::string stream_id;
  // file, hls
  std::string path;
  std::int64_t every_s = 0;  ///< 0: one file that only grows
  int keep = 0;              ///< files or segments; 0: all of them
  int segment_s = 6;

  bool operator==(const Address &) const = default;

  /// The same address written in full. parse_address() reads it back.
  std::string url() const;
  /// Equal for two addresses that would write over each other.
  std::string destination() const;
  bool is_datagram() const { return kind == Kind::udp || kind == Kind::rtp; }
};

/// Throws Trouble(CIV_UNREADY) with a sentence about what is wrong; its pointer is left empty.
Address parse_address(const std::string &url);

}  // namespace civicast::cable

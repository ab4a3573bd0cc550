// SPDX-License-Identifier: Apache-2.0
// Law: a stream of frames reads the same however it is cut; what was read and is written again is
// the stream; the reader never keeps a whole frame's length or more; a length over the limit is
// told at its fourth byte.
//
// Input: what the stream holds, one decision after the other, and a seed for the cuts.
#include "sdk/wire/frame.hpp"

#include <random>
#include <vector>

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

/// Raw bytes, a frame with a few bytes, or a frame of some length up to just over the limit.
std::string stream_of(fuzz::Input &input) {
  std::string out;
  while (!input.is_empty() && out.size() < 2 * wire::max_frame_bytes) {
    const std::uint8_t kind = input.byte();
    if (kind < 64) {
      out += input.bytes(kind);
    } else if (kind < 224) {
      out += wire::frame(input.bytes(kind - 64U));
    } else {
      const auto over = static_cast<std::size_t>(kind - 224);
      const std::size_t size =
          kind < 240 ? wire::max_frame_bytes - over : std::size_t{input.number<std::uint16_t>()};
      out += wire::frame(std::string(size, static_cast<char>(kind)));
    }
  }
  return out;
}

struct Found {
  std::vector<std::string> frames;
  bool is_refused = false;
};

/// Feeds `piece` and takes what is whole; false once the stream is refused.
bool read_on(wire::FrameReader &reader, std::string_view piece, Found &out) {
  reader.feed(piece);
  for (;;) {
    const auto next = reader.next();
    if (!next) return !(out.is_refused = true);
    if (!*next) break;
    must_hold((*next)->size() <= wire::max_frame_bytes, "no frame is longer than the limit");
    out.frames.emplace_back(**next);
  }
  must_hold(reader.kept_bytes() < wire::max_frame_bytes + 4, "only the begun frame is kept");
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  fuzz::Input input(data, size);
  std::mt19937 random(input.number<std::uint32_t>());
  const std::string stream = stream_of(input);

  Found whole;
  wire::FrameReader at_once;
  read_on(at_once, stream, whole);

  Found sliced;
  wire::FrameReader by_slices;
  // Byte by byte where the stream is short.
  const std::size_t longest = (1 + stream.size() / 4096) << random() % 16;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t length = std::min<std::size_t>(1 + random() % longest, stream.size() - at);
    if (!read_on(by_slices, std::string_view(stream).substr(at, length), sliced)) break;
    at += length;
  }
  must_hold(sliced.frames == whole.frames, "slices give the same frames");
  must_hold(sliced.is_refused == whole.is_refused, "slices are refused like the whole");

  std::string again;
  for (const std::string &text : whole.frames) again += wire::frame(text);
  must_hold(stream.compare(0, again.size(), again) == 0, "what was read is written the same");
  if (whole.is_refused) {
    const std::string_view rest = std::string_view(stream).substr(again.size());
    must_hold(rest.size() >= 4 && (rest[0] != 0 || static_cast<std::uint8_t>(rest[1]) >= 0x10),
              "only a length over the limit is refused");
  } else {
    must_hold(at_once.kept_bytes() == stream.size() - again.size(), "nothing is dropped");
  }
  return 0;
}

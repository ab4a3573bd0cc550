// SPDX-License-Identifier: Apache-2.0
#include "sdk/wire/frame.hpp"

#include <stdexcept>

#include "sdk/wire/faults.hpp"

namespace civicast::wire {
namespace {

constexpr std::size_t prefix_bytes = 4;

std::size_t length_of(std::string_view prefix) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < prefix_bytes; ++i)
    length = length << 8 | static_cast<unsigned char>(prefix[i]);
  return length;
}

}  // namespace

std::string frame(std::string_view text) {
  if (text.size() > max_frame_bytes) throw std::length_error("wire: a frame over the limit");
  std::string out;
  out.reserve(prefix_bytes + text.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(text.size() >> shift & 0xff));
  return out.append(text);
}

Result<std::optional<std::string_view>> FrameReader::next() {
  using Found = std::optional<std::string_view>;
  const std::string_view rest = std::string_view(bytes_).substr(taken_);
  const bool has_length = rest.size() >= prefix_bytes;
  const std::size_t length = has_length ? length_of(rest) : 0;
  if (length > max_frame_bytes)
    return Fault(faults::frame_too_long,
                 {{"length", std::to_string(length)}, {"limit", std::to_string(max_frame_bytes)}});
  if (!has_length || rest.size() - prefix_bytes < length) {
    // Only now, so that a burst of small frames is moved once and not once for each.
    bytes_.erase(0, taken_);
    taken_ = 0;
    return Found();
  }
  taken_ += prefix_bytes + length;
  return Found(rest.substr(prefix_bytes, length));
}

}  // namespace civicast::wire

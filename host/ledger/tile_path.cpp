// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/tile_path.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/ledger/proof.hpp"

namespace civicast::ledger {
namespace {

constexpr std::string_view entries_word = "entries";
constexpr unsigned max_level = 63;
/// Every entry of a tree of 2^63 stands in a tile below this number.
constexpr std::uint64_t max_number = std::uint64_t{1} << 55;

std::optional<std::uint64_t> three_digits(std::string_view text) {
  std::uint64_t number = 0;
  if (text.size() != 3) return {};
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

/// The part before the next "/", taken off with it.
std::string_view take_part(std::string_view &path) {
  const auto end = std::min(path.find('/'), path.size());
  const auto part = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return part;
}

std::string number_text(std::uint64_t number) {
  std::string path = fmt::format("{:03}", number % 1000);
  for (number /= 1000; number > 0; number /= 1000)
    path = fmt::format("x{:03}/{}", number % 1000, path);
  return path;
}

}  // namespace

std::optional<TilePath> parse_tile_path(std::string_view path) {
  const auto given = path;
  TilePath tile;
  const auto row = take_part(path);
  tile.is_entries = row == entries_word;
  if (!tile.is_entries) {
    const auto level = number_of(row);
    if (!level || *level > max_level) return {};
    tile.level = static_cast<unsigned>(*level);
  }
  std::string_view part;
  do {
    part = take_part(path);
    const bool goes_on = !part.empty() && part.front() == 'x';
    const auto digits = three_digits(goes_on ? part.substr(1) : part.substr(0, 3));
    if (!digits || tile.number >= max_number / 1000) return {};
    tile.number = tile.number * 1000 + *digits;
  } while (part.front() == 'x');
  if (part.substr(3) == ".p") {
    const auto width = number_of(path);
    if (!width || *width < 1 || *width > 255) return {};
    tile.width = *width;
  }
  // Every tile has one address: what is written otherwise is none.
  if (text_of(tile) != given) return {};
  return tile;
}

std::string text_of(const TilePath &path) {
  std::string text = (path.is_entries ? std::string(entries_word) : std::to_string(path.level)) +
                     "/" + number_text(path.number);
  if (path.width != 256) text += ".p/" + std::to_string(path.width);
  return text;
}

}  // namespace civicast::ledger

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include "host/ledger/faults.hpp"
#include "host/ledger/note.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/served.hpp"
#include "host/ledger/verify.hpp"
#include "sdk/base/faults.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

Result<void> write(const fs::path &file, const std::string &bytes) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) return {};
  return Fault(civicast::faults::file_unwritable,
               {{"file", file.string()}, {"reason", error ? error.message() : "write"}});
}

/// Tells the number and the width of each tile of a row of `count`.
template <class OnTile>
Result<void> for_each_tile(std::uint64_t count, const OnTile &on_tile) {
  for (std::uint64_t number = 0; number * tile_width < count; ++number)
    if (auto done = on_tile(number, std::min(tile_width, count - number * tile_width)); !done)
      return done;
  return {};
}

Result<void> export_bundles(const Reader &reader, std::uint64_t size, const fs::path &tiles,
                            Progress &progress) {
  return for_each_tile(size, [&](std::uint64_t number, std::uint64_t width) -> Result<void> {
    const auto entries = reader.read(number * tile_width, width);
    if (!entries) return entries.fault();
    progress.step("导出台账 · exporting the ledger",
                  static_cast<double>(number * tile_width + width), static_cast<double>(size));
    return write(tiles / text_of(TilePath{true, 0, number, width}), bundle_of(*entries));
  });
}

}  // namespace

Result<void> export_tiles(const fs::path &dir, const fs::path &out, Progress &progress) {
  std::error_code error;
  if (fs::exists(out) && (!fs::is_directory(out) || !fs::is_empty(out, error)))
    return Fault(faults::export_in_the_way, {{"dir", out.string()}});
  const Paths paths(dir);
  if (!fs::exists(paths.entries)) return Fault(faults::ledger_absent, {{"dir", dir.string()}});
  const auto note = read_file(paths.checkpoint, 64 * 1024);
  if (!note) return note.fault();
  const auto origin_end = note->find('\n');
  const std::uint64_t size =
      origin_end == note->npos ? 0 : std::strtoull(note->c_str() + origin_end + 1, nullptr, 10);
  const auto reader = Reader::open(dir);
  if (!reader) return reader.fault();
  if ((*reader)->size() < size)
    return Fault(faults::ledger_rolled_back,
                 {{"size", std::to_string((*reader)->size())}, {"signed", std::to_string(size)}});
  const Tiles tiles(paths.tiles, false, Disk::real());
  try {
    for (unsigned level = 0; size >> (level * tile_height) > 0; ++level) {
      const auto done = for_each_tile(
          size >> (level * tile_height), [&](std::uint64_t number, std::uint64_t width) {
            return write(out / "tile" / text_of(TilePath{false, level, number, width}),
                         tiles.read(level, number * tile_width, width));
          });
      if (!done) return done;
    }
  } catch (const Unreadable &unreadable) {
    return unreadable.fault;
  }
  if (auto done = export_bundles(**reader, size, out / "tile", progress); !done) return done;
  return write(out / "checkpoint", *note);
}

}  // namespace civicast::ledger

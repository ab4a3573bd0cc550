// SPDX-License-Identifier: Apache-2.0
// Recordings: where they are cut, what they are called, how long they stay, and full disks.
#include <catch2/catch.hpp>

#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "plugins/cable/send/rotation.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/send/disk.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

std::vector<std::uint8_t> joined(const std::string &folder) {
  std::vector<std::uint8_t> out;
  for (const std::string &name : names_in(folder)) {
    const std::vector<std::uint8_t> bytes = file_bytes(folder + "/" + name);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

TEST_CASE(
    "Recordings joined are the signal, each is named after its first byte and can be played") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(12);
  Tally tally("file", "file:air.ts");
  LossCount loss(tally);
  // 700 ms before a full minute of which every fourth second begins a period.
  const std::int64_t start_ns = kStartNs + 59'300'000'000;
  Rotation rotation({folder / "deep/air.ts", 4, 0}, loss);
  TapeFeed feed(rotation, start_ns);
  feed.feed(stream);
  feed.close();
  CHECK(joined(folder / "deep") == stream);
  const std::vector<std::string> names = names_in(folder / "deep");
  REQUIRE(names.size() == 4);
  CHECK(names[0] == "air-20261127T090059Z.ts");
  // The signal began at 59.3 s, and so did its seconds: the first picture of a period that stands
  // alone is sent at 60.3 s.
  CHECK(names[1] == "air-20261127T090100Z.ts");
  CHECK(names[2] == "air-20261127T090104Z.ts");
  CHECK(names[3] == "air-20261127T090108Z.ts");
  for (std::size_t i = 1; i < names.size(); ++i) {
    INFO(names[i]);
    check_entry(file_bytes(folder / ("deep/" + names[i])));
  }
  CHECK(tally.state().errors == 0);
  CHECK(tally.state().sent == static_cast<std::int64_t>(stream.size() / 1316));
}

TEST_CASE("The oldest recordings go, and nothing that is not one") {
  const TempFolder folder;
  const std::string others[] = {"air-20261127T090059Z.ts.bak", "air-2026112XT090059Z.ts", "air.ts",
                                "fair-20201127T090059Z.ts", "air-old.ts"};
  for (const std::string &name : others) std::ofstream(folder / name) << "x";
  std::ofstream(folder / "air-20201127T090059Z.ts") << "an old one";
  Tally tally("file", "file:air.ts");
  LossCount loss(tally);
  Rotation rotation({folder / "air.ts", 2, 3}, loss);
  TapeFeed feed(rotation);
  feed.feed(slate_stream(12));
  feed.close();
  std::vector<std::string> names = names_in(folder.path.string());
  for (const std::string &name : others)
    names.erase(std::remove(names.begin(), names.end(), name), names.end());
  REQUIRE(names.size() == 3);
  CHECK(names.back() == "air-20261127T090010Z.ts");
  CHECK(names.size() + std::size(others) == names_in(folder.path.string()).size());
}

TEST_CASE("A restart within the period goes on in the same file, behind the last whole packet") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const std::vector<std::uint8_t> half(stream.begin(), stream.begin() + 1316 * 700);
  Tally tally("file", "file:air.ts");
  LossCount loss(tally);
  {
    Rotation rotation({folder / "air.ts", 3600, 2}, loss);
    TapeFeed feed(rotation);
    feed.feed(half);
    feed.close();
  }
  const std::string name = folder / "air-20261127T090000Z.ts";
  std::ofstream(name, std::ios::app | std::ios::binary) << "torn";
  Rotation rotation({folder / "air.ts", 3600, 2}, loss);
  TapeFeed feed(rotation, kStartNs + 30'000'000'000);
  feed.feed(half);
  feed.close();
  CHECK(names_in(folder.path.string()).size() == 1);
  std::vector<std::uint8_t> expected = half;
  expected.insert(expected.end(), half.begin(), half.end());
  CHECK(file_bytes(name) == expected);
}

TEST_CASE("A signal in which no picture stands alone is cut between two packets, seconds later") {
  const TempFolder folder;
  std::vector<std::uint8_t> bytes;
  for (const auto &one : some_datagrams(5000)) bytes.insert(bytes.end(), one.begin(), one.end());
  Tally tally("file", "file:air.ts");
  LossCount loss(tally);
  Rotation rotation({folder / "air.ts", 4, 0}, loss);
  TapeFeed feed(rotation);
  feed.feed(bytes);  // 13 s
  feed.close();
  CHECK(joined(folder.path.string()) == bytes);
  const std::vector<std::string> names = names_in(folder.path.string());
  REQUIRE(names.size() == 3);
  CHECK(names[1] == "air-20261127T090006Z.ts");
  for (const std::string &name : names) CHECK(std::filesystem::file_size(folder / name) % 188 == 0);
}

TEST_CASE("What a full disk did not take is counted, and recording goes on when there is room") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(12);
  Tally tally("file", "file:air.ts");
  LossCount loss(tally);
  Rotation rotation({folder / "air.ts", 4, 0}, loss);
  TapeFeed feed(rotation);
  const std::vector<std::uint8_t> first(stream.begin(), stream.begin() + 1316 * 1000),
      rest(stream.begin() + 1316 * 1000, stream.end());
  {
    const SmallDisk disk(500'000);
    feed.feed(first);  // 2.6 s, 1.3 MB
  }
  CHECK(std::filesystem::file_size(folder / "air-20261127T090000Z.ts") == 500'000 / 188 * 188);
  const OutputState full = tally.state();
  CHECK(full.errors == static_cast<std::int64_t>((first.size() - 500'000 / 188 * 188) / 1316));
  CHECK(full.sent == 500'000 / 188 * 188 / 1316);
  CHECK(full.last_error.find("磁盘已满") == 0);
  feed.feed(rest);
  feed.close();
  CHECK(tally.state().errors == full.errors);
  const std::vector<std::uint8_t> last = file_bytes(folder / "air-20261127T090008Z.ts");
  CHECK(std::equal(last.rbegin(), last.rend(), stream.rbegin()));
  const std::vector<LossCount::Loss> losses = loss.take();
  std::int64_t lost = 0;
  for (const LossCount::Loss &one : losses) {
    lost += one.datagrams;
    CHECK(one.from_bytes >= 500'000 / 188 * 188);
    CHECK(one.to_bytes <= first.size());
  }
  CHECK(lost >= full.errors);  // a piece of a datagram is one, too
  CHECK(lost <= full.errors + static_cast<std::int64_t>(losses.size()));
  CHECK(loss.told_bytes() == stream.size());
}

TEST_CASE("A disk that has no room for a file at all is tried again and again") {
  const std::string told = in_own_network([] {
    const TempFolder folder;
    const std::string disk = folder / "disk";
    std::filesystem::create_directory(disk);
    if (::mount("none", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
      throw std::runtime_error("no tmpfs");
    const std::vector<std::uint8_t> &stream = slate_stream(12);
    Tally tally("file", "file:air.ts");
    LossCount loss(tally);
    std::int64_t errors = 0;
    {
      Rotation rotation({disk + "/air.ts", 2, 0}, loss);
      TapeFeed feed(rotation);
      feed.feed(stream);
      feed.close();
      errors = tally.state().errors;
    }
    std::uintmax_t size = 0;
    bool is_whole = true;
    for (const std::string &name : names_in(disk)) {
      size += std::filesystem::file_size(disk + "/" + name);
      is_whole &= std::filesystem::file_size(disk + "/" + name) % 188 == 0;
    }
    const auto lost = static_cast<std::int64_t>((stream.size() - size) / 1316);
    const std::string why = tally.state().last_error;
    ::umount(disk.c_str());
    return nlohmann::json{{"errors", errors}, {"lost", lost}, {"is_whole", is_whole}, {"why", why}}
        .dump();
  });
  const auto json = nlohmann::json::parse(told);
  INFO(told);
  CHECK(json["errors"] == json["lost"]);
  CHECK(json["lost"].get<int>() > 3000);
  CHECK(json["is_whole"] == true);
  CHECK(json["why"].get<std::string>().find("磁盘已满") == 0);
}

TEST_CASE("A recorder's thread writes what the sender handed it, and loses nothing at its end") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const Rotation::Plan plan{folder / "air.ts", 3600, 0};
  {
    Recorder recorder({"file", "file:air.ts", kRate, [] { return kStartNs; }},
                      [&](LossCount &loss) { return std::make_unique<Rotation>(plan, loss); });
    CHECK(feed_all(recorder, stream) == 0);
  }
  CHECK(joined(folder.path.string()) == stream);
}

TEST_CASE("A recorder tells which datagrams a full disk did not take, and when it is sure") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const std::vector<std::uint8_t> some(stream.begin(), stream.begin() + 1316 * 1400);
  const Rotation::Plan plan{folder / "air.ts", 3600, 0};
  Recorder recorder({"file", "file:air.ts", kRate, [] { return kStartNs; }},
                    [&](LossCount &loss) { return std::make_unique<Rotation>(plan, loss); });
  std::vector<LateLoss> losses;
  std::int64_t certain = 0;
  const auto ask = [&] {
    const News news = recorder.news();
    losses.insert(losses.end(), news.losses.begin(), news.losses.end());
    certain = news.certain;
  };
  {
    const SmallDisk disk(500'000);
    CHECK(feed_all(recorder, some) == 0);
    REQUIRE(comes_true([&] {
      ask();
      return !losses.empty();
    }));
  }
  constexpr std::int64_t kFirstLost = 500'000 / 1316;
  std::int64_t lost = 0;
  for (const LateLoss &loss : losses) {
    INFO(loss.first << "…" << loss.end);
    CHECK(loss.first >= kFirstLost - 1);
    CHECK(loss.end <= 1400);
    CHECK(certain >= loss.end - 1);
    lost += loss.count;
  }
  CHECK(lost > 0);
  CHECK(lost <= 1400 - kFirstLost + static_cast<std::int64_t>(losses.size()));
}

}  // namespace
}  // namespace civicast::cable

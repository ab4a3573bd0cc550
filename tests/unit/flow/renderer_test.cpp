// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "host/flow/planning.hpp"
#include "host/flow/renderer.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
namespace fs = std::filesystem;

namespace {

using library::HouseFormat;
using library::Library;

const ManualClock a_clock(1'795'444'560'000'000'000);

/// What the renderer says, line by line.
class Ear {
 public:
  flow::Renderer::Log log() {
    return [this](int, const std::string &line) {
      const std::lock_guard lock(mutex_);
      heard_ += line + "\n";
      said_.notify_all();
    };
  }
  bool hears(const std::string &words) {
    std::unique_lock lock(mutex_);
    return said_.wait_for(lock, std::chrono::minutes(5),
                          [&] { return heard_.find(words) != std::string::npos; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable said_;
  std::string heard_;
};

/// A station with one poster, whose channel was given the format `name` after it was imported.
struct Changed {
  Changed(const Folder &folder, const std::string &name, std::int64_t still_ns)
      : store(std::move(store::Store::open(folder.path() / "civicast.db")).value()) {
    library::ImportRequest request;
    request.id = "poster";
    request.still_ns = still_ns;
    request.file = folder.write(
        "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='16' height='9'></svg>");
    NoProgress nobody;
    auto before = std::move(Library::open(*store, folder.path(), a_clock)).value();
    REQUIRE(before->import(request, nobody).ok());
    format = library::house_format(name).value();
    library = std::move(Library::open(*store, folder.path(), a_clock, {format})).value();
  }

  std::unique_ptr<store::Store> store;
  HouseFormat format = HouseFormat::ts_720p25;
  std::unique_ptr<Library> library;
};

}  // namespace

TEST_CASE(
    "a format that a channel names later is planned at once and made while the station runs") {
  const Folder folder;
  Changed station(folder, "ts_576i25", 1200 * ns_per_ms);
  channels::Channel channel;
  channel.format = station.format;
  CHECK(flow::durations_from(*station.library)("poster", channel) == 1200 * ns_per_ms);
  Ear ear;
  {
    flow::Renderer renderer(*station.library, ear.log());
    CHECK(ear.hears("are made"));
  }
  CHECK(station.library->unmade().empty());
  CHECK(station.library->require("poster", station.format).ok());
}

TEST_CASE("a station that stops leaves no half of a house file") {
  const Folder folder;
  Changed station(folder, "ts_hevc_1080p25", 60 * ns_per_s);
  Ear ear;
  {
    flow::Renderer renderer(*station.library, ear.log());
    CHECK(ear.hears("in the background"));
  }
  CHECK(station.library->unmade().size() == 1);
  std::size_t waiting = 0;
  for (const auto &entry : fs::directory_iterator(folder.path() / "house" / "incoming"))
    waiting += entry.path().filename() != ".lock";
  CHECK(waiting == 0);
}

TEST_CASE("what cannot be made is told, and the station runs on") {
  const Folder folder;
  Changed station(folder, "ts_576i25", 1200 * ns_per_ms);
  for (const auto &entry : fs::recursive_directory_iterator(folder.path() / "house"))
    if (entry.is_regular_file() && entry.path().filename() != ".lock") fs::remove(entry.path());
  Ear ear;
  flow::Renderer renderer(*station.library, ear.log());
  CHECK(ear.hears("Import it again"));
}

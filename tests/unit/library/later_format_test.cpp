// SPDX-License-Identifier: Apache-2.0
// House files of formats that a channel names after its assets were imported.
#include <Poco/Data/Statement.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "host/library/faults.hpp"
#include "host/library/verify.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

const HouseFormat sd = house_format("ts_576i25").value();
const HouseFormat ac3 = house_format("ts_720p25_ac3").value();

fs::path film(const Studio &studio) {
  return studio.film("a.mp4",
                     "-f lavfi -i testsrc=s=160x120:r=25:d=1.2 -f lavfi -i sine=f=500:d=1.2");
}

fs::path kept_source(Studio &studio, const std::string &id) {
  const std::string sha256 = studio.library().find(id).value().sha256;
  return studio.station() / "house" / sha256.substr(0, 2) / (sha256 + ".source");
}

Result<HouseFile> make(Studio &studio, const std::string &id, const HouseFormat &format) {
  NoProgress progress;
  return studio.library().make(id, format, progress);
}

struct Enough {};

/// Breaks off, one way or another, at the given call.
class Breaker final : public Progress {
 public:
  Breaker(int calls, bool kills) : calls_(calls), kills_(kills) {}
  void step(const std::string &, double, double) override {
    if (--calls_ != 0) return;
    if (kills_) ::kill(::getpid(), SIGKILL);
    throw Enough{};
  }

 private:
  int calls_;
  bool kills_;
};

/// Makes a file in a process of its own, which dies on the way; false when it was done before.
bool killed_while_making(Studio &studio, int calls) {
  studio.close();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    studio.reopen();
    Breaker breaker(calls, true);
    ::_exit(studio.library().make("film", sd, breaker).ok() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  studio.reopen();
  if (WIFSIGNALED(status)) return true;
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

}  // namespace

TEST_CASE("a format that a channel names later is made of what was imported") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  CHECK(studio.library().unmade().empty());
  studio.reopen({sd, ac3});
  const auto unmade = studio.library().unmade();
  REQUIRE(unmade.size() == 2);
  CHECK(unmade[0].asset == "film");
  CHECK(unmade[0].format == sd);
  CHECK(unmade[1].format == ac3);
  const auto refused = studio.library().require("film", sd);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().is(faults::house_file_unmade));
  // It can be planned before it is there.
  CHECK(studio.library().duration_in("film", sd) == 1200 * ns_per_ms);
  CHECK(studio.library().duration_in("film", ac3) == 1280 * ns_per_ms);
  for (const HouseFormat &format : {sd, ac3}) {
    const auto made = make(studio, "film", format);
    REQUIRE(made.ok());
    CHECK(made->made_from == "source");
    CHECK_FALSE(wrong_with(made->path, format, made->frames));
    CHECK(studio.library().require("film", format)->path == made->path);
    CHECK(studio.library().duration_in("film", format) == made->duration_ns);
  }
  CHECK(studio.library().require("film", sd)->frames == 30);
  CHECK(studio.library().require("film", ac3)->frames == 32);
  CHECK(studio.library().unmade().empty());
  CHECK(studio.library().house_files().size() == 5);
  // Asked for again, it is the one that is there.
  const auto before = studio.everything();
  CHECK(make(studio, "film", sd).ok());
  CHECK(studio.everything() == before);
}

TEST_CASE("a still and the sound under it are kept for later formats") {
  Studio studio;
  ImportRequest request;
  request.id = "poster";
  request.file = studio.film("a.png", "-f lavfi -i color=red:s=640x360 -frames:v 1");
  request.sound = studio.film("a.wav", "-f lavfi -i sine=f=500:d=3");
  request.still_ns = 1200 * ns_per_ms;
  REQUIRE(studio.import(request).ok());
  studio.reopen({sd});
  CHECK(studio.library().duration_in("poster", sd) == 1200 * ns_per_ms);
  const auto made = make(studio, "poster", sd);
  REQUIRE(made.ok());
  CHECK(made->frames == 30);
  CHECK(made->made_from == "source");
  const std::string volume = output_of("ffmpeg -nostdin -hide_banner -i '" + made->path.string() +
                                       "' -af volumedetect -f null - 2>&1 | grep max_volume");
  CHECK(std::stod(volume.substr(volume.find("max_volume:") + 11)) > -40);
  CHECK(pixel(made->path, 0.5, 360, 288)[0] > 200);
}

TEST_CASE("where the imported bytes are gone, the best house file stands in and is named") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  const fs::path source = kept_source(studio, "film");
  REQUIRE(fs::exists(source));
  SECTION("missing") {
    fs::remove(source);
  }
  SECTION("changed") {
    studio.bytes("x", ""), fs::resize_file(source, 1000);
  }
  studio.reopen({sd});
  CHECK(studio.library().duration_in("film", sd) == 1200 * ns_per_ms);
  const auto made = make(studio, "film", sd);
  REQUIRE(made.ok());
  CHECK(made->made_from == "ts_720p25");
  CHECK(made->frames == 30);
  CHECK_FALSE(wrong_with(made->path, sd, 30));
  studio.reopen();
  CHECK(studio.library().require("film", sd)->made_from == "ts_720p25");
}

TEST_CASE("where nothing is left to make a house file of, a sentence says so") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  fs::remove(kept_source(studio, "film"));
  for (const HouseFile &file : studio.library().house_files()) fs::remove(file.path);
  studio.reopen({sd});
  const auto made = make(studio, "film", sd);
  REQUIRE_FALSE(made.ok());
  CHECK(made.fault().is(faults::house_file_sourceless));
}

TEST_CASE("what has no pictures needs no house file") {
  Studio studio;
  REQUIRE(studio.import(studio.film("a.mp3", "-f lavfi -i sine=f=500:d=2"), "song").ok());
  REQUIRE(studio.import(studio.bytes("pact.md", "讲文明 树新风"), "pact").ok());
  studio.reopen({sd});
  CHECK(studio.library().unmade().empty());
  CHECK_FALSE(studio.library().duration_in("song", sd));
  CHECK(make(studio, "song", sd).fault().is(faults::asset_audio_only));
  CHECK(make(studio, "pact", sd).fault().is(faults::asset_text_only));
  CHECK(make(studio, "nobody", sd).fault().is(faults::asset_unknown));
}

TEST_CASE("a later house file whose making is broken off or killed leaves nothing") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  studio.reopen({sd});
  const auto before = studio.everything();
  for (const int calls : {1, 2, 12, 31}) {
    INFO("broken off at call " << calls);
    Breaker breaker(calls, false);
    CHECK_THROWS_AS(studio.library().make("film", sd, breaker), Enough);
    CHECK(studio.everything() == before);
  }
  int kills = 0;
  for (int calls = 1; killed_while_making(studio, calls); calls += 10) {
    ++kills;
    CHECK_FALSE(studio.library().house_file("film", sd));
    NoProgress progress;
    REQUIRE(studio.library().resume(progress).ok());
    CHECK(studio.everything() == before);
  }
  CHECK(kills >= 3);
  CHECK(studio.library().house_file("film", sd));
}

TEST_CASE("a house file that was named and never shown is cleared away") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  const auto before = studio.everything();
  studio.close();
  {
    using namespace Poco::Data::Keywords;
    auto store = std::move(store::Store::open(studio.station() / "civicast.db")).value();
    auto session = store->session();
    session << "INSERT INTO house_files(asset, format, path, sha256, mime, duration_ns, frames,"
               " made_from, is_ready) VALUES('film', 'ts_576i25', 'house/00/half.ts', 'x',"
               " 'video/mp2t', 1, 1, 'source', 0)",
        now;
    fs::create_directories(studio.station() / "house/00");
    studio.bytes("half.ts", "half");
    fs::rename(studio.path("half.ts"), studio.station() / "house/00/half.ts");
  }
  studio.reopen();
  CHECK_FALSE(studio.library().house_file("film", sd));
  NoProgress progress;
  REQUIRE(studio.library().resume(progress).ok());
  fs::remove(studio.station() / "house/00");  // if only the folder is left
  CHECK(studio.everything() == before);
}

TEST_CASE("a library of an older version goes on working, and further formats can be made") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  fs::remove(kept_source(studio, "film"));
  studio.close();
  {
    using namespace Poco::Data::Keywords;
    // As version 1 left it: without the columns of version 2, and with no source kept.
    auto store = std::move(store::Store::open(studio.station() / "civicast.db")).value();
    auto session = store->session();
    session << "ALTER TABLE house_files DROP COLUMN made_from", now;
    session << "ALTER TABLE house_files DROP COLUMN is_ready", now;
    session << "DELETE FROM migrations WHERE room='library' AND version=2", now;
  }
  studio.reopen();
  CHECK(studio.library().house_files().size() == 3);
  CHECK(studio.library().require("film", HouseFormat::ts_720p25)->made_from == "source");
  CHECK(studio.library().unmade().empty());
  studio.reopen({sd});
  CHECK(make(studio, "film", sd)->made_from == "ts_720p25");
}

TEST_CASE("a house file of a format that is no longer in the table is not handed out") {
  Studio studio;
  REQUIRE(studio.import(film(studio), "film").ok());
  {
    using namespace Poco::Data::Keywords;
    auto store = std::move(store::Store::open(studio.station() / "civicast.db")).value();
    auto session = store->session();
    session << "UPDATE house_files SET format='ts_240p25' WHERE format='ts_720p25'", now;
  }
  CHECK(studio.library().house_files().size() == 2);
  REQUIRE(studio.library().unmade().size() == 1);
  CHECK(make(studio, "film", HouseFormat::ts_720p25).ok());
}

// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

/// Kills the process that it watches, as a power cut would, at the given call.
class Killer final : public Progress {
 public:
  explicit Killer(int calls) : calls_(calls) {}
  void step(const std::string &, double, double) override {
    if (--calls_ == 0) ::kill(::getpid(), SIGKILL);
  }

 private:
  int calls_;
};

/// Imports in a process of its own, which dies at its `calls`-th sign of progress; false when it
/// was done before.
bool killed_while_importing(Studio &studio, const fs::path &file, int calls) {
  studio.close();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    studio.reopen();
    Killer killer(calls);
    ImportRequest request;
    request.file = file;
    request.id = "film";
    const bool done = studio.library().import(request, killer).ok();
    ::_exit(done ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  studio.reopen();
  if (WIFSIGNALED(status)) return true;
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

void check_whole(Studio &studio) {
  const auto asset = studio.library().find("film");
  REQUIRE(asset);
  for (const HouseFile &file : studio.library().house_files()) CHECK(fs::exists(file.path));
  CHECK(studio.library().house_files().size() == 3);
}

std::size_t files_in(const fs::path &folder) {
  std::size_t count = 0;
  for (const auto &entry : fs::recursive_directory_iterator(folder))
    count += entry.is_regular_file();
  return count;
}

}  // namespace

TEST_CASE("an import that is killed at any moment is finished or leaves nothing") {
  Studio studio;
  const auto file = studio.film("a.mp4",
                                "-f lavfi -i testsrc=s=160x120:r=25:d=2 -f lavfi -i "
                                "sine=f=500:d=2 -shortest");
  const auto before = studio.everything();
  int kills = 0, finished = 0;
  for (int calls = 1; killed_while_importing(studio, file, calls); calls += 9) {
    ++kills;
    INFO("killed at call " << calls);
    CHECK(studio.library().list().empty());
    NoProgress progress;
    REQUIRE(studio.library().resume(progress).ok());
    if (studio.library().list().empty()) {
      CHECK(studio.everything() == before);
      continue;
    }
    ++finished;
    check_whole(studio);
    CHECK(files_in(studio.station() / "house") == 5);  // three house files, the source and the lock
    // Away with it, for the next kill.
    studio.close();
    fs::remove_all(studio.station());
    fs::create_directories(studio.station());
    studio.reopen();
  }
  CHECK(kills > 10);
  CHECK(finished > 5);
  check_whole(studio);
}

TEST_CASE("an import that was killed can simply be asked for again") {
  Studio studio;
  const auto file = studio.film("a.mp4", "-f lavfi -i testsrc=s=160x120:r=25:d=2");
  REQUIRE(killed_while_importing(studio, file, 30));
  REQUIRE(studio.import(file, "film").ok());
  check_whole(studio);
  CHECK(files_in(studio.station() / "house") == 5);
}

TEST_CASE("a job that a living process works on is left to it") {
  Studio studio;
  const auto file = studio.film("a.mp4", "-f lavfi -i testsrc=s=160x120:r=25:d=2");
  /// In the middle of the import, another library on the same station resumes what was left.
  class Other final : public Progress {
   public:
    explicit Other(const fs::path &station) : station_(station) {}
    void step(const std::string &, double, double) override {
      if (++calls_ != 30) return;
      SystemClock clock;
      auto store = std::move(store::Store::open(station_ / "civicast.db")).value();
      auto library = std::move(Library::open(*store, station_, clock)).value();
      NoProgress progress;
      was_quiet = library->resume(progress).ok() && library->list().empty();
    }
    bool was_quiet = false;

   private:
    fs::path station_;
    int calls_ = 0;
  } other(studio.station());
  ImportRequest request;
  request.file = file;
  request.id = "film";
  REQUIRE(studio.library().import(request, other).ok());
  CHECK(other.was_quiet);
  check_whole(studio);
}

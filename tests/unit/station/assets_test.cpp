// SPDX-License-Identifier: Apache-2.0
#include "host/station/assets.hpp"

#include <catch2/catch.hpp>

#include "host/station/faults.hpp"
#include "tests/unit/station/small.hpp"

using namespace civicast;
using namespace civicast::station;

namespace {

/// A text is the asset that costs least to import.
Files texts_station() {
  Files files = small_station();
  std::string &assets = files["assets.xml"];
  for (const char *id : {"spot", "ident", "park"}) {
    const std::string name = std::string("media/") + id;
    assets.replace(assets.find(name + ".svg"), name.size() + 4, name + ".txt");
    files.erase(name + ".svg");
    files[name + ".txt"] = std::string("words of ") + id;
  }
  for (const char *seconds : {" seconds='15'", " seconds='12'", " seconds='9'"})
    assets.replace(assets.find(seconds), std::string(seconds).size(), "");
  return files;
}

struct Opened {
  explicit Opened(const Folder &folder) {
    auto opened = store::Store::open(folder.path() / "civicast.db");
    REQUIRE(opened.ok());
    store = std::move(*opened);
    auto library_opened = library::Library::open(*store, folder.path(), clock);
    REQUIRE(library_opened.ok());
    library = std::move(*library_opened);
  }
  SystemClock clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<library::Library> library;
};

}  // namespace

TEST_CASE("every asset of the station is imported once, however often it is asked") {
  const Folder folder;
  write_all_files(folder, texts_station(), "");
  const auto station = load_station(folder.path());
  REQUIRE(station.ok());
  Opened opened(folder);
  NoProgress nobody;
  REQUIRE(import_assets(*station, *opened.library, nobody).ok());
  REQUIRE(opened.library->list().size() == 3);
  CHECK(opened.library->find("spot")->title.zh == "片");
  const auto imported_ns = opened.library->find("spot")->imported_ns;
  REQUIRE(import_assets(*station, *opened.library, nobody).ok());
  CHECK(opened.library->find("spot")->imported_ns == imported_ns);
}

TEST_CASE("one asset that is refused does not stop the others, and is told with its line") {
  const Folder folder;
  Files files = texts_station();
  files["media/ident.txt"] = "";
  write_all_files(folder, files, "");
  const auto station = load_station(folder.path());
  REQUIRE(station.ok());
  Opened opened(folder);
  NoProgress nobody;
  const auto imported = import_assets(*station, *opened.library, nobody);
  REQUIRE_FALSE(imported.ok());
  REQUIRE(imported.fault().size() == 1);
  CHECK(imported.fault().front().where() == "assets.xml:5");
  CHECK(opened.library->list().size() == 2);
}

TEST_CASE("the same file under two ids is told: one file is one asset") {
  const Folder folder;
  Files files = texts_station();
  files["media/park.txt"] = files["media/ident.txt"];
  write_all_files(folder, files, "");
  const auto station = load_station(folder.path());
  REQUIRE(station.ok());
  Opened opened(folder);
  NoProgress nobody;
  const auto imported = import_assets(*station, *opened.library, nobody);
  REQUIRE_FALSE(imported.ok());
  CHECK(imported.fault().front().is(faults::asset_twin));
  CHECK(imported.fault().front().where() == "assets.xml:6");
}

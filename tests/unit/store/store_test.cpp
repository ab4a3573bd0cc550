// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/Statement.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "host/store/faults.hpp"
#include "host/store/store.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace Poco::Data::Keywords;
namespace fs = std::filesystem;

namespace {

int count(store::Store &store, const std::string &table) {
  int rows = -1;
  auto session = store.session();
  session << "SELECT count(*) FROM " + table, into(rows), now;
  return rows;
}

}  // namespace

TEST_CASE("a migration runs once, in order, over restarts") {
  const Folder folder;
  const std::vector<store::Migration> steps = {
      {1, "CREATE TABLE a(x INTEGER); INSERT INTO a VALUES(1)"}, {2, "INSERT INTO a VALUES(2)"}};
  for (int start = 0; start < 3; ++start) {
    auto store = store::Store::open(folder.path() / "s.db");
    REQUIRE(store.ok());
    (*store)->migrate("room", steps);
    CHECK(count(**store, "a") == 2);
  }
}

TEST_CASE("a migration that fails changes nothing") {
  const Folder folder;
  auto store = store::Store::open(folder.path() / "s.db");
  REQUIRE(store.ok());
  CHECK_THROWS(
      (*store)->migrate("room", {{1, "CREATE TABLE a(x INTEGER); INSERT INTO b VALUES(1)"}}));
  (*store)->migrate("room", {{1, "CREATE TABLE a(x INTEGER)"}});
  CHECK(count(**store, "a") == 0);
}

TEST_CASE("a transaction that is not committed is rolled back") {
  const Folder folder;
  auto store = store::Store::open(folder.path() / "s.db");
  REQUIRE(store.ok());
  (*store)->migrate("room", {{1, "CREATE TABLE a(x INTEGER)"}});
  {
    auto session = (*store)->session();
    store::Transaction transaction(session);
    session << "INSERT INTO a VALUES(1)", now;
  }
  CHECK(count(**store, "a") == 0);
}

TEST_CASE("a file that is no database is refused with a sentence") {
  const Folder folder;
  auto store = store::Store::open(folder.path());
  REQUIRE_FALSE(store.ok());
  CHECK(store.fault().is(faults::store_unusable));
}

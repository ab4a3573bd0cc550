// SPDX-License-Identifier: Apache-2.0
#include "host/store/store.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Statement.h>

#include <fstream>
#include <sstream>

#include "host/store/faults.hpp"

namespace civicast::store {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

/// Each connection of the pool is made so; the settings are SQLite's, not the file's.
class ConfiguredPool final : public Poco::Data::SessionPool {
 public:
  explicit ConfiguredPool(const std::string &file)
      : SessionPool(Poco::Data::SQLite::Connector::KEY, file, 0, 64, 60) {}

 protected:
  void customizeSession(Session &session) override {
    session << "PRAGMA busy_timeout=10000", now;
    session << "PRAGMA journal_mode=WAL", now;
    session << "PRAGMA synchronous=FULL", now;
    session << "PRAGMA foreign_keys=ON", now;
  }
};

/// SQLite prepares one statement at a time; ours hold no ";" inside texts or triggers.
void run_each(Session &session, const std::string &sql) {
  std::istringstream parts(sql);
  for (std::string part; std::getline(parts, part, ';');)
    if (part.find_first_not_of(" \t\r\n") != std::string::npos) session << part, now;
}

/// Poco waits long for a file that SQLite can never open; whether it can is seen at once.
bool can_be_database(const std::filesystem::path &file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return std::filesystem::is_directory(std::filesystem::absolute(file).parent_path(), error);
  if (!std::filesystem::is_regular_file(file, error)) return false;
  std::string magic(15, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  return in.gcount() == 0 || magic == "SQLite format 3";
}

}  // namespace

Store::Store(std::filesystem::path file)
    : file_(std::move(file)), pool_(std::make_unique<ConfiguredPool>(file_.string())) {}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path &file) {
  if (!can_be_database(file)) return Fault(faults::store_unusable, {{"file", file.string()}});
  Poco::Data::SQLite::Connector::registerConnector();
  try {
    std::unique_ptr<Store> store(new Store(file));
    auto session = store->session();
    session << "CREATE TABLE IF NOT EXISTS migrations"
               "(room TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY(room, version))",
        now;
    return store;
  } catch (const Poco::Exception &error) {
    return Fault(faults::store_unusable, {{"file", file.string()}})
        .with_detail(error.displayText());
  }
}

Session Store::session() {
  return pool_->get();
}

void Store::migrate(const std::string &room, const std::vector<Migration> &steps) {
  auto session = this->session();
  for (const Migration &step : steps) {
    Transaction transaction(session);
    int done = 0;
    std::string name = room;
    int version = step.version;
    session << "SELECT count(*) FROM migrations WHERE room=? AND version=?", use(name),
        use(version), into(done), now;
    if (done == 0) {
      run_each(session, step.sql);
      session << "INSERT INTO migrations(room, version) VALUES(?, ?)", use(name), use(version), now;
      transaction.commit();
    }
  }
}

Transaction::Transaction(Session &session) : session_(session) {
  session_ << "BEGIN IMMEDIATE", now;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    session_ << "ROLLBACK", now;
  } catch (const Poco::Exception &) {
    // The connection is gone and the transaction with it: rolled back already.
  }
}

void Transaction::commit() {
  session_ << "COMMIT", now;
  open_ = false;
}

}  // namespace civicast::store

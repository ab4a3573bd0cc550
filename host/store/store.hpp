// SPDX-License-Identifier: Apache-2.0
// The one door to SQL. Rooms keep their statements in their own `*_store.*` files.
//
// A statement that fails is a breakdown (Poco::Data exceptions), not a refusal: nothing a person
// types reaches SQL unchecked.
#pragma once

#include <Poco/Data/Session.h>
#include <Poco/Data/SessionPool.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::store {

/// One step of a room's tables. Never edited once released: a change is a further step.
struct Migration {
  int version;      ///< from 1, without gaps, per room
  const char *sql;  ///< one or more statements, separated by ";"
};

class Store {
 public:
  /// Opens or creates the SQLite file (WAL, synchronous FULL, foreign keys on).
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path &file);
  ~Store();

  /// [any] A session of the pool; several threads may each have one. Writers wait for each other
  /// up to 10 s.
  Poco::Data::Session session();

  /// Brings the tables of `room` to the newest version, each step in its own transaction.
  void migrate(const std::string &room, const std::vector<Migration> &steps);

  const std::filesystem::path &file() const { return file_; }

 private:
  explicit Store(std::filesystem::path file);
  std::filesystem::path file_;
  std::unique_ptr<Poco::Data::SessionPool> pool_;
};

/// A transaction that is rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Poco::Data::Session &session);  ///< takes the write lock at once
  ~Transaction();
  void commit();

 private:
  Poco::Data::Session &session_;
  bool open_ = true;
};

}  // namespace civicast::store

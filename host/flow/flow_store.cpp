// SPDX-License-Identifier: Apache-2.0
#include "host/flow/flow_store.hpp"

#include <Poco/Data/Statement.h>

namespace civicast::flow {

using namespace Poco::Data::Keywords;

namespace {

constexpr const char *planned_from_key = "planned_from";

std::optional<std::string> get(store::Store &store, std::string key) {
  std::string value;
  auto session = store.session();
  Poco::Data::Statement select(session);
  select << "SELECT value FROM flow WHERE key=?", use(key), into(value);
  if (select.execute() == 0) return {};
  return value;
}

void put(store::Store &store, std::string key, std::string value) {
  auto session = store.session();
  session << "INSERT INTO flow(key, value) VALUES(?, ?) "
             "ON CONFLICT(key) DO UPDATE SET value=excluded.value",
      use(key), use(value), now;
}

std::string handed_key(const std::string &channel) {
  return "handed/" + channel;
}

}  // namespace

FlowStore::FlowStore(store::Store &store) : store_(store) {
  store.migrate("flow", {{1, "CREATE TABLE flow(key TEXT PRIMARY KEY, value TEXT NOT NULL)"}});
}

std::optional<std::int64_t> FlowStore::handed_ns(const std::string &channel) {
  const auto value = get(store_, handed_key(channel));
  if (!value) return {};
  return std::stoll(*value);
}

void FlowStore::set_handed_ns(const std::string &channel, std::int64_t until_ns) {
  put(store_, handed_key(channel), std::to_string(until_ns));
}

std::string FlowStore::planned_from() {
  return get(store_, planned_from_key).value_or("");
}

void FlowStore::set_planned_from(const std::string &sha256) {
  put(store_, planned_from_key, sha256);
}

}  // namespace civicast::flow

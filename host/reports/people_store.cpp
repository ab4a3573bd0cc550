// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/Statement.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "host/airings/text.hpp"
#include "host/base/sha256.hpp"
#include "host/reports/explain.hpp"
#include "host/reports/faults.hpp"
#include "host/store/store.hpp"

namespace civicast::reports {
namespace {

using namespace Poco::Data::Keywords;

constexpr std::size_t max_name_bytes = 100;

const std::vector<store::Migration> tables = {
    {1,
     "CREATE TABLE report_people(person TEXT PRIMARY KEY, salt TEXT NOT NULL,"
     " name TEXT NOT NULL UNIQUE) WITHOUT ROWID"}};

std::string new_salt() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
  return hex({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

/// The same name is the same person, until it is deleted.
std::string person_of(store::Store &store, const std::string &given) {
  store.migrate("report_people", tables);
  std::string name = given, person;
  auto session = store.session();
  store::Transaction transaction(session);
  session << "SELECT person FROM report_people WHERE name=?", use(name), into(person), now;
  if (person.empty()) {
    std::string salt = new_salt();
    person = hex(sha256(salt + name));
    session << "INSERT INTO report_people VALUES(?,?,?)", use(person), use(salt), use(name), now;
  }
  transaction.commit();
  return person;
}

Result<void> check(const Explanation &one) {
  if (one.by.empty() || one.text.empty()) return Fault(faults::note_empty);
  if (one.by.size() > max_name_bytes || !airings::is_utf8(one.by))
    return Fault(faults::note_too_long,
                 {{"field", "by"}, {"limit", std::to_string(max_name_bytes)}});
  if (one.text.size() > airings::max_note_bytes || !airings::is_utf8(one.text))
    return Fault(faults::note_too_long,
                 {{"field", "text"}, {"limit", std::to_string(airings::max_note_bytes)}});
  return {};
}

}  // namespace

Result<std::uint64_t> explain(store::Store &store, playlists::PlaylistStore &playlists,
                              airings::Book &book, const Explanation &one, std::int64_t now_ns) {
  if (auto good = check(one); !good) return good.fault();
  if (!playlists.find(one.placement) && counts::finals_of(store, {one.placement}).empty())
    return Fault(faults::note_placement_unknown, {{"placement", one.placement}});
  const airings::Note note{one.placement, person_of(store, one.by), one.text, now_ns};
  return book.append({airings::encode(note)});
}

std::map<std::string, std::string> people(store::Store &store) {
  store.migrate("report_people", tables);
  std::vector<std::string> person, name;
  auto session = store.session();
  session << "SELECT person, name FROM report_people", into(person), into(name), now;
  std::map<std::string, std::string> all;
  for (std::size_t i = 0; i < person.size(); ++i) all.emplace(person[i], name[i]);
  return all;
}

bool forget_person(store::Store &store, const std::string &given) {
  store.migrate("report_people", tables);
  std::string name = given;
  auto session = store.session();
  Poco::Data::Statement erase(session);
  erase << "DELETE FROM report_people WHERE name=?", use(name);
  return erase.execute() > 0;
}

}  // namespace civicast::reports

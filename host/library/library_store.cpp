// SPDX-License-Identifier: Apache-2.0
#include "host/library/library_store.hpp"

#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>

#include "host/library/library.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Session;
using Poco::Data::Statement;

const std::vector<store::Migration> steps = {
    {1,
     "CREATE TABLE assets("
     "  id TEXT PRIMARY KEY,"
     "  state TEXT NOT NULL CHECK(state IN ('importing', 'ready')),"
     "  sha256 TEXT NOT NULL UNIQUE,"
     "  kind TEXT NOT NULL,"
     "  is_still INTEGER NOT NULL,"
     "  has_sound INTEGER NOT NULL,"
     "  title_zh TEXT NOT NULL, title_en TEXT NOT NULL,"
     "  text_zh TEXT NOT NULL, text_en TEXT NOT NULL,"
     "  source_name TEXT NOT NULL,"
     "  duration_ns BIGINT NOT NULL,"
     "  width INTEGER NOT NULL, height INTEGER NOT NULL,"
     "  loudness_lkfs DOUBLE,"
     "  imported_ns BIGINT NOT NULL);"
     "CREATE TABLE house_files("
     "  asset TEXT NOT NULL REFERENCES assets(id),"
     "  format TEXT NOT NULL,"
     "  path TEXT NOT NULL,"
     "  sha256 TEXT NOT NULL,"
     "  mime TEXT NOT NULL,"
     "  duration_ns BIGINT NOT NULL,"
     "  frames BIGINT NOT NULL,"
     "  PRIMARY KEY(asset, format));"
     "CREATE INDEX house_files_by_path ON house_files(path)"},
    // House files of further formats are made while their asset is on air.
    {2,
     "ALTER TABLE house_files ADD COLUMN made_from TEXT NOT NULL DEFAULT 'source';"
     "ALTER TABLE house_files ADD COLUMN is_ready INTEGER NOT NULL DEFAULT 1"}};

const std::string asset_columns =
    "SELECT id, kind, is_still, has_sound, title_zh, title_en, text_zh, text_en, sha256, "
    "source_name, duration_ns, width, height, loudness_lkfs, imported_ns FROM assets ";
const std::string file_columns =
    "SELECT f.asset, f.format, f.path, f.sha256, f.mime, f.duration_ns, f.frames, f.made_from "
    "FROM house_files f JOIN assets a ON a.id = f.asset AND a.state = 'ready' AND f.is_ready = 1 ";

std::string text(RecordSet &rows, std::size_t column) {
  return rows.value(column).convert<std::string>();
}

std::int64_t number(RecordSet &rows, std::size_t column) {
  return rows.value(column).convert<Poco::Int64>();
}

Job job_in(RecordSet &rows) {
  Job job;
  Asset &asset = job.asset;
  asset.id = text(rows, 0);
  asset.kind = asset_kind(text(rows, 1)).value();
  job.is_still = number(rows, 2) != 0;
  job.has_sound = number(rows, 3) != 0;
  asset.title = {text(rows, 4), text(rows, 5)};
  asset.text = {text(rows, 6), text(rows, 7)};
  asset.sha256 = text(rows, 8);
  asset.source_name = text(rows, 9);
  asset.duration_ns = number(rows, 10);
  asset.width = static_cast<int>(number(rows, 11));
  asset.height = static_cast<int>(number(rows, 12));
  if (!rows.isNull("loudness_lkfs")) asset.loudness_lkfs = rows.value(13).convert<double>();
  asset.imported_ns = number(rows, 14);
  return job;
}

std::vector<Job> jobs_in(Statement &select) {
  select.execute();
  RecordSet rows(select);
  std::vector<Job> jobs;
  for (bool more = rows.moveFirst(); more; more = rows.moveNext()) jobs.push_back(job_in(rows));
  return jobs;
}

std::vector<HouseFile> files_in(Statement &select, const fs::path &station_dir) {
  select.execute();
  RecordSet rows(select);
  std::vector<HouseFile> files;
  for (bool more = rows.moveFirst(); more; more = rows.moveNext()) {
    const auto format = house_format(text(rows, 1));
    if (!format) continue;  // of a table that had more formats than this one
    HouseFile file;
    file.asset = text(rows, 0);
    file.format = *format;
    file.path = station_dir / text(rows, 2);
    file.sha256 = text(rows, 3);
    file.mime = text(rows, 4);
    file.duration_ns = number(rows, 5);
    file.frames = number(rows, 6);
    file.made_from = text(rows, 7);
    files.push_back(std::move(file));
  }
  return files;
}

std::optional<Asset> first_asset(const std::vector<Job> &jobs) {
  if (jobs.empty()) return std::nullopt;
  return jobs.front().asset;
}

}  // namespace

LibraryStore::LibraryStore(store::Store &store, fs::path station_dir)
    : store_(store), station_dir_(std::move(station_dir)) {
  store_.migrate("library", steps);
}

std::vector<Asset> LibraryStore::ready() {
  auto session = store_.session();
  Statement select(session);
  select << asset_columns + "WHERE state='ready' ORDER BY id";
  std::vector<Asset> assets;
  for (Job &job : jobs_in(select)) assets.push_back(std::move(job.asset));
  return assets;
}

std::optional<Asset> LibraryStore::find(const std::string &id) {
  auto session = store_.session();
  Statement select(session);
  std::string wanted = id;
  select << asset_columns + "WHERE state='ready' AND id=?", use(wanted);
  return first_asset(jobs_in(select));
}

std::optional<Asset> LibraryStore::find_by_bytes(const std::string &sha256) {
  auto session = store_.session();
  Statement select(session);
  std::string wanted = sha256;
  select << asset_columns + "WHERE state='ready' AND sha256=?", use(wanted);
  return first_asset(jobs_in(select));
}

std::vector<HouseFile> LibraryStore::house_files() {
  auto session = store_.session();
  Statement select(session);
  select << file_columns + "ORDER BY f.asset, f.format";
  return files_in(select, station_dir_);
}

std::optional<HouseFile> LibraryStore::house_file(const std::string &id,
                                                  const HouseFormat &format) {
  auto session = store_.session();
  Statement select(session);
  std::string asset = id, wanted = name_of(format);
  select << file_columns + "WHERE f.asset=? AND f.format=?", use(asset), use(wanted);
  auto files = files_in(select, station_dir_);
  if (files.empty()) return std::nullopt;
  return std::move(files.front());
}

std::optional<std::string> LibraryStore::begin(const Job &job) {
  auto session = store_.session();
  store::Transaction transaction(session);
  std::string id = job.asset.id;
  std::vector<std::string> holders;
  session << "SELECT source_name FROM assets WHERE id=?", use(id), into(holders), now;
  if (!holders.empty()) return holders.front();

  Asset asset = job.asset;
  std::string kind = name_of(asset.kind);
  int is_still = job.is_still, has_sound = job.has_sound;
  session << "INSERT INTO assets(id, state, sha256, kind, is_still, has_sound, title_zh, title_en,"
             " text_zh, text_en, source_name, duration_ns, width, height, imported_ns)"
             " VALUES(?, 'importing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      use(id), use(asset.sha256), use(kind), use(is_still), use(has_sound), use(asset.title.zh),
      use(asset.title.en), use(asset.text.zh), use(asset.text.en), use(asset.source_name),
      use(asset.duration_ns), use(asset.width), use(asset.height), use(asset.imported_ns), now;
  transaction.commit();
  return std::nullopt;
}

std::vector<Job> LibraryStore::unfinished() {
  auto session = store_.session();
  Statement select(session);
  select << asset_columns + "WHERE state='importing' ORDER BY imported_ns, id";
  return jobs_in(select);
}

std::optional<Job> LibraryStore::unfinished(const std::string &sha256) {
  auto session = store_.session();
  Statement select(session);
  std::string wanted = sha256;
  select << asset_columns + "WHERE state='importing' AND sha256=?", use(wanted);
  auto jobs = jobs_in(select);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

void LibraryStore::name_house_files(const std::vector<HouseFile> &files, bool are_ready) {
  auto session = store_.session();
  store::Transaction transaction(session);
  for (HouseFile file : files) {
    std::string format = name_of(file.format);
    std::string path = file.path.lexically_relative(station_dir_).string();
    int is_ready = are_ready;
    session << "INSERT INTO house_files(asset, format, path, sha256, mime, duration_ns, frames,"
               " made_from, is_ready) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        use(file.asset), use(format), use(path), use(file.sha256), use(file.mime),
        use(file.duration_ns), use(file.frames), use(file.made_from), use(is_ready), now;
  }
  transaction.commit();
}

void LibraryStore::show_house_file(const HouseFile &file) {
  auto session = store_.session();
  std::string asset = file.asset, format = name_of(file.format);
  session << "UPDATE house_files SET is_ready=1 WHERE asset=? AND format=?", use(asset),
      use(format), now;
}

std::vector<Asset> LibraryStore::with_hidden_files() {
  auto session = store_.session();
  Statement select(session);
  select << asset_columns +
                "WHERE state='ready' AND EXISTS(SELECT 1 FROM house_files f "
                "WHERE f.asset=assets.id AND f.is_ready=0) ORDER BY id";
  std::vector<Asset> assets;
  for (Job &job : jobs_in(select)) assets.push_back(std::move(job.asset));
  return assets;
}

void LibraryStore::finish(const Asset &asset) {
  auto session = store_.session();
  Asset facts = asset;
  Poco::Nullable<double> loudness;
  if (asset.loudness_lkfs) loudness = *asset.loudness_lkfs;
  session << "UPDATE assets SET state='ready', duration_ns=?, width=?, height=?, loudness_lkfs=?"
             " WHERE id=?",
      use(facts.duration_ns), use(facts.width), use(facts.height), use(loudness), use(facts.id),
      now;
}

void LibraryStore::drop_house_files(const std::string &id, Which which,
                                    const std::function<void(const fs::path &)> &remove) {
  auto session = store_.session();
  store::Transaction transaction(session);
  std::string asset = id;
  int most_ready = which == Which::all ? 1 : 0;
  std::vector<std::string> paths;
  session << "SELECT DISTINCT path FROM house_files f WHERE asset=? AND is_ready<=?"
             " AND NOT EXISTS(SELECT 1 FROM house_files o WHERE o.path=f.path"
             " AND (o.asset<>f.asset OR o.is_ready>?))",
      use(asset), use(most_ready), use(most_ready), into(paths), now;
  session << "DELETE FROM house_files WHERE asset=? AND is_ready<=?", use(asset), use(most_ready),
      now;
  for (const std::string &path : paths) remove(station_dir_ / path);
  transaction.commit();
}

void LibraryStore::forget(const Job &job) {
  auto session = store_.session();
  std::string asset = job.asset.id;
  session << "DELETE FROM assets WHERE id=? AND state='importing'", use(asset), now;
}

}  // namespace civicast::library

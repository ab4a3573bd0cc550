// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/library/studio.hpp"

#include <Poco/Data/Statement.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
  std::string name = (fs::temp_directory_path() / "civicast-library-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return name;
}

}  // namespace

std::string read(const fs::path &file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::string output_of(const std::string &command) {
  std::FILE *pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;)
    output.append(chunk, got);
  INFO(command);
  REQUIRE(::pclose(pipe) == 0);
  return output;
}

std::vector<std::string> packets(const fs::path &file, const std::string &stream,
                                 const std::string &entries) {
  std::istringstream lines(output_of(
      fmt::format("ffprobe -v error -select_streams {} -show_entries packet={} -of csv=p=0 '{}'",
                  stream, entries, file.string())));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) found.push_back(line);
  return found;
}

std::string stream_fact(const fs::path &file, const std::string &stream, const std::string &entry) {
  // The stream stands twice, in its programme and alone.
  const std::string lines = output_of(fmt::format(
      "ffprobe -v error -select_streams {} -show_entries stream={} -show_data_hash sha256 "
      "-of default=nw=1:nk=1 '{}'",
      stream, entry, file.string()));
  return lines.substr(0, lines.find('\n'));
}

std::vector<int> pixel(const fs::path &file, double seconds, int x, int y) {
  const std::string bytes = output_of(
      fmt::format("ffmpeg -v error -i '{}' -ss {} -frames:v 1 -vf "
                  "scale=in_color_matrix=bt709:flags=neighbor,format=rgb24,crop=2:2:{}:{} "
                  "-f rawvideo -",
                  file.string(), seconds, x, y));
  REQUIRE(bytes.size() >= 3);
  std::vector<int> colour;
  for (std::size_t i = 0; i < 3; ++i) colour.push_back(static_cast<unsigned char>(bytes[i]));
  return colour;
}

Studio::Studio(std::vector<HouseFormat> wanted)
    : folder_(new_folder()), wanted_(std::move(wanted)) {
  fs::create_directories(folder_ / "media");
  fs::create_directories(station());
  reopen();
}

Studio::~Studio() {
  close();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Studio::close() {
  library_.reset();
  store_.reset();
}

void Studio::reopen() {
  close();
  store_ = std::move(store::Store::open(station() / "civicast.db")).value();
  library_ = std::move(Library::open(*store_, station(), clock_, wanted_)).value();
}

void Studio::reopen(std::vector<HouseFormat> wanted) {
  wanted_ = std::move(wanted);
  reopen();
}

fs::path Studio::film(const std::string &name, const std::string &args) const {
  output_of(
      fmt::format("cd '{}' && ffmpeg -nostdin -v error -y {} '{}'", path("").string(), args, name));
  return path(name);
}

fs::path Studio::bytes(const std::string &name, const std::string &bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

fs::path Studio::cut(const fs::path &file, const std::string &name, double share) const {
  const std::string whole = read(file);
  return bytes(
      name, whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * share)));
}

Result<Asset> Studio::import(const fs::path &file, const std::string &id) {
  ImportRequest request;
  request.file = file;
  request.id = id;
  return import(request);
}

Result<Asset> Studio::import(const ImportRequest &request) {
  NoProgress progress;
  return library_->import(request, progress);
}

std::map<std::string, std::string> Studio::everything() {
  using namespace Poco::Data::Keywords;
  std::map<std::string, std::string> found;
  for (const auto &entry : fs::recursive_directory_iterator(station() / "house"))
    found[entry.path().lexically_relative(station()).string()] =
        entry.is_regular_file() ? std::to_string(entry.file_size()) : "folder";
  auto session = store_->session();
  for (const char *table : {"assets", "house_files"}) {
    std::vector<std::string> rows;
    const std::string key = table == std::string("assets") ? "id || state" : "asset || path";
    session << "SELECT " + key + " FROM " + table, into(rows), now;
    for (const std::string &row : rows) found[std::string(table) + ":" + row] = "row";
  }
  return found;
}

}  // namespace civicast::library

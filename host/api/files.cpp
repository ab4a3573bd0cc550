// SPDX-License-Identifier: Apache-2.0
#include "host/api/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace civicast::api {
namespace {

namespace fs = std::filesystem;

std::string type_of(const fs::path &file) {
  static const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".jpg", "image/jpeg"},
      {".png", "image/png"},
      {".woff2", "font/woff2"},
      {".m3u8", "application/vnd.apple.mpegurl"},
      {".ts", "video/mp2t"},
      {".m4s", "video/iso.segment"},
      {".mp4", "video/mp4"},
  };
  const auto known = types.find(file.extension().string());
  return known == types.end() ? "application/octet-stream" : known->second;
}

bool is_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

constexpr std::string_view absent_page = R"(<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<title>Civicast</title>
<h1>控制台尚未构建</h1>
<p>服务正在运行，接口在 <a href="/api/v1/openapi.json">/api/v1</a>。要构建控制台，请在源码目录运行：</p>
<pre>cmake --build build --target console</pre>
<div lang="en">
<h1>The console has not been built</h1>
<p>The service is running, and its API is at <a href="/api/v1/openapi.json">/api/v1</a>. To build the console, run this in the source directory:</p>
<pre>cmake --build build --target console</pre>
</div>
</html>
)";

}  // namespace

bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), is_name_char);
}

bool is_preview_type(std::string_view name) {
  return name.ends_with(".m3u8") || name.ends_with(".ts") || name.ends_with(".m4s") ||
         name.ends_with(".mp4");
}

std::optional<Answer> file_answer(const fs::path &file, const std::string &cache) {
  std::error_code error;
  if (fs::symlink_status(file, error).type() != fs::file_type::regular) return std::nullopt;
  const auto size = fs::file_size(file, error);
  const auto changed = fs::last_write_time(file, error).time_since_epoch().count();
  if (error) return std::nullopt;  // gone since: an HLS segment lives a few seconds
  Answer answer;
  answer.type = type_of(file);
  answer.file = file;
  answer.etag = fmt::format("\"{:x}-{:x}\"", size, changed);
  answer.cache = cache;
  return answer;
}

Answer console_absent() {
  Answer answer;
  answer.type = "text/html; charset=utf-8";
  answer.body = absent_page;
  return answer;
}

}  // namespace civicast::api

// SPDX-License-Identifier: Apache-2.0
//
// One HTTP request, for C++17, header only, over libcurl (link CURL::libcurl, 7.85 or newer). What
// goes wrong before the far side has answered becomes the verdict that it is: LATER while nothing
// was sent, UNKNOWN once the request may have arrived. Optional: a plugin may use any library.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "civicast/channel.hpp"

namespace civicast::http {

struct Request {
  std::string method;                ///< "GET", "POST", …
  std::string url;                   ///< http or https; redirects are answers, not followed
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
  std::string type = "application/json";  ///< of the body, if there is one
  std::int64_t timeout_ms =
      8'000;  ///< for all of it; keep it below the call's limit in plugin.json
};

struct Answer {
  long status = 0;                  ///< 201
  std::string body;                 ///< its first 64 KiB
  std::string location;             ///< the header Location, or empty
  std::int64_t retry_after_ms = 0;  ///< the header Retry-After, or 0
  std::int64_t modified_ns = 0;     ///< the header Last-Modified, UTC, or 0
};

namespace inside {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::size_t most_bytes = 65'536;

inline std::size_t keep(char *data, std::size_t, std::size_t size, void *text) {
  auto &kept = *static_cast<std::string *>(text);
  if (kept.size() < most_bytes) kept.append(data, std::min(size, most_bytes - kept.size()));
  return size;  // what is longer is read and forgotten
}

inline Curl handle() {
  // One handle, one connection, one request: on a connection that is used again and turns out to
  // be dead libcurl sends the request a second time by itself.
  Curl curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw std::bad_alloc();
  return curl;
}

inline Lines lines_of(const Request &request) {
  std::vector<std::string> headers = request.headers;
  if (!request.body.empty()) headers.push_back("Content-Type: " + request.type);
  Lines list(nullptr, curl_slist_free_all);
  for (const std::string &line : headers) {
    if (line.find_first_of("\r\n") != std::string::npos)
      throw Trouble(CIV_REFUSED, "http.header",
                    "请求头中有换行 · A request header has a line break.");
    curl_slist *longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    if (!list) list.reset(longer);
  }
  return list;
}

inline Answer answer_of(CURL *curl) {
  Answer out;
  curl_off_t retry_after_s = 0, modified_s = -1;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out.status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
  curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &modified_s);
  out.retry_after_ms = retry_after_s * 1'000;
  if (modified_s > 0) out.modified_ns = modified_s * 1'000'000'000;
  curl_header *found = nullptr;
  if (curl_easy_header(curl, "Location", 0, CURLH_HEADER, -1, &found) == CURLHE_OK)
    out.location = found->value;
  return out;
}

[[noreturn]] inline void no_answer(CURL *curl, CURLcode result, const std::string &method) {
  long sent_bytes = 0;
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent_bytes);
  const bool has_effect = method != "GET" && method != "HEAD";
  if (has_effect && sent_bytes > 0)
    throw Trouble(CIV_UNKNOWN, "http.no_answer",
                  "请求已发出，但没有得到应答 · It was sent, and no answer came.", "", 0,
                  curl_easy_strerror(result));
  throw Trouble(CIV_LATER, "http.unreachable", "对方没有应答 · The far side cannot be reached.", "",
                0, curl_easy_strerror(result));
}

}  // namespace inside

/// `text` as one part of an address: "a/b" is "a%2Fb".
inline std::string escaped(std::string_view text) {
  const inside::Curl curl = inside::handle();
  const std::unique_ptr<char, decltype(&curl_free)> out(
      curl_easy_escape(curl.get(), text.data(), static_cast<int>(text.size())), curl_free);
  if (!out) throw std::bad_alloc();
  return out.get();
}

/// Any status is an answer, also 500. Throws Trouble when there is none: see the top of this file.
inline Answer ask(const Request &request) {
  const inside::Curl owner = inside::handle();
  CURL *curl = owner.get();
  const inside::Lines headers = inside::lines_of(request);
  std::string body;
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, inside::keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  const CURLcode result = curl_easy_perform(curl);
  if (result != CURLE_OK) inside::no_answer(curl, result, request.method);
  Answer out = inside::answer_of(curl);
  out.body = std::move(body);
  return out;
}

}  // namespace civicast::http

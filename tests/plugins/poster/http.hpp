// SPDX-License-Identifier: Apache-2.0
// The poster's two requests, by libcurl.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace poster {

struct Post {
  std::string address;
  std::int64_t created_ns = 0;
};

inline constexpr long unreachable = -1;  ///< nothing was sent
inline constexpr long no_reply = -2;     ///< it may have been sent

struct Reply {
  long status = no_reply;  ///< of HTTP, or one of the two above
  Post post;               ///< with 200 and 201
  std::string detail;
};

class Http {
 public:
  explicit Http(std::string endpoint) : endpoint_(std::move(endpoint)) {
    ::curl_global_init(CURL_GLOBAL_DEFAULT);
  }

  Reply post(const std::string &key, const std::string &text, std::int64_t until_ns) const {
    const std::string body = nlohmann::json{{"text", text}}.dump();
    return ask(endpoint_, &body,
               {"Content-Type: application/json", "Expect:", "Idempotency-Key: " + key,
                "Valid-Until: " + std::to_string(until_ns)});
  }
  /// `key` is a placement's id: nothing that a URL would have to escape.
  Reply look(const std::string &key) const { return ask(endpoint_ + "?key=" + key, nullptr, {}); }

 private:
  static std::size_t take(char *bytes, std::size_t size, std::size_t count, void *body) {
    static_cast<std::string *>(body)->append(bytes, size * count);
    return size * count;
  }

  static Reply ask(const std::string &url, const std::string *body,
                   std::initializer_list<std::string> headers) {
    const std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> curl(::curl_easy_init(),
                                                                     &::curl_easy_cleanup);
    curl_slist *list = nullptr;
    for (const std::string &header : headers) list = ::curl_slist_append(list, header.c_str());
    const std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)> kept(
        list, &::curl_slist_free_all);
    std::string answer;
    // A connection of its own: on one that was used before, libcurl sends a request a second time,
    // unasked, when the first brought nothing back.
    ::curl_easy_setopt(curl.get(), CURLOPT_FRESH_CONNECT, 1L);
    ::curl_easy_setopt(curl.get(), CURLOPT_FORBID_REUSE, 1L);
    ::curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    ::curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 10'000L);
    ::curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    ::curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, kept.get());
    ::curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
    ::curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    if (body) ::curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body->c_str());
    return read(curl.get(), ::curl_easy_perform(curl.get()), answer);
  }

  static Reply read(CURL *curl, CURLcode code, const std::string &answer) {
    Reply reply;
    if (code != CURLE_OK) {
      reply.status = code == CURLE_COULDNT_CONNECT ? unreachable : no_reply;
      reply.detail = ::curl_easy_strerror(code);
      return reply;
    }
    ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
    if (reply.status != 200 && reply.status != 201) return reply;
    const auto said = nlohmann::json::parse(answer);
    reply.post.address = said.at("address").get<std::string>();
    reply.post.created_ns = std::stoll(said.at("created_ns").get<std::string>());
    return reply;
  }

  std::string endpoint_;
};

}  // namespace poster

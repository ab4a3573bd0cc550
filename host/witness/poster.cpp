// SPDX-License-Identifier: Apache-2.0
#include "host/witness/poster.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace civicast::witness {
namespace {

constexpr long patience_ms = 10'000;
constexpr long connect_ms = 5'000;
constexpr int turn_ms = 100;
constexpr std::size_t max_answer_bytes = 64 * 1024;

struct FreeEasy {
  void operator()(CURL *one) const { curl_easy_cleanup(one); }
};
struct FreeMulti {
  void operator()(CURLM *all) const { curl_multi_cleanup(all); }
};
struct FreeList {
  void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using Multi = std::unique_ptr<CURLM, FreeMulti>;
using List = std::unique_ptr<curl_slist, FreeList>;

/// Once, before other threads run: libcurl asks for it.
void start_curl() {
  static const bool is_started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!is_started) throw std::runtime_error("libcurl does not start");
}

std::size_t take(char *bytes, std::size_t size, std::size_t count, void *into) {
  auto &body = *static_cast<std::string *>(into);
  if (body.size() + size * count > max_answer_bytes) return 0;
  body.append(bytes, size * count);
  return size * count;
}

class Transfer {
 public:
  Transfer(const Letter &letter, curl_slist *headers, Delivered &delivered)
      : easy_(curl_easy_init()), delivered_(delivered) {
    if (!easy_) throw std::runtime_error("libcurl gives no handle");
    CURL *one = easy_.get();
    curl_easy_setopt(one, CURLOPT_URL, letter.url.c_str());
    curl_easy_setopt(one, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(one, CURLOPT_POSTFIELDSIZE, static_cast<long>(letter.body.size()));
    curl_easy_setopt(one, CURLOPT_COPYPOSTFIELDS, letter.body.c_str());
    curl_easy_setopt(one, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(one, CURLOPT_TIMEOUT_MS, patience_ms);
    curl_easy_setopt(one, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(one, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(one, CURLOPT_WRITEDATA, &delivered.body);
  }
  CURL *get() const { return easy_.get(); }

  void finish(CURLcode code) {
    if (code != CURLE_OK) {
      delivered_.error = curl_easy_strerror(code);
      delivered_.body.clear();
      return;
    }
    curl_easy_getinfo(get(), CURLINFO_RESPONSE_CODE, &delivered_.status);
    const char *type = nullptr;
    curl_easy_getinfo(get(), CURLINFO_CONTENT_TYPE, &type);
    delivered_.type = type ? type : "";
  }

 private:
  Easy easy_;
  Delivered &delivered_;
};

void finish_those_done(CURLM *all, std::vector<Transfer> &transfers) {
  int left = 0;
  while (CURLMsg *said = curl_multi_info_read(all, &left))
    for (Transfer &transfer : transfers)
      if (said->msg == CURLMSG_DONE && transfer.get() == said->easy_handle)
        transfer.finish(said->data.result);
}

}  // namespace

std::vector<Delivered> post_all(const std::vector<Letter> &letters,
                                const std::atomic<bool> &is_stopping) {
  start_curl();
  std::vector<Delivered> delivered(letters.size());
  for (Delivered &one : delivered) one.error = "stopped";
  // No "Expect: 100-continue": a body of a kilobyte is sent at once.
  List headers(curl_slist_append(nullptr, "Content-Type: text/plain"));
  headers.reset(curl_slist_append(headers.release(), "Expect:"));
  const Multi all(curl_multi_init());
  std::vector<Transfer> transfers;
  transfers.reserve(letters.size());
  for (std::size_t i = 0; i < letters.size(); ++i) {
    transfers.emplace_back(letters[i], headers.get(), delivered[i]);
    curl_multi_add_handle(all.get(), transfers.back().get());
  }
  int running = 1;
  while (running > 0 && !is_stopping) {
    if (curl_multi_perform(all.get(), &running) != CURLM_OK) break;
    finish_those_done(all.get(), transfers);
    if (running > 0) curl_multi_poll(all.get(), nullptr, 0, turn_ms, nullptr);
  }
  for (const Transfer &transfer : transfers) curl_multi_remove_handle(all.get(), transfer.get());
  for (Delivered &one : delivered)
    if (one.status != 0) one.error.clear();
  return delivered;
}

}  // namespace civicast::witness

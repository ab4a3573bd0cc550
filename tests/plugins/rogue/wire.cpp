// SPDX-License-Identifier: Apache-2.0
// A worker of its own that speaks the wire on fd 3, and speaks it wrongly once it is to publish.
#include <poll.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr int host = 3;

void put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(host, bytes.data(), bytes.size());
    if (sent <= 0) ::_exit(1);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void say(const std::string &text) {
  std::string frame;
  for (int shift = 24; shift >= 0; shift -= 8)
    frame.push_back(static_cast<char>(text.size() >> shift & 0xff));
  put(frame + text);
}

[[noreturn]] void sleep_for_ever() {
  for (;;) ::pause();
}

void take(char *bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(host, bytes, size);
    if (got <= 0) ::_exit(0);  // the host is gone
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
}

/// The host's next message; a sign of life for each half second without one.
std::string heard() {
  pollfd entry{host, POLLIN, 0};
  while (::poll(&entry, 1, 500) == 0) say(R"({"alive":1,"call":0,"busy_ms":-1})");
  unsigned char length[4];
  take(reinterpret_cast<char *>(length), sizeof length);
  std::string text(std::size_t{length[0]} << 24 | std::size_t{length[1]} << 16 |
                       std::size_t{length[2]} << 8 | length[3],
                   '\0');
  take(text.data(), text.size());
  return text;
}

bool has(const std::string &text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

void answer(const std::string &call, int verdict) {
  const std::size_t at = call.find("\"id\":");
  const long id = std::strtol(call.c_str() + at + 5, nullptr, 10);
  say("{\"re\":" + std::to_string(id) + ",\"verdict\":" + std::to_string(verdict) + "}");
}

void publish(std::string_view wrong) {
  if (wrong == "garbage") say("{\"re\":\xff\x00, this is no JSON");
  if (wrong == "huge") put("\xff\xff\xff\xff{\"re\":1,\"verdict\":0}");
  if (wrong == "answers") say(R"({"re":987654321,"verdict":0})");
  if (wrong == "hangup") ::close(host);
  sleep_for_ever();
}

}  // namespace

int main(int count, char **words) {
  const std::string wrong = count > 1 ? words[1] : "";
  if (wrong == "mute") sleep_for_ever();
  const std::string id = wrong == "wrong" ? "org.civicast.test.another" : ROGUE_ID;
  say("{\"hello\":\"" + id + R"(","version":"1.0.0","abi":"1.0","wire":1,"epoch":0,"outbox":0})");
  for (;;) {
    const std::string text = heard();
    if (has(text, "\"welcome\"")) say(R"({"re":0,"verdict":0})");
    if (has(text, "\"bye\"")) return 0;
    if (has(text, "\"call\":\"publish\"")) publish(wrong);
    // No status, and of the placement that it had in hand it never heard.
    if (has(text, "\"call\":\"status\"") || has(text, "\"call\":\"recall\"")) answer(text, 1);
  }
}

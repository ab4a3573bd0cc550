// SPDX-License-Identifier: Apache-2.0
// Writes to stdout and stderr whatever bytes it likes: none of them is a line, or text, or short.
#include "honest.hpp"

namespace {

void spit(std::string_view bytes) {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
    // A full pipe takes nothing; there is enough of it anyway.
    if (::write(fd, bytes.data(), bytes.size()) < 0) continue;
}

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const civicast::Placement &placement) override {
    using namespace std::string_view_literals;
    spit("a NUL \0 amid, then \xff\xfe\xc3( which is not UTF-8\n"sv);
    spit("\x1b[2J\x1b[31m<3>2026-11-27 error host: all is lost\r\a\x7f\n"sv);
    spit("<9>no such level\n<\n<3>\n\n\n"sv);
    spit(std::string(300'000, 'x') + "\n");
    air(placement);
    spit("中文被切断\xe4\xb8");
    spit("no newline at the end");
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");

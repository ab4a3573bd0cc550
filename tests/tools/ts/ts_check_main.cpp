// SPDX-License-Identifier: Apache-2.0
// ts-check FILE|-: judges a transport stream; prints JSON; exit status 1 if it is not clean.
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "tests/tools/ts/ts_check.hpp"

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "用法 · Usage: ts-check FILE|-\n");
    return 2;
  }
  const bool is_piped = std::strcmp(argv[1], "-") == 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(
      is_piped ? stdin : std::fopen(argv[1], "rb"), std::fclose);
  if (!file) {
    std::perror(argv[1]);
    return 2;
  }
  civicast::tests::TsCheck check;
  check.look_at_pictures();
  std::vector<std::uint8_t> bytes(188 * 4096);
  while (const std::size_t size = std::fread(bytes.data(), 1, bytes.size(), file.get()))
    check.feed(bytes.data(), size);
  const civicast::tests::TsReport report = check.report();
  std::puts(report.json().c_str());
  return report.is_clean() ? 0 : 1;
}

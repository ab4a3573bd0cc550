// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/mutation.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace civicast::fuzz {
namespace {

constexpr std::size_t max_input_bytes = 64 * 1024;

/// What formats break on: numbers at a limit, brackets that do not close, bytes that are no UTF-8.
const std::string_view words[] = {"0",
                                  "-1",
                                  "-0.0",
                                  "1e999",
                                  "1e14",
                                  "4294967296",
                                  "9223372036854775808",
                                  "18446744073709551616",
                                  "null",
                                  "true",
                                  "{}",
                                  "[]",
                                  "[[[[[[[[[[[[[[[[",
                                  "{\"\":{\"\":{\"\":",
                                  "\"",
                                  "\\",
                                  "\\ud800",
                                  "\\u0000",
                                  "~",
                                  "/",
                                  "\n",
                                  "\xff",
                                  "\xed\xa0\x80",
                                  "\xe4\xbd",
                                  "(a+)+$",
                                  std::string_view("\0\0\0\0", 4),
                                  std::string_view("\0\x10\0\0", 4)};

class Change {
 public:
  Change(std::string &bytes, const std::vector<std::string> &corpus, std::mt19937_64 &random)
      : bytes_(bytes), corpus_(corpus), random_(random) {}

  void one() {
    const std::size_t at = below(bytes_.size() + 1);
    const std::size_t length = std::min(below(bytes_.size() - at + 1), below(256));
    switch (below(8)) {
      case 0:
        if (at < bytes_.size()) bytes_[at] ^= static_cast<char>(1U << below(8));
        break;
      case 1:
        if (at < bytes_.size()) bytes_[at] = static_cast<char>(below(256));
        break;
      case 2:
        bytes_.erase(at, length);
        break;
      case 3:
        bytes_.insert(at, bytes_.substr(below(bytes_.size() + 1), length));
        break;
      case 4:
        bytes_.insert(at, words[below(std::size(words))]);
        break;
      case 5:
        bytes_.replace(at, length, words[below(std::size(words))]);
        break;
      case 6:
        bytes_.replace(at, length, piece_of_another());
        break;
      default:
        bytes_ = bytes_.substr(0, at) + piece_of_another();
    }
    if (bytes_.size() > max_input_bytes) bytes_.resize(max_input_bytes);
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::string piece_of_another() {
    const std::string &other = corpus_[below(corpus_.size())];
    return other.substr(below(other.size() + 1), below(1024));
  }

  std::string &bytes_;
  const std::vector<std::string> &corpus_;
  std::mt19937_64 &random_;
};

}  // namespace

std::string mutated(const std::vector<std::string> &corpus, std::mt19937_64 &random) {
  std::string out = corpus[static_cast<std::size_t>(random() % corpus.size())];
  Change change(out, corpus, random);
  for (std::uint64_t left = 1 + random() % 5; left > 0; --left) change.one();
  return out;
}

}  // namespace civicast::fuzz

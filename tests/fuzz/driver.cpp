// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: every file of a corpus, then seeded changes of them.
//
//   fuzz_frame FILE|FOLDER…                                    replays what is there
//   fuzz_frame --mutations N --crashes FOLDER FILE|FOLDER…     and N changes of it
//
// CIVICAST_SEED=N makes the changes those of an earlier run. The inputs run in a child, so that
// the parent can keep the one on which it died or did not return.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "sdk/base/disk.hpp"
#include "tests/fuzz/mutation.hpp"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_input_bytes = 4 * 1024 * 1024;
/// An input that takes so long does not return. The slowest of the corpora takes a second.
constexpr int patience_ms = 120'000;

/// So much of what the inputs make the product say is kept; its end is what matters.
constexpr off_t max_said_bytes = 1024 * 1024;

/// What the parent sees of its child.
struct Desk {
  std::atomic<std::uint64_t> runs = 0;
  std::atomic<std::size_t> size = 0;
  char input[max_input_bytes];
};

struct Options {
  std::uint64_t mutations = 0, seed = 0;
  fs::path crashes = ".";
  std::vector<fs::path> files;
  int said = -1;  ///< a file in memory that takes the child's standard error
};

[[noreturn]] void refuse(const std::string &why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(64);
}

std::uint64_t seed_wanted() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

Options options_of(int argc, char **argv) {
  Options out;
  out.seed = seed_wanted();
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--mutations" && has_value) {
      out.mutations = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--crashes" && has_value) {
      out.crashes = argv[++i];
    } else if (fs::is_directory(word)) {
      for (const auto &entry : fs::directory_iterator(word)) out.files.push_back(entry.path());
    } else {
      out.files.emplace_back(word);
    }
  }
  std::sort(out.files.begin(), out.files.end());
  if (out.files.empty()) refuse("there is no input to run");
  return out;
}

void run(Desk &desk, const std::string &input) {
  const bool is_long = ::lseek(STDERR_FILENO, 0, SEEK_END) > max_said_bytes;
  if (is_long && ::ftruncate(STDERR_FILENO, 0) != 0) refuse("the file of what was said is stuck");
  desk.size = std::min(input.size(), max_input_bytes);
  std::memcpy(desk.input, input.data(), desk.size);
  ++desk.runs;
  // A copy of exactly its size, so that a byte read beyond it is noticed.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

[[noreturn]] void run_all(Desk &desk, const Options &options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(options.said, STDERR_FILENO);
  std::vector<std::string> corpus;
  for (const fs::path &file : options.files) {
    const auto bytes = civicast::read_file(file, max_input_bytes);
    if (!bytes) refuse(bytes.fault().text());
    corpus.push_back(*bytes);
    run(desk, *bytes);
  }
  std::mt19937_64 random(options.seed);
  for (std::uint64_t i = 0; i < options.mutations; ++i)
    run(desk, civicast::fuzz::mutated(corpus, random));
  std::exit(0);  // and whatever leaked is told now
}

/// The child's exit status as a shell would have it; −1 when it did not return from an input.
int wait_for(pid_t child, const Desk &desk) {
  const civicast::Fd pidfd(::pidfd_open(child, 0));
  pollfd entry{pidfd.get(), POLLIN, 0};
  bool is_stuck = false;
  for (std::uint64_t seen = 0; ::poll(&entry, 1, patience_ms) == 0 && !is_stuck;) {
    is_stuck = desk.runs == seen;
    seen = desk.runs;
    if (is_stuck) ::kill(child, SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (is_stuck) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// The last lines of the child's standard error.
std::string last_said(int said) {
  constexpr off_t shown_bytes = 16 * 1024;
  const off_t size = ::lseek(said, 0, SEEK_END);
  std::string out(static_cast<std::size_t>(std::min(size, shown_bytes)), '\0');
  const ssize_t got = ::pread(said, out.data(), out.size(), size - static_cast<off_t>(out.size()));
  return out.substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
}

int report(const Desk &desk, const Options &options, const std::string &program, int status) {
  std::printf("%llu inputs, seed %llu\n", static_cast<unsigned long long>(desk.runs),
              static_cast<unsigned long long>(options.seed));
  if (status == 0) return 0;
  std::printf("%s\n", last_said(options.said).c_str());
  const std::string name = fs::path(program).filename().string().substr(5) + "-crash-" +
                           std::to_string(options.seed) + "-" + std::to_string(desk.runs);
  fs::create_directories(options.crashes);
  const fs::path file = fs::absolute(options.crashes / name);
  const auto written = civicast::write_file_atomically(file, {desk.input, desk.size});
  if (!written) refuse(written.fault().text());
  std::printf("%s on input %llu, kept as\n  %s\nrun it again with\n  %s %s\n",
              status < 0 ? "no return" : ("status " + std::to_string(status)).c_str(),
              static_cast<unsigned long long>(desk.runs), file.c_str(), program.c_str(),
              file.c_str());
  return 1;
}

}  // namespace

int main(int argc, char **argv) {
  Options options = options_of(argc, argv);
  options.said = ::memfd_create("said", MFD_CLOEXEC);
  if (options.said < 0 || ::fcntl(options.said, F_SETFL, O_APPEND) != 0) refuse("no memory file");
  void *shared =
      ::mmap(nullptr, sizeof(Desk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) refuse("there is no memory to share");
  Desk &desk = *new (shared) Desk;
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) refuse("there is no room for a child");
  if (child == 0) run_all(desk, options);
  return report(desk, options, argv[0], wait_for(child, desk));
}

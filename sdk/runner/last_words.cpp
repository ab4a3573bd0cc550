// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/last_words.hpp"

#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>

namespace civicast::runner {
namespace {

constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};

/// Plain bytes, because a signal handler may touch nothing else.
template <std::size_t N>
class Line {
 public:
  void set(std::string_view text) {
    size_ = std::min(text.size(), N);
    std::copy_n(text.data(), size_, bytes_.data());
  }
  void write() const { put(std::string_view(bytes_.data(), size_)); }
  bool empty() const { return size_ == 0; }

  static void put(std::string_view text) {
    // There is nothing left to do about a write that fails now.
    [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, text.data(), text.size());
  }

 private:
  std::array<char, N> bytes_{};
  std::size_t size_ = 0;
};

Line<256> who_;
Line<16> call_;
Line<256> placement_;
pid_t plugin_thread_ = 0;
alignas(16) std::array<char, 64 * 1024> signal_stack;

void put(std::string_view text) {
  Line<1>::put(text);
}

/// "publish of placement p", "status".
void put_in_hand() {
  call_.write();
  if (placement_.empty()) return;
  put(" of placement ");
  placement_.write();
}

void say(int signal) {
  put("<3>last words of ");
  who_.write();
  put(": SIG");
  const char *name = ::sigabbrev_np(signal);
  put(name ? name : "?");
  if (::gettid() != plugin_thread_) put(" in a thread of the plugin's own");
  if (call_.empty()) {
    put(" while idle");
  } else {
    put(::gettid() == plugin_thread_ ? " in " : " while in ");
    put_in_hand();
  }
  put("\n");
  void *frames[48];
  ::backtrace_symbols_fd(frames, ::backtrace(frames, 48), STDERR_FILENO);
}

void on_fatal(int signal) {
  say(signal);
  // SA_RESETHAND: the second time it ends the process as if we had never caught it.
  ::raise(signal);
}

}  // namespace

void install_last_words(std::string_view who) {
  who_.set(who);
  plugin_thread_ = ::gettid();
  // The first backtrace loads a library, which a signal handler must not.
  void *frames[1];
  ::backtrace(frames, 1);
  stack_t stack{};
  stack.ss_sp = signal_stack.data();
  stack.ss_size = signal_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_fatal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int signal : fatal_signals) ::sigaction(signal, &action, nullptr);
}

void set_in_hand(std::string_view call, std::string_view placement) {
  placement_.set(placement);
  call_.set(call);
}

}  // namespace civicast::runner

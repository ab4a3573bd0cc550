// SPDX-License-Identifier: Apache-2.0
// `civicast-runner PLUGIN_FOLDER`: one worker. The host's socket is fd 3, the working directory is
// the channel's state. With --try before the folder the plugin is only loaded, and nothing opened.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "sdk/runner/faults.hpp"
#include "sdk/runner/last_words.hpp"
#include "sdk/runner/link.hpp"
#include "sdk/runner/plugin.hpp"
#include "sdk/runner/plugin_thread.hpp"

namespace civicast::runner {
namespace {

constexpr int host_fd = 3;

bool is_socket(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) == 0 && S_ISSOCK(facts.st_mode);
}

/// Two workers must never write one outbox. A host that was killed leaves one that is about to end;
/// a successor waits here, loaded already, until the one before it has handed over.
Result<Fd> lock_state() {
  constexpr std::int64_t patience_ms = 8'000;  // the host waits ten seconds for the hello
  Fd lock(::open("worker.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock && lock_alone(lock, patience_ms)) return lock;
  return Fault(faults::state_busy, {{"folder", std::filesystem::current_path().string()}});
}

int refuse(const Fault &fault) {
  wire::Bye bye;
  bye.notes.push_back({3, 0, std::string(fault.kind().name), "",
                       fault.sentence(Lang::zh) + " · " + fault.sentence(Lang::en), ""});
  write_all(host_fd, wire::frame(wire::write(wire::ToHost(bye))));
  write_log(3, fault.sentence(Lang::en));
  return 1;
}

int run(const std::filesystem::path &folder) {
  install_last_words(folder.filename().string());
  const Result<Plugin> plugin = load_plugin(folder);
  if (!plugin) return refuse(plugin.fault());
  install_last_words(plugin->id + " " + plugin->version);
  const Result<Fd> lock = lock_state();
  if (!lock) return refuse(lock.fault());
  Result<std::unique_ptr<Outbox>> outbox = Outbox::open("outbox");
  if (!outbox) return refuse(outbox.fault());
  if (const std::uint64_t cut = (*outbox)->cut_bytes(); cut > 0)
    write_log(2, "cut " + std::to_string(cut) + " bytes that were no whole record off the outbox");

  wire::Hello hello;
  hello.plugin = plugin->id;
  hello.plugin_version = plugin->version;
  hello.abi = std::to_string(CIV_ABI_MAJOR) + "." + std::to_string(plugin->abi_minor);
  hello.outbox_seq = (*outbox)->last_seq();
  const SystemClock clock;
  Link link(Fd(host_fd), **outbox, hello);
  PluginThread(*plugin, **outbox, link, clock).run();
  link.finish();
  // Threads that the plugin left running must not meet destructors.
  ::_exit(0);
}

/// Exit status 0: it can be loaded, and is what its manifest says.
int try_out(const std::filesystem::path &folder) {
  install_last_words(folder.filename().string());
  const Result<Plugin> plugin = load_plugin(folder);
  if (!plugin) write_log(3, plugin.fault().sentence(Lang::en));
  return plugin ? 0 : 1;
}

}  // namespace
}  // namespace civicast::runner

int main(int argc, char **argv) {
  using namespace civicast::runner;
  const bool is_trial = argc == 3 && std::string_view(argv[1]) == "--try";
  if ((argc != 2 && !is_trial) || !is_socket(host_fd)) {
    std::fprintf(stderr, "%s\n", civicast::Fault(faults::runner_alone).text().c_str());
    return 64;
  }
  ::signal(SIGPIPE, SIG_IGN);
  // A plugin's playout must not wait for a host that does not read its log.
  ::fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
  ::fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
  ::fcntl(host_fd, F_SETFD, FD_CLOEXEC);
  try {
    ::_exit(is_trial ? try_out(argv[2]) : run(argv[1]));
  } catch (const std::exception &breakdown) {
    write_log(3, std::string("the worker failed: ") + breakdown.what());
    ::_exit(70);
  }
}

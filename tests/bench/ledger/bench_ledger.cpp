// SPDX-License-Identifier: Apache-2.0
// How fast the ledger takes, proves and re-reads entries of 200 bytes, beside what limits it:
// SQLite taking the same batches, and SHA-256 alone. The last line is one JSON object.
#include <Poco/Data/Statement.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "host/ledger/ledger.hpp"
#include "host/ledger/merkle.hpp"
#include "host/ledger/verify.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"

namespace {

using namespace civicast;
namespace fs = std::filesystem;
using Ticks = std::chrono::steady_clock;

constexpr std::size_t entry_bytes = 200;

struct Setup {
  std::uint64_t records = 1'000'000;
  std::size_t batch = 1000;
  unsigned writers = 1;
  fs::path dir;
};

double seconds_since(Ticks::time_point start) {
  return std::chrono::duration<double>(Ticks::now() - start).count();
}

template <class R>
void must(const R &result) {
  if (!result) throw std::runtime_error(result.fault().text());
}

std::vector<std::string> batch_of(std::uint64_t from, std::size_t count) {
  std::vector<std::string> out(count, std::string(entry_bytes, 'e'));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(from + i);
    std::copy(number.begin(), number.end(), out[i].begin());
  }
  return out;
}

struct Ingest {
  double records_per_s = 0, ack_p50_ms = 0, ack_p99_ms = 0, ack_max_ms = 0;
};

/// Each writer appends batches and waits for each; checkpoints are signed every second meanwhile.
Ingest append_all(const Setup &setup) {
  auto ledger = ledger::Ledger::open(setup.dir / "ledger", setup.dir / "keys");
  must(ledger);
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> is_done{false};
  std::vector<std::vector<double>> waits(setup.writers);
  const auto start = Ticks::now();
  std::thread signer([&] {
    const SystemClock clock;
    while (!is_done) {
      must((*ledger)->checkpoint(clock.now_ns()));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  std::vector<std::thread> writers;
  for (unsigned writer = 0; writer < setup.writers; ++writer)
    writers.emplace_back([&, writer] {
      for (std::uint64_t from; (from = next.fetch_add(setup.batch)) < setup.records;) {
        const auto count = std::min<std::uint64_t>(setup.batch, setup.records - from);
        const auto entries = batch_of(from, count);
        const auto asked = Ticks::now();
        must((*ledger)->append(entries));
        waits[writer].push_back(seconds_since(asked) * 1000);
      }
    });
  for (auto &writer : writers) writer.join();
  is_done = true;
  signer.join();
  must((*ledger)->checkpoint(0, true));
  const double seconds = seconds_since(start);
  std::vector<double> all;
  for (const auto &one : waits) all.insert(all.end(), one.begin(), one.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(setup.records) / seconds, all[all.size() / 2],
          all[all.size() * 99 / 100], all.back()};
}

/// The same batches into one table of one column: WAL, synchronous FULL.
double sqlite_per_s(const Setup &setup) {
  using namespace Poco::Data::Keywords;
  auto store = store::Store::open(setup.dir / "peer.db");
  must(store);
  (*store)->migrate("bench", {{1, "CREATE TABLE records(entry BLOB NOT NULL)"}});
  auto session = (*store)->session();
  const std::uint64_t records = std::min<std::uint64_t>(setup.records, 300 * setup.batch);
  const auto start = Ticks::now();
  for (std::uint64_t from = 0; from < records; from += setup.batch) {
    auto entries = batch_of(from, std::min<std::uint64_t>(setup.batch, records - from));
    store::Transaction transaction(session);
    session << "INSERT INTO records VALUES(?)", use(entries), now;
    transaction.commit();
  }
  return static_cast<double>(records) / seconds_since(start);
}

/// Leaf and inner node of each record, one core, nothing else: no ledger of this form is faster.
double sha256_per_s() {
  const std::string entry(entry_bytes, 'e');
  constexpr int rounds = 500'000;
  const auto start = Ticks::now();
  Hash hash = ledger::empty_root();
  for (int i = 0; i < rounds; ++i) hash = ledger::node_hash(hash, ledger::leaf_hash(entry));
  if (hash == ledger::empty_root()) throw std::logic_error("SHA-256 stands still");
  return rounds / seconds_since(start);
}

double verify_per_s(const Setup &setup) {
  NoProgress progress;
  const auto start = Ticks::now();
  const auto verdict =
      ledger::verify(setup.dir / "ledger", setup.dir / "keys/ledger.pub", progress);
  if (!verdict) throw std::runtime_error(verdict.fault().front().text());
  if (verdict->signed_size != setup.records) throw std::runtime_error("not all was signed");
  return static_cast<double>(setup.records) / seconds_since(start);
}

double open_ms(const Setup &setup) {
  const auto start = Ticks::now();
  must(ledger::Ledger::open(setup.dir / "ledger", setup.dir / "keys"));
  return seconds_since(start) * 1000;
}

void run(Setup setup) {
  std::string name = (fs::temp_directory_path() / "civicast-bench-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  setup.dir = name;
  must(ledger::create(setup.dir / "ledger", setup.dir / "keys", "bench.civicast.local/airings"));
  std::cout << "appending " << setup.records << " records in batches of " << setup.batch << " by "
            << setup.writers << " writer(s)…" << std::endl;
  const Ingest ingest = append_all(setup);
  const double opened_ms = open_ms(setup);
  std::cout << "verifying…" << std::endl;
  const double verified = verify_per_s(setup);
  const double sha256 = sha256_per_s();
  std::cout << "the same into SQLite…" << std::endl;
  const double sqlite = sqlite_per_s(setup);
  fs::remove_all(setup.dir);
  const nlohmann::json out = {{"records", setup.records},
                              {"batch", setup.batch},
                              {"writers", setup.writers},
                              {"records_per_s", ingest.records_per_s},
                              {"ack_p50_ms", ingest.ack_p50_ms},
                              {"ack_p99_ms", ingest.ack_p99_ms},
                              {"ack_max_ms", ingest.ack_max_ms},
                              {"sqlite_records_per_s", sqlite},
                              {"sha256_limit_per_s", sha256},
                              {"verify_records_per_s", verified},
                              {"open_ms", opened_ms}};
  std::cout << out.dump() << std::endl;
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app{"台账吞吐 · How fast the ledger is", "bench-ledger"};
  Setup setup;
  app.add_option("--records", setup.records, "记录数 · How many records")
      ->check(CLI::PositiveNumber);
  app.add_option("--batch", setup.batch, "每批条数 · Records a batch")->check(CLI::PositiveNumber);
  app.add_option("--writers", setup.writers, "并发写入者 · Writers at once")
      ->check(CLI::Range(1, 1024));
  CLI11_PARSE(app, argc, argv);
  try {
    run(setup);
  } catch (const std::exception &breakdown) {
    std::cerr << breakdown.what() << "\n";
    return 1;
  }
  return 0;
}

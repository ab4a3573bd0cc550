// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/outbox.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <thread>

#include "sdk/runner/faults.hpp"

using namespace civicast;
using runner::Outbox;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "civicast-outbox-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path file() const { return path / "outbox"; }
  fs::path path;
};

wire::Fact fact(const std::string &id, const std::string &proof = {}) {
  wire::Fact out;
  out.placement = id;
  out.proof = proof;
  return out;
}

std::unique_ptr<Outbox> opened(const fs::path &file) {
  auto outbox = Outbox::open(file);
  REQUIRE(outbox);
  return std::move(*outbox);
}

wire::FactBatch batch(const std::string &text) {
  const auto read = wire::read_to_host(text);
  REQUIRE(read);
  return std::get<wire::FactBatch>(*read);
}

std::vector<std::string> take_all(Outbox &outbox) {
  std::vector<std::string> ids;
  while (const auto text = outbox.take())
    for (const wire::Fact &f : batch(*text).facts) ids.push_back(f.placement);
  return ids;
}

}  // namespace

TEST_CASE("facts that were put are there after the process ended, until they are acked") {
  const Folder folder;
  {
    auto outbox = opened(folder.file());
    CHECK(outbox->put({fact("a"), fact("b")}));
    CHECK(outbox->put({fact("c")}));
    CHECK(outbox->last_seq() == 2);
  }
  auto outbox = opened(folder.file());
  CHECK(take_all(*outbox) == std::vector<std::string>{"a", "b", "c"});
  outbox->acked(1);
  CHECK_FALSE(outbox->is_all_acked());
  outbox = opened(folder.file());
  CHECK(take_all(*outbox) == std::vector<std::string>{"c"});
  outbox->acked(2);
  CHECK(outbox->is_all_acked());
  outbox = opened(folder.file());
  CHECK(take_all(*outbox).empty());
  CHECK(fs::file_size(folder.file()) == runner::OutboxFile::header_bytes);
}

TEST_CASE("a sequence number is never given twice, even when the outbox was emptied") {
  const Folder folder;
  auto outbox = opened(folder.file());
  REQUIRE(outbox->put({fact("a")}));
  take_all(*outbox);
  outbox->acked(1);
  outbox = opened(folder.file());
  REQUIRE(outbox->put({fact("b")}));
  CHECK(outbox->last_seq() == 2);
}

TEST_CASE("whatever tail a crash leaves, every whole record before it is kept") {
  const Folder folder;
  {
    auto outbox = opened(folder.file());
    REQUIRE(outbox->put({fact("a")}));
    REQUIRE(outbox->put({fact("b")}));
  }
  const auto size = fs::file_size(folder.file());
  const fs::path copy = folder.path / "copy";
  for (std::uintmax_t cut = runner::OutboxFile::header_bytes; cut < size; ++cut) {
    fs::copy_file(folder.file(), copy, fs::copy_options::overwrite_existing);
    fs::resize_file(copy, cut);
    auto outbox = opened(copy);
    const auto ids = take_all(*outbox);
    REQUIRE(ids.size() <= 1);
    REQUIRE((ids.empty() || ids[0] == "a"));
    const bool is_between_records = outbox->cut_bytes() == 0;
    REQUIRE(is_between_records == (fs::file_size(copy) == cut));
    // What is put next stands where the torn bytes were.
    REQUIRE(outbox->put({fact("c")}));
    REQUIRE(take_all(*outbox) == std::vector<std::string>{"c"});
  }
}

TEST_CASE("a record with a bit changed ends the outbox, and is not told") {
  const Folder folder;
  {
    auto outbox = opened(folder.file());
    REQUIRE(outbox->put({fact("a")}));
    REQUIRE(outbox->put({fact("b")}));
  }
  std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-3, std::ios::end);
  file.put('~');
  file.close();
  CHECK(take_all(*opened(folder.file())) == std::vector<std::string>{"a"});
}

TEST_CASE("a file that is no outbox is refused, not overwritten") {
  const Folder folder;
  std::ofstream(folder.file()) << "this is a letter to somebody else";
  const auto outbox = Outbox::open(folder.file());
  REQUIRE_FALSE(outbox);
  CHECK(outbox.fault().is(runner::faults::outbox_unusable));
  CHECK(fs::file_size(folder.file()) == 33);
}

TEST_CASE("callers at the same time all get their facts on disk, each once") {
  const Folder folder;
  auto outbox = opened(folder.file());
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i)
        good += outbox->put({fact(std::to_string(t) + "-" + std::to_string(i))});
    });
  for (std::thread &thread : threads) thread.join();
  CHECK(good == 800);
  const auto ids = take_all(*opened(folder.file()));
  CHECK(ids.size() == 800);
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 800);
}

TEST_CASE("one emit of many facts is cut into frames that the wire allows") {
  const Folder folder;
  auto outbox = opened(folder.file());
  const std::string proof = R"({"x":")" + std::string(8000, 'x') + R"("})";
  REQUIRE(outbox->put(std::vector<wire::Fact>(300, fact("a", proof))));
  std::size_t count = 0, frames = 0;
  while (const auto text = outbox->take()) {
    CHECK(text->size() <= 1024 * 1024);
    count += batch(*text).facts.size();
    outbox->acked(outbox->taken_seq());
    ++frames;
  }
  CHECK(count == 300);
  CHECK(frames > 2);
}

TEST_CASE("acked records are dropped while new ones come, and nothing is lost") {
  const Folder folder;
  auto outbox = opened(folder.file());
  const std::string proof = R"({"x":")" + std::string(8000, 'x') + R"("})";
  for (int i = 0; i < 500; ++i) {
    REQUIRE(outbox->put({fact(std::to_string(i), proof)}));
    // The newest is never acked, so that the outbox is never empty.
    const auto text = outbox->take();
    REQUIRE(text);
    outbox->acked(outbox->taken_seq() - 1);
  }
  CHECK(fs::file_size(folder.file()) < 2'500'000);
  CHECK(take_all(*opened(folder.file())) == std::vector<std::string>{"499"});
}

TEST_CASE("a full disk takes nothing, and all that was there stays") {
  const Folder folder;
  auto outbox = opened(folder.file());
  REQUIRE(outbox->put({fact("a")}));
  const auto size = fs::file_size(folder.file());
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit full{size + 100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);
  const bool was_put = outbox->put({fact("b", R"({"x":")" + std::string(500, 'x') + R"("})")});
  ::setrlimit(RLIMIT_FSIZE, &before);
  CHECK_FALSE(was_put);
  CHECK(fs::file_size(folder.file()) == size);
  CHECK(outbox->put({fact("c")}));
  CHECK(take_all(*opened(folder.file())) == std::vector<std::string>{"a", "c"});
}

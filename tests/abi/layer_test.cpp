// SPDX-License-Identifier: Apache-2.0
// What channel.hpp adds to the C contract.
#include <catch2/catch.hpp>
#include <civicast/channel.hpp>
#include <vector>

namespace {

using namespace civicast;

/// A host that answers every emit with `verdict`.
struct StubHost {
  explicit StubHost(std::int32_t answer) : verdict(answer) {
    raw.size = sizeof raw;
    raw.self = this;
    raw.emit = [](const civ_host *host, const civ_fact *const *facts, std::size_t count) {
      auto &self = *static_cast<StubHost *>(host->self);
      for (std::size_t i = 0; i < count; ++i) self.sizes.push_back(facts[i]->size);
      return self.verdict;
    };
  }
  std::int32_t verdict;
  std::vector<std::uint32_t> sizes;
  civ_host raw{};
};

struct Heard {
  Heard() {
    raw.size = sizeof raw;
    raw.self = this;
    raw.add = [](const civ_notes *notes, const civ_note *note) {
      auto &self = *static_cast<Heard *>(notes->self);
      self.codes.emplace_back(view(note->code));
      self.messages.emplace_back(view(note->message));
    };
  }
  std::vector<std::string> codes, messages;
  civ_notes raw{};
};

}  // namespace

TEST_CASE("facts that the disk did not take are false, and a malformed one is thrown") {
  StubHost good(CIV_DONE), full(CIV_LATER), strict(CIV_BROKEN);
  const Fact fact = Fact::aired("p", {1, 2}, CIV_REPORTED);
  CHECK(Host(&good.raw).emit({fact, fact}));
  CHECK(good.sizes == std::vector<std::uint32_t>(2, sizeof(civ_fact)));
  CHECK_FALSE(Host(&full.raw).emit(fact));
  bool is_thrown = false;
  try {
    is_thrown = !Host(&strict.raw).emit(fact);
  } catch (const Trouble &trouble) {
    is_thrown = trouble.verdict == CIV_BROKEN && trouble.code == "fact.malformed";
  }
  CHECK(is_thrown);
}

TEST_CASE("facts say what they were made for, and claim no evidence that nobody gave") {
  CHECK(Fact{}.evidence == CIV_INFERRED);
  const Fact missed = Fact::missed("p", {1, 2}, CIV_REPORTED, CIV_PREEMPTED);
  CHECK(missed.fact == CIV_MISSED);
  CHECK(missed.status == CIV_PREEMPTED);
  CHECK(missed.evidence == CIV_REPORTED);
  CHECK(missed.end_ns == 2);
  const Fact aired = Fact::aired("p", {3, 4}, CIV_MEASURED);
  CHECK(aired.fact == CIV_AIRED);
  CHECK(aired.status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(Fact::accepted("p", {3, 4}).status == CIV_STATUS_NONE);
  CHECK(Fact::started("p", 3, CIV_MEASURED).end_ns == 3);
  CHECK(Fact::withdrawn("p", 3).status == CIV_DID_NOT_AIR);
}

TEST_CASE("nothing is thrown across the border, and no trouble is ever DONE") {
  Heard heard;
  const auto thrown = [&](auto what) {
    return border::guard(&heard.raw, [&]() -> std::int32_t { throw what; });
  };
  CHECK(thrown(refused("text.empty", "没有文字。", "There is no text.")) == CIV_REFUSED);
  CHECK(heard.messages.back() == "没有文字。 · There is no text.");
  CHECK(thrown(unready("a.b", "甲。", "A.")) == CIV_UNREADY);
  CHECK(thrown(later("a.b", "甲。", "A.")) == CIV_LATER);
  CHECK(thrown(unknown("a.b", "甲。", "A.")) == CIV_UNKNOWN);
  CHECK(thrown(Trouble(CIV_DONE, "done", "done")) == CIV_BROKEN);
  CHECK(thrown(std::runtime_error("x")) == CIV_BROKEN);
  CHECK(thrown(42) == CIV_BROKEN);
  CHECK(heard.codes.back() == "plugin.exception");
  CHECK(heard.codes.size() == 7);
}

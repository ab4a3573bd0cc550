// SPDX-License-Identifier: Apache-2.0
#include "sdk/wire/frame.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "sdk/wire/faults.hpp"

using namespace civicast::wire;

TEST_CASE("frames come out as they went in, however the bytes were cut") {
  std::vector<std::string> texts = {"{}", "", std::string(70'000, 'x'), "{\"a\":1}"};
  std::string stream;
  for (const std::string &text : texts) stream += frame(text);
  std::mt19937 random(GENERATE(1U, 2U, 3U));
  FrameReader reader;
  std::vector<std::string> found;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random() % 9000, stream.size() - at);
    reader.feed(std::string_view(stream).substr(at, size));
    at += size;
    for (auto next = reader.next(); next && *next; next = reader.next()) found.emplace_back(**next);
  }
  CHECK(found == texts);
}

TEST_CASE("a frame over the limit is refused before its bytes are waited for") {
  FrameReader reader;
  reader.feed(std::string("\x00\x10\x00\x01", 4));
  const auto next = reader.next();
  REQUIRE_FALSE(next);
  CHECK(next.fault().is(faults::frame_too_long));
}

TEST_CASE("a frame of exactly the limit is read") {
  FrameReader reader;
  const std::string text(max_frame_bytes, 'x');
  reader.feed(frame(text));
  const auto next = reader.next();
  REQUIRE(next);
  REQUIRE(*next);
  CHECK((*next)->size() == text.size());
}

TEST_CASE("writing a frame over the limit is a breakdown") {
  CHECK_THROWS_AS(frame(std::string(max_frame_bytes + 1, 'x')), std::length_error);
}

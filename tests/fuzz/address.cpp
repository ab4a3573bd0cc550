// SPDX-License-Identifier: Apache-2.0
// Law: any text is an output's address that, written in full, reads as itself and leads nowhere
// that it must not; or it is refused with a code, and a short sentence in two languages.
//
// Input: the address.
#include "plugins/cable/send/address.hpp"

#include <civicast/channel.hpp>

#include <algorithm>

#include "sdk/base/json.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

bool is_utf8(const std::string &text) {
  try {
    return !Json(text).dump().empty();
  } catch (const Json::exception &) {
    return false;
  }
}

void is_good_refusal(const Trouble &trouble) {
  const std::string sentence = trouble.what();
  must_hold(trouble.verdict == CIV_UNREADY, "the settings are at fault");
  must_hold(trouble.code.rfind("output.", 0) == 0, "a code names the kind", trouble.code);
  must_hold(sentence.find(" · ") != std::string::npos, "two languages", sentence);
  must_hold(sentence.size() < 1000, "a sentence is short");
  must_hold(is_utf8(sentence), "a sentence is UTF-8");
  must_hold(trouble.at.empty(), "whoever asked knows where it stands");
}

void is_good_path(const std::string &path) {
  must_hold(!path.empty() && path != "/", "a path names something");
  const std::string whole = "/" + path + "/";
  must_hold(whole.find("/../") == std::string::npos, "a path does not go up", path);
  must_hold(whole.rfind("/preview/", 0) != 0, "the preview is not written over", path);
  must_hold(std::none_of(path.begin(), path.end(), [](char c) { return c >= 0 && c < ' '; }),
            "no control characters");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string text(reinterpret_cast<const char *>(data), size);
  try {
    const cable::Address address = cable::parse_address(text);
    const std::string url = address.url();
    const cable::Address again = cable::parse_address(url);
    must_hold(again == address, "an address written in full is the same", url);
    must_hold(again.url() == url, "writing is stable", url);
    must_hold(again.destination() == address.destination(), "one destination", url);
    must_hold(std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F; }),
              "a URL is plain ASCII", url);
    if (address.kind == cable::Address::Kind::file || address.kind == cable::Address::Kind::hls)
      is_good_path(address.path);
    else
      must_hold(address.port > 0, "a port is there");
  } catch (const Trouble &trouble) {
    is_good_refusal(trouble);
  }
  return 0;
}

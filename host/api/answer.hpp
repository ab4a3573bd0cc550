// SPDX-License-Identifier: Apache-2.0
// What goes back to a client: a status, and bytes or a file.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::api {

struct Answer {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body;
  std::filesystem::path file;  ///< sent instead of `body` unless empty
  std::string etag;            ///< quoted, or empty
  std::string cache = "no-store";
  std::string allow;      ///< of a 405
  std::string file_name;  ///< under which a browser saves it; empty: it shows it
};

/// 200 with an ETag over `json`, or over `json` without its member `but` (a clock that ticks in
/// every answer would make every one of them new).
Answer json_answer(const Json &json, const std::string &but = {});

/// The body is to_json(faults.front()); further ones stand in its "more".
Answer fault_answer(const Faults &faults);
Answer fault_answer(const Fault &fault);

/// The HTTP status for a fault: by the kind where this room knows it, else by who can mend it.
int status_of(const Fault &fault);

}  // namespace civicast::api

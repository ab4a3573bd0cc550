// SPDX-License-Identifier: Apache-2.0
#include "tests/plugin_check/checked.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>

namespace civicast::test {

Ran run_plugin(const std::vector<std::string> &words) {
  std::string command = CIVICAST " plugin";
  for (const std::string &word : words) command += " '" + word + "'";
  std::FILE *pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ran out;
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;)
    out.output.append(chunk, got);
  out.status = WEXITSTATUS(::pclose(pipe));
  return out;
}

Json Checked::of(const std::string &test) const {
  for (const Json &one : report.value("tests", Json::array()))
    if (one.at("name") == test) return one;
  return {};
}

std::string Checked::wrong() const {
  std::string out;
  for (const Json &one : report.value("tests", Json::array()))
    if (one.at("outcome") != "ok" && one.at("outcome") != "skip")
      out += one.at("name").get<std::string>() + ": " + one.at("en").get<std::string>() + "\n" +
             one.at("detail").get<std::string>() + "\n";
  return out;
}

Checked check(const std::filesystem::path &folder, const std::vector<std::string> &words) {
  std::vector<std::string> all = {"check", folder.string(), "--json"};
  all.insert(all.end(), words.begin(), words.end());
  const Ran ran = run_plugin(all);
  INFO(ran.output);
  const auto report = parse_json(ran.output);
  REQUIRE(report.ok());
  return {ran.status, *report};
}

}  // namespace civicast::test

// SPDX-License-Identifier: Apache-2.0
// A small HTTP client for tests: one request, one answer, over a connection of its own.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace stand_in {

struct Answer {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

using Headers = std::map<std::string, std::string>;

class Http {
 public:
  /// `base` is "http://127.0.0.1:PORT".
  explicit Http(const std::string &base);

  Answer get(const std::string &target, const Headers &headers = {}) const;
  Answer post(const std::string &target, const std::string &body, const std::string &type,
              const Headers &headers = {}) const;
  Answer ask(const std::string &method, const std::string &target, const std::string &body,
             const Headers &headers) const;
  /// Sends `bytes` as they are and reads until the server closes.
  std::string raw(const std::string &bytes) const;
  const std::string &host() const { return host_; }

 private:
  std::string host_;  ///< with the port
  std::string address_, port_;
};

}  // namespace stand_in

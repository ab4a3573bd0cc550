// SPDX-License-Identifier: Apache-2.0
// The settings that a plugin is opened with: made from its schema, filled in for each opening, and
// bent out of shape for the tests that want to hear it refuse.
#pragma once

#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "sdk/base/json.hpp"

namespace civicast::kit {

/// Settings with which the plugin should open: `given`, then the schema's defaults, then, for what
/// is required and has neither, a value by its format. An address of this machine that stands as a
/// default gets a free port, as the real channel may be running.
Json made_settings(const Json &schema, const Json &given);

/// What the placeholders stand for.
struct Filling {
  std::filesystem::path temp;             ///< "${temp}"
  std::function<std::string()> far_side;  ///< "${far_side}": "http://127.0.0.1:40123"
};
/// `settings` with every placeholder replaced; "${free_port}" by a port that nobody listens on.
Json filled(const Json &schema, const Json &settings, const Filling &filling);

/// One thing wrong with settings that were right.
struct Bent {
  Json settings;
  std::string at;    ///< JSON pointer of what is wrong
  std::string what;  ///< "a text where a whole number belongs"
};
/// Every way in which one property can leave the schema.
std::vector<Bent> bent_settings(const Json &schema, const Json &right);

/// A value that the schema allows, at random.
Json random_value(const Json &schema, std::mt19937_64 &random);

/// A port of 127.0.0.1 that nobody listens on now, by TCP or UDP.
int free_port();

/// The texts of settings that the schema marks as x-secret.
std::vector<std::string> secrets_of(const Json &schema, const Json &settings);

}  // namespace civicast::kit

// SPDX-License-Identifier: Apache-2.0
// The subset of JSON Schema 2020-12 in which a plugin describes its settings.
//
// type properties required additionalProperties:false items enum default title description minimum
// maximum minLength maxLength pattern(RE2's) format(path uri hostname color time duration), and
// x-order x-group x-unit x-secret x-widget x-when x-restart x-house-format. Titles are a string or
// {"zh","en"}. A string of `"x-house-format": true` is the id of the channel's house format: the
// host fills it in. Anything else is refused, so that the console can always draw the form. A
// description comes from a stranger: names, options, patterns and lengths are bounded, and so is
// what checking costs.
#pragma once

#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

/// So many mistakes are told at once; nobody mends more in one go, and each costs memory.
inline constexpr std::size_t max_faults = 100;

/// Every place where `schema` leaves the subset; `at` is its own JSON pointer.
Faults check_schema(const Json &schema, const std::string &at);

/// Every place where `value` is not as `schema` says; faults stand at pointers into `value`.
Faults validate(const Json &schema, const Json &value);

/// `strings` with what the station leaves out about the channel: each setting that is marked
/// x-house-format is `house_format`. Refused where the station gives another one.
Result<Json, Faults> with_house_format(const Json &schema, const Json &strings,
                                       const std::string &house_format);

/// `strings` converted to the schema's types, defaults filled in, then validated.
Result<Json, Faults> typed(const Json &schema, const Json &strings);

}  // namespace civicast::workers

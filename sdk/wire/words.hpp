// SPDX-License-Identifier: Apache-2.0
// The wire's words, one table for each enum, read both ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sdk/wire/message.hpp"

namespace civicast::wire {

std::optional<FactKind> fact_kind(std::string_view word);
std::optional<Evidence> evidence(std::string_view word);
std::optional<Status> status(std::string_view word);
std::optional<CallKind> call_kind(std::string_view word);

}  // namespace civicast::wire

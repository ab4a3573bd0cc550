// SPDX-License-Identifier: Apache-2.0
// Texts that feeds are made of: instants, digests, addresses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace civicast::feed {

constexpr std::int64_t ns_per_s = 1'000'000'000;

/// "2026-11-23T14:36:00.120Z", as RFC 3339, RFC 4287 and JSON Feed have it.
std::string time_text(std::int64_t utc_ns);
/// "2026-11-23", UTC.
std::string date_text(std::int64_t utc_ns);

std::string sha256_hex(std::string_view bytes);

/// Percent-encodes what may not stand in a URI's path as it is.
std::string uri_part(std::string_view text);

/// A file name for `id` that is unique to it and harmless: itself, or the digest of it.
std::string slug(std::string_view id);

/// May every character of this UTF-8 text stand in XML 1.0?
bool is_xml_text(std::string_view text);

}  // namespace civicast::feed

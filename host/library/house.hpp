// SPDX-License-Identifier: Apache-2.0
// What all house files have in common beside the numbers of their format (sdk/formats): loudness,
// effort, and what an MP4 and a JPEG are. decisions/0009 and 0011 say why each is what it is.
#pragma once

#include "sdk/formats/house_format.hpp"

namespace civicast::library {

// A film is encoded once and aired thousands of times: at this rate veryfast is worth half a
// decibel (SSIM) over superfast for a quarter more time. Stills use the
// faster one for its speed; how their pictures compare was not measured.
inline constexpr const char *film_preset = "veryfast";
inline constexpr const char *still_preset = "superfast";
/// libx265 writes what its preset can do into its parameter sets, and all files must agree on them.
inline constexpr const char *hevc_preset = "superfast";

inline constexpr int house_fps = formats::pictures_per_s;
inline constexpr int house_sample_rate = 48'000;
inline constexpr int samples_per_picture = house_sample_rate / house_fps;
inline constexpr int aac_samples = 1024;
inline constexpr std::int64_t mp4_aac_bits = 160'000;

inline constexpr double house_lkfs = -24;      ///< GY/T 282-2014
inline constexpr double house_peak_dbtp = -2;  ///< no sample between samples rises above this

/// The format whose pictures, and whose length, an MP4 and a JPEG have.
const formats::HouseFormat &browser_format();

}  // namespace civicast::library

// SPDX-License-Identifier: Apache-2.0
// The numbers of the house formats. Every house file agrees on them, so that a channel can put one
// after another without touching a bit; decisions/0009 says why each is what it is.
#pragma once

#include <cstdint>

namespace civicast::library {

inline constexpr int house_width = 1280;
inline constexpr int house_height = 720;
inline constexpr int house_fps = 25;
inline constexpr int house_gop = 25;  ///< frames from one IDR picture to the next
inline constexpr std::int64_t house_video_bits = 3'200'000;
inline constexpr std::int64_t house_vbv_bits = 1'600'000;
// A film is encoded once and aired thousands of times: at this rate veryfast is worth half a
// decibel (SSIM) over superfast for a quarter more time. Stills use the
// faster one for its speed; how their pictures compare was not measured.
inline constexpr const char *film_preset = "veryfast";
inline constexpr const char *still_preset = "superfast";

inline constexpr int house_sample_rate = 48'000;
inline constexpr int samples_per_picture = house_sample_rate / house_fps;
inline constexpr int layer2_samples = 1152;  ///< in a frame of MPEG-1 Layer II
inline constexpr std::int64_t layer2_bits = 192'000;
inline constexpr int aac_samples = 1024;
inline constexpr std::int64_t aac_bits = 160'000;

inline constexpr int grid_pictures = 3;  ///< in 120 ms, the house grid
inline constexpr int grid_layer2 = 5;
inline constexpr std::int64_t picture_ns = 40'000'000;

inline constexpr double house_lkfs = -24;      ///< GY/T 282-2014
inline constexpr double house_peak_dbtp = -2;  ///< no sample between samples rises above this

/// Pictures of a house file that holds `duration_ns`: rounded up to the grid, never less than one
/// step of it.
std::int64_t pictures_for(std::int64_t duration_ns);

}  // namespace civicast::library

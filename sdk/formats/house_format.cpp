// SPDX-License-Identifier: Apache-2.0
#include "sdk/formats/house_format.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "sdk/formats/table_files.hpp"

namespace civicast::formats {

std::int64_t HouseFormat::sound_ticks() const {
  return ticks_per_s * sound.frame_samples / sound.samples_per_s;
}

int HouseFormat::grid_pictures() const {
  return std::lcm(samples_per_picture(), sound.frame_samples) / samples_per_picture();
}

int HouseFormat::grid_sounds() const {
  return std::lcm(samples_per_picture(), sound.frame_samples) / sound.frame_samples;
}

int HouseFormat::step_pictures() const {
  return sound.ends == SoundEnds::together ? grid_pictures() : 1;
}

std::int64_t HouseFormat::pictures_for(std::int64_t duration_ns) const {
  const std::int64_t step_ns = step_pictures() * picture_ns;
  const std::int64_t steps = (duration_ns + step_ns - 1) / step_ns;
  return std::max<std::int64_t>(1, steps) * step_pictures();
}

std::int64_t HouseFormat::sounds_for(std::int64_t pictures) const {
  const std::int64_t samples = pictures * samples_per_picture();
  return (samples + sound.frame_samples / 2) / sound.frame_samples;
}

const std::vector<HouseFormat> &all() {
  static const std::vector<HouseFormat> formats = [] {
    auto read = read_formats(table_files().at("house.json"));
    if (!read) throw std::logic_error("house.json: " + read.fault().sentence(Lang::en));
    return std::move(*read);
  }();
  return formats;
}

const HouseFormat *find(std::string_view id) {
  const auto found = std::find_if(all().begin(), all().end(),
                                  [id](const HouseFormat &each) { return each.id == id; });
  return found == all().end() ? nullptr : &*found;
}

}  // namespace civicast::formats

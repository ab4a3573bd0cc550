// SPDX-License-Identifier: Apache-2.0
// Sources with and without fields, in formats with and without fields: a white bar moves to the
// right, made by the ffmpeg program, and is looked for in each field of what comes out.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "host/library/pictures.hpp"
#include "host/library/scan.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

using Order = formats::Scan;
using formats::Video;

constexpr double step = 8;  // of the bar, in a fiftieth of a second, in 720 samples
const std::string bar =
    "-f lavfi -i color=black:s=720x576:r=50:d=1.2 -f lavfi -i color=white:s=24x576:r=50:d=1.2 "
    "-filter_complex ";
const std::string move = "overlay=x=n*8:shortest=1,setsar=64/45";
const std::string mpeg2 = " -c:v mpeg2video -q:v 2 -g 12 -bf 0 ";
const std::string with_fields = " -flags +ildct+ilme ";

Video video_of(const char *format, Order scan) {
  Video video = formats::find(format)->video;
  video.scan = scan;
  return video;
}

/// The middle of what is white in every other line from `first`, in 720ths of the picture.
double bar_in(const AVFrame &frame, int first) {
  double sum = 0, weight = 0;
  for (int y = frame.height / 4 * 2 + first; y < frame.height / 4 * 3; y += 2)
    for (int x = 0; x < frame.width; ++x) {
      const int light = frame.data[0][std::ptrdiff_t{y} * frame.linesize[0] + x] - 16;
      if (light < 60) continue;
      sum += light * (x + 0.5);
      weight += light;
    }
  REQUIRE(weight > 0);
  return sum / weight * 720 / frame.width;
}

struct Fields {
  double top, bottom;
};

/// Where the bar stands in the house pictures of a film.
std::vector<Fields> fields_of(const fs::path &file, const Video &format, std::size_t count) {
  const auto media = probe(file, "film").value();
  const auto found = scan(file, "film", media, [](auto, auto) {}).value();
  FilmSource source;
  source.decoded = std::move(Decoded::open(file, "film", media.video)).value();
  source.begin_ns = found.begin_ns;
  source.duration_ns = found.duration_ns;
  source.frame_ns = found.frame_ns;
  source.lines = found.lines;
  FilmPictures pictures(std::move(source), format);
  std::vector<Fields> fields;
  for (std::size_t n = 0; n < count; ++n) {
    const AVFrame &picture = pictures.next();
    CHECK(picture.width == format.width);
    CHECK(picture.height == format.height);
    fields.push_back({bar_in(picture, 0), bar_in(picture, 1)});
  }
  CHECK(pictures.judge().ok());
  return fields;
}

/// Each field follows the one before at the bar's own pace.
void check_motion(const std::vector<Fields> &fields, Order order) {
  for (std::size_t n = 1; n + 1 < fields.size(); ++n) {
    INFO("picture " << n);
    const bool is_top_first = order == Order::top_first;
    const double first = is_top_first ? fields[n].top : fields[n].bottom;
    const double second = is_top_first ? fields[n].bottom : fields[n].top;
    const double next = is_top_first ? fields[n + 1].top : fields[n + 1].bottom;
    CHECK(second - first == Approx(step).margin(1.5));
    CHECK(next - first == Approx(2 * step).margin(1.5));
  }
}

/// Both fields are of one instant.
void check_whole(const std::vector<Fields> &fields) {
  for (std::size_t n = 1; n + 1 < fields.size(); ++n) {
    INFO("picture " << n);
    CHECK(fields[n].top == Approx(fields[n].bottom).margin(1));
    CHECK(fields[n + 1].top - fields[n].top == Approx(2 * step).margin(1.5));
  }
}

fs::path interlaced(const Studio &studio, const std::string &name, Order order) {
  const std::string weave = order == Order::top_first ? "interleave_top" : "interleave_bottom";
  const std::string top = order == Order::top_first ? "-top 1 " : "-top 0 ";
  return studio.film(name,
                     bar + "'" + move + ",tinterlace=" + weave + "'" + mpeg2 + with_fields + top);
}

}  // namespace

TEST_CASE("of fifty pictures a second each gives one field") {
  Studio studio;
  const auto file = studio.film("a.mp4", bar + "'" + move + "' -c:v libx264 -preset ultrafast");
  const char *name = GENERATE("ts_576i25", "ts_1080i25");
  const Order order = GENERATE(Order::top_first, Order::bottom_first);
  check_motion(fields_of(file, video_of(name, order), 25), order);
}

TEST_CASE("fields stay fields, at the same size and at another") {
  Studio studio;
  const auto file = interlaced(studio, "a.ts", Order::top_first);
  const char *name = GENERATE("ts_576i25", "ts_1080i25");
  check_motion(fields_of(file, video_of(name, Order::top_first), 25), Order::top_first);
}

TEST_CASE("fields of the other order change it and move as before") {
  Studio studio;
  const Order from = GENERATE(Order::top_first, Order::bottom_first);
  const Order to = from == Order::top_first ? Order::bottom_first : Order::top_first;
  const auto file = interlaced(studio, "a.ts", from);
  const char *name = GENERATE("ts_576i25", "ts_1080i25");
  check_motion(fields_of(file, video_of(name, to), 25), to);
}

TEST_CASE("fields of a source that has the format's lines are kept to the line") {
  Studio studio;
  // Each line is of one colour, so that the least scaling would show.
  const auto file = studio.film("a.mkv",
                                "-f lavfi -i nullsrc=s=720x576:r=25:d=0.2 -vf "
                                "'geq=lum=40+mod(Y*37\\,170):cb=128:cr=128,setsar=64/45,"
                                "setfield=tff' -pix_fmt yuv420p -c:v ffv1 -field_order tt");
  const auto media = probe(file, "film").value();
  FilmSource source;
  source.decoded = std::move(Decoded::open(file, "film", media.video)).value();
  source.duration_ns = 200 * ns_per_ms;
  source.frame_ns = 40 * ns_per_ms;
  source.lines = Lines::top_first;
  FilmPictures pictures(std::move(source), formats::find("ts_576i25")->video);
  const AVFrame &picture = pictures.next();
  for (int y = 0; y < 576; ++y)
    CHECK(int{picture.data[0][std::ptrdiff_t{y} * picture.linesize[0] + 300]} == 40 + y * 37 % 170);
}

TEST_CASE("whole pictures are made of fields for a format that has none") {
  Studio studio;
  const auto file = interlaced(studio, "a.ts", Order::top_first);
  check_whole(fields_of(file, formats::find("ts_1080p25")->video, 25));
  REQUIRE(studio.import(file, "film").ok());
  const auto ts = studio.library().require("film", HouseFormat::ts_720p25).value().path;
  const std::string idet = "' -vf idet -f null - 2>&1 | grep 'Multi frame'";
  const auto votes = [](const std::string &text, const std::string &kind) {
    return std::stoi(text.substr(text.find(kind) + kind.size()));
  };
  const std::string before = output_of("ffmpeg -nostdin -hide_banner -i '" + file.string() + idet);
  const std::string after = output_of("ffmpeg -nostdin -hide_banner -i '" + ts.string() + idet);
  CHECK(votes(before, "TFF:") > 20);
  CHECK(votes(after, "TFF:") + votes(after, "BFF:") == 0);
  CHECK(votes(after, "Progressive:") > 20);
}

TEST_CASE("whole pictures at 25 a second stay whole in a format with fields") {
  Studio studio;
  const auto file =
      studio.film("a.mp4", bar + "'" + move + ",fps=25' -c:v libx264 -preset ultrafast");
  const char *name = GENERATE("ts_576i25", "ts_1080i25", "ts_720p25");
  check_whole(fields_of(file, formats::find(name)->video, 25));
}

TEST_CASE("thirty interlaced pictures a second become fifty fields") {
  Studio studio;
  // 60 fields a second, 8 samples each: 9.6 in a fiftieth; fields are repeated, never swapped.
  const auto file =
      studio.film("a.ts",
                  "-f lavfi -i color=black:s=720x480:r=60000/1001:d=1.2 -f lavfi -i "
                  "color=white:s=24x480:r=60000/1001:d=1.2 -filter_complex "
                  "'overlay=x=n*8:shortest=1,setsar=32/27,tinterlace=interleave_bottom'" +
                      mpeg2 + with_fields + "-top 0");
  const auto fields = fields_of(file, formats::find("ts_576i25")->video, 25);
  for (std::size_t n = 1; n + 1 < fields.size(); ++n) {
    INFO("picture " << n);
    CHECK(fields[n].bottom - fields[n].top > 6);
    CHECK(fields[n + 1].top - fields[n].bottom > 6);
  }
}

TEST_CASE("fields that nobody speaks of are seen") {
  Studio studio;
  const auto lines_of = [&](const std::string &name, const std::string &args) {
    const auto file = studio.film(name, bar + args);
    return find_lines(file, "film", probe(file, "film").value()).value();
  };
  // Motion JPEG in AVI, as old capture cards wrote it, says nothing of fields.
  const std::string silent = " -c:v mjpeg -q:v 2 -pix_fmt yuvj420p ";
  CHECK(lines_of("a.avi", "'" + move + ",tinterlace=interleave_top,setfield=prog'" + silent) ==
        Lines::top_first);
  CHECK(lines_of("b.avi", "'" + move + ",tinterlace=interleave_bottom,setfield=prog'" + silent) ==
        Lines::bottom_first);
  CHECK(lines_of("c.avi", "'" + move + ",fps=25'" + silent) == Lines::as_frames_say);
  // What frames say themselves is left to them.
  CHECK(lines_of("d.ts", "'" + move + ",tinterlace=interleave_top'" + mpeg2 + with_fields) ==
        Lines::as_frames_say);
}

TEST_CASE("fields that were only seen are treated as fields") {
  Studio studio;
  const auto file = studio.film("a.avi", bar + "'" + move +
                                             ",tinterlace=interleave_bottom,setfield=prog' "
                                             "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p");
  check_motion(fields_of(file, formats::find("ts_576i25")->video, 25), Order::top_first);
  check_whole(fields_of(file, formats::find("ts_720p25")->video, 25));
}

TEST_CASE("a picture keeps its shape where samples are not square") {
  const Video &sd = formats::find("ts_576i25")->video;
  struct Row {
    int width, height;
    AVRational aspect;
    Box box;
  };
  const Row row =
      GENERATE(Row{1920, 1080, {1, 1}, {0, 0, 720, 576}}, Row{720, 576, {64, 45}, {0, 0, 720, 576}},
               Row{720, 576, {16, 11}, {0, 0, 720, 576}},   // 702 of 720 are shown
               Row{720, 576, {16, 15}, {90, 0, 540, 576}},  // 4:3
               Row{640, 640, {1, 1}, {156, 0, 406, 576}},   // a telephone's square
               Row{1920, 800, {1, 1}, {0, 72, 720, 428}});  // cinema
  const Box box = fit(row.width, row.height, row.aspect, sd);
  INFO(row.width << "x" << row.height);
  CHECK(box.x == row.box.x);
  CHECK(box.y == row.box.y);
  CHECK(box.width == row.box.width);
  CHECK(box.height == row.box.height);
}

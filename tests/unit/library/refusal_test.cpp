// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "host/library/faults.hpp"
#include "sdk/base/faults.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;
namespace why = civicast::library::faults;

namespace {

const std::string picture = "-f lavfi -i testsrc=s=160x120:r=25:d=2 ";
const std::string tone = "-f lavfi -i sine=f=500:d=2 ";

struct Case {
  std::string name;
  std::function<fs::path(const Studio &)> make;
  const FaultKind *expected;
};

std::string filled(std::size_t size, char with) {
  return std::string(size, with);
}

/// Bytes that look like nothing, the same in each run.
std::string noise(std::size_t size) {
  std::string bytes;
  for (std::uint32_t x = 12345; bytes.size() < size; x = x * 1664525 + 1013904223)
    bytes.push_back(static_cast<char>(x >> 24));
  return bytes;
}

std::string replaced(std::string bytes, const std::string &from, const std::string &to) {
  const auto at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  return bytes.replace(at, from.size(), to);
}

const std::vector<Case> not_files = {
    {"a missing file", [](const Studio &s) { return s.path("none.mp4"); }, &why::media_missing},
    {"a path through a file", [](const Studio &s) { return s.bytes("f", "x") / "below.mp4"; },
     &why::media_missing},
    {"a dangling link",
     [](const Studio &s) {
       fs::create_symlink(s.path("nowhere"), s.path("link.mp4"));
       return s.path("link.mp4");
     },
     &why::media_missing},
    {"a directory",
     [](const Studio &s) {
       fs::create_directory(s.path("film.mp4"));
       return s.path("film.mp4");
     },
     &why::media_directory},
    {"an empty file", [](const Studio &s) { return s.bytes("e.mp4", ""); }, &why::media_empty},
    {"a pipe",
     [](const Studio &s) {
       ::mkfifo(s.path("p.mp4").c_str(), 0600);
       return s.path("p.mp4");
     },
     &why::media_special},
    {"a device", [](const Studio &) { return fs::path("/dev/zero"); }, &why::media_special},
    {"a file of 21 GiB",
     [](const Studio &s) {
       const auto file = s.bytes("huge.mp4", "x");
       fs::resize_file(file, std::uint64_t{21} << 30);
       return file;
     },
     &why::media_too_large},
};

const std::vector<Case> not_media = {
    {"a text called .mp4",
     [](const Studio &s) { return s.bytes("t.mp4", "This is a letter, not a film.\n"); },
     &why::media_unknown},
    {"noise", [](const Studio &s) { return s.bytes("n.mp4", noise(200'000)); },
     &why::media_unknown},
    {"zeros", [](const Studio &s) { return s.bytes("z.mp4", filled(100'000, '\0')); },
     &why::media_unknown},
    {"a program", [](const Studio &s) { return s.bytes("p.mp4", read("/proc/self/exe")); },
     &why::media_unknown},
    {"a page called .jpg",
     [](const Studio &s) {
       return s.bytes("h.jpg", "<!DOCTYPE html><html><body><svg></svg></body></html>");
     },
     &why::media_unknown},
    {"subtitles alone",
     [](const Studio &s) {
       return s.bytes("s.mkv", "1\n00:00:00,000 --> 00:00:02,000\nHello\n\n");
     },
     &why::media_unknown},
    {"terminal art", [](const Studio &s) { return s.bytes("a.mp4", "\x1b[31mred\x1b[0m\n"); },
     &why::media_unknown},
};

const std::vector<Case> lists = {
    {"an HLS playlist",
     [](const Studio &s) {
       return s.bytes("l.mp4",
                      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n"
                      "#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
     },
     &why::media_refers},
    {"a concat script",
     [](const Studio &s) { return s.bytes("c.mp4", "ffconcat version 1.0\nfile /etc/passwd\n"); },
     &why::media_refers},
    {"a DASH manifest",
     [](const Studio &s) {
       return s.bytes("d.mp4",
                      "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
                      "profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"></MPD>");
     },
     &why::media_refers},
    {"a session description",
     [](const Studio &s) {
       return s.bytes("r.mp4",
                      "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
                      "m=video 5004 RTP/AVP 33\n");
     },
     &why::media_refers},
};

const std::vector<Case> damaged_films = {
    {"an MP4 whose index was never written",
     [](const Studio &s) { return s.cut(s.film("a.mp4", picture), "cut.mp4", 0.6); },
     &why::media_headless},
    {"an MP4 with an index and half its pictures",
     [](const Studio &s) {
       return s.cut(s.film("a.mp4", picture + "-movflags +faststart"), "cut.mp4", 0.6);
     },
     &why::media_damaged},
    {"half a Matroska film",
     [](const Studio &s) { return s.cut(s.film("a.mkv", picture), "cut.mkv", 0.5); },
     &why::media_truncated},
    {"half a WAV", [](const Studio &s) { return s.cut(s.film("a.wav", tone), "cut.wav", 0.5); },
     &why::media_truncated},
    {"half a FLAC", [](const Studio &s) { return s.cut(s.film("a.flac", tone), "cut.flac", 0.5); },
     &why::media_truncated},
    {"an MP4 with a hole in its pictures",
     [](const Studio &s) {
       std::string bytes = read(s.film("a.mp4", picture + "-g 5 -movflags +faststart"));
       bytes.replace(bytes.size() / 2, 3000, noise(3000));
       return s.bytes("hole.mp4", bytes);
     },
     &why::media_damaged},
    {"an encrypted MP4",
     [](const Studio &s) {
       return s.film("e.mp4", picture +
                                  "-encryption_scheme cenc-aes-ctr -encryption_key "
                                  "76a6c65c5ea762046bd749a2e632ccbb -encryption_kid "
                                  "a7e61c373e219033c21091fa607bf3b8");
     },
     &why::media_encrypted},
    {"a codec nobody knows",
     [](const Studio &s) {
       const std::string bytes = read(s.film("a.mkv", picture));
       return s.bytes("u.mkv", replaced(bytes, "V_MPEG4/ISO/AVC", "V_MPEG9/XYZ/ABC"));
     },
     &why::media_codec_unsupported},
    {"a sound without samples",
     [](const Studio &s) {
       // PCM, mono, 8 kHz, 16 bits, and a data chunk of no bytes.
       return s.bytes("w.wav", std::string("RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0"
                                           "\x80\x3E\0\0\2\0\x10\0data\0\0\0\0",
                                           44));
     },
     &why::media_no_duration},
    {"a film of five hours",
     [](const Studio &s) {
       return s.film("long.mkv", "-f lavfi -i color=s=16x16:r=1/600:d=18000 -c:v mpeg4");
     },
     &why::media_too_long},
    {"a film 8256 pixels wide",
     [](const Studio &s) {
       return s.film("w.mkv", "-f lavfi -i color=s=8256x32:r=25:d=0.2 -c:v ffv1");
     },
     &why::picture_too_large},
};

const std::string drawing = "-f lavfi -i testsrc=s=200x150 -frames:v 1 ";

std::string be32(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

const std::vector<Case> damaged_pictures = {
    {"half a PNG", [](const Studio &s) { return s.cut(s.film("a.png", drawing), "c.png", 0.5); },
     &why::media_damaged},
    {"half a JPEG", [](const Studio &s) { return s.cut(s.film("a.jpg", drawing), "c.jpg", 0.5); },
     &why::media_damaged},
    {"half a WebP", [](const Studio &s) { return s.cut(s.film("a.webp", drawing), "c.webp", 0.5); },
     &why::media_truncated},
    {"half a GIF", [](const Studio &s) { return s.cut(s.film("a.gif", drawing), "c.gif", 0.5); },
     &why::media_damaged},
    {"an SVG that is not closed",
     [](const Studio &s) { return s.bytes("b.svg", "<svg width=\"10\" height=\"10\"><rect"); },
     &why::media_damaged},
    {"a moving WebP",
     [](const Studio &s) {
       return s.film("m.webp", "-f lavfi -i testsrc=s=64x64:r=5:d=1 -c:v libwebp_anim");
     },
     &why::webp_animated},
    {"a PNG 9000 pixels wide",
     [](const Studio &s) { return s.film("w.png", "-f lavfi -i color=s=9000x4 -frames:v 1"); },
     &why::picture_too_large},
    {"a small file that claims 60000 by 60000",
     [](const Studio &s) {
       // IHDR of a PNG: width, height, 8 bits, RGB; its CRC is of exactly these bytes.
       const std::string head =
           "IHDR" + be32(60000) + be32(60000) + std::string("\x08\x02\0\0\0", 5);
       std::uint32_t crc = 0xFFFFFFFF;
       for (const char c : head) {
         crc ^= static_cast<unsigned char>(c);
         for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
       }
       const std::string png = read(s.film("a.png", drawing));
       return s.bytes("bomb.png", png.substr(0, 8) + be32(13) + head + be32(~crc) + png.substr(33));
     },
     &why::picture_too_large},
    {"a GIF that claims 60000 by 60000",
     [](const Studio &s) {
       std::string gif = read(s.film("a.gif", drawing));
       return s.bytes("bomb.gif", gif.replace(6, 4, "\x60\xEA\x60\xEA"));
     },
     &why::picture_too_large},
};

const std::vector<Case> texts = {
    {"a text that is too long",
     [](const Studio &s) { return s.bytes("l.txt", filled(64 * 1024 + 1, 'a')); },
     &why::text_too_large},
    {"a text in another encoding",
     [](const Studio &s) { return s.bytes("g.txt", "\xB3\xC9\xBB\xAA"); }, &why::text_not_utf8},
    {"a text of control characters",
     [](const Studio &s) { return s.bytes("c.md", std::string("a\0b", 3)); }, &why::text_not_utf8},
    {"a text of blanks", [](const Studio &s) { return s.bytes("b.txt", " \n\t\r\n"); },
     &why::media_empty},
};

void refuse_each(const std::vector<Case> &cases) {
  for (const Case &each : cases) {
    Studio studio;
    const fs::path file = each.make(studio);
    const auto before = studio.everything();
    const auto asset = studio.import(file);
    INFO(each.name);
    CHECK(studio.everything() == before);
    CHECK_FALSE(asset.ok());
    if (asset.ok()) continue;
    CHECK(asset.fault().kind().name == each.expected->name);
    for (const Lang lang : {Lang::zh, Lang::en}) {
      const std::string sentence = asset.fault().sentence(lang);
      CHECK(sentence.find(file.filename().string()) != std::string::npos);
      CHECK(sentence.find('{') == std::string::npos);
    }
  }
}

void refuse(Studio &studio, const ImportRequest &request, const FaultKind &expected) {
  const auto before = studio.everything();
  const auto asset = studio.import(request);
  CHECK(studio.everything() == before);
  REQUIRE_FALSE(asset.ok());
  CHECK(asset.fault().kind().name == expected.name);
}

}  // namespace

TEST_CASE("what is not a file is refused and leaves nothing behind") {
  refuse_each(not_files);
}
TEST_CASE("what is not media is refused and leaves nothing behind") {
  refuse_each(not_media);
}
TEST_CASE("what points to other files is refused and leaves nothing behind") {
  refuse_each(lists);
}
TEST_CASE("a damaged film is refused and leaves nothing behind") {
  refuse_each(damaged_films);
}
TEST_CASE("a damaged picture is refused and leaves nothing behind") {
  refuse_each(damaged_pictures);
}
TEST_CASE("a text that cannot be shown is refused and leaves nothing behind") {
  refuse_each(texts);
}

TEST_CASE("a request that cannot be met is refused and leaves nothing behind") {
  Studio studio;
  ImportRequest request;
  request.file = studio.film("a.png", drawing);
  SECTION("an id that is no slug") {
    request.id = "富强";
    refuse(studio, request, why::asset_id_malformed);
  }
  SECTION("a still that stands for no time") {
    request.still_ns = 0;
    refuse(studio, request, why::still_length_wrong);
  }
  SECTION("a still that stands for five hours") {
    request.still_ns = 5 * 3600 * ns_per_s;
    refuse(studio, request, why::still_length_wrong);
  }
  SECTION("a sound bed that is not there") {
    request.sound = studio.path("none.wav");
    refuse(studio, request, why::media_missing);
  }
  SECTION("a sound bed without sound") {
    request.sound = studio.film("b.mp4", picture);
    refuse(studio, request, why::sound_missing);
  }
  SECTION("a sound bed under a film") {
    request.sound = studio.film("b.wav", tone);
    request.file = studio.film("c.mp4", picture);
    refuse(studio, request, why::sound_without_still);
  }
  SECTION("an id that other bytes have") {
    request.id = "poster";
    REQUIRE(studio.import(request).ok());
    request.file = studio.film("d.png", "-f lavfi -i color=red:s=64x64 -frames:v 1");
    refuse(studio, request, why::asset_id_taken);
  }
}

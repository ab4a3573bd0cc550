// SPDX-License-Identifier: Apache-2.0
#include "host/library/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "host/library/faults.hpp"
#include "host/library/library.hpp"

namespace civicast::library {
namespace {

constexpr int io_bytes = 64 * 1024;
constexpr int probe_bytes = 1 << 20;
constexpr std::int64_t look_bytes = 16 << 20;
constexpr std::int64_t look_us = 10'000'000;
// Below this, libav is guessing from a few bytes that happen to fit.
constexpr int least_score = 13;

constexpr std::array<std::string_view, 10> lists = {
    "hls", "concat",    "dash", "image2", "image2pipe", "sdp", "rtsp", "webm_dash_manifest",
    "imf", "ffmetadata"};
// Drawings made of letters, and scripts for other programs: text, whatever libav makes of them.
constexpr std::array<std::string_view, 7> not_media = {"tty", "bin",   "xbin",       "adf",
                                                       "idf", "lavfi", "vapoursynth"};

template <std::size_t n>
bool holds(const std::array<std::string_view, n> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

int refuse_to_open(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **) {
  return AVERROR(EPERM);
}

/// Nothing that a header claims may make libav allocate without bound.
void bound_decoders(AVDictionary **options) {
  av_dict_set_int(options, "max_pixels", std::int64_t{max_picture_side} * max_picture_side, 0);
  av_dict_set_int(options, "threads", 1, 0);
}

}  // namespace

int Input::read_bytes(void *self, std::uint8_t *bytes, int size) {
  for (;;) {
    const ssize_t got =
        ::read(static_cast<Input *>(self)->file_.get(), bytes, static_cast<std::size_t>(size));
    if (got > 0) return static_cast<int>(got);
    if (got == 0) return AVERROR_EOF;
    if (errno != EINTR) return AVERROR(errno);
  }
}

std::int64_t Input::seek(void *self, std::int64_t offset, int whence) {
  const int fd = static_cast<Input *>(self)->file_.get();
  if ((whence & AVSEEK_SIZE) != 0) {
    struct stat facts {};
    return ::fstat(fd, &facts) == 0 ? facts.st_size : AVERROR(errno);
  }
  const off_t at = ::lseek(fd, offset, whence & ~AVSEEK_FORCE);
  return at < 0 ? AVERROR(errno) : at;
}

Result<std::unique_ptr<Input>> Input::open(const std::filesystem::path &file,
                                           const std::string &shown) {
  Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd)
    return Fault(faults::media_unreadable, {{"file", shown}, {"reason", std::strerror(errno)}});
  std::unique_ptr<Input> input(new Input(std::move(fd), shown));
  auto *buffer = static_cast<unsigned char *>(av_malloc(io_bytes));
  input->io_ =
      avio_alloc_context(buffer, io_bytes, 0, input.get(), &Input::read_bytes, nullptr, &seek);
  if (input->io_ == nullptr) throw std::bad_alloc();
  auto kind = input->recognise();
  if (!kind) return std::move(kind).fault();
  auto opened = input->open_format(*kind);
  if (!opened) return std::move(opened).fault();
  return input;
}

Input::~Input() {
  avformat_close_input(&format_);
  if (io_ != nullptr) av_freep(&io_->buffer);
  avio_context_free(&io_);
}

/// libav knows an SVG only by its XML declaration, which most of them leave out.
bool Input::is_drawing() {
  std::string head(4096, '\0');
  const ssize_t got = ::pread(file_.get(), head.data(), head.size(), 0);
  head.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  const std::size_t mark = head.compare(0, 3, "\xEF\xBB\xBF") == 0 ? 3 : 0;
  const std::size_t first = head.find_first_not_of(" \t\r\n", mark);
  return first != std::string::npos && head[first] == '<' &&
         head.find("<svg") != std::string::npos && head.find("<html") == std::string::npos;
}

Result<const AVInputFormat *> Input::recognise() {
  if (is_drawing()) return av_find_input_format("svg_pipe");
  const AVInputFormat *kind = nullptr;
  const int score = av_probe_input_buffer2(io_, &kind, "", nullptr, 0, probe_bytes);
  if (score < least_score || kind == nullptr || holds(not_media, kind->name))
    return Fault(faults::media_unknown, {{"file", shown_}});
  if (holds(lists, kind->name) || (kind->flags & AVFMT_NOFILE) != 0)
    return Fault(faults::media_refers, {{"file", shown_}, {"format", kind->name}});
  return kind;
}

Result<void> Input::open_format(const AVInputFormat *kind) {
  format_ = avformat_alloc_context();
  if (format_ == nullptr) throw std::bad_alloc();
  format_->pb = io_;
  format_->io_open = refuse_to_open;
  format_->probesize = look_bytes;
  format_->max_analyze_duration = look_us;
  format_->max_streams = 64;
  AVDictionary *options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  const int code = avformat_open_input(&format_, "", kind, &options);
  av_dict_free(&options);
  if (code >= 0) return {};
  const bool is_mov = std::string_view(kind->name).find("mov") == 0;
  if (is_mov)
    return Fault(faults::media_headless, {{"file", shown_}, {"part", "moov"}})
        .with_detail(av::reason(code));
  return Fault(faults::media_damaged, {{"file", shown_}, {"part", kind->name}})
      .with_detail(av::reason(code));
}

bool Input::is_picture() const {
  const std::string_view name = format_->iformat->name;
  return name.size() > 5 && name.substr(name.size() - 5) == "_pipe";
}

Result<void> Input::look() {
  std::vector<AVDictionary *> options(format_->nb_streams, nullptr);
  for (AVDictionary *&each : options) bound_decoders(&each);
  const unsigned count = format_->nb_streams;
  const int code = avformat_find_stream_info(format_, options.empty() ? nullptr : options.data());
  for (unsigned i = 0; i < count; ++i) av_dict_free(&options[i]);
  if (code < 0)
    return Fault(faults::media_damaged, {{"file", shown_}, {"part", format_name()}})
        .with_detail(av::reason(code));
  return {};
}

void Input::only(int stream) {
  for (unsigned i = 0; i < format_->nb_streams; ++i)
    format_->streams[i]->discard =
        static_cast<int>(i) == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

bool Input::read(AVPacket &packet) {
  for (;;) {
    av_packet_unref(&packet);
    const int code = av_read_frame(format_, &packet);
    if (code == AVERROR(EAGAIN)) continue;
    if (code >= 0 && format_->streams[packet.stream_index]->discard == AVDISCARD_ALL) continue;
    if (code < 0 && code != AVERROR_EOF) read_error_ = code;
    return code >= 0;
  }
}

}  // namespace civicast::library

// SPDX-License-Identifier: Apache-2.0
// Packing and unpacking, with libzip.
#include <zip.h>

#include <memory>

#include "host/affidavit/bundle.hpp"
#include "host/affidavit/faults.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::affidavit {
namespace {

constexpr std::uint64_t max_bytes = std::uint64_t{2} << 30;
constexpr zip_int64_t max_parts = 64;

struct Discard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
  void operator()(zip_file_t *file) const { zip_fclose(file); }
  void operator()(zip_source_t *source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Discard>;

Fault unreadable(const std::string &reason) {
  return Fault(faults::not_a_bundle, {{"reason", reason}});
}

Result<std::string> read_part(zip_t *archive, zip_uint64_t index, const zip_stat_t &facts) {
  const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  if (!file) return unreadable(zip_strerror(archive));
  std::string bytes(facts.size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + done, bytes.size() - done);
    if (got <= 0) return unreadable(std::string(facts.name) + ": " + zip_file_strerror(file.get()));
    done += static_cast<std::size_t>(got);
  }
  // At the end libzip compares the check sum.
  char beyond = 0;
  if (zip_fread(file.get(), &beyond, 1) != 0)
    return unreadable(std::string(facts.name) + ": " + zip_file_strerror(file.get()));
  return bytes;
}

}  // namespace

Result<std::string> pack(const Parts &parts) {
  zip_error_t error;
  zip_error_init(&error);
  const auto failed = [&](const char *reason) {
    return Fault(faults::zip_failed, {{"reason", reason}});
  };
  zip_source_t *buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (buffer == nullptr) return failed(zip_error_strerror(&error));
  zip_source_keep(buffer);  // the archive takes one reference, we read from the other
  const Source kept(buffer);
  Archive archive(zip_open_from_source(buffer, ZIP_TRUNCATE, &error));
  if (!archive) return failed(zip_error_strerror(&error));
  for (const auto &[name, bytes] : parts) {
    zip_source_t *source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), name.c_str(), source, 0);
    if (index < 0) {
      zip_source_free(source);
      return failed(zip_strerror(archive.get()));
    }
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 6);
  }
  if (zip_close(archive.get()) != 0) return failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  zip_stat_t facts;
  if (zip_source_stat(buffer, &facts) != 0 || zip_source_open(buffer) != 0)
    return failed(zip_error_strerror(zip_source_error(buffer)));
  std::string bytes(facts.size, '\0');
  const zip_int64_t got = zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  if (got != static_cast<zip_int64_t>(bytes.size())) return failed("zip_source_read");
  return bytes;
}

Result<Parts> unpack(const std::filesystem::path &file) {
  int code = 0;
  const Archive archive(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    return unreadable(reason);
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > max_parts) return unreadable("> 64 files");
  Parts parts;
  std::uint64_t total = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t facts;
    if (zip_stat_index(archive.get(), index, 0, &facts) != 0)
      return unreadable(zip_strerror(archive.get()));
    const std::string name = facts.name;
    if (name.size() > 100) return unreadable("a name of more than 100 characters");
    if ((total += facts.size) > max_bytes) return unreadable("> 2 GB");
    auto bytes = read_part(archive.get(), index, facts);
    if (!bytes) return bytes.fault();
    if (!parts.emplace(name, *std::move(bytes)).second) return unreadable(name + " ×2");
  }
  return parts;
}

}  // namespace civicast::affidavit

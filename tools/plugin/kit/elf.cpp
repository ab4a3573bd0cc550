// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/elf.hpp"

#include <elf.h>

#include <cstring>

#include "sdk/base/disk.hpp"

namespace civicast::kit {
namespace {

constexpr std::uint64_t max_bytes = 512ULL * 1024 * 1024;

/// A copy of the struct at `offset`, as the file may hold it at any address; nothing beyond its
/// end.
template <class T>
std::optional<T> at(const std::string &bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data() + offset, sizeof out);
  return out;
}

std::optional<std::string> text_at(const std::string &bytes, std::uint64_t offset) {
  const std::size_t end = offset < bytes.size() ? bytes.find('\0', offset) : std::string::npos;
  if (end == std::string::npos) return std::nullopt;
  return bytes.substr(offset, end - offset);
}

bool is_exported(const Elf64_Sym &symbol) {
  const unsigned char binding = ELF64_ST_BIND(symbol.st_info);
  const unsigned char visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  // SHN_ABS: the name of a version of the linker's script, not of anything in the library.
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS &&
         (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

bool read_table(const std::string &bytes, const Elf64_Ehdr &header, const Elf64_Shdr &table,
                std::vector<std::string> &out) {
  const auto names =
      at<Elf64_Shdr>(bytes, header.e_shoff + std::uint64_t{table.sh_link} * sizeof(Elf64_Shdr));
  if (!names) return false;
  for (std::uint64_t offset = 0; offset + sizeof(Elf64_Sym) <= table.sh_size;
       offset += sizeof(Elf64_Sym)) {
    const auto symbol = at<Elf64_Sym>(bytes, table.sh_offset + offset);
    if (!symbol) return false;
    if (!is_exported(*symbol)) continue;
    const auto name = text_at(bytes, names->sh_offset + symbol->st_name);
    if (!name) return false;
    out.push_back(*name);
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> exported_symbols(const std::filesystem::path &file) {
  const Result<std::string> bytes = read_file(file, max_bytes);
  if (!bytes) return std::nullopt;
  const auto header = at<Elf64_Ehdr>(*bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_DYN)
    return std::nullopt;
  std::vector<std::string> out;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const auto section =
        at<Elf64_Shdr>(*bytes, header->e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
    if (!section) return std::nullopt;
    if (section->sh_type == SHT_DYNSYM && !read_table(*bytes, *header, *section, out))
      return std::nullopt;
  }
  return out;
}

}  // namespace civicast::kit

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "folder.hpp"
#include "host/ledger/merkle.hpp"
#include "host/ledger/note.hpp"

using namespace civicast;
using namespace civicast::ledger;

namespace {

void put_file(const std::filesystem::path &file, const std::string &bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// DER of an Ed25519 public key: a fixed head and the 32 bytes.
std::string der_of(const VerifierKey &key) {
  const unsigned char head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  return std::string(reinterpret_cast<const char *>(head), sizeof head) +
         std::string(key.bytes.begin(), key.bytes.end());
}

}  // namespace

TEST_CASE("a key line is read back as it was written, and any changed character refused") {
  const SignerKey key = SignerKey::make("a.example/log");
  const std::string line = key.verifier().line();
  REQUIRE(parse_verifier_key(line).has_value());
  CHECK(parse_verifier_key(line)->line() == line);
  REQUIRE(SignerKey::parse(key.line()).has_value());
  CHECK(SignerKey::parse(key.line())->verifier().line() == line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string bent = line;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    const auto read = parse_verifier_key(bent);
    CHECK_FALSE((read && read->line() == line));
  }
}

TEST_CASE("the key line of the signed-note specification is understood") {
  const auto key =
      parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  REQUIRE(key.has_value());
  CHECK(key->name == "PeterNeumann");
}

TEST_CASE("a checkpoint is signed, opened again, and any flipped bit refused") {
  const SignerKey key = SignerKey::make("a.example/log");
  const Checkpoint checkpoint{"a.example/log", 1234, leaf_hash("x")};
  const std::string note = sign_checkpoint(checkpoint, key);
  REQUIRE(open_checkpoint(note, key.verifier()).ok());
  CHECK(*open_checkpoint(note, key.verifier()) == checkpoint);
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string bent = note;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(open_checkpoint(bent, key.verifier()).ok());
  }
  CHECK_FALSE(open_checkpoint(note, SignerKey::make("a.example/log").verifier()).ok());
  CHECK_FALSE(open_checkpoint(note + "x", key.verifier()).ok());
  CHECK_FALSE(open_checkpoint(note.substr(0, note.size() - 1), key.verifier()).ok());
}

TEST_CASE("signatures of keys that we do not know are ignored") {
  const SignerKey ours = SignerKey::make("a.example/log");
  const SignerKey theirs = SignerKey::make("witness.example");
  const Checkpoint checkpoint{"a.example/log", 7, leaf_hash("x")};
  const std::string note = sign_checkpoint(checkpoint, ours);
  const std::string other = sign_checkpoint(checkpoint, theirs);
  const auto line_of = [](const std::string &of) { return of.substr(of.find("\n\n") + 2); };
  const auto text = note.substr(0, note.find("\n\n") + 2);
  CHECK(open_checkpoint(text + line_of(other) + line_of(note), ours.verifier()).ok());
  CHECK_FALSE(open_checkpoint(text + line_of(other), ours.verifier()).ok());
}

TEST_CASE("the openssl command accepts the signature of a checkpoint") {
  const test::Folder folder;
  const SignerKey key = SignerKey::make("a.example/log");
  const std::string note = sign_checkpoint({"a.example/log", 3, leaf_hash("x")}, key);
  const auto blank = note.find("\n\n");
  const auto space = note.rfind(' ');
  const auto signature = from_base64(note.substr(space + 1, note.size() - space - 2));
  REQUIRE(signature.has_value());
  put_file(folder.path / "text", note.substr(0, blank + 1));
  put_file(folder.path / "sig", signature->substr(4));
  put_file(folder.path / "pub.der", der_of(key.verifier()));
  const std::string verify =
      "cd " + folder.path.string() +
      " && openssl pkeyutl -verify -pubin -keyform DER -inkey pub.der -rawin -in text -sigfile sig"
      " >/dev/null 2>&1";
  CHECK(std::system(verify.c_str()) == 0);
  put_file(folder.path / "text", note.substr(0, blank));
  CHECK(std::system(verify.c_str()) != 0);
}

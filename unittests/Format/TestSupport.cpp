//===- TestSupport.cpp - files made by hand -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from docs/PTXBinFormat.md alone; includes nothing internal.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <sodium.h>

#include <filesystem>
#include <stdlib.h>

namespace ptxbin::test {

static void put(Bytes &file, size_t offset, uint64_t value, size_t size) {
  ASSERT_LE(offset + size, file.size());
  for (size_t i = 0; i < size; ++i)
    file[offset + i] = uint8_t(value >> (8 * i));
}
void put8(Bytes &file, size_t offset, uint8_t value) {
  put(file, offset, value, 1);
}
void put16(Bytes &file, size_t offset, uint16_t value) {
  put(file, offset, value, 2);
}
void put32(Bytes &file, size_t offset, uint32_t value) {
  put(file, offset, value, 4);
}
void put64(Bytes &file, size_t offset, uint64_t value) {
  put(file, offset, value, 8);
}

static uint64_t get(const Bytes &file, size_t offset, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i)
    value |= uint64_t(file.at(offset + i)) << (8 * i);
  return value;
}
uint32_t get32(const Bytes &file, size_t offset) {
  return get(file, offset, 4);
}
uint64_t get64(const Bytes &file, size_t offset) {
  return get(file, offset, 8);
}

Bytes bytesOf(std::string_view text) { return Bytes(text.begin(), text.end()); }

HandSection plain(uint32_t type, Bytes bytes) {
  HandSection section;
  section.type = type;
  section.rawSize = bytes.size();
  section.rawDigest = sha256(bytes);
  section.stored = std::move(bytes);
  return section;
}

Bytes sampleModule() {
  return {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 'd', 'a', 't', 'a'};
}

Manifest sampleManifest() {
  Manifest manifest;
  manifest.name = "sample";
  manifest.version = "1.2.3";
  manifest.release = 7;
  manifest.publisher = "Example";
  manifest.created = 1700000000;
  manifest.compiler = {"twc", "0.1.0", "22.1.8", "", {"-O2"}};
  manifest.sourceSha256 = hex(sha256(sampleModule()));
  manifest.sandbox = "checked";
  manifest.floatingPoint = "strict";
  manifest.kernelABI = 3;
  manifest.modules.resize(1);
  manifest.modules[0].wasmSize = sampleModule().size();
  manifest.modules[0].functions = 2;
  manifest.memories.resize(1);
  manifest.memories[0].minPages = 1;
  manifest.memories[0].maxPages = 16;
  manifest.memories[0].grows = true;
  manifest.memories[0].exports = {{0, "memory"}};
  manifest.globals.resize(2);
  manifest.globals[0].isMutable = true;
  manifest.globals[0].bits = 65536;
  manifest.globals[1].type = ValueType::F64;
  manifest.globals[1].bits = 0x3ff8000000000000;
  manifest.globals[1].exports = {{0, "pi"}};
  manifest.data = {{0, true, 0, 1024, 8, 4}};
  manifest.functions = {"add", "größe"};
  KernelInfo add;
  add.name = "add";
  add.symbol = "tw_add";
  add.memory = 0;
  add.params = {ValueType::I32, ValueType::F32};
  add.results = {ValueType::I64};
  KernelInfo other;
  other.name = "größe\n";
  other.function = 1;
  other.notOffloadable = "imports env.print";
  manifest.kernels = {add, other};
  return manifest;
}

HandSection manifestSection(const Manifest &manifest) {
  auto text = encodeManifest(manifest);
  EXPECT_TRUE(text);
  return plain(1, bytesOf(text ? *text : ""));
}

std::vector<HandSection> sampleSections() {
  HandSection ptx80 = plain(2, bytesOf("// sm_80\n"));
  ptx80.cc = 80;
  ptx80.ptxISA = 77;
  HandSection ptx90a = plain(2, bytesOf("// sm_90a, which has TMA\n"));
  ptx90a.cc = 90;
  ptx90a.suffix = 1;
  ptx90a.ptxISA = 80;
  HandSection host = plain(4, bytesOf("\177ELF and so on"));
  host.machine = 1;
  host.cpuFeatures = 1;
  return {manifestSection(sampleManifest()), ptx80, ptx90a, host,
          plain(5, sampleModule())};
}

Bytes buildByHand(const std::vector<HandSection> &sections) {
  Bytes file(entryAt(sections.size()));
  for (size_t i = 0; i < sections.size(); ++i) {
    const HandSection &section = sections[i];
    size_t at = entryAt(i);
    put32(file, at, section.type);
    put32(file, at + 4, section.flags);
    put64(file, at + 8, file.size());
    put64(file, at + 16, section.stored.size());
    put64(file, at + 24, section.rawSize);
    put16(file, at + 32, section.cc);
    put8(file, at + 34, section.suffix);
    put8(file, at + 35, section.machine);
    put16(file, at + 36, section.ptxISA);
    put64(file, at + 40, section.cpuFeatures);
    Digest digest = sha256(section.stored);
    std::copy(digest.begin(), digest.end(), file.begin() + at + 48);
    std::copy(section.rawDigest.begin(), section.rawDigest.end(),
              file.begin() + at + 80);
    file.insert(file.end(), section.stored.begin(), section.stored.end());
    file.resize((file.size() + 15) / 16 * 16);
  }
  const uint8_t magic[] = {0x89, 'T', 'W', 'P', 0x0d, 0x0a, 0x1a, 0x0a};
  std::copy(std::begin(magic), std::end(magic), file.begin());
  put8(file, 8, 1);
  put16(file, 10, 64);
  put64(file, 16, file.size());
  put64(file, 24, 64);
  put32(file, 32, sections.size());
  put32(file, 36, 128);
  file.resize(file.size() + 8);
  return file;
}

SecretKey testKey(uint8_t fill) {
  std::array<uint8_t, 32> seed;
  seed.fill(fill);
  SecretKey key;
  PublicKey ignored;
  EXPECT_GE(sodium_init(), 0);
  crypto_sign_seed_keypair(ignored.bytes.data(), key.bytes.data(), seed.data());
  return key;
}

Bytes messageOf(const Bytes &file) {
  size_t tableEnd = 64 + 128 * size_t(get32(file, 32));
  tableEnd = std::min(tableEnd, file.size());
  Bytes message = {17, 0, 0, 0};
  for (char c : std::string_view("tensorwasm/ptxbin"))
    message.push_back(c);
  message.insert(message.end(), {1, 0, 0, 0});
  for (int i = 0; i < 8; ++i)
    message.push_back(uint8_t(uint64_t(tableEnd) >> (8 * i)));
  message.insert(message.end(), file.begin(), file.begin() + tableEnd);
  return message;
}

void resign(Bytes &file, const std::vector<SecretKey> &keys, size_t trailerAt) {
  Bytes message = messageOf(file);
  file.resize(trailerAt ? trailerAt : get64(file, 16));
  file.resize(file.size() + 8);
  put32(file, file.size() - 8, keys.size());
  for (const SecretKey &key : keys) {
    std::array<uint8_t, 64> signature;
    crypto_sign_detached(signature.data(), nullptr, message.data(),
                         message.size(), key.bytes.data());
    Bytes named = {1};
    named.insert(named.end(), key.bytes.begin() + 32, key.bytes.end());
    Digest id = sha256(named);
    file.insert(file.end(), {1, 0, 0, 0, 0, 0, 0, 0});
    file.insert(file.end(), id.begin(), id.end());
    file.insert(file.end(), signature.begin(), signature.end());
  }
}

Expected<PtxBin> openTrusted(Bytes file) {
  TrustOptions trust;
  trust.keys = {testKey(1).publicKey()};
  return PtxBin::openVerified(std::move(file), trust);
}

void expectRefused(Bytes file, ErrorKind kind, const std::string &words,
                   size_t trailerAt) {
  if (!trailerAt)
    trailerAt = file.size() - 8; // Where buildByHand put it.
  resign(file, {testKey(1)}, trailerAt);
  auto opened = openTrusted(std::move(file));
  ASSERT_FALSE(opened) << "accepted, but expected: " << words;
  EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
  EXPECT_NE(opened.error().message.find(words), std::string::npos)
      << opened.error().message;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name =
      (std::filesystem::temp_directory_path() / "twformat-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  path = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

std::string TemporaryDirectory::operator/(const std::string &name) const {
  return path + "/" + name;
}

std::vector<std::string> TemporaryDirectory::list() const {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(path))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace ptxbin::test

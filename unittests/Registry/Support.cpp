//===- Support.cpp - artifacts and registries to break --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <fstream>
#include <sstream>

namespace registry::test {

using namespace ptxbin::test;

Bytes makeFile(const FileOptions &options) {
  ptxbin::Manifest manifest = sampleManifest();
  manifest.name = options.name;
  manifest.version = options.version;
  manifest.release = options.release;
  manifest.publisher = options.publisher;
  manifest.expires = options.expires;
  HandSection ptx = plain(2, bytesOf(options.contents));
  ptx.cc = 80;
  ptx.ptxISA = 77;
  std::vector<HandSection> sections = {manifestSection(manifest), ptx};
  if (options.host) {
    HandSection host = plain(4, bytesOf("\177ELF and so on"));
    host.machine = 1;
    sections.push_back(host);
  }
  sections.push_back(plain(5, sampleModule()));
  Bytes file = buildByHand(sections);
  std::vector<ptxbin::SecretKey> keys;
  for (uint8_t signer : options.signers)
    keys.push_back(testKey(signer));
  resign(file, keys);
  return file;
}

Expected<ptxbin::PtxBin> admitKey1(Bytes file) {
  return openTrusted(std::move(file));
}

Artifact makeTrusted(const FileOptions &options) {
  auto bin = admitAnyForm(makeFile(options));
  if (!bin)
    throw std::runtime_error(bin.error().message);
  auto artifact = makeArtifact(std::move(*bin));
  if (!artifact)
    throw std::runtime_error(artifact.error().message);
  return std::move(*artifact);
}

void publish(Registry &target, const FileOptions &options) {
  auto added = target.add(makeTrusted(options), Rule::Publish);
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(*added, Added::New);
}

Registry createRegistry(const std::string &path) {
  auto made = Registry::create(path);
  if (!made)
    throw std::runtime_error(made.error().message);
  return std::move(*made);
}

Expected<std::optional<Artifact>> load(const Registry &from,
                                       const std::string &text) {
  auto query = parseQuery(text);
  if (!query)
    return query.error();
  auto located = from.find(*query);
  if (!located)
    return located.error();
  return from.load(*located, admitKey1);
}

std::string blobPath(const std::string &registry, const Digest &digest) {
  return registry + "/blobs/sha256/" + ptxbin::hex(digest);
}

std::string readText(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void writeText(const std::string &path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  EXPECT_TRUE(out.flush()) << path;
}

} // namespace registry::test

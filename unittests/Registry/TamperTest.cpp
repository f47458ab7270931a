//===- TamperTest.cpp - what someone with write access can do -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One test for each way to change a registry behind its back: every one is
// refused by readers, and told by fsck.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <filesystem>
#include <sys/stat.h>

namespace registry::test {

namespace fs = std::filesystem;

namespace {
class RegistryTamper : public testing::Test {
protected:
  TemporaryDirectory directory;
  std::string path = directory / "r";
  std::optional<Registry> target;
  std::optional<Artifact> artifact;

  void SetUp() override {
    target = createRegistry(path);
    publish(*target, {});
    artifact = makeTrusted({});
  }
  std::string layer() { return blobPath(path, artifact->record.layer.digest); }
  std::string manifest() {
    return blobPath(path, artifact->record.manifest.digest);
  }
  std::string record() { return path + "/.twc/refs/team+saxpy/1.0"; }

  void expectRefused(ErrorKind kind, const std::string &words) {
    expectError(load(*target, "team/saxpy:1.0"), kind, words);
    auto problems = target->check(admitKey1, false);
    ASSERT_TRUE(problems) << problems.error().message;
    EXPECT_TRUE(std::ranges::any_of(
        *problems, [](const auto &problem) { return !problem.harmless; }));
  }
};
} // namespace

TEST_F(RegistryTamper, TruncatedBlob) {
  std::string bytes = readText(layer());
  for (size_t size : {size_t(0), bytes.size() / 2, bytes.size() - 1}) {
    writeText(layer(), bytes.substr(0, size));
    expectRefused(ErrorKind::Malformed, "bytes, but got");
  }
  writeText(layer(), bytes + "x");
  expectRefused(ErrorKind::Malformed, "bytes, but got");
}

TEST_F(RegistryTamper, FlippedByte) {
  for (const std::string &file : {layer(), manifest()}) {
    std::string bytes = readText(file);
    std::string bad = bytes;
    bad[bad.size() / 2] ^= 1;
    writeText(file, bad);
    expectRefused(ErrorKind::Malformed, "digest");
    writeText(file, bytes);
  }
}

TEST_F(RegistryTamper, MissingBlob) {
  fs::remove(layer());
  expectRefused(ErrorKind::NotFound, "No such file");
}

TEST_F(RegistryTamper, SwappedBlobs) {
  publish(*target, {.version = "1.1", .release = 2});
  auto other = makeTrusted({.version = "1.1", .release = 2});
  std::string otherPath = blobPath(path, other.record.layer.digest);
  fs::rename(layer(), path + "/x");
  fs::rename(otherPath, layer());
  fs::rename(path + "/x", otherPath);
  expectRefused(ErrorKind::Malformed, "digest");
}

TEST_F(RegistryTamper, SwappedDigests) {
  // The record of 1.0 leads to 1.1: digests are right, the name is not.
  publish(*target, {.version = "1.1", .release = 2});
  auto other = makeTrusted({.version = "1.1", .release = 2});
  json document = json::parse(readText(record()));
  document["manifest"] = encode(other.record.manifest);
  writeText(record(), document.dump());
  expectRefused(ErrorKind::Untrusted,
                "calls an entry team/saxpy:1.0, but its signed manifest says "
                "team/saxpy:1.1");
}

TEST_F(RegistryTamper, IndexSaysVersion2) {
  json index = json::parse(readText(path + "/index.json"));
  index["manifests"][0]["annotations"][refNameAnnotation] = "team/saxpy:2.0";
  writeText(path + "/index.json", index.dump());
  expectError(load(*target, "team/saxpy:2.0"), ErrorKind::Untrusted,
              "but its signed manifest says team/saxpy:1.0");
  EXPECT_TRUE(load(*target, "team/saxpy:1.0"));
}

TEST_F(RegistryTamper, RecordOfAnotherName) {
  fs::create_directory(path + "/.twc/refs/other");
  fs::copy(record(), path + "/.twc/refs/other/1.0");
  expectError(load(*target, "other:1.0"), ErrorKind::Malformed,
              "is the record of team/saxpy:1.0");
}

TEST_F(RegistryTamper, HugeSizes) {
  // What descriptors claim is bounded before anything is read or allocated.
  json document = json::parse(readText(record()));
  document["manifest"]["size"] = uint64_t(1) << 60;
  writeText(record(), document.dump());
  expectRefused(ErrorKind::Malformed, "above the limit");
  writeText(record(), std::string(maxRecordBytes + 1, ' '));
  expectRefused(ErrorKind::Malformed, "larger than the limit");
}

TEST_F(RegistryTamper, SparseFilesOfManyBytes) {
  fs::resize_file(layer(), uint64_t(1) << 40);
  expectRefused(ErrorKind::Malformed, "bytes, but got 1099511627776");
  fs::resize_file(path + "/index.json", uint64_t(1) << 40);
  auto located = target->locateAll();
  expectError(located, ErrorKind::Malformed, "larger than the limit");
}

TEST_F(RegistryTamper, SymbolicLinks) {
  auto link = [](const std::string &file) {
    fs::rename(file, file + ".real");
    fs::create_symlink(file + ".real", file);
  };
  auto restore = [](const std::string &file) {
    fs::remove(file);
    fs::rename(file + ".real", file);
  };
  link(layer());
  expectRefused(ErrorKind::Malformed, "not a regular file");
  restore(layer());
  link(record());
  expectRefused(ErrorKind::Malformed, "symbolic link");
  restore(record());
  link(path + "/.twc/refs/team+saxpy");
  expectError(load(*target, "team/saxpy:1.0"), ErrorKind::IO,
              "cannot be opened");
  restore(path + "/.twc/refs/team+saxpy");
  EXPECT_TRUE(load(*target, "team/saxpy:1.0"));
  // Directories of the registry itself.
  for (const char *name : {"/blobs", "/.twc", "/blobs/sha256"}) {
    link(path + name);
    EXPECT_FALSE(Registry::open(path)) << name;
    restore(path + name);
  }
}

TEST_F(RegistryTamper, LinksAreNotWrittenThrough) {
  // A publisher does not follow a link that waits where its entry goes.
  writeText(directory / "victim", "precious");
  fs::create_symlink(directory / "victim", path + "/.twc/refs/team+saxpy/2.0");
  EXPECT_FALSE(target->add(makeTrusted({.version = "2.0", .release = 2}),
                           Rule::Publish));
  fs::remove(path + "/.twc/refs/team+saxpy/2.0");
  auto next = makeTrusted({.name = "next"});
  fs::create_symlink(directory / "victim",
                     blobPath(path, next.record.layer.digest));
  EXPECT_TRUE(target->add(next, Rule::Publish));
  EXPECT_EQ(readText(directory / "victim"), "precious");
  EXPECT_TRUE(load(*target, "next:1.0"));
}

TEST_F(RegistryTamper, PipesDoNotBlock) {
  fs::remove(layer());
  ASSERT_EQ(::mkfifo(layer().c_str(), 0644), 0);
  expectRefused(ErrorKind::Malformed, "not a regular file");
}

TEST_F(RegistryTamper, DamagedBlobIsMendedByPublishing) {
  std::string bytes = readText(layer());
  writeText(layer(), "damaged");
  auto again = target->add(*artifact, Rule::Publish);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(readText(layer()), bytes);
}

TEST_F(RegistryTamper, DamagedIndexIsRepaired) {
  writeText(path + "/index.json", "{\"schemaVersion\":2,");
  expectError(target->add(makeTrusted({.name = "next"}), Rule::Publish),
              ErrorKind::Malformed, "fsck --repair");
  auto repaired = target->check(admitKey1, /*repair=*/true);
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_EQ(readText(path + "/index.json.damaged"), "{\"schemaVersion\":2,");
  auto after = target->check(admitKey1, false);
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->empty()) << after->front().what;
}

TEST_F(RegistryTamper, NothingIsCollectedFromADamagedRegistry) {
  writeText(manifest(), "{}");
  expectError(target->collect(true, 0), ErrorKind::Malformed, "fsck");
  EXPECT_TRUE(fs::exists(layer()));
}

} // namespace registry::test

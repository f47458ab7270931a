//===- RegistryTest.cpp - entries of a registry ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Publishing, finding and loading; what may be published after what; entries of
// other tools.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <filesystem>

namespace registry::test {

TEST(Registry, PublishFindLoad) {
  TemporaryDirectory directory;
  Registry target = createRegistry(directory / "r");
  publish(target, {});
  publish(target, {.version = "1.10", .release = 2});
  publish(target, {.name = "other", .release = 9});

  auto records = target.records();
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ((*records)[0].ref.str(), "other:1.0");
  EXPECT_EQ((*records)[2].ref.str(), "team/saxpy:1.10");

  auto loaded = load(target, "team/saxpy:1.0");
  ASSERT_TRUE(loaded) << loaded.error().message;
  Bytes file = makeFile({});
  EXPECT_TRUE(std::ranges::equal((*loaded)->bin.bytes(), file));
  // The highest release, whatever versions look like.
  auto newest = load(target, "team/saxpy");
  ASSERT_TRUE(newest);
  EXPECT_EQ((*newest)->record.ref.version, "1.10");
  expectError(load(target, "team/saxpy:2"), ErrorKind::NotFound, "no entry");
  expectError(load(target, "nobody"), ErrorKind::NotFound, "no entry");

  auto problems = target.check(admitKey1, false);
  ASSERT_TRUE(problems);
  EXPECT_TRUE(problems->empty()) << problems->front().what;
}

TEST(Registry, OnlyRegistriesAndEmptyDirectories) {
  TemporaryDirectory directory;
  expectError(Registry::open(directory / "none"), ErrorKind::NotFound,
              "cannot be opened");
  std::filesystem::create_directory(directory / "empty");
  expectError(Registry::open(directory / "empty"), ErrorKind::NotFound,
              "not a registry");
  EXPECT_TRUE(Registry::create(directory / "empty"));
  std::filesystem::create_directory(directory / "full");
  writeText(directory / "full/thesis.tex", "");
  expectError(Registry::create(directory / "full"), ErrorKind::Invalid,
              "neither a registry");
}

TEST(Registry, PublishedContentStays) {
  TemporaryDirectory directory;
  Registry target = createRegistry(directory / "r");
  publish(target, {.release = 5});
  auto again = target.add(makeTrusted({.release = 5}), Rule::Publish);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, Added::Present);
  for (Rule rule : {Rule::Publish, Rule::Copy})
    expectError(
        target.add(makeTrusted({.release = 5, .contents = "// other\n"}), rule),
        ErrorKind::Conflict, "has another team/saxpy:1.0");
}

TEST(Registry, ReleasesRise) {
  TemporaryDirectory directory;
  Registry target = createRegistry(directory / "r");
  publish(target, {.release = 5});
  for (uint64_t release : {4, 5})
    expectError(target.add(makeTrusted({.version = "2", .release = release}),
                           Rule::Publish),
                ErrorKind::Conflict, "is release 5 already");
  // A copy carries history.
  EXPECT_TRUE(
      target.add(makeTrusted({.version = "0.9", .release = 4}), Rule::Copy));
  publish(target, {.version = "2", .release = 6});
}

TEST(Registry, SignaturesCanBeAddedOnly) {
  TemporaryDirectory directory;
  Registry target = createRegistry(directory / "r");
  publish(target, {.signers = {1}});
  auto more = target.add(makeTrusted({.signers = {1, 2}}), Rule::Publish);
  ASSERT_TRUE(more) << more.error().message;
  EXPECT_EQ(*more, Added::MoreSigners);
  auto loaded = load(target, "team/saxpy");
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->bin.signatures().size(), 2u);
  // Fewer are no news, others no successor.
  auto fewer = target.add(makeTrusted({.signers = {2}}), Rule::Publish);
  ASSERT_TRUE(fewer);
  EXPECT_EQ(*fewer, Added::Present);
  expectError(target.add(makeTrusted({.signers = {1, 3}}), Rule::Publish),
              ErrorKind::Conflict, "signed by others");
  // The old manifest and file are garbage, the index has the new one alone.
  auto garbage = target.collect(/*remove=*/true, 0);
  ASSERT_TRUE(garbage) << garbage.error().message;
  EXPECT_EQ(garbage->paths.size(), 6u); // Of those not taken too.
  EXPECT_TRUE(load(target, "team/saxpy"));
  EXPECT_EQ(
      json::parse(readText(directory / "r/index.json"))["manifests"].size(),
      1u);
}

TEST(Registry, BadNamesAreNotPublished) {
  for (const char *name : {"../x", "/x", "X", "x\x1b[2J"}) {
    auto bin = admitAnyForm(makeFile({.name = name}));
    ASSERT_TRUE(bin);
    expectError(makeArtifact(std::move(*bin)), ErrorKind::Invalid, "name '");
  }
}

/// An item of index.json as another tool writes it.
static json itemOf(const Artifact &artifact, const std::string &label) {
  json item = encode(artifact.record.manifest);
  if (!label.empty())
    item["annotations"] = {{refNameAnnotation, label}};
  return item;
}

/// Puts the content of `artifact` there as another tool does, without locks.
static void writeForeign(const std::string &path, const Artifact &artifact,
                         const std::string &label) {
  auto put = [&](ByteView bytes) {
    writeText(blobPath(path, ptxbin::sha256(bytes)),
              {reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  };
  put(artifact.bin.bytes());
  put(artifact.config);
  put(artifact.manifest);
  json index = json::parse(readText(path + "/index.json"));
  index["manifests"].push_back(itemOf(artifact, label));
  writeText(path + "/index.json", index.dump());
}

TEST(Registry, EntriesOfOtherToolsAreAdopted) {
  TemporaryDirectory directory;
  std::string path = directory / "r";
  Registry target = createRegistry(path);
  writeForeign(path, makeTrusted({}), "latest");
  writeForeign(path, makeTrusted({.name = "b"}), "b:1.0");
  writeForeign(path, makeTrusted({.name = "c", .signers = {2}}), "c:1.0");
  // Before adoption an entry is found by its label, and verified all the same.
  EXPECT_TRUE(load(target, "b:1.0"));
  expectError(load(target, "c:1.0"), ErrorKind::Untrusted, "trusted key");

  auto done = target.adopt(admitKey1);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_EQ(done->adopted.size(), 2u);
  ASSERT_EQ(done->refused.size(), 1u);
  EXPECT_NE(done->refused[0].find("c:1.0"), std::string::npos);
  EXPECT_TRUE(load(target, "team/saxpy:1.0"));
  // Nothing was lost: "latest" is still there, and so is the refused one.
  std::string index = readText(path + "/index.json");
  for (const char *label : {"\"latest\"", "\"team/saxpy:1.0\"", "\"c:1.0\""})
    EXPECT_NE(index.find(label), std::string::npos) << index;
  auto again = target.adopt(admitKey1);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->adopted.empty());
}

TEST(Registry, ForeignEntriesSurvivePublishing) {
  TemporaryDirectory directory;
  std::string path = directory / "r";
  Registry target = createRegistry(path);
  json index = json::parse(readText(path + "/index.json"));
  index["manifests"].push_back({{"mediaType", "application/x"},
                                {"digest", "sha256:" + std::string(64, '7')},
                                {"size", 12345678901},
                                {"extra", "kept"}});
  writeText(path + "/index.json", index.dump());
  writeForeign(path, makeTrusted({.contents = "// squatter\n"}),
               "team/saxpy:1.0");
  publish(target, {});
  std::string after = readText(path + "/index.json");
  EXPECT_NE(after.find("\"extra\":\"kept\""), std::string::npos) << after;
  // The name is the record's; the other entry has lost it, not its content.
  EXPECT_NE(after.find(std::string(displacedAnnotation) + "\":\"team/saxpy"),
            std::string::npos)
      << after;
  auto loaded = load(target, "team/saxpy:1.0");
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->record.contentId, makeTrusted({}).record.contentId);
}

} // namespace registry::test

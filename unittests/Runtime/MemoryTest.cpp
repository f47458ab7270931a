//===- MemoryTest.cpp - kinds of memory, copies, views, allocation --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Memory.md, promise by promise. Those that launch kernels are in
// MemoryLaunchTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "Kinds.h"
#include "MemoryPlan.h"
#include "twrun/Arrays.h"

#include <cstdlib>
#include <filesystem>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
class Memory : public KindTest {};
} // namespace
INSTANTIATE_TEST_SUITE_P(Kinds, Memory, testing::ValuesIn(allKinds), kindName);

TEST_P(Memory, TellsItsKindAndSize) {
  Running instance = open(testManifest(3));
  ASSERT_TRUE(instance.executor);
  EXPECT_EQ(instance.executor->memoryBytes(), 3 * pageBytes);
  EXPECT_EQ(instance.executor->memoryBytes(1), 0u);
  EXPECT_EQ(instance.executor->hostReaches(), !GetParam().isOwn());
  if (GetParam().isOwn()) {
    EXPECT_EQ(instance.executor->memoryKind(), GetParam().kind);
  }
}

TEST_P(Memory, RefusesAKindThatIsNone) {
  Expected<PtxBin> file = artifact(testManifest(1), hostImage(), ptxImage());
  ASSERT_TRUE(file) << messageOf(file);
  InstanceOptions options;
  options.memoryKind = MemoryKind(7);
  EXPECT_EQ(messageOf(device->instantiate(*file, options)),
            "there is no memory of kind 7");
}

TEST_P(Memory, CopiesWhatIsCopiedAndNothingElse) {
  const uint64_t size = 800 * pageBytes; // 50 MiB: more than all staging
  Running instance = open(testManifest(800));
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> expected(size);
  struct Part {
    uint64_t offset, bytes;
  };
  for (Part part :
       {Part{0, 0}, Part{17, 1}, Part{4095, 4098}, Part{70001, 300 << 10},
        Part{(1 << 20) + 3, (4 << 20) + 5}, Part{(6 << 20) + 1, (40 << 20) + 7},
        Part{size - 1, 1}, Part{size, 0}}) {
    std::vector<uint8_t> bytes = someBytes(part.bytes, uint32_t(part.bytes));
    auto ok = executor.copyIn(part.offset, bytes);
    ASSERT_TRUE(ok) << messageOf(ok);
    std::copy(bytes.begin(), bytes.end(), expected.begin() + part.offset);
    ASSERT_EQ(bytesAt(executor, part.offset, part.bytes), bytes);
  }
  EXPECT_TRUE(bytesAt(executor, 0, size) == expected);
  std::span<uint8_t> memory = executor.memory();
  ASSERT_EQ(memory.size(), size);
  EXPECT_TRUE(std::equal(memory.begin(), memory.end(), expected.begin()));
}

TEST_P(Memory, CopiesFromAndToHostBuffers) {
  auto buffer = device->hostBuffer(5 << 20);
  ASSERT_TRUE(buffer) << messageOf(buffer);
  ASSERT_EQ((*buffer)->size(), 5u << 20);
  std::vector<uint8_t> bytes = someBytes(5 << 20);
  std::copy(bytes.begin(), bytes.end(), (*buffer)->data());
  Expected<PtxBin> file = artifact(testManifest(100), hostImage(), ptxImage());
  ASSERT_TRUE(file);
  auto executor = device->instantiate(*file, withExtra(0));
  ASSERT_TRUE(executor) << messageOf(executor);
  ASSERT_TRUE((*executor)->copyIn(99, {(*buffer)->data(), 5 << 20}));
  std::fill_n((*buffer)->data(), 5 << 20, 0);
  EXPECT_EQ(bytesAt(**executor, 99, 5 << 20), bytes);
  // A part of one, too.
  ASSERT_TRUE((*executor)->copyOut(100, {(*buffer)->data() + 1, 1 << 20}));
  EXPECT_TRUE(std::equal(bytes.begin() + 1, bytes.begin() + 1 + (1 << 20),
                         (*buffer)->data() + 1));
  EXPECT_EQ((*buffer)->data()[0], 0);
}

TEST_P(Memory, RefusesRangesOutsideOfIt) {
  Running instance = open(testManifest(1), 4);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> bytes(16);
  for (uint64_t offset : {pageBytes - 15, pageBytes, pageBytes + 1,
                          UINT64_MAX - 15, UINT64_MAX}) {
    auto in = executor.copyIn(offset, bytes);
    ASSERT_FALSE(in) << offset;
    EXPECT_EQ(in.error().kind, ErrorKind::Invalid);
    EXPECT_FALSE(executor.copyOut(offset, bytes)) << offset;
    EXPECT_FALSE(executor.prefetch(Place::Device, {offset, 16})) << offset;
    EXPECT_FALSE(executor.advise(Advice::ReadMostly, {offset, 16})) << offset;
  }
  EXPECT_EQ(messageOf(executor.copyIn(pageBytes - 15, bytes)),
            "expected a range within the 65536 bytes of memory 0, but got 16 "
            "bytes at 65521");
  EXPECT_FALSE(executor.copyIn(0, bytes, 7));
  EXPECT_FALSE(executor.copyOut(0, bytes, 7));
}

TEST_P(Memory, MemoryAndCopiesAgree) {
  Running instance = open(testManifest(40), 40);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  executor.memory()[5] = 1;
  executor.memory()[40 * pageBytes - 1] = 2;
  EXPECT_EQ(bytesAt(executor, 4, 3), (std::vector<uint8_t>{0, 1, 0}));
  EXPECT_EQ(bytesAt(executor, 40 * pageBytes - 1, 1)[0], 2);
  const uint8_t three = 3;
  ASSERT_TRUE(executor.copyIn(6, {&three, 1}));
  std::span<uint8_t> memory = executor.memory();
  EXPECT_EQ(memory[5], 1);
  EXPECT_EQ(memory[6], 3);
  memory[7] = 4;
  ASSERT_TRUE(executor.copyIn(8, {&three, 1})); // keeps what was written
  EXPECT_EQ(bytesAt(executor, 4, 6), (std::vector<uint8_t>{0, 1, 3, 4, 3, 0}));
}

TEST_P(Memory, GrowsWithZerosAndKeepsWhatItHas) {
  Running instance = open(testManifest(30), 200);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> bytes = someBytes(30 * pageBytes);
  ASSERT_TRUE(executor.copyIn(0, bytes));
  for (uint64_t pages : {1, 1, 0, 60, 138}) {
    ASSERT_TRUE(executor.grow(pages));
    const uint64_t size = executor.memoryBytes();
    EXPECT_EQ(bytesAt(executor, 0, bytes.size()), bytes);
    std::vector<uint8_t> more =
        bytesAt(executor, bytes.size(), size - bytes.size());
    EXPECT_EQ(std::count(more.begin(), more.end(), 0), ptrdiff_t(more.size()));
    EXPECT_EQ(executor.memory().size(), size);
  }
  EXPECT_EQ(executor.memoryBytes(), 230 * pageBytes);
  EXPECT_FALSE(executor.grow(1));
}

TEST_P(Memory, ViewsWhatTheHostReaches) {
  Running instance = open(testManifest(1));
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  if (GetParam().isOwn()) {
    auto view = executor.view<float>(0, 1);
    ASSERT_FALSE(view);
    EXPECT_EQ(view.error().kind, ErrorKind::Incompatible);
    EXPECT_EQ(view.error().message,
              std::string("the host does not reach memory 0, which is ") +
                  toString(GetParam().kind) +
                  " memory: copy out what is to be viewed");
    return;
  }
  auto floats = executor.view<float>(16, 3);
  ASSERT_TRUE(floats) << messageOf(floats);
  ASSERT_EQ(floats->size(), 3u);
  (*floats)[2] = 1.5f;
  EXPECT_EQ(bytesAt(executor, 24, 4), (std::vector<uint8_t>{0, 0, 0xc0, 0x3f}));
  EXPECT_TRUE(executor.view<uint64_t>(pageBytes - 8, 1));
  EXPECT_TRUE(executor.view<uint64_t>(pageBytes, 0));
  EXPECT_EQ(messageOf(executor.view<float>(18, 1)),
            "expected the offset of a view to be a multiple of 4, but got 18");
  EXPECT_TRUE(executor.view<uint8_t>(18, 1));
  EXPECT_FALSE(executor.view<uint64_t>(pageBytes - 8, 2));
  EXPECT_FALSE(executor.view<uint64_t>(8, UINT64_MAX));
  EXPECT_FALSE(executor.view<uint64_t>(8, uint64_t(1) << 61));
  EXPECT_FALSE(executor.view<uint8_t>(UINT64_MAX, 2));
  EXPECT_FALSE(executor.view<uint8_t>(0, 1, 3));
}

TEST_P(Memory, SetsBuffersAside) {
  Running instance = open(testManifest(1), 10);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  auto at = [&](uint64_t bytes, uint64_t alignment = 256) {
    auto offset = executor.allocate(bytes, alignment);
    EXPECT_TRUE(offset) << messageOf(offset);
    return offset ? *offset : 0;
  };
  EXPECT_EQ(at(100), pageBytes);
  EXPECT_EQ(executor.memoryBytes(), 2 * pageBytes);
  EXPECT_EQ(at(1), pageBytes + 256);
  EXPECT_EQ(at(1, 1), pageBytes + 257);
  EXPECT_EQ(at(0, 4096), pageBytes + 4096);
  EXPECT_EQ(executor.memoryBytes(), 2 * pageBytes);
  // Grows by what is missing, and goes on where it was.
  EXPECT_EQ(at(2 * pageBytes), pageBytes + 4096);
  EXPECT_EQ(executor.memoryBytes(), 4 * pageBytes);
  // Others have taken the pages behind: what is left of ours is used still.
  ASSERT_TRUE(executor.grow(1));
  EXPECT_EQ(at(16), 3 * pageBytes + 4096);
  EXPECT_EQ(at(pageBytes), 5 * pageBytes);
  EXPECT_EQ(executor.memoryBytes(), 6 * pageBytes);
  EXPECT_EQ(at(8, 65536), 6 * pageBytes);

  auto refused = executor.allocate(8, 24);
  EXPECT_EQ(messageOf(refused), "expected an alignment that is a power of two, "
                                "but got 24");
  EXPECT_FALSE(executor.allocate(8, 0));
  EXPECT_FALSE(executor.allocate(UINT64_MAX));
  EXPECT_FALSE(executor.allocate(UINT64_MAX - 8 * pageBytes + 1, 1));
  EXPECT_FALSE(executor.allocate(8, uint64_t(1) << 63));
  refused = executor.allocate(5 * pageBytes);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("cannot grow memory"),
            std::string::npos);
  EXPECT_EQ(executor.memoryBytes(), 7 * pageBytes);
  EXPECT_EQ(at(8), 6 * pageBytes + 256); // as if nothing had been asked
  EXPECT_FALSE(executor.allocate(8, 8, 3));
}

TEST_P(Memory, SavesAndLoadsArrayFiles) {
  char name[] = "/tmp/twrun-memory-XXXXXX";
  ASSERT_TRUE(mkdtemp(name));
  const std::string folder = name, path = folder + "/a.npy";
  Running instance = open(testManifest(1), 4);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> bytes = someBytes(6 * 4);
  ASSERT_TRUE(executor.copyIn(40, bytes));
  auto saved = saveNpy(executor, path, ElementType::F32, {2, 3}, 40);
  ASSERT_TRUE(saved) << messageOf(saved);
  Expected<Bytes> file = readFile(path, 1 << 20);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 128u + 24);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), file->begin() + 128));

  auto loaded = loadNpy(executor, path, pageBytes - 24);
  ASSERT_TRUE(loaded) << messageOf(loaded);
  EXPECT_EQ(loaded->type, ElementType::F32);
  EXPECT_EQ(loaded->shape, (Shape{2, 3}));
  EXPECT_EQ(loaded->range.bytes, 24u);
  EXPECT_EQ(bytesAt(executor, pageBytes - 24, 24), bytes);
  loaded = loadNpy(executor, path);
  ASSERT_TRUE(loaded) << messageOf(loaded);
  EXPECT_EQ(loaded->range.offset, pageBytes);
  EXPECT_EQ(bytesAt(executor, pageBytes, 24), bytes);

  EXPECT_FALSE(loadNpy(executor, path, 2 * pageBytes - 23));
  EXPECT_FALSE(loadNpy(executor, path, UINT64_MAX));
  EXPECT_FALSE(loadNpy(executor, folder + "/none.npy", 0));
  EXPECT_FALSE(
      saveNpy(executor, path, ElementType::F64, {1u << 20, 1u << 20}, 0));
  EXPECT_FALSE(
      saveNpy(executor, path, ElementType::F32, {2, 3}, 2 * pageBytes - 23));
  std::filesystem::remove_all(folder);
}

TEST_P(Memory, AdviceIsForManagedMemory) {
  Running instance = open(testManifest(64));
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> bytes = someBytes(64 * pageBytes);
  ASSERT_TRUE(executor.copyIn(0, bytes));
  for (Advice advice :
       {Advice::ReadMostly, Advice::NotReadMostly, Advice::PreferDevice,
        Advice::PreferHost, Advice::NoPreference, Advice::AccessedByDevice,
        Advice::AccessedByHost, Advice::NotAccessedByDevice,
        Advice::NotAccessedByHost}) {
    auto told = executor.advise(advice, {pageBytes, 32 * pageBytes});
    if (GetParam().isOwn()) {
      ASSERT_FALSE(told);
      EXPECT_EQ(told.error().kind, ErrorKind::Incompatible);
      continue;
    }
    ASSERT_TRUE(told) << messageOf(told);
    if (std::string(GetParam().device) == "host") {
      EXPECT_FALSE(*told);
    }
  }
  for (Place place : {Place::Device, Place::Host, Place::Device}) {
    auto moved = executor.prefetch(place, {0, 64 * pageBytes});
    EXPECT_EQ(bool(moved), !GetParam().isOwn());
    if (moved && std::string(GetParam().device) == "host") {
      EXPECT_FALSE(*moved);
    }
    EXPECT_EQ(bytesAt(executor, 0, bytes.size()), bytes);
  }
}

TEST_P(Memory, KeepsSeveralMemoriesApart) {
  Manifest manifest = testManifest(1);
  manifest.memories.resize(3);
  manifest.memories[1].minPages = 2;
  manifest.memories[2].minPages = 3;
  manifest.memories[2].index64 = true;
  Running instance = open(manifest, 2);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  for (uint32_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(executor.grow(2, i));
    EXPECT_EQ(executor.memoryBytes(i), (i + 3) * pageBytes);
    ASSERT_TRUE(executor.copyIn(0, someBytes((i + 3) * pageBytes, i), i));
  }
  for (uint32_t i = 0; i < 3; ++i)
    EXPECT_EQ(bytesAt(executor, 0, (i + 3) * pageBytes, i),
              someBytes((i + 3) * pageBytes, i));
}

// Managed and reserved memory may be more than a device has: they take none
// ahead of its use.
using Shortage = Memory;
INSTANTIATE_TEST_SUITE_P(Kinds, Shortage,
                         testing::Values(allKinds[0], allKinds[2]), kindName);

TEST_P(Shortage, MoreThanThereIsIsRefusedAndNothingIsLost) {
  const bool onHost = std::string(GetParam().device) == "host";
  Manifest manifest = testManifest(1);
  manifest.memories.resize(5);
  for (MemoryInfo &memory : manifest.memories)
    memory.index64 = true;
  for (MemoryInfo &memory : manifest.memories)
    memory.minPages = 1;
  Expected<PtxBin> file = artifact(manifest, hostImage(), ptxImage());
  ASSERT_TRUE(file) << messageOf(file);
  for (int round = 0; round < 3; ++round) {
    // 64 TiB each: no machine has the addresses.
    auto executor = device->instantiate(*file, withExtra(reservablePages));
    ASSERT_FALSE(executor);
    EXPECT_EQ(executor.error().kind, ErrorKind::OutOfMemory)
        << executor.error().message;
    const std::string &message = executor.error().message;
    EXPECT_NE(message.find("linear memory"), std::string::npos) << message;
    // How much was asked for; the host adds guard pages.
    const std::string asked = std::to_string(5 * reservablePages * pageBytes);
    EXPECT_NE(message.find(asked.substr(0, 6)), std::string::npos) << message;
    EXPECT_NE(message.find(onHost ? "are available" : "bytes are free"),
              std::string::npos)
        << message;
  }
  auto executor = device->instantiate(*file, withExtra(1));
  ASSERT_TRUE(executor) << messageOf(executor);
  EXPECT_TRUE((*executor)->grow(1, 4));
}

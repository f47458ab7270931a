//===- FilesTest.cpp - whole files, bounded and atomic --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// readFile, writeFileAtomic, and the two digest helpers.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace ptxbin;
using namespace ptxbin::test;

TEST(Files, RoundTripAndReplace) {
  TemporaryDirectory dir;
  Bytes data(100000);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = uint8_t(i * 7);
  ASSERT_TRUE(writeFileAtomic(dir / "f", bytesOf("old")));
  ASSERT_TRUE(writeFileAtomic(dir / "f", data));
  auto back = readFile(dir / "f", data.size());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, data);
  EXPECT_EQ(dir.list(), std::vector<std::string>{"f"});

  ASSERT_TRUE(writeFileAtomic(dir / "empty", {}));
  back = readFile(dir / "empty", 0);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->empty());
}

TEST(Files, Limit) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeFileAtomic(dir / "f", Bytes(1000)));
  EXPECT_TRUE(readFile(dir / "f", 1000));
  auto refused = readFile(dir / "f", 999);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);
  // A sparse file larger than memory is refused by its size.
  ASSERT_EQ(::truncate((dir / "f").c_str(), off_t(1) << 42), 0);
  EXPECT_FALSE(readFile(dir / "f", maxFileBytes));
  // One that says it has no size is cut off at the limit.
  refused = readFile("/dev/zero", 200000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);
}

TEST(Files, Pipe) {
  TemporaryDirectory dir;
  std::string path = dir / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  Bytes data(300000, 'p');
  std::thread writer([&] {
    auto ok = writeFileAtomic(path, data); // Into the pipe, not over it.
    EXPECT_TRUE(ok) << ok.error().message;
  });
  auto back = readFile(path, 1 << 20);
  writer.join();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, data);
  struct stat status;
  ASSERT_EQ(::lstat(path.c_str(), &status), 0);
  EXPECT_TRUE(S_ISFIFO(status.st_mode));
}

TEST(Files, Missing) {
  TemporaryDirectory dir;
  auto missing = readFile(dir / "none", 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
  auto directory = readFile(dir / ".", 10);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::IO);
}

TEST(Files, FailedWriteLeavesNothing) {
  TemporaryDirectory dir;
  EXPECT_FALSE(writeFileAtomic(dir / "no/f", bytesOf("x")));
  ASSERT_EQ(::mkdir((dir / "d").c_str(), 0700), 0);
  auto refused = writeFileAtomic(dir / "d", bytesOf("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  EXPECT_EQ(dir.list(), std::vector<std::string>{"d"});
  auto full = writeFileAtomic("/dev/full", bytesOf("x"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::IO);
}

TEST(Files, LinksStay) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeFileAtomic(dir / "real", bytesOf("old")));
  ASSERT_EQ(::symlink("real", (dir / "link").c_str()), 0);
  ASSERT_TRUE(writeFileAtomic(dir / "link", bytesOf("new")));
  struct stat status;
  ASSERT_EQ(::lstat((dir / "link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  auto back = readFile(dir / "real", 10);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, bytesOf("new"));
}

TEST(Files, Mode) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeFileAtomic(dir / "f", bytesOf("x"), 0600));
  struct stat status;
  ASSERT_EQ(::stat((dir / "f").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(Files, Digests) {
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
                             "a495991b7852b855");
  EXPECT_EQ(hex(sha256(bytesOf("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(Bytes{0x00, 0x0f, 0xf0, 0xab}), "000ff0ab");
}

//===- CacheTest.cpp - a cache that nobody else fills ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is found is what this user has put there, under that name; everything
// else is not found.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "Registry/Cache.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace registry::test {

namespace {
struct CacheTest : testing::Test {
  TemporaryDirectory dir;
  std::string path = dir / "cache", secret = dir / "state/cache.key";

  Cache open() {
    auto cache = Cache::open(path, secret);
    EXPECT_TRUE(cache) << cache.error().message;
    return std::move(*cache);
  }
  static Digest key(int n) {
    CacheKey key("test");
    key.add(uint64_t(n));
    return key.digest();
  }
  std::string file(int n) { return path + "/entries/" + ptxbin::hex(key(n)); }
  static Bytes value(int n, size_t size = 100) {
    return Bytes(size, uint8_t(n));
  }
  static bool has(const Cache &cache, int n, size_t size = 100) {
    auto found = cache.get(key(n));
    EXPECT_TRUE(found);
    if (*found) {
      EXPECT_EQ(**found, value(n, size));
    }
    return found->has_value();
  }
};
} // namespace

TEST_F(CacheTest, GivesBackWhatWasPut) {
  Cache cache = open();
  EXPECT_FALSE(has(cache, 1));
  ASSERT_TRUE(cache.put(key(1), "twc", value(1)));
  EXPECT_TRUE(has(cache, 1));
  EXPECT_FALSE(has(cache, 2));
  Cache again = open();
  EXPECT_TRUE(has(again, 1));
  auto entries = again.list();
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].kind, "twc");
  struct stat status;
  ASSERT_EQ(::stat(secret.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(CacheTest, PartsOfAKeyDoNotRunIntoEachOther) {
  auto of = [](std::string_view a, std::string_view b) {
    CacheKey key("test");
    key.add(a);
    key.add(b);
    return key.digest();
  };
  EXPECT_NE(of("ab", "c"), of("a", "bc"));
  EXPECT_NE(of("", "a"), of("a", ""));
  EXPECT_NE(CacheKey("a").digest(), CacheKey("b").digest());
}

TEST_F(CacheTest, DamagedEntriesAreNone) {
  Cache cache = open();
  ASSERT_TRUE(cache.put(key(1), "twc", value(1)));
  std::string good = readText(file(1));
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    writeText(file(1), bad);
    EXPECT_FALSE(has(cache, 1)) << i;
    writeText(file(1), good.substr(0, i));
    EXPECT_FALSE(has(cache, 1)) << i;
  }
  writeText(file(1), good + "x");
  EXPECT_FALSE(has(cache, 1));
  // A good one under another name.
  writeText(file(2), good);
  EXPECT_FALSE(has(cache, 2));
  writeText(file(1), good);
  EXPECT_TRUE(has(cache, 1));
  // And it can be made anew.
  writeText(file(1), "junk");
  ASSERT_TRUE(cache.put(key(1), "twc", value(1)));
  EXPECT_TRUE(has(cache, 1));
}

TEST_F(CacheTest, EntriesOfAnotherSecretAreNone) {
  {
    auto other = Cache::open(path, dir / "other/cache.key");
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->put(key(1), "twc", value(7)));
  }
  Cache cache = open();
  EXPECT_FALSE(has(cache, 1));
  EXPECT_EQ((*cache.list())[0].kind, "");
}

TEST_F(CacheTest, LinksAndPipesAreNone) {
  Cache cache = open();
  ASSERT_TRUE(cache.put(key(1), "twc", value(1)));
  std::filesystem::rename(file(1), dir / "elsewhere");
  std::filesystem::create_symlink(dir / "elsewhere", file(1));
  EXPECT_FALSE(has(cache, 1));
  ASSERT_EQ(::mkfifo(file(2).c_str(), 0600), 0);
  EXPECT_FALSE(has(cache, 2));
}

TEST_F(CacheTest, ASecretOpenToOthersIsRefused) {
  open();
  ASSERT_EQ(::chmod(secret.c_str(), 0644), 0);
  expectError(Cache::open(path, secret), ErrorKind::Invalid, "chmod 600");
  ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);
  writeText(secret, "short");
  expectError(Cache::open(path, secret), ErrorKind::Malformed, "expected 32");
}

TEST_F(CacheTest, TheLongestUnusedGoesFirst) {
  Cache cache = open();
  for (int n : {1, 2, 3}) {
    ASSERT_TRUE(cache.put(key(n), "twc", value(n, 1000)));
    ::usleep(2000);
  }
  EXPECT_TRUE(has(cache, 1, 1000)); // used now
  ::usleep(2000);
  auto removed = cache.shrink(2200);
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->count, 1u);
  EXPECT_FALSE(has(cache, 2));
  EXPECT_TRUE(has(cache, 3, 1000));
  ::usleep(2000);
  EXPECT_TRUE(has(cache, 1, 1000));
  ::usleep(2000);
  // Putting makes room by itself.
  ASSERT_TRUE(cache.put(key(4), "twc", value(4, 1000), 2200));
  EXPECT_FALSE(has(cache, 3));
  EXPECT_TRUE(has(cache, 1, 1000));
  EXPECT_TRUE(has(cache, 4, 1000));
  // What is larger than all of it drives nothing out.
  ASSERT_TRUE(cache.put(key(5), "twc", value(5, 3000), 2200));
  EXPECT_TRUE(has(cache, 4, 1000));
  EXPECT_EQ(cache.shrink(0)->count, 2u);
  EXPECT_TRUE(cache.list()->empty());
}

TEST_F(CacheTest, ManyProcessesAtOnceAndKilledOnes) {
  // Each writes and reads all keys; every second one is killed on the way.
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    pid_t child = ::fork();
    if (child == 0) {
      if (i % 2)
        ::alarm(1);
      auto cache = Cache::open(path, secret);
      if (!cache)
        ::_exit(1);
      for (int round = 0; round < (i % 2 ? 100000 : 8); ++round)
        for (int n = 0; n < 8; ++n) {
          auto found = cache->get(key(n));
          if (!found || (*found && **found != value(n, 5000)))
            ::_exit(2);
          if (!cache->put(key(n), "twc", value(n, 5000), 30000))
            ::_exit(3);
        }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (size_t i = 0; i < children.size(); ++i) {
    int status = 0;
    ASSERT_EQ(::waitpid(children[i], &status, 0), children[i]);
    if (i % 2)
      EXPECT_TRUE(WIFSIGNALED(status)) << status;
    else
      EXPECT_EQ(status, 0);
  }
  // Those that were killed may not have made room for what they had put: the
  // next one does.
  Cache cache = open();
  ASSERT_TRUE(cache.shrink(30000));
  uint64_t bytes = 0;
  for (const Cache::Entry &entry : *cache.list()) {
    EXPECT_EQ(entry.kind, "twc");
    bytes += entry.bytes;
  }
  EXPECT_GT(bytes, 20000u);
  EXPECT_LE(bytes, 30000u);
}

} // namespace registry::test

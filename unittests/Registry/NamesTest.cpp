//===- NamesTest.cpp - what may become part of a path ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grammar of docs/Registry.md, "Names", from both sides.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

namespace registry::test {

TEST(Names, Good) {
  for (const char *name : {"a", "saxpy", "team/saxpy", "a.b_c-d/0/e9"})
    EXPECT_TRUE(checkName(name)) << name;
  EXPECT_TRUE(checkName(std::string(maxNameBytes, 'a')));
  for (const char *version : {"1", "1.0", "v1.0-rc.2", "2026_11_21", "ABC"})
    EXPECT_TRUE(checkVersion(version)) << version;
}

TEST(Names, Bad) {
  using namespace std::string_literals;
  for (const std::string &name :
       {""s, "../x"s, "/x"s, "x/"s, "a//b"s, "a/../b"s, "."s, ".."s, "a\0b"s,
        "Saxpy"s, "a b"s, "a\x1b[2J"s, "größe"s, "a+b"s, "a:b"s, "a..b"s, "-a"s,
        "a_"s, std::string(300, 'a')})
    expectError(checkName(name), ErrorKind::Invalid, "expected at most 128");
  for (const std::string &version :
       {""s, ".."s, "../1"s, "1/2"s, "1\0"s, "1+2"s, "-1"s, "1-"s, "1..2"s,
        "1\n"s, std::string(300, '1')})
    expectError(checkVersion(version), ErrorKind::Invalid,
                "expected at most 128");
  // Long names do not fill a terminal.
  auto refused = checkName(std::string(1 << 20, 'A'));
  ASSERT_FALSE(refused);
  EXPECT_LT(refused.error().message.size(), 400u);
}

TEST(Names, Queries) {
  auto both = parseQuery("team/saxpy:1.0");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->name, "team/saxpy");
  EXPECT_EQ(both->version, "1.0");
  auto name = parseQuery("saxpy");
  ASSERT_TRUE(name);
  EXPECT_FALSE(name->version);
  for (const char *text : {"", ":1", "a:", "a:1:2", "../a:1", "a:../1"})
    EXPECT_FALSE(parseQuery(text)) << text;
}

TEST(Names, PathsAreOneComponentAndBack) {
  EXPECT_EQ(pathOfName("team/sub/saxpy"), "team+sub+saxpy");
  EXPECT_EQ(nameOfPath("team+sub+saxpy"), "team/sub/saxpy");
  for (const char *bad : {"", ".", "..", "+a", "a+", "a++b", "A", "a/b"})
    EXPECT_FALSE(nameOfPath(bad)) << bad;
}

TEST(Names, Digests) {
  std::string digits(64, '0');
  EXPECT_TRUE(parseDigest("sha256:" + digits));
  EXPECT_EQ(digestText(*parseDigest("sha256:" + digits)), "sha256:" + digits);
  for (const std::string &bad :
       {digits, "sha512:" + digits, "sha256:" + digits + "0",
        "sha256:" + std::string(64, 'A'),
        "sha256:" + std::string(63, '0') + "g",
        std::string("sha256:../../../etc/passwd")})
    EXPECT_FALSE(parseDigest(bad)) << bad;
}

} // namespace registry::test

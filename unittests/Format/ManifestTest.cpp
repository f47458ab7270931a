//===- ManifestTest.cpp - canonical JSON and its rules --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Manifest".
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

using namespace ptxbin;
using namespace ptxbin::test;

static std::string encoded(const Manifest &manifest) {
  auto text = encodeManifest(manifest);
  EXPECT_TRUE(text) << text.error().message;
  return text ? *text : std::string();
}

static std::string sample() { return encoded(sampleManifest()); }

/// The sample's text with the one occurrence of `from` replaced by `to`.
static std::string replaced(const std::string &from, const std::string &to) {
  std::string text = sample();
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  EXPECT_EQ(text.find(from, at + 1), std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

static void expectRefused(const std::string &text, const std::string &words,
                          ErrorKind kind = ErrorKind::Malformed) {
  auto manifest = decodeManifest(text);
  ASSERT_FALSE(manifest) << "accepted, but expected: " << words;
  EXPECT_EQ(manifest.error().kind, kind) << manifest.error().message;
  EXPECT_NE(manifest.error().message.find(words), std::string::npos)
      << manifest.error().message << "\nexpected: " << words;
}

TEST(Manifest, RoundTrip) {
  auto decoded = decodeManifest(sample());
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(encoded(*decoded), sample());
  EXPECT_EQ(decoded->name, "sample");
  EXPECT_EQ(decoded->release, 7u);
  EXPECT_EQ(decoded->compiler.flags, std::vector<std::string>{"-O2"});
  ASSERT_EQ(decoded->memories.size(), 1u);
  EXPECT_EQ(decoded->memories[0].maxPages, 16u);
  EXPECT_TRUE(decoded->memories[0].grows);
  ASSERT_EQ(decoded->globals.size(), 2u);
  EXPECT_TRUE(decoded->globals[0].isMutable);
  EXPECT_EQ(decoded->globals[1].bits, 0x3ff8000000000000u);
  EXPECT_EQ(decoded->globals[1].type, ValueType::F64);
  EXPECT_EQ(decoded->data[0].memoryOffset, 1024u);
  EXPECT_EQ(decoded->data[0].moduleOffset, 8u);
  EXPECT_FALSE(decoded->startSymbol);
  ASSERT_EQ(decoded->kernels.size(), 2u);
  EXPECT_EQ(decoded->kernels[0].params,
            (std::vector{ValueType::I32, ValueType::F32}));
  EXPECT_EQ(decoded->kernels[1].name, "größe\n");
  EXPECT_EQ(decoded->kernels[1].notOffloadable, "imports env.print");

  Manifest other = sampleManifest();
  other.startSymbol = "tw_start";
  other.memories[0].maxPages.reset();
  decoded = decodeManifest(encoded(other));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->startSymbol, "tw_start");
  EXPECT_FALSE(decoded->memories[0].maxPages);
}

TEST(Manifest, ExactBytes) {
  // The encoding itself, so that it cannot change unnoticed.
  Manifest manifest;
  manifest.name = "a\"\\\n\x01\x7fé";
  EXPECT_EQ(encoded(manifest),
            "{\"compiler\":{\"assembler\":\"\",\"flags\":[],\"llvm\":\"\","
            "\"name\":\"\",\"version\":\"\"},\"created\":0,\"data\":[],"
            "\"expires\":0,\"floatingPoint\":\"\",\"functions\":[],"
            "\"globals\":[],\"kernelABI\":0,\"kernels\":[],\"memories\":[],"
            "\"name\":\"a\\\"\\\\\\n\\u0001\x7fé\",\"publisher\":\"\","
            "\"release\":0,\"sandbox\":\"\",\"schema\":1,"
            "\"sourceSha256\":\"\",\"start\":null,\"version\":\"\"}");
}

TEST(Manifest, NotJSON) {
  for (const char *text :
       {"", "{", "null x", "{\"a\":}", "\xef\xbb\xbf{}", "{}{}", "[1,]"})
    expectRefused(text, "manifest: ");
  expectRefused(sample() + std::string(1, '\0'), "not canonical");
  expectRefused("[]", "expected an object");
  expectRefused("null", "expected an object");
}

TEST(Manifest, NotCanonical) {
  expectRefused(sample() + "\n", "not canonical");
  expectRefused(" " + sample(), "not canonical at byte 0");
  expectRefused(replaced("\"release\":7", "\"release\": 7"), "not canonical");
  expectRefused(replaced("\"release\":7", "\"release\":7 "), "not canonical");
  // Key order.
  expectRefused(
      replaced("\"grows\":true,\"max\":16", "\"max\":16,\"grows\":true"),
      "not canonical");
  // A member given twice, in either order and of the same value.
  expectRefused(replaced("\"release\":7", "\"release\":7,\"release\":7"),
                "not canonical");
  expectRefused(replaced("\"release\":7", "\"release\":8,\"release\":7"),
                "not canonical");
  // Other spellings of the same string.
  expectRefused(replaced("\"sample\"", "\"s\\u0061mple\""), "not canonical");
  expectRefused(replaced("\"Example\"", "\"\\u00ff\""), "not canonical");
}

TEST(Manifest, Numbers) {
  for (const char *bad : {"7.0", "7.5", "-7", "-0", "7e0", "9007199254740992",
                          "18446744073709551615", "18446744073709551616",
                          "\"7\"", "null", "true", "[7]"})
    expectRefused(replaced("\"release\":7", std::string("\"release\":") + bad),
                  "release: expected an unsigned integer below 2^53");
  for (const char *bad : {"07", "+7", "0x7", "7.", ".7", "NaN", "Infinity"})
    expectRefused(replaced("\"release\":7", std::string("\"release\":") + bad),
                  "not valid JSON");
  EXPECT_TRUE(decodeManifest(
      replaced("\"release\":7", "\"release\":9007199254740991")));
  expectRefused(replaced("\"kernelABI\":1", "\"kernelABI\":4294967296"),
                "kernelABI: expected an unsigned integer below 2^32");
}

TEST(Manifest, UnknownAndMissingMembers) {
  expectRefused(replaced("\"release\":7", "\"release\":7,\"rest\":0"),
                "\"rest\": unknown member");
  expectRefused(replaced("\"grows\":true", "\"grows\":true,\"\\u001b[2J\":0"),
                "memories[0].\"\\u001b[2J\": unknown member");
  expectRefused(replaced("\"release\":7,", ""), "release: missing");
  expectRefused(replaced("\"size\":4", "\"siz\":4"), "data[0].size: missing");
  expectRefused(replaced(",\"start\":null", ""), "start: missing");
  expectRefused(replaced("\"max\":16,", ""), "memories[0].max: missing");
  expectRefused(replaced("\"llvm\":\"22.1.8\",", ""), "compiler.llvm: missing");
}

TEST(Manifest, Types) {
  struct Case {
    const char *from, *to, *words;
  } cases[] = {
      {"\"name\":\"sample\"", "\"name\":1", "name: expected a string"},
      {"\"start\":null", "\"start\":0", "start: expected a string"},
      {"\"grows\":true", "\"grows\":1",
       "memories[0].grows: expected true or false"},
      {"\"flags\":[\"-O2\"]", "\"flags\":[1]",
       "compiler.flags[0]: expected a string"},
      {"\"flags\":[\"-O2\"]", "\"flags\":\"-O2\"",
       "compiler.flags: expected a list"},
      {"[\"i32\",\"f32\"]", "[\"i32\",\"v128\"]",
       "kernels[0].params[1]: expected \"i32\", \"i64\""},
      {"[\"i32\",\"f32\"]", "[null]", "kernels[0].params[0]: expected \"i32\""},
      {"\"bits\":\"3ff8000000000000\"", "\"bits\":\"3FF8000000000000\"",
       "globals[1].bits: expected 16 lower-case"},
      {"\"bits\":\"3ff8000000000000\"", "\"bits\":\"3ff800000000000\"",
       "globals[1].bits: expected 16 lower-case"},
      {"\"mutable\":false,\"type\":\"f64\"",
       "\"mutable\":false,\"type\":\"f32\"",
       "globals[1].bits: expected zeros above"},
      {"{\"memoryOffset\":1024,\"moduleOffset\":8,\"size\":4}", "7",
       "data[0].: expected an object"},
  };
  for (const Case &c : cases)
    expectRefused(replaced(c.from, c.to), c.words);
}

TEST(Manifest, Schema) {
  expectRefused(replaced("\"schema\":1", "\"schema\":2"), "schema 2",
                ErrorKind::Incompatible);
  expectRefused(replaced("\"schema\":1", "\"schema\":0"), "schema 0",
                ErrorKind::Incompatible);
  expectRefused(replaced("\"schema\":1,", ""), "schema: missing");
}

TEST(Manifest, UTF8) {
  for (const char *bad :
       {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"})
    expectRefused(replaced("\"sample\"", std::string("\"") + bad + "\""),
                  "not valid JSON in UTF-8");
  expectRefused(replaced("\"sample\"", "\"\\ud800\""), "not valid JSON");
  expectRefused(replaced("\"sample\"", "\"a\nb\""), "not valid JSON");
  Manifest manifest = sampleManifest();
  manifest.kernels[0].name = "\xff";
  auto text = encodeManifest(manifest);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::Invalid);
  // What Wasm allows in a name goes through.
  manifest.kernels[0].name = std::string("\0\x1b\xf0\x9f\x98\x80\"", 7);
  auto decoded = decodeManifest(encoded(manifest));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->kernels[0].name, manifest.kernels[0].name);
}

TEST(Manifest, Depth) {
  expectRefused(std::string(9, '['), "nested more than 8 deep");
  expectRefused(std::string(1 << 20, '['), "nested more than 8 deep");
  expectRefused(replaced("\"release\":7", "\"release\":[[[[[[[[7]]]]]]]]"),
                "nested more than 8 deep");
  // Brackets in strings do not nest.
  Manifest manifest = sampleManifest();
  manifest.name = "[[[[[[[[[[{{{{{{{{\"[[[[\\";
  EXPECT_TRUE(decodeManifest(encoded(manifest)));
}

TEST(Manifest, Size) {
  Manifest manifest = sampleManifest();
  size_t rest = (1 << 20) - sample().size();
  manifest.publisher += std::string(rest, 'x');
  std::string largest = encoded(manifest);
  EXPECT_EQ(largest.size(), size_t(1) << 20);
  EXPECT_TRUE(decodeManifest(largest));
  manifest.publisher += 'x';
  auto text = encodeManifest(manifest);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::Invalid);
  expectRefused(largest.insert(largest.find("xx"), "x"), "limit of 1048576");
}

TEST(Manifest, RulesOfContent) {
  using Change = void (*)(Manifest &);
  struct Case {
    Change change;
    const char *words;
  } cases[] = {
      {[](Manifest &m) { m.created = uint64_t(1) << 53; }, "created: expected"},
      {[](Manifest &m) { m.expires = UINT64_MAX; }, "expires: expected"},
      {[](Manifest &m) { m.release = UINT64_MAX; }, "release: expected"},
      {[](Manifest &m) { m.sourceSha256 = "00"; }, "sourceSha256: expected"},
      {[](Manifest &m) { m.sourceSha256[0] = 'A'; }, "sourceSha256: expected"},
      {[](Manifest &m) { m.memories.push_back({}); }, "at most one memory"},
      {[](Manifest &m) { m.memories[0].minPages = 17; },
       "memories[0].max: expected at least the minimum"},
      {[](Manifest &m) { m.memories.clear(); }, "data[0]: expected a memory"},
      {[](Manifest &m) { m.data[0].size = uint64_t(1) << 53; },
       "data[0].size: expected"},
      {[](Manifest &m) { m.globals[0].bits = uint64_t(1) << 32; },
       "globals[0].bits: expected zeros"},
      {[](Manifest &m) { m.startSymbol = ""; }, "start: expected letters"},
      {[](Manifest &m) { m.kernels[0].symbol = ""; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "1a"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "a b"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "ä"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[1].name = "add"; },
       "kernels[1].name: expected a name that no other kernel has"},
  };
  for (const Case &c : cases) {
    Manifest manifest = sampleManifest();
    c.change(manifest);
    auto text = encodeManifest(manifest);
    ASSERT_FALSE(text) << c.words;
    EXPECT_EQ(text.error().kind, ErrorKind::Invalid);
    EXPECT_NE(text.error().message.find(c.words), std::string::npos)
        << text.error().message;
  }
  // The decoder keeps to the same rules.
  expectRefused(replaced("\"tw_add\"", "\"tw.add\""), "kernels[0].symbol");
  expectRefused(replaced("\"min\":1", "\"min\":17"), "memories[0].max");
}

TEST(Manifest, EveryByteChangedIsRefusedOrReadBackTheSame) {
  std::string text = sample();
  for (size_t i = 0; i < text.size(); ++i)
    for (char c : {'\0', ' ', '"', '0', '{', ',', '\\', '\xff'}) {
      std::string changed = text;
      changed[i] = c;
      if (auto manifest = decodeManifest(changed)) {
        EXPECT_EQ(encoded(*manifest), changed);
      }
    }
}

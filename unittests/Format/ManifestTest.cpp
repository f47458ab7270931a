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
  EXPECT_FALSE(decoded->modules[0].startSymbol);
  EXPECT_EQ(decoded->memories[0].exports[0].name, "memory");
  EXPECT_EQ(decoded->kernels[0].memory, 0u);
  EXPECT_FALSE(decoded->kernels[1].memory);
  ASSERT_EQ(decoded->kernels.size(), 2u);
  EXPECT_EQ(decoded->kernels[0].params,
            (std::vector{ValueType::I32, ValueType::F32}));
  EXPECT_EQ(decoded->kernels[1].name, "größe\n");
  EXPECT_EQ(decoded->kernels[1].notOffloadable, "imports env.print");

  Manifest other = sampleManifest();
  other.modules[0].startSymbol = "tw_start";
  other.memories[0].maxPages.reset();
  decoded = decodeManifest(encoded(other));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->modules[0].startSymbol, "tw_start");
  EXPECT_FALSE(decoded->memories[0].maxPages);
}

/// Two modules, and one of everything that a manifest can tell of.
static Manifest linked() {
  Manifest m;
  m.modules.resize(2);
  m.modules[0] = {"a", 0, 100, 1, {}, {}, "s"};
  m.modules[1] = {"b", 100, 50, 2, {{0, 3}}, {{0, 4}}, {}};
  m.functions = {"f", "f", "g"};
  m.fuel = true;
  m.memories.resize(2);
  m.memories[0].exports = {{0, "m"}, {1, "n"}};
  m.memories[0].minPages = 1;
  m.memories[1].module = 1;
  m.memories[1].index64 = m.memories[1].shared = m.memories[1].grows = true;
  m.memories[1].minPages = 1;
  m.memories[1].maxPages = uint64_t(1) << 48;
  m.tables.resize(2);
  m.tables[0].minSize = 5;
  m.tables[0].maxSize = 6;
  m.tables[0].grows = true;
  m.tables[0].exports = {{0, "t"}};
  m.tables[1].module = 1;
  m.tables[1].type = ValueType::ExternRef;
  m.data = {{0, true, 0, ~uint64_t(0), 90, 10}, {1, false, 0, 0, 100, 50}};
  m.elems = {{0, true, 0, 5, {1, 0}}, {1, false, 0, 0, {3}}};
  m.globals.resize(3);
  m.globals[0].type = ValueType::V128;
  m.globals[0].bits = 1;
  m.globals[0].highBits = ~uint64_t(0);
  m.globals[1].module = 1;
  m.globals[1].type = ValueType::FuncRef;
  m.globals[1].bits = 3;
  m.globals[2].module = 1;
  m.globals[2].type = ValueType::ExternRef;
  m.globals[2].bits = 77;
  KernelInfo k;
  k.name = "k";
  k.symbol = "k0";
  k.params = {ValueType::V128, ValueType::FuncRef, ValueType::ExternRef};
  m.kernels = {k, k};
  m.kernels[1].module = 1;
  m.kernels[1].function = 2;
  m.kernels[1].memory = 1;
  return m;
}

TEST(Manifest, ExactBytes) {
  // The encoding itself, so that it cannot change unnoticed.
  Manifest manifest;
  manifest.name = "a\"\\\n\x01\x7fé";
  manifest.modules.resize(1);
  EXPECT_EQ(encoded(manifest),
            "{\"compiler\":{\"assembler\":\"\",\"flags\":[],\"llvm\":\"\","
            "\"name\":\"\",\"version\":\"\"},\"created\":0,\"data\":[],"
            "\"elems\":[],\"expires\":0,\"floatingPoint\":\"\","
            "\"fuel\":false,\"functions\":[],\"globals\":[],\"kernelABI\":0,"
            "\"kernels\":[],\"memories\":[],\"modules\":[{\"functions\":0,"
            "\"memoryImports\":[],\"name\":\"\",\"start\":null,"
            "\"tableImports\":[],\"wasmOffset\":0,\"wasmSize\":0}],"
            "\"name\":\"a\\\"\\\\\\n\\u0001\x7fé\",\"publisher\":\"\","
            "\"release\":0,\"sandbox\":\"\",\"schema\":3,"
            "\"sourceSha256\":\"\",\"tables\":[],\"version\":\"\"}");
}

TEST(Manifest, ExactBytesOfWhatModulesDefine) {
  std::string text = encoded(linked());
  for (const char *part :
       {"\"data\":[{\"active\":true,\"memory\":0,\"memoryOffset\":"
        "\"ffffffffffffffff\",\"module\":0,\"moduleOffset\":90,\"size\":10},",
        "\"elems\":[{\"active\":true,\"module\":0,\"references\":["
        "\"0000000000000001\",\"0000000000000000\"],\"table\":0,"
        "\"tableOffset\":\"0000000000000005\"},",
        "\"fuel\":true",
        "\"globals\":[{\"bits\":\"0000000000000001\",\"exports\":[],"
        "\"highBits\":\"ffffffffffffffff\",\"module\":0,\"mutable\":false,"
        "\"type\":\"v128\"},",
        "{\"cooperative\":false,\"function\":2,\"gridSymbol\":\"\",\"memory\":"
        "1,\"module\":1,\"name\":\"k\"",
        "\"memories\":[{\"exports\":[{\"module\":0,\"name\":\"m\"},"
        "{\"module\":1,\"name\":\"n\"}],\"grows\":false,\"index64\":false,"
        "\"max\":null,\"min\":1,\"module\":0,\"shared\":false},"
        "{\"exports\":[],\"grows\":true,\"index64\":true,"
        "\"max\":281474976710656,\"min\":1,\"module\":1,\"shared\":true}]",
        "{\"functions\":2,\"memoryImports\":[{\"index\":0,\"minimum\":3}],"
        "\"name\":\"b\",\"start\":null,\"tableImports\":[{\"index\":0,"
        "\"minimum\":4}],\"wasmOffset\":100,\"wasmSize\":50}",
        "\"params\":[\"v128\",\"funcref\",\"externref\"]",
        "\"tables\":[{\"exports\":[{\"module\":0,\"name\":\"t\"}],"
        "\"grows\":true,\"max\":6,\"min\":5,\"module\":0,"
        "\"type\":\"funcref\"},"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin " << text;
  auto decoded = decodeManifest(text);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(encoded(*decoded), text);
  EXPECT_EQ(decoded->data[0].memoryOffset, ~uint64_t(0));
  EXPECT_EQ(decoded->elems[0].references, (std::vector<uint64_t>{1, 0}));
  EXPECT_EQ(decoded->modules[1].memoryImports[0].minimum, 3u);
}

TEST(Manifest, StackWindow) {
  Manifest m = sampleManifest();
  m.kernels[0].gridSymbol = "tw_add$grid";
  m.kernels[0].stackWindow = {0, 0, 64512, 1024};
  std::string text = encoded(m);
  EXPECT_NE(text.find("\"gridSymbol\":\"tw_add$grid\""), std::string::npos);
  EXPECT_NE(text.find("\"stackWindow\":{\"global\":0,\"low\":64512,"
                      "\"memory\":0,\"size\":1024}"),
            std::string::npos)
      << text;
  auto decoded = decodeManifest(text);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(encoded(*decoded), text);
  EXPECT_EQ(decoded->kernels[0].stackWindow->low, 64512u);
  EXPECT_FALSE(decoded->kernels[1].stackWindow);
  // A grid that has no use for its stack any more.
  m.kernels[0].stackWindow = {0, 0, 65536, 0};
  EXPECT_TRUE(encodeManifest(m));

  auto refused = [&](auto change, const char *words) {
    Manifest bad = sampleManifest();
    bad.kernels[0].gridSymbol = "tw_add$grid";
    bad.kernels[0].stackWindow = {0, 0, 64512, 1024};
    change(bad, *bad.kernels[0].stackWindow);
    auto manifest = encodeManifest(bad);
    ASSERT_FALSE(manifest) << words;
    EXPECT_NE(manifest.error().message.find(words), std::string::npos)
        << manifest.error().message << "\nexpected: " << words;
  };
  refused([](Manifest &b, StackWindow &) { b.kernels[0].gridSymbol = ""; },
          "kernels[0].stackWindow: expected a grid symbol beside it");
  refused([](Manifest &b, StackWindow &) { b.kernels[0].gridSymbol = "a-b"; },
          "kernels[0].gridSymbol: expected letters");
  refused(
      [](Manifest &b, StackWindow &) { b.kernels[0].gridSymbol = "tw_add"; },
      "kernels[0].gridSymbol: expected another symbol");
  refused([](Manifest &, StackWindow &w) { w.memory = 1; },
          "stackWindow.memory: expected the position of a memory");
  refused([](Manifest &, StackWindow &w) { w.global = 2; },
          "stackWindow.global: expected the position of a global");
  refused([](Manifest &, StackWindow &w) { w.global = 1; },
          "stackWindow.global: expected a mutable i32");
  refused([](Manifest &b, StackWindow &) { b.globals[0].isMutable = false; },
          "stackWindow.global: expected a mutable i32");
  refused([](Manifest &b, StackWindow &) { b.memories[0].index64 = true; },
          "stackWindow.memory: expected a memory of 32-bit addresses");
  refused([](Manifest &, StackWindow &w) { w.size = 1040; },
          "stackWindow.low: expected the window to end where");
  refused([](Manifest &, StackWindow &w) { w.low += 8, w.size -= 8; },
          "stackWindow.size: expected a multiple of 16");
  refused(
      [](Manifest &b, StackWindow &w) {
        b.globals[0].bits = 1 << 20;
        b.memories[0].minPages = 16;
        w.size = maxStackWindow + 16;
        w.low = b.globals[0].bits - w.size;
      },
      "stackWindow.size: expected a multiple of 16, at most 262144");
  refused(
      [](Manifest &b, StackWindow &w) {
        b.globals[0].bits = 131072;
        w.low += 65536;
      },
      "stackWindow.low: expected a multiple of 16 inside the memory");
}

TEST(Manifest, WhatThreadsDoTogether) {
  Manifest m = sampleManifest();
  m.kernels[0].gridSymbol = "tw_add$grid";
  m.kernels[0].shared = {0, 4096, 232448};
  m.kernels[0].cooperative = m.kernels[0].prints = true;
  std::string text = encoded(m);
  for (const char *part :
       {"{\"cooperative\":true,\"function\":", "],\"prints\":true,",
        "\"shared\":{\"limit\":232448,\"memory\":0,\"size\":4096},",
        "{\"cooperative\":false,\"function\":", "],\"prints\":false,",
        "\"shared\":null,"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  auto decoded = decodeManifest(text);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(encoded(*decoded), text);
  ASSERT_TRUE(decoded->kernels[0].shared);
  EXPECT_EQ(decoded->kernels[0].shared->size, 4096u);
  EXPECT_EQ(decoded->kernels[0].shared->limit, 232448u);
  EXPECT_TRUE(decoded->kernels[0].cooperative && decoded->kernels[0].prints);
  EXPECT_FALSE(decoded->kernels[1].cooperative || decoded->kernels[1].prints);
  EXPECT_FALSE(decoded->kernels[1].shared);

  auto refused = [&](auto change, const char *words) {
    Manifest bad = m;
    change(bad, *bad.kernels[0].shared);
    auto manifest = encodeManifest(bad);
    ASSERT_FALSE(manifest) << words;
    EXPECT_NE(manifest.error().message.find(words), std::string::npos)
        << manifest.error().message << "\nexpected: " << words;
  };
  refused([](Manifest &b, SharedWindow &) { b.kernels[0].gridSymbol = ""; },
          "kernels[0].shared: expected a grid symbol beside it");
  refused([](Manifest &, SharedWindow &w) { w.memory = 1; },
          "shared.memory: expected the position of a memory");
  refused([](Manifest &b, SharedWindow &) { b.memories[0].index64 = true; },
          "shared.memory: expected a memory of 32-bit addresses");
  refused([](Manifest &, SharedWindow &w) { w.size = 8; },
          "shared.size: expected a multiple of 16");
  refused([](Manifest &, SharedWindow &w) { w.limit = 4080; },
          "shared.size: expected a multiple of 16, at most the limit");
  refused([](Manifest &, SharedWindow &w) { w.limit = 232464; },
          "shared.limit: expected a multiple of 16, at most 232448");
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
  expectRefused(replaced("\"grows\":true,\"index64\":false",
                         "\"index64\":false,\"grows\":true"),
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
  expectRefused(replaced("\"kernelABI\":3", "\"kernelABI\":4294967296"),
                "kernelABI: expected an unsigned integer below 2^32");
}

TEST(Manifest, UnknownAndMissingMembers) {
  expectRefused(replaced("\"release\":7", "\"release\":7,\"rest\":0"),
                "\"rest\": unknown member");
  expectRefused(replaced("\"grows\":true", "\"grows\":true,\"\\u001b[2J\":0"),
                "memories[0].\"\\u001b[2J\": unknown member");
  expectRefused(replaced("\"release\":7,", ""), "release: missing");
  expectRefused(replaced("\"size\":4", "\"siz\":4"), "data[0].size: missing");
  expectRefused(replaced("\"start\":null,", ""), "modules[0].start: missing");
  expectRefused(replaced("\"fuel\":false,", ""), "fuel: missing");
  expectRefused(replaced("\"max\":16,", ""), "memories[0].max: missing");
  expectRefused(replaced("\"llvm\":\"22.1.8\",", ""), "compiler.llvm: missing");
}

TEST(Manifest, Types) {
  struct Case {
    const char *from, *to, *words;
  } cases[] = {
      {"\"name\":\"sample\"", "\"name\":1", "name: expected a string"},
      {"\"start\":null", "\"start\":0", "modules[0].start: expected a string"},
      {"\"grows\":true", "\"grows\":1",
       "memories[0].grows: expected true or false"},
      {"\"flags\":[\"-O2\"]", "\"flags\":[1]",
       "compiler.flags[0]: expected a string"},
      {"\"flags\":[\"-O2\"]", "\"flags\":\"-O2\"",
       "compiler.flags: expected a list"},
      {"[\"i32\",\"f32\"]", "[\"i32\",\"v256\"]",
       "kernels[0].params[1]: expected \"i32\", \"i64\""},
      {"[\"i32\",\"f32\"]", "[null]", "kernels[0].params[0]: expected \"i32\""},
      {"\"bits\":\"3ff8000000000000\"", "\"bits\":\"3FF8000000000000\"",
       "globals[1].bits: expected 16 lower-case"},
      {"\"bits\":\"3ff8000000000000\"", "\"bits\":\"3ff800000000000\"",
       "globals[1].bits: expected 16 lower-case"},
      {"\"memoryOffset\":\"0000000000000400\"", "\"memoryOffset\":1024",
       "data[0].memoryOffset: expected 16 lower-case"},
      {"\"elems\":[]",
       "\"elems\":[{\"active\":false,\"module\":0,\"references\":[0],"
       "\"table\":0,\"tableOffset\":\"0000000000000000\"}]",
       "elems[0].references[0]: expected 16 lower-case"},
      {"\"mutable\":false,\"type\":\"f64\"",
       "\"mutable\":false,\"type\":\"f32\"",
       "globals[1].bits: expected zeros above"},
      {"{\"active\":true,\"memory\":0,\"memoryOffset\":\"0000000000000400\","
       "\"module\":0,\"moduleOffset\":8,\"size\":4}",
       "7", "data[0].: expected an object"},
  };
  for (const Case &c : cases)
    expectRefused(replaced(c.from, c.to), c.words);
}

TEST(Manifest, Schema) {
  expectRefused(replaced("\"schema\":3", "\"schema\":1"), "schema 1",
                ErrorKind::Incompatible);
  expectRefused(replaced("\"schema\":3", "\"schema\":0"), "schema 0",
                ErrorKind::Incompatible);
  expectRefused(replaced("\"schema\":3,", ""), "schema: missing");
  expectRefused(replaced("\"schema\":3", "\"schema\":5"), "schema 5",
                ErrorKind::Incompatible);
}

static Manifest isolated(uint64_t reach = minReach) {
  Manifest m = sampleManifest();
  m.sandbox = "isolated";
  m.bounds = BoundsMode::Isolate;
  m.reach = reach;
  return m;
}

TEST(Manifest, BoundsModesNeedANewerReader) {
  EXPECT_EQ(minReach, 4297064448u);
  EXPECT_EQ(maxReach, 4362076160u);
  // "schema":4 is what readers of schema 3 refuse as incompatible.
  std::string text = encoded(isolated());
  EXPECT_EQ(text.find("{\"bounds\":{\"mode\":\"isolate\","
                      "\"reach\":4297064448},\"compiler\""),
            0u)
      << text;
  EXPECT_NE(text.find("\"sandbox\":\"isolated\",\"schema\":4,"),
            std::string::npos);
  auto decoded = decodeManifest(text);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->bounds, BoundsMode::Isolate);
  EXPECT_EQ(decoded->reach, minReach);
  EXPECT_EQ(encoded(*decoded), text);

  Manifest m = sampleManifest();
  m.sandbox = "none";
  m.bounds = BoundsMode::None;
  decoded = decodeManifest(encoded(m));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->bounds, BoundsMode::None);

  // Checked artifacts stay what they were.
  EXPECT_EQ(sample().find("bounds"), std::string::npos);
  decoded = decodeManifest(sample());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->bounds, BoundsMode::Check);
}

TEST(Manifest, BoundsRules) {
  auto refused = [](Manifest m, const char *words) {
    auto text = encodeManifest(m);
    ASSERT_FALSE(text) << words;
    EXPECT_NE(text.error().message.find(words), std::string::npos)
        << text.error().message;
  };
  refused(isolated(minReach - sinkBytes), "bounds.reach: expected a multiple");
  refused(isolated(maxReach + sinkBytes), "bounds.reach: expected a multiple");
  refused(isolated(minReach + 65536), "bounds.reach: expected a multiple");
  EXPECT_TRUE(encodeManifest(isolated(maxReach)));
  Manifest m = isolated();
  m.sandbox = "checked";
  refused(m, "sandbox: expected \"isolated\"");
  m.bounds = BoundsMode::None;
  m.reach = 0;
  refused(m, "sandbox: expected \"none\"");
  m.sandbox = "none";
  m.reach = minReach;
  refused(m, "bounds.reach: expected 0");
  m.bounds = BoundsMode::Check;
  refused(m, "bounds.reach: expected 0");

  std::string text = encoded(isolated());
  auto changed = [&](std::string from, std::string to) {
    std::string other = text;
    return other.replace(other.find(from), from.size(), to);
  };
  expectRefused(changed("\"isolate\"", "\"check\""),
                "bounds.mode: expected \"isolate\" or \"none\"");
  expectRefused(changed("\"isolate\"", "\"trust\""), "bounds.mode: expected");
  expectRefused(changed("\"schema\":4", "\"schema\":3"), "bounds");
  expectRefused(changed("\"bounds\":{\"mode\":\"isolate\","
                        "\"reach\":4297064448},",
                        ""),
                "bounds: missing");
  expectRefused(changed(",\"reach\":4297064448", ""), "bounds.reach: missing");
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
      {[](Manifest &m) { m.memories[0].minPages = 17; },
       "memories[0].max: expected at least the minimum"},
      {[](Manifest &m) { m.memories.clear(); }, "data[0].memory: expected"},
      {[](Manifest &m) { m.data[0].size = uint64_t(1) << 53; },
       "data[0].size: expected"},
      {[](Manifest &m) { m.globals[0].bits = uint64_t(1) << 32; },
       "globals[0].bits: expected zeros"},
      {[](Manifest &m) { m.modules[0].startSymbol = ""; },
       "modules[0].start: expected letters"},
      {[](Manifest &m) { m.kernels[0].symbol = ""; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "1a"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "a b"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[0].symbol = "ä"; }, "kernels[0].symbol"},
      {[](Manifest &m) { m.kernels[1].name = "add"; },
       "kernels[1].name: expected a name that its module exports once"},
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

TEST(Manifest, RulesOfModules) {
  using Change = void (*)(Manifest &);
  struct Case {
    Change change;
    const char *words;
  } cases[] = {
      {[](Manifest &m) { m.modules.clear(); }, "modules: expected at least"},
      {[](Manifest &m) { m.modules[0].wasmOffset = 1; },
       "modules[0].wasmOffset: expected the end"},
      {[](Manifest &m) { m.modules[1].wasmOffset = 101; },
       "modules[1].wasmOffset: expected the end"},
      {[](Manifest &m) { m.modules[1].wasmSize = (uint64_t(1) << 53) - 50; },
       "modules[1].wasmSize: expected an integer below"},
      {[](Manifest &m) { m.modules[0].wasmSize = ~uint64_t(0); },
       "modules[0].wasmSize: expected an integer below"},
      {[](Manifest &m) { m.modules[1].functions = 1; },
       "functions: expected as many names"},
      {[](Manifest &m) { m.modules[1].functions = 3; },
       "modules[1].functions: expected no more"},
      {[](Manifest &m) { m.modules[0].functions = ~uint64_t(0) - 1; },
       "modules[0].functions: expected"},
      {[](Manifest &m) { m.modules[1].memoryImports[0].index = 2; },
       "modules[1].memoryImports[0].index: expected the position"},
      {[](Manifest &m) { m.modules[1].memoryImports[0].index = 1; },
       "modules[1].memoryImports[0].index: expected something that an earlier"},
      {[](Manifest &m) { m.modules[1].tableImports[0].index = 9; },
       "modules[1].tableImports[0].index: expected the position"},
      {[](Manifest &m) { m.memories[1].module = 2; },
       "memories[1].module: expected the position"},
      {[](Manifest &m) { std::swap(m.globals[0], m.globals[1]); },
       "globals[1].module: expected the order"},
      {[](Manifest &m) { m.memories[0].exports[1].module = 2; },
       "memories[0].exports[1].module: expected"},
      {[](Manifest &m) { m.memories[0].exports[1].module = 0; },
       nullptr}, // under two names in one module
      {[](Manifest &m) { m.tables[0].exports[0].name = "m"; },
       "tables[0].exports[0].name: expected a name that its module exports"},
      {[](Manifest &m) { m.kernels[1].name = "n"; },
       "kernels[1].name: expected a name that its module exports"},
      {[](Manifest &m) { m.kernels[1].module = 0; },
       "kernels[1].name: expected a name that its module exports"},
      {[](Manifest &m) { m.memories[0].minPages = 65537; },
       "memories[0].min: expected at most 65536"},
      {[](Manifest &m) { m.memories[1].maxPages.reset(); },
       "memories[1].max: expected a maximum of a shared"},
      {[](Manifest &m) { ++*m.memories[1].maxPages; },
       "memories[1].max: expected at most 2^48"},
      {[](Manifest &m) { m.tables[0].minSize = 7; },
       "tables[0].max: expected at least the minimum"},
      {[](Manifest &m) { m.tables[1].minSize = uint64_t(1) << 32; },
       "tables[1].min: expected at most 2^32 - 1"},
      {[](Manifest &m) { m.tables[0].type = ValueType::I32; },
       "tables[0].type: expected"},
      {[](Manifest &m) { m.data[0].memory = 2; }, "data[0].memory: expected"},
      {[](Manifest &m) { m.data[1].memoryOffset = 1; },
       "data[1]: expected zeros for the place"},
      {[](Manifest &m) { m.data[0].size = 11; },
       "data[0]: expected bytes of its module"},
      {[](Manifest &m) { m.data[1].moduleOffset = 99; },
       "data[1]: expected bytes of its module"},
      {[](Manifest &m) { m.elems[0].table = 2; }, "elems[0].table: expected"},
      {[](Manifest &m) { m.elems[1].table = 1; },
       "elems[1]: expected zeros for the place"},
      {[](Manifest &m) { m.elems[0].references[1] = 4; },
       "elems[0].references[1]: expected 0 for null"},
      {[](Manifest &m) { m.elems[1].references[0] = 4; },
       "elems[1].references[0]: expected 0 for null"},
      {[](Manifest &m) {
         m.elems[0] = {0, true, 1, 0, {400}};
       },
       nullptr},
      {[](Manifest &m) { m.globals[1].bits = 4; },
       "globals[1].bits: expected 0 for null"},
      {[](Manifest &m) { m.globals[2].highBits = 1; },
       "globals[2].highBits: expected zeros"},
      {[](Manifest &m) { m.kernels[1].function = 3; },
       "kernels[1].function: expected"},
      {[](Manifest &m) { m.kernels[1].memory = 2; },
       "kernels[1].memory: expected"},
  };
  for (const Case &c : cases) {
    Manifest manifest = linked();
    c.change(manifest);
    auto text = encodeManifest(manifest);
    ASSERT_EQ(bool(text), !c.words)
        << (c.words ? c.words : text.error().message);
    if (c.words) {
      EXPECT_NE(text.error().message.find(c.words), std::string::npos)
          << text.error().message << "\nexpected: " << c.words;
    }
  }
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

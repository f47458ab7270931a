//===- OciTest.cpp - documents of an image layout -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is decoded from JSON that anyone may have written.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

namespace registry::test {

static Bytes bytes(const std::string &text) {
  return Bytes(text.begin(), text.end());
}

static const std::string zeros = "sha256:" + std::string(64, '0');

static json goodManifest() {
  return json::parse(
      R"({"schemaVersion":2,"config":{"mediaType":"x","size":2,"digest":")" +
      zeros + R"("},"layers":[{"mediaType":")" + artifactMediaType +
      R"(","size":9,"digest":")" + zeros + R"("}]})");
}

TEST(Oci, JsonBounds) {
  EXPECT_TRUE(parseJson(bytes("{\"a\":[1]}"), "x"));
  EXPECT_TRUE(parseJson(bytes("[{\"a\":1},{\"a\":1}]"), "x"));
  expectError(parseJson(bytes("{\"a\":1,\"a\":2}"), "x"), ErrorKind::Malformed,
              "twice");
  expectError(parseJson(bytes("[{\"b\":{\"a\":1,\"a\":2}}]"), "x"),
              ErrorKind::Malformed, "twice");
  expectError(parseJson(bytes(std::string(1 << 20, '[')), "x"),
              ErrorKind::Malformed, "nested");
  for (const char *bad : {"", "{", "{} {}", "{\"a\":\"\xff\"}", "nul"})
    expectError(parseJson(bytes(bad), "x"), ErrorKind::Malformed, "not valid");
}

TEST(Oci, Layout) {
  EXPECT_TRUE(checkLayoutDocument(bytes(std::string(layoutDocument)), "x"));
  expectError(
      checkLayoutDocument(bytes("{\"imageLayoutVersion\":\"2.0.0\"}"), "x"),
      ErrorKind::Incompatible, "2.0.0");
  expectError(checkLayoutDocument(bytes("{}"), "x"), ErrorKind::Malformed,
              "imageLayoutVersion");
}

TEST(Oci, MalformedDescriptors) {
  json good = {{"mediaType", "x"}, {"digest", zeros}, {"size", 5u}};
  EXPECT_TRUE(decodeDescriptor(good, 5, "x"));
  expectError(decodeDescriptor(good, 4, "x"), ErrorKind::Malformed,
              "above the limit of 4");
  for (const char *member : {"mediaType", "digest", "size"}) {
    json bad = good;
    bad.erase(member);
    expectError(decodeDescriptor(bad, 5, "x"), ErrorKind::Malformed,
                "expected a descriptor");
    for (json value : {json(nullptr), json(-1), json(1.5), json::array(),
                       json("../../etc/passwd")}) {
      if (value.is_string() && member == std::string("mediaType"))
        continue;
      bad[member] = value;
      EXPECT_FALSE(decodeDescriptor(bad, UINT64_MAX, "x")) << bad;
    }
  }
  for (json bad : {json(nullptr), json(1), json("x"), json::array()})
    EXPECT_FALSE(decodeDescriptor(bad, 5, "x"));
}

TEST(Oci, Manifests) {
  auto decode = [](const json &document) {
    return decodeOciManifest(bytes(document.dump()), "x");
  };
  auto good = decode(goodManifest());
  ASSERT_TRUE(good);
  ASSERT_TRUE(*good);
  EXPECT_EQ((*good)->layer.size, 9u);

  json bad = goodManifest();
  bad["schemaVersion"] = 1;
  expectError(decode(bad), ErrorKind::Malformed, "schemaVersion 2");
  bad = goodManifest();
  bad["layers"].push_back(bad["layers"][0]);
  expectError(decode(bad), ErrorKind::Malformed, "expected 1 layer");
  bad = goodManifest();
  bad["layers"][0]["size"] = ptxbin::maxFileBytes + 1;
  expectError(decode(bad), ErrorKind::Malformed, "above the limit");
  bad = goodManifest();
  bad["config"]["size"] = uint64_t(1) << 62;
  expectError(decode(bad), ErrorKind::Malformed, "above the limit");
  bad = goodManifest();
  bad.erase("config");
  expectError(decode(bad), ErrorKind::Malformed, "config");
  for (json type : {json(indexMediaType), json(7)}) {
    bad = goodManifest();
    bad["mediaType"] = type;
    expectError(decode(bad), ErrorKind::Malformed, "media type");
  }
  // Images of others are none of ours, and no error.
  json other = goodManifest();
  other["layers"][0]["mediaType"] = "application/x";
  auto none = decode(other);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(Oci, Index) {
  auto decode = [](const std::string &text) {
    return decodeIndex(bytes(text), "index.json");
  };
  EXPECT_TRUE(decode(R"({"schemaVersion":2,"manifests":[]})"));
  EXPECT_FALSE(decode(R"({"schemaVersion":2})"));
  EXPECT_FALSE(decode(R"({"schemaVersion":2,"manifests":{}})"));
  EXPECT_FALSE(decode(R"({"manifests":[]})"));
  EXPECT_FALSE(decode(R"({"schemaVersion":2,"manifests":[{}]})"));
  EXPECT_FALSE(decode("[]"));
  std::string many = R"({"schemaVersion":2,"manifests":[0)";
  for (size_t i = 0; i < maxEntries; ++i)
    many += ",0";
  expectError(decode(many + "]}"), ErrorKind::Malformed, "more than the limit");
}

TEST(Oci, Records) {
  Record record = makeTrusted({}).record;
  auto again = decodeRecord(encodeRecord(record), "x");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(encodeRecord(*again), encodeRecord(record));
  json document = json::parse(encodeRecord(record));
  for (const auto &[key, value] : document.items()) {
    json bad = document;
    bad.erase(key);
    EXPECT_FALSE(decodeRecord(encodeJson(bad), "x")) << key;
    bad[key] = json::array();
    EXPECT_FALSE(decodeRecord(encodeJson(bad), "x")) << key;
  }
  document["schema"] = 2;
  expectError(decodeRecord(encodeJson(document), "x"), ErrorKind::Incompatible,
              "schema 2");
}

TEST(Oci, ManifestIsAFunctionOfTheFile) {
  EXPECT_EQ(makeTrusted({}).manifest, makeTrusted({}).manifest);
}

} // namespace registry::test

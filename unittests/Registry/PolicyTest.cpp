//===- PolicyTest.cpp - whom a policy trusts ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules of docs/Registry.md, "Trust policy", each with a file that is refused
// and one that is not.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

namespace registry::test {

static constexpr int64_t now = 1800000000; // 2027-01-15

/// The base64 of testKey(n)'s public half, as in a key file.
static std::string base64(uint8_t n) {
  TemporaryDirectory directory;
  EXPECT_TRUE(ptxbin::writeKeyPair(testKey(n), directory / "k"));
  std::string text = readText(directory / "k.pub");
  size_t begin = text.find('\n') + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

static const char *head = R"(schema = 1
version = 1
issued = 2027-01-01T00:00:00Z
expires = 2028-01-01T00:00:00Z
)";

static std::string key(uint8_t n, const std::string &more = "",
                       const std::string &state = "active") {
  return "[[key]]\nname = \"k" + std::to_string(n) + "\"\npublic = \"" +
         base64(n) + "\"\npublisher = \"Example\"\nnames = [\"team/*\"]\n" +
         "state = \"" + state + "\"\n" +
         (more.empty() ? "images = [\"wasm\", \"ptx\"]\n" : more);
}

static Expected<Policy> parse(const std::string &text) {
  return Policy::parse(Bytes(text.begin(), text.end()), "p.toml");
}

static Expected<ptxbin::PtxBin> open(const std::string &text,
                                     const FileOptions &file,
                                     Purpose purpose = Purpose::Use) {
  auto policy = parse(text);
  if (!policy)
    return policy.error();
  return policy->open(makeFile(file), purpose, now);
}

TEST(Policy, NothingIsTrustedByDefault) {
  std::string empty = std::string(head) + "threshold = 1\n";
  expectError(open(empty, {}), ErrorKind::Untrusted, "trusted key");
  expectError(open(empty, {.signers = {}}), ErrorKind::Untrusted, "not signed");
}

TEST(Policy, KeyNamePublisherKinds) {
  std::string text = std::string(head) + "threshold = 1\n" + key(1);
  EXPECT_TRUE(open(text, {}));
  expectError(open(text, {.signers = {2}}), ErrorKind::Untrusted, "trusted");
  expectError(open(text, {.name = "other/saxpy"}), ErrorKind::Untrusted,
              "but got 0");
  expectError(open(text, {.publisher = "Someone"}), ErrorKind::Untrusted,
              "by 'Someone'");
  expectError(open(text, {.host = true}), ErrorKind::Untrusted, "a host image");
  EXPECT_TRUE(open(std::string(head) + "threshold = 1\n" +
                       key(1, "images = [\"wasm\", \"ptx\", \"host\"]\n"),
                   {.host = true}));
  expectError(open(text, {.name = "../x"}), ErrorKind::Untrusted,
              "no policy covers this");
}

TEST(Policy, StatesOfKeys) {
  auto withState = [](const char *state) {
    return std::string(head) + "threshold = 1\n" + key(1, "", state) + key(2);
  };
  EXPECT_TRUE(open(withState("active"), {}, Purpose::Publish));
  EXPECT_TRUE(open(withState("retiring"), {}, Purpose::Use));
  expectError(open(withState("retiring"), {}, Purpose::Publish),
              ErrorKind::Untrusted, "that may publish");
  expectError(open(withState("revoked"), {}), ErrorKind::Untrusted,
              "its key 'k1' is revoked");
  // A second signature by a good key is enough.
  EXPECT_TRUE(open(withState("revoked"), {.signers = {1, 2}}));
  // A finalizer publishes nothing.
  expectError(open(std::string(head) + "threshold = 1\n" +
                       key(1, "images = [\"wasm\", \"ptx\"]\nroles = "
                              "[\"finalizer\"]\n"),
                   {}),
              ErrorKind::Untrusted, "but got 0");
}

TEST(Policy, Thresholds) {
  std::string two = std::string(head) + "threshold = 2\n" + key(1) + key(2);
  expectError(open(two, {.signers = {1}}), ErrorKind::Untrusted,
              "signed by 2 keys that may vouch for it, but got 1");
  EXPECT_TRUE(open(two, {.signers = {1, 2}}));
  // The second key vouches for names, but not for this kind of image.
  expectError(open(std::string(head) + "threshold = 2\n" + key(1) +
                       key(2, "images = [\"wasm\"]\n"),
                   {.signers = {1, 2}}),
              ErrorKind::Untrusted, "a ptx image");
  // The same key twice is one key: refused when the policy is read.
  expectError(parse(std::string(head) + "threshold = 2\n" + key(1) + key(1)),
              ErrorKind::Malformed, "each key once");
  expectError(parse(std::string(head) + "threshold = 0\n" + key(1)),
              ErrorKind::Malformed, "threshold: expected an integer from 1");
}

TEST(Policy, MinimumDeniedExpired) {
  std::string start = std::string(head) + "threshold = 1\n";
  std::string minimum = "[[minimum]]\nname = \"team/*\"\nrelease = 5\n";
  expectError(open(start + key(1) + minimum, {.release = 4}),
              ErrorKind::Untrusted, "below the minimum of 5");
  EXPECT_TRUE(open(start + key(1) + minimum, {.release = 5}));
  std::string id = ptxbin::hex(makeTrusted({}).record.contentId);
  std::string deny = start + "deny = [\"" + id + "\"]\n" + key(1) + key(2);
  expectError(open(deny, {}), ErrorKind::Untrusted, "is denied");
  // Another trailer does not change what is denied.
  expectError(open(deny, {.signers = {2, 1}}), ErrorKind::Untrusted,
              "is denied");
  EXPECT_TRUE(open(deny, {.contents = "// other\n"}));
  expectError(open(start + key(1), {.expires = now}), ErrorKind::Untrusted,
              "expired");
  EXPECT_TRUE(open(start + key(1), {.expires = now + 1}));
}

TEST(Policy, BadSignatureOfAKnownKey) {
  auto policy = parse(std::string(head) + "threshold = 1\n" + key(1) + key(2));
  ASSERT_TRUE(policy);
  Bytes file = makeFile({.signers = {1, 2}});
  file.back() ^= 1;
  expectError(policy->open(file, Purpose::Use, now), ErrorKind::Untrusted,
              "is bad");
}

TEST(Policy, MalformedDocuments) {
  std::string good = std::string(head) + "threshold = 1\n" + key(1);
  ASSERT_TRUE(parse(good));
  expectError(parse(good + "[[minimun]]\nrelease = 1\n"), ErrorKind::Malformed,
              "minimun: unknown member");
  expectError(parse(good + "state = \"active\"\n"), ErrorKind::Malformed, "");
  expectError(parse("schema = 2\n"), ErrorKind::Incompatible, "schema 2");
  expectError(parse(std::string(maxPolicyBytes + 1, '\n')),
              ErrorKind::Malformed, "more than the limit");
  expectError(parse("a = " + std::string(100000, '[')), ErrorKind::Malformed,
              "p.toml:1");
  for (auto [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"version = 1", "version = 0"},
           {"version = 1", "version = -1"},
           {"version = 1", "version = \"1\""},
           {"2028-01-01T00:00:00Z", "2028-01-01T00:00:00"},
           {"2028-01-01T00:00:00Z", "\"tomorrow\""},
           {"\"ptx\"", "\"exe\""},
           {"\"active\"", "\"asleep\""},
           {"names = [\"team/*\"]", "names = \"team/*\""},
           {"names = [\"team/*\"]",
            "names = [\"" + std::string(200, 'a') + "\"]"},
           {base64(1), base64(1).substr(1)},
           // The neutral element, a point of small order.
           {base64(1), "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    expectError(parse(bad), ErrorKind::Malformed, "p.toml");
  }
}

TEST(Policy, TimesHaveOffsets) {
  std::string text = std::string(head) + "threshold = 1\n";
  auto utc = parse(text);
  ASSERT_TRUE(utc);
  EXPECT_EQ(utc->issued, 1798761600);
  text.replace(text.find("00:00:00Z"), 9, "01:00:00+01:00");
  auto shifted = parse(text);
  ASSERT_TRUE(shifted);
  EXPECT_EQ(shifted->issued, 1798761600);
}

static Expected<ptxbin::Finalized> openFinalized(const std::string &text,
                                                 uint8_t signer) {
  auto policy = parse(text);
  if (!policy)
    return policy.error();
  auto original = policy->open(makeFile({}), Purpose::Use, now);
  if (!original)
    return original.error();
  Bytes cubin(64);
  const uint8_t head[] = {0x7f, 'E', 'L', 'F', 2, 1};
  std::copy(std::begin(head), std::end(head), cubin.begin());
  cubin[18] = 190; // EM_CUDA
  ptxbin::FinalizedInfo info{90, 12040, original->contentId(), {}};
  for (const ptxbin::Section &section : original->sections())
    if (section.key.type == ptxbin::SectionType::PTX)
      info.ptxDigest = section.rawDigest;
  auto file = ptxbin::writeFinalized(info, cubin, testKey(signer));
  if (!file)
    return file.error();
  return policy->openFinalized(*file, *original);
}

TEST(Policy, FinalizersVouchForCubinsOnly) {
  std::string start = std::string(head) + "threshold = 1\n" + key(1);
  std::string cubins = "images = [\"cubin\"]\nroles = [\"finalizer\"]\n";
  EXPECT_TRUE(openFinalized(start + key(2, cubins), 2));
  EXPECT_TRUE(openFinalized(start + key(2, cubins, "retiring"), 2));
  // The publisher is no finalizer, and neither is a revoked key, a stranger,
  // or one that may vouch for no cubin.
  expectError(openFinalized(start + key(2, cubins), 1), ErrorKind::Untrusted,
              "with the role finalizer");
  expectError(openFinalized(start + key(2, cubins, "revoked"), 2),
              ErrorKind::Untrusted, "trusted key");
  expectError(openFinalized(start, 2), ErrorKind::Untrusted, "trusted key");
  expectError(openFinalized(start + key(2, "images = [\"ptx\"]\nroles = "
                                           "[\"finalizer\"]\n"),
                            2),
              ErrorKind::Untrusted, "but got 0");
  expectError(openFinalized(std::string(head) + "threshold = 2\n" + key(1) +
                                key(2, cubins),
                            2),
              ErrorKind::Untrusted, "but got 1");
}

TEST(Policy, Globs) {
  for (auto [glob, name] :
       std::vector<std::pair<const char *, const char *>>{{"a", "a"},
                                                          {"*", "a"},
                                                          {"*", ""},
                                                          {"a/*", "a/b"},
                                                          {"**", "a/b"},
                                                          {"a/**/c", "a/x/y/c"},
                                                          {"a?c", "abc"},
                                                          {"*b*", "abc"},
                                                          {"a*", "a"}})
    EXPECT_TRUE(matchesGlob(glob, name)) << glob << " " << name;
  for (auto [glob, name] :
       std::vector<std::pair<const char *, const char *>>{{"a", "b"},
                                                          {"a", "ab"},
                                                          {"*", "a/b"},
                                                          {"a/*", "a"},
                                                          {"", "a"},
                                                          {"a?c", "a/c"},
                                                          {"a/*", "a/b/c"},
                                                          {"?", ""},
                                                          {"team*", "team/x"}})
    EXPECT_FALSE(matchesGlob(glob, name)) << glob << " " << name;
  // No run time that grows with the power of the stars.
  EXPECT_FALSE(
      matchesGlob(std::string(127, '*') + "b", std::string(100000, 'a')));
}

} // namespace registry::test

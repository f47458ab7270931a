//===- StateTest.cpp - what a machine has seen ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rollback of releases and of policies, and who may replace a policy.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "Registry/State.h"

namespace registry::test {

static constexpr int64_t now = 1800000000;

static Policy policyOf(uint64_t version, std::vector<uint8_t> roots,
                       uint64_t threshold = 1) {
  Policy policy;
  policy.version = version;
  policy.issued = now - 86400;
  policy.expires = now + 86400;
  policy.maxAgeDays = 2;
  policy.rootThreshold = threshold;
  for (uint8_t root : roots)
    policy.roots.push_back(testKey(root).publicKey());
  std::string text =
      std::to_string(version) + " " + std::string(roots.begin(), roots.end());
  policy.text.assign(text.begin(), text.end());
  policy.digest = ptxbin::sha256(policy.text);
  return policy;
}

static std::vector<PolicySignature> signedBy(const Policy &policy,
                                             std::vector<uint8_t> keys) {
  std::vector<PolicySignature> out;
  for (uint8_t key : keys)
    out.push_back(*signPolicy(policy, testKey(key)));
  return out;
}

namespace {
class State : public testing::Test {
protected:
  TemporaryDirectory directory;
  Expected<void> use(const Policy &policy, std::vector<uint8_t> signers,
                     const PolicyRules &rules = {}, int64_t when = now) {
    auto state = TrustState::open(directory / "state/deeper");
    if (!state)
      return state.error();
    auto signatures = signedBy(policy, signers);
    if (auto ok = state->checkPolicy(policy, signatures, rules, when); !ok)
      return ok;
    return state->acceptPolicy(policy, signatures);
  }
};
} // namespace

TEST_F(State, ReleasesDoNotFall) {
  auto state = TrustState::open(directory / "s");
  ASSERT_TRUE(state);
  Record record = makeTrusted({.release = 5}).record;
  ASSERT_TRUE(state->checkRelease(record));
  ASSERT_TRUE(state->raiseRelease(record));
  EXPECT_TRUE(state->checkRelease(record));
  Record older = makeTrusted({.release = 4}).record;
  expectError(state->checkRelease(older), ErrorKind::Untrusted,
              "release 5 was seen");
  // Same release, other content: someone signed two.
  expectError(state->checkRelease(
                  makeTrusted({.release = 5, .contents = "//\n"}).record),
              ErrorKind::Untrusted, "with content id");
  EXPECT_TRUE(state->raiseRelease(older));
  EXPECT_FALSE(state->checkRelease(older)) << "the mark fell";
  // Names and publishers have marks of their own.
  EXPECT_TRUE(state->checkRelease(makeTrusted({.name = "b"}).record));
  EXPECT_TRUE(state->checkRelease(makeTrusted({.publisher = "B"}).record));
}

TEST_F(State, DamagedMarksRefuse) {
  auto state = TrustState::open(directory / "s");
  ASSERT_TRUE(state);
  Record record = makeTrusted({.release = 5}).record;
  ASSERT_TRUE(state->raiseRelease(record));
  for (const std::string &name : (TemporaryDirectory(), directory.list()))
    EXPECT_EQ(name, "s");
  auto names = Directory::open(directory / "s")->list(10);
  for (const std::string &name : *names)
    if (name.ends_with(".json"))
      writeText(directory / ("s/" + name), "{}");
  EXPECT_FALSE(state->checkRelease(record));
  EXPECT_FALSE(state->raiseRelease(record));
}

TEST_F(State, PoliciesDoNotGetOlder) {
  EXPECT_TRUE(use(policyOf(3, {}), {}));
  EXPECT_TRUE(use(policyOf(3, {}), {}));
  expectError(use(policyOf(2, {}), {}), ErrorKind::Untrusted,
              "version 3 is in force");
  expectError(use(policyOf(3, {9}), {9}), ErrorKind::Untrusted,
              "with other contents");
  EXPECT_TRUE(use(policyOf(4, {}), {}));
}

TEST_F(State, ExpiredAndStale) {
  expectError(use(policyOf(1, {9}), {9}, {}, now + 86400), ErrorKind::Untrusted,
              "has expired");
  PolicyRules strict{.strict = true, .pinned = {}};
  EXPECT_TRUE(use(policyOf(1, {9}), {9}, strict));
  Policy stale = policyOf(2, {9});
  stale.issued = now - 3 * 86400;
  expectError(use(stale, {9}, strict), ErrorKind::Untrusted, "stale");
  stale.issued = now + 1;
  expectError(use(stale, {9}, strict), ErrorKind::Untrusted, "stale");
  stale.issued = now;
  stale.maxAgeDays = 0;
  stale.issued = now - 1;
  expectError(use(stale, {9}, strict), ErrorKind::Untrusted, "stale");
  expectError(use(policyOf(2, {}), {}, strict), ErrorKind::Untrusted,
              "signatures");
}

TEST_F(State, RootsSign) {
  expectError(use(policyOf(1, {9}), {}), ErrorKind::Untrusted, "but got 0");
  expectError(use(policyOf(1, {9}), {8}), ErrorKind::Untrusted, "but got 0");
  expectError(use(policyOf(1, {8, 9}, 2), {9}), ErrorKind::Untrusted,
              "but got 1");
  // Pinned.
  PolicyRules pinned{.strict = false, .pinned = {testKey(7).publicKey()}};
  expectError(use(policyOf(1, {9}), {9}, pinned), ErrorKind::Untrusted,
              "root key that was given");
  pinned.pinned = {testKey(9).publicKey()};
  EXPECT_TRUE(use(policyOf(1, {9}), {9}, pinned));
}

TEST_F(State, RootsRotate) {
  EXPECT_TRUE(use(policyOf(1, {9}), {9}));
  // The new roots alone are nobody's.
  expectError(use(policyOf(2, {8}), {8}), ErrorKind::Untrusted,
              "root keys of the one in force");
  // Nor is a policy without roots.
  expectError(use(policyOf(2, {}), {}), ErrorKind::Untrusted,
              "root keys of the one in force");
  expectError(use(policyOf(2, {8}), {9}), ErrorKind::Untrusted, "but got 0");
  EXPECT_TRUE(use(policyOf(2, {8}), {8, 9}));
  EXPECT_TRUE(use(policyOf(3, {8}), {8}));
  expectError(use(policyOf(4, {9}), {9}), ErrorKind::Untrusted, "in force");
}

TEST_F(State, PolicySignaturesAreForPoliciesOnly) {
  Policy policy = policyOf(1, {9});
  auto signatures = signedBy(policy, {9});
  auto decoded =
      decodePolicySignatures(encodePolicySignatures(signatures), "x");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*policy.countSigners(*decoded, policy.roots), 1u);
  // A changed policy, and a changed signature.
  Policy other = policy;
  other.text.push_back(' ');
  expectError(other.countSigners(signatures, policy.roots),
              ErrorKind::Untrusted, "is bad");
  signatures[0].bytes[0] ^= 1;
  expectError(policy.countSigners(signatures, policy.roots),
              ErrorKind::Untrusted, "is bad");
  // One key, twice.
  signatures.push_back(signatures[0]);
  expectError(decodePolicySignatures(encodePolicySignatures(signatures), "x"),
              ErrorKind::Malformed, "one signature of each key");
}

} // namespace registry::test

//===- Policy.h - who is trusted with what ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The trust policy of docs/Registry.md: which keys may sign which names and
// which kinds of images, how many of them are needed, and what is refused
// whatever its signatures. A policy is itself signed, by root keys.
//
// Nothing is trusted that a policy does not name.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_POLICY_H
#define TWRUN_REGISTRY_POLICY_H

#include "Format/Finalized.h"
#include "Registry/Names.h"

#include <vector>

namespace registry {

inline constexpr uint64_t maxPolicyBytes = 1 << 20;
inline constexpr size_t maxPolicyKeys = 256;
/// What signs a policy: typedBytes() of this, 1 and the file's bytes.
inline constexpr const char *policyType = "tensorwasm/policy";

/// Kinds of images that a key may vouch for.
enum ImageKind : unsigned { Wasm = 1, Ptx = 2, Cubin = 4, Host = 8 };

enum class KeyState {
  Active,   ///< Counts.
  Retiring, ///< Counts for what is published, not for publishing.
  Revoked,  ///< Counts for nothing.
};

struct PolicyKey {
  std::string name; // for messages
  ptxbin::PublicKey key;
  std::string publisher;          // what the manifest must say
  std::vector<std::string> names; // globs
  unsigned images = 0;
  bool mayPublish = true;   // has the role "publisher"
  bool mayFinalize = false; // has the role "finalizer"
  KeyState state = KeyState::Active;
};

/// A policy signature; the algorithm is Ed25519.
struct PolicySignature {
  Digest keyId{};
  std::array<uint8_t, 64> bytes{};
};

enum class Purpose { Publish, Use };

struct Policy {
  uint64_t version = 0;
  int64_t issued = 0, expires = 0; // seconds since 1970
  uint64_t maxAgeDays = 0;         // 0: strict mode refuses the policy
  uint64_t threshold = 1;
  std::vector<Digest> denied;
  std::vector<PolicyKey> keys;
  struct Minimum {
    std::string glob;
    uint64_t release = 0;
  };
  std::vector<Minimum> minima;
  std::vector<ptxbin::PublicKey> roots;
  uint64_t rootThreshold = 1;

  Digest digest{}; // of the file
  Bytes text;      // the file

  /// `where` is put in front of messages.
  static Expected<Policy> parse(Bytes text, const std::string &where);

  /// How many of `roots` have signed, each counted once. A signature by one of
  /// them that does not hold is an error.
  Expected<uint64_t>
  countSigners(const std::vector<PolicySignature> &signatures,
               const std::vector<ptxbin::PublicKey> &roots) const;

  /// Opens a file under this policy. `now` is in seconds since 1970.
  Expected<ptxbin::PtxBin> open(Bytes file, Purpose purpose, int64_t now) const;
  /// Opens an image that was made of `original`, which this policy has
  /// admitted.
  Expected<ptxbin::Finalized>
  openFinalized(Bytes file, const ptxbin::PtxBin &original) const;
};

/// `*` stands for any characters but `/`, `**` for any, `?` for one but `/`.
bool matchesGlob(std::string_view glob, std::string_view name);

/// The file POLICY.sig.
Expected<std::vector<PolicySignature>>
decodePolicySignatures(ByteView bytes, const std::string &where);
Bytes encodePolicySignatures(const std::vector<PolicySignature> &signatures);
/// What a signature of a policy is over.
Bytes policyPayload(const Policy &policy);
/// A signature that was made elsewhere; one that does not hold is an error.
Expected<PolicySignature>
checkPolicySignature(const Policy &policy,
                     const std::array<uint8_t, 64> &signature,
                     const ptxbin::PublicKey &key);
Expected<PolicySignature> signPolicy(const Policy &policy,
                                     const ptxbin::SecretKey &key);

} // namespace registry

#endif // TWRUN_REGISTRY_POLICY_H

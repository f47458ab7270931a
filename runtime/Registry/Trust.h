//===- Trust.h - whom a command trusts --------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options --trust, --policy and --unverified as one thing that opens files:
// what twreg and twrun have in common.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_TRUST_H
#define TWRUN_REGISTRY_TRUST_H

#include "Registry/State.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace registry {

/// Opens a file and says whether it is trusted.
using Admit = std::function<Expected<ptxbin::PtxBin>(Bytes)>;

/// Judges form and digests, and no signature: whoever uses the file verifies.
Expected<ptxbin::PtxBin> admitAnyForm(Bytes file);

/// What a command line names. Keys or a policy, not both.
struct TrustRequest {
  std::vector<std::string> keys; // public key files
  std::string policy;            // its signatures are in POLICY.sig
  std::vector<std::string> roots;
  std::string state; // empty: where the XDG specification keeps such things
  bool strict = false;
  bool unverified = false;    // judge form and digests only
  bool allowUnsigned = false; // with keys or alone: files without signatures
};

class Trust {
public:
  /// Reads keys, or the policy, its signatures and the machine's marks, and
  /// puts the policy into force.
  static Expected<Trust> load(const TrustRequest &request);

  /// The returned function refers to this object.
  Admit admit(Purpose purpose) const;
  /// Reads a file and admits it; errors name the file.
  Expected<ptxbin::PtxBin> open(const std::string &path, Purpose purpose) const;
  /// Reads and admits an image that was made of `original`.
  Expected<ptxbin::Finalized>
  openFinalized(const std::string &path, const ptxbin::PtxBin &original) const;

  /// Marks of this machine: opened on first use, and locked from then on.
  Expected<TrustState *> state();
  /// Refuses a release below the highest one that was seen here. Holds no lock
  /// afterwards, and raises no mark.
  Expected<void> checkRelease(const ptxbin::PtxBin &bin) const;

  const std::vector<ptxbin::PublicKey> &keys() const { return trust.keys; }
  bool hasPolicy() const { return policy.has_value(); }

private:
  ptxbin::TrustOptions trust;
  bool unverified = false;
  std::optional<Policy> policy;
  std::string statePath;
  std::optional<TrustState> marks;
};

/// A policy and what is beside it, in POLICY.sig.
struct SignedPolicy {
  Policy policy;
  std::vector<PolicySignature> signatures;
};
Expected<SignedPolicy> readPolicy(const std::string &path);

Expected<PolicyRules> policyRules(const TrustRequest &request);

/// --state, or where the XDG Base Directory specification keeps such things.
Expected<std::string> stateDirectory(const TrustRequest &request);

} // namespace registry

#endif // TWRUN_REGISTRY_TRUST_H

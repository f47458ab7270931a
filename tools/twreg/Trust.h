//===- Trust.h - whom a command trusts --------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options --trust, --policy and --unverified as one thing that opens files.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_TWREG_TRUST_H
#define TOOLS_TWREG_TRUST_H

#include "Commands.h"
#include "Registry/Registry.h"
#include "Registry/State.h"

#include <optional>

namespace twreg {

class Trust {
public:
  /// Reads keys, or the policy, its signatures and the machine's marks.
  static ptxbin::Expected<Trust> load(const Options &options);

  /// The returned function refers to this object.
  registry::Admit admit(registry::Purpose purpose) const;
  /// Reads a file and admits it; errors name the file.
  ptxbin::Expected<ptxbin::PtxBin> open(const std::string &path,
                                        registry::Purpose purpose) const;

  /// Marks of this machine: opened on first use, and locked from then on. Puts
  /// the policy into force too.
  ptxbin::Expected<registry::TrustState *> state();

  const std::vector<ptxbin::PublicKey> &keys() const { return trust.keys; }
  bool hasPolicy() const { return policy.has_value(); }

private:
  ptxbin::TrustOptions trust;
  bool unverified = false;
  std::optional<registry::Policy> policy;
  std::vector<registry::PolicySignature> signatures;
  std::string statePath;
  std::optional<registry::TrustState> marks;
};

/// A policy and what is beside it, in POLICY.sig.
struct SignedPolicy {
  registry::Policy policy;
  std::vector<registry::PolicySignature> signatures;
};
ptxbin::Expected<SignedPolicy> readPolicy(const std::string &path);

ptxbin::Expected<registry::PolicyRules> policyRules(const Options &options);

/// --state, or where the XDG Base Directory specification keeps such things.
ptxbin::Expected<std::string> stateDirectory(const Options &options);

} // namespace twreg

#endif // TOOLS_TWREG_TRUST_H

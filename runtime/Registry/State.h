//===- State.h - what a machine has seen ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory outside of any registry, so that whoever controls a registry cannot
// turn back time: the highest release seen of each name, and the policy in
// force.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_STATE_H
#define TWRUN_REGISTRY_STATE_H

#include "Registry/Directory.h"
#include "Registry/Oci.h"
#include "Registry/Policy.h"

namespace registry {

/// How a policy must be vouched for.
struct PolicyRules {
  bool strict = false;                   // signed by its roots, and fresh
  std::vector<ptxbin::PublicKey> pinned; // one of them must have signed
};

/// A directory of marks. Holds its lock until it is destroyed: what was checked
/// is what is raised.
class TrustState {
public:
  static Expected<TrustState> open(const std::string &path);

  /// Refuses an expired policy, one older than the one in force, and one that
  /// the root keys of the one in force have not signed.
  Expected<void> checkPolicy(const Policy &policy,
                             const std::vector<PolicySignature> &signatures,
                             const PolicyRules &rules, int64_t now) const;
  /// Puts a policy that was checked into force.
  Expected<void> acceptPolicy(const Policy &policy,
                              const std::vector<PolicySignature> &signatures);

  /// Refuses a release below the highest one seen, or that release with other
  /// content.
  Expected<void> checkRelease(const Record &record) const;
  Expected<void> raiseRelease(const Record &record);

private:
  Directory directory;
  FileDescriptor lock;
  Expected<void> write(const std::string &name, const json &document);
};

} // namespace registry

#endif // TWRUN_REGISTRY_STATE_H

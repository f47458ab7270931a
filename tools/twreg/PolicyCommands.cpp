//===- PolicyCommands.cpp - policy check and policy sign ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The commands on a policy itself. Checking one does not put it into force.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Passphrase.h"

#include <cstdio>
#include <ctime>

namespace twreg {

using namespace ptxbin;

Expected<void> runPolicyCheck(const Options &options) {
  auto read = registry::readPolicy(options.file);
  if (!read)
    return read.error();
  auto rules = registry::policyRules(options.whom);
  if (!rules)
    return rules.error();
  auto path = registry::stateDirectory(options.whom);
  if (!path)
    return path.error();
  auto state = registry::TrustState::open(*path);
  if (!state)
    return state.error();
  if (auto ok = state->checkPolicy(read->policy, read->signatures, *rules,
                                   std::time(nullptr));
      !ok)
    return inFile(options.file, ok.error());
  const registry::Policy &policy = read->policy;
  std::printf("%s: good\n", escape(options.file).c_str());
  std::printf("version     %llu\n", (unsigned long long)policy.version);
  std::printf("signed by   %zu keys, %zu roots\n", read->signatures.size(),
              policy.roots.size());
  for (const registry::PolicyKey &key : policy.keys)
    std::printf("%-11s %s  %s\n",
                key.state == registry::KeyState::Active     ? "active"
                : key.state == registry::KeyState::Retiring ? "retiring"
                                                            : "revoked",
                hex(keyId(key.key)).c_str(), escape(key.name).c_str());
  return {};
}

/// Puts a signature into POLICY.sig, in place of one by the same key.
static Expected<void> addSignature(const Options &options,
                                   registry::SignedPolicy &read,
                                   const registry::PolicySignature &made) {
  auto &all = read.signatures;
  std::erase_if(all, [&](const registry::PolicySignature &old) {
    return old.keyId == made.keyId;
  });
  all.push_back(made);
  if (all.size() > registry::maxPolicyKeys)
    return makeError(ErrorKind::Invalid, options.file + ".sig: has " +
                                             std::to_string(all.size() - 1) +
                                             " signatures, the limit");
  if (auto ok = writeFileAtomic(options.file + ".sig",
                                registry::encodePolicySignatures(all));
      !ok)
    return ok;
  std::printf("signed by   %s\n", hex(made.keyId).c_str());
  return logEvent(options, "policy-sign",
                  {{"policy", hex(read.policy.digest)},
                   {"version", std::to_string(read.policy.version)},
                   {"key", hex(made.keyId)}});
}

Expected<void> runPolicySign(const Options &options) {
  auto key = readKey(options.key);
  if (!key)
    return key.error();
  auto read = registry::readPolicy(options.file);
  if (!read)
    return read.error();
  auto made = registry::signPolicy(read->policy, *key);
  if (!made)
    return made.error();
  return addSignature(options, *read, *made);
}

Expected<void> runPolicyPayload(const Options &options) {
  auto read = registry::readPolicy(options.file);
  if (!read)
    return read.error();
  return writeOutput(options, registry::policyPayload(read->policy));
}

Expected<void> runPolicyAttach(const Options &options) {
  auto key = readPublicKey(options.key);
  if (!key)
    return key.error();
  auto signature = readSignature(options.signature);
  if (!signature)
    return signature.error();
  auto read = registry::readPolicy(options.file);
  if (!read)
    return read.error();
  auto made = registry::checkPolicySignature(read->policy, *signature, *key);
  if (!made)
    return inFile(options.file, made.error());
  return addSignature(options, *read, *made);
}

} // namespace twreg

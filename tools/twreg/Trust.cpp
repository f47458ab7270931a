//===- Trust.cpp - whom a command trusts ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy is checked against the marks of this machine before it judges
// anything.
//
//===----------------------------------------------------------------------===//

#include "Trust.h"

#include <cstdlib>
#include <ctime>

namespace twreg {

using namespace ptxbin;

Expected<std::string> stateDirectory(const Options &options) {
  if (!options.state.empty())
    return options.state;
  if (const char *base = std::getenv("XDG_STATE_HOME"); base && *base)
    return std::string(base) + "/tensorwasm";
  if (const char *home = std::getenv("HOME"); home && *home)
    return std::string(home) + "/.local/state/tensorwasm";
  return makeError(ErrorKind::Invalid,
                   "no place for high-water marks: neither XDG_STATE_HOME nor "
                   "HOME is set; give --state");
}

Expected<SignedPolicy> readPolicy(const std::string &path) {
  auto text = readFile(path, registry::maxPolicyBytes);
  if (!text)
    return text.error();
  auto policy = registry::Policy::parse(std::move(*text), path);
  if (!policy)
    return policy.error();
  SignedPolicy out{std::move(*policy), {}};
  std::string beside = path + ".sig";
  auto signatures = readFile(beside, registry::maxPolicyBytes);
  if (!signatures && signatures.error().kind == ErrorKind::NotFound)
    return out;
  if (!signatures)
    return signatures.error();
  auto decoded = registry::decodePolicySignatures(*signatures, beside);
  if (!decoded)
    return decoded.error();
  out.signatures = std::move(*decoded);
  return out;
}

Expected<registry::PolicyRules> policyRules(const Options &options) {
  registry::PolicyRules rules;
  rules.strict = options.strict;
  for (const std::string &path : options.roots) {
    auto key = readPublicKey(path);
    if (!key)
      return key.error();
    rules.pinned.push_back(*key);
  }
  return rules;
}

Expected<Trust> Trust::load(const Options &options) {
  Trust out;
  out.unverified = options.unverified;
  if (options.trust.empty() + options.policy.empty() + !options.unverified != 2)
    return makeError(ErrorKind::Invalid,
                     "expected either --trust KEY.pub or --policy POLICY.toml: "
                     "nothing is trusted unless it is named");
  if ((options.strict || !options.roots.empty()) && options.policy.empty())
    return makeError(ErrorKind::Invalid,
                     "--strict and --root go with --policy");
  for (const std::string &path : options.trust) {
    auto key = readPublicKey(path);
    if (!key)
      return key.error();
    out.trust.keys.push_back(*key);
  }
  if (options.unverified)
    return out;
  // Keys alone need no marks until something is pulled.
  auto path = stateDirectory(options);
  if (path)
    out.statePath = std::move(*path);
  if (options.policy.empty())
    return out;
  if (!path)
    return path.error();

  auto read = readPolicy(options.policy);
  if (!read)
    return read.error();
  auto rules = policyRules(options);
  if (!rules)
    return rules.error();
  auto marks = registry::TrustState::open(out.statePath);
  if (!marks)
    return marks.error();
  if (auto ok = marks->checkPolicy(read->policy, read->signatures, *rules,
                                   std::time(nullptr));
      !ok)
    return inFile(options.policy, ok.error());
  if (auto ok = marks->acceptPolicy(read->policy, read->signatures); !ok)
    return ok.error();
  out.policy = std::move(read->policy);
  return out;
}

Expected<PtxBin> Trust::open(const std::string &path,
                             registry::Purpose purpose) const {
  auto file = readFile(path, maxFileBytes);
  if (!file)
    return file.error();
  auto opened = admit(purpose)(std::move(*file));
  if (!opened)
    return inFile(path, opened.error());
  return opened;
}

registry::Admit Trust::admit(registry::Purpose purpose) const {
  return [this, purpose](Bytes file) -> Expected<PtxBin> {
    if (unverified)
      return registry::admitAnyForm(std::move(file));
    if (policy)
      return policy->open(std::move(file), purpose, std::time(nullptr));
    return PtxBin::openVerified(std::move(file), trust);
  };
}

Expected<registry::TrustState *> Trust::state() {
  if (statePath.empty())
    return makeError(ErrorKind::Invalid,
                     "no place for high-water marks; give --state");
  if (!marks) {
    auto opened = registry::TrustState::open(statePath);
    if (!opened)
      return opened.error();
    marks = std::move(*opened);
  }
  return &*marks;
}

} // namespace twreg

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

#include "Registry/Trust.h"

#include <cstdlib>
#include <ctime>

namespace registry {

using ptxbin::inFile;

Expected<std::string> stateDirectory(const TrustRequest &request) {
  if (!request.state.empty())
    return request.state;
  if (const char *base = std::getenv("XDG_STATE_HOME"); base && *base)
    return std::string(base) + "/tensorwasm";
  if (const char *home = std::getenv("HOME"); home && *home)
    return std::string(home) + "/.local/state/tensorwasm";
  return makeError(ErrorKind::Invalid,
                   "no place for high-water marks: neither XDG_STATE_HOME nor "
                   "HOME is set; give --state");
}

Expected<SignedPolicy> readPolicy(const std::string &path) {
  auto text = ptxbin::readFile(path, maxPolicyBytes);
  if (!text)
    return text.error();
  auto policy = Policy::parse(std::move(*text), path);
  if (!policy)
    return policy.error();
  SignedPolicy out{std::move(*policy), {}};
  std::string beside = path + ".sig";
  auto signatures = ptxbin::readFile(beside, maxPolicyBytes);
  if (!signatures && signatures.error().kind == ErrorKind::NotFound)
    return out;
  if (!signatures)
    return signatures.error();
  auto decoded = decodePolicySignatures(*signatures, beside);
  if (!decoded)
    return decoded.error();
  out.signatures = std::move(*decoded);
  return out;
}

Expected<PolicyRules> policyRules(const TrustRequest &request) {
  PolicyRules rules;
  rules.strict = request.strict;
  for (const std::string &path : request.roots) {
    auto key = ptxbin::readPublicKey(path);
    if (!key)
      return key.error();
    rules.pinned.push_back(*key);
  }
  return rules;
}

Expected<Trust> Trust::load(const TrustRequest &request) {
  Trust out;
  out.unverified = request.unverified;
  out.trust.allowUnsigned = request.allowUnsigned;
  const bool hasKeys = !request.keys.empty() || request.allowUnsigned;
  if (hasKeys + !request.policy.empty() + request.unverified != 1)
    return makeError(ErrorKind::Invalid,
                     "expected either --trust KEY.pub or --policy POLICY.toml: "
                     "nothing is trusted unless it is named");
  if ((request.strict || !request.roots.empty()) && request.policy.empty())
    return makeError(ErrorKind::Invalid,
                     "--strict and --root go with --policy");
  for (const std::string &path : request.keys) {
    auto key = ptxbin::readPublicKey(path);
    if (!key)
      return key.error();
    out.trust.keys.push_back(*key);
  }
  if (request.unverified)
    return out;
  // Keys alone need no marks until something is pulled.
  auto path = stateDirectory(request);
  if (path)
    out.statePath = std::move(*path);
  if (request.policy.empty())
    return out;
  if (!path)
    return path.error();

  auto read = readPolicy(request.policy);
  if (!read)
    return read.error();
  auto rules = policyRules(request);
  if (!rules)
    return rules.error();
  auto marks = TrustState::open(out.statePath);
  if (!marks)
    return marks.error();
  if (auto ok = marks->checkPolicy(read->policy, read->signatures, *rules,
                                   std::time(nullptr));
      !ok)
    return inFile(request.policy, ok.error());
  if (auto ok = marks->acceptPolicy(read->policy, read->signatures); !ok)
    return ok.error();
  out.policy = std::move(read->policy);
  return out;
}

Expected<ptxbin::PtxBin> Trust::open(const std::string &path,
                                     Purpose purpose) const {
  auto file = ptxbin::readFile(path, ptxbin::maxFileBytes);
  if (!file)
    return file.error();
  auto opened = admit(purpose)(std::move(*file));
  if (!opened)
    return inFile(path, opened.error());
  return opened;
}

Expected<ptxbin::PtxBin> admitAnyForm(Bytes file) {
  return ptxbin::PtxBin::openUnverified(std::move(file));
}

Expected<ptxbin::Finalized>
Trust::openFinalized(const std::string &path,
                     const ptxbin::PtxBin &original) const {
  auto file = ptxbin::readFile(path, ptxbin::maxFileBytes);
  if (!file)
    return file.error();
  auto image = policy
                   ? policy->openFinalized(std::move(*file), original)
                   : ptxbin::Finalized::openVerified(std::move(*file), trust);
  if (!image)
    return inFile(path, image.error());
  if (auto ok = image->checkBelongsTo(original); !ok)
    return inFile(path, ok.error());
  return image;
}

Admit Trust::admit(Purpose purpose) const {
  return [this, purpose](Bytes file) -> Expected<ptxbin::PtxBin> {
    if (unverified)
      return admitAnyForm(std::move(file));
    if (policy)
      return policy->open(std::move(file), purpose, std::time(nullptr));
    return ptxbin::PtxBin::openVerified(std::move(file), trust);
  };
}

Expected<TrustState *> Trust::state() {
  if (statePath.empty())
    return makeError(ErrorKind::Invalid,
                     "no place for high-water marks; give --state");
  if (!marks) {
    auto opened = TrustState::open(statePath);
    if (!opened)
      return opened.error();
    marks = std::move(*opened);
  }
  return &*marks;
}

Expected<void> Trust::checkRelease(const ptxbin::PtxBin &bin) const {
  if (statePath.empty())
    return makeError(ErrorKind::Invalid,
                     "no place for high-water marks; give --state");
  auto opened = TrustState::open(statePath);
  if (!opened)
    return opened.error();
  const ptxbin::Manifest &manifest = bin.manifest();
  Record record;
  record.ref = {manifest.name, manifest.version};
  record.release = manifest.release;
  record.publisher = manifest.publisher;
  record.contentId = bin.contentId();
  return opened->checkRelease(record);
}

} // namespace registry

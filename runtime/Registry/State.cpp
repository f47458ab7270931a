//===- State.cpp - what a machine has seen --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One small file for each name and publisher, and one for the policy, each
// replaced as a whole.
//
//===----------------------------------------------------------------------===//

#include "Registry/State.h"
#include "Format/Crypto.h"
#include "Registry/Log.h"

#include <algorithm>
#include <filesystem>

namespace registry {

static constexpr uint64_t maxMarkBytes = 64 << 10;

static Error untrusted(std::string message) {
  return makeError(ErrorKind::Untrusted, std::move(message));
}

Expected<TrustState> TrustState::open(const std::string &path) {
  if (auto ok = ptxbin::initCrypto(); !ok)
    return ok.error();
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code)
    return makeError(ErrorKind::IO,
                     path + ": cannot be created: " + code.message());
  TrustState out;
  auto directory = Directory::open(path);
  if (!directory)
    return directory.error();
  out.directory = std::move(*directory);
  auto lock = out.directory.lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  out.lock = std::move(*lock);
  return out;
}

Expected<void> TrustState::write(const std::string &name,
                                 const json &document) {
  auto written = directory.writeTemporary(encodeJson(document));
  if (!written)
    return written.error();
  return directory.moveOver(*written, directory, name);
}

//===-- The policy in force -----------------------------------------------===//

namespace {
/// What is remembered of a policy.
struct InForce {
  uint64_t version = 0;
  Digest digest{};
  std::vector<ptxbin::PublicKey> roots;
  uint64_t threshold = 0;
};
} // namespace

static Expected<std::optional<InForce>>
readInForce(const Directory &directory) {
  if (!directory.has("policy.json"))
    return std::optional<InForce>();
  auto bytes = directory.read("policy.json", maxMarkBytes);
  if (!bytes)
    return bytes.error();
  std::string where = directory.pathOf("policy.json");
  auto document = parseJson(*bytes, where);
  if (!document)
    return document.error();
  auto version = numberMember(*document, "version");
  auto threshold = numberMember(*document, "threshold");
  const std::string *digest = stringMember(*document, "digest");
  auto parsed = digest ? parseHex(*digest) : std::nullopt;
  auto roots = document->find("roots");
  if (!version || !threshold || !parsed || roots == document->end() ||
      !roots->is_array())
    return makeError(ErrorKind::Malformed,
                     where + ": expected version, digest, roots and threshold");
  InForce out{*version, *parsed, {}, *threshold};
  for (const json &item : *roots) {
    auto key = item.is_string() ? parseHex(item.get_ref<const std::string &>())
                                : std::nullopt;
    if (!key)
      return makeError(ErrorKind::Malformed, where + ": expected root keys");
    out.roots.push_back({*key});
  }
  return std::optional(std::move(out));
}

Expected<void>
TrustState::checkPolicy(const Policy &policy,
                        const std::vector<PolicySignature> &signatures,
                        const PolicyRules &rules, int64_t now) const {
  if (now >= policy.expires)
    return untrusted("the policy has expired");
  auto own = policy.countSigners(signatures, policy.roots);
  if (!own)
    return own.error();
  bool isSigned = !policy.roots.empty() && *own >= policy.rootThreshold;
  // A policy that has roots is one that its authors want to be signed.
  if (!isSigned && (rules.strict || !policy.roots.empty()))
    return untrusted("the policy wants signatures by " +
                     std::to_string(policy.rootThreshold) +
                     " of its root keys, but got " + std::to_string(*own) +
                     "; twreg policy sign adds one");
  if (rules.strict &&
      (now - policy.issued > int64_t(policy.maxAgeDays) * 86400 ||
       policy.issued > now))
    return untrusted("the policy is stale: strict mode wants one issued "
                     "within its max-age-days, " +
                     std::to_string(policy.maxAgeDays));
  if (!rules.pinned.empty()) {
    auto pinned = policy.countSigners(signatures, rules.pinned);
    if (!pinned)
      return pinned.error();
    if (*pinned == 0)
      return untrusted("the policy is not signed by a root key that was given");
  }

  auto old = readInForce(directory);
  if (!old)
    return old.error();
  if (!*old)
    return {};
  if (policy.version < (*old)->version ||
      (policy.version == (*old)->version && policy.digest != (*old)->digest))
    return untrusted(
        "the policy has version " + std::to_string(policy.version) +
        ", but version " + std::to_string((*old)->version) + " is in force" +
        (policy.version == (*old)->version ? " with other contents" : ""));
  if (policy.version == (*old)->version || (*old)->roots.empty())
    return {};
  auto before = policy.countSigners(signatures, (*old)->roots);
  if (!before)
    return before.error();
  if (*before < (*old)->threshold)
    return untrusted(
        "the policy wants signatures by " + std::to_string((*old)->threshold) +
        " root keys of the one in force, but got " + std::to_string(*before));
  return {};
}

Expected<void>
TrustState::acceptPolicy(const Policy &policy,
                         const std::vector<PolicySignature> &signatures) {
  auto old = readInForce(directory);
  if (!old)
    return old.error();
  if (*old && (*old)->digest == policy.digest)
    return {};
  json roots = json::array();
  for (const ptxbin::PublicKey &key : policy.roots)
    roots.push_back(ptxbin::hex(key.bytes));
  if (auto ok = write("policy.json", {{"version", policy.version},
                                      {"digest", ptxbin::hex(policy.digest)},
                                      {"roots", roots},
                                      {"threshold", policy.rootThreshold}});
      !ok)
    return ok;
  return appendLog(directory.path(),
                   {{"event", "policy"},
                    {"policy", ptxbin::hex(policy.digest)},
                    {"version", std::to_string(policy.version)}});
}

//===-- Releases ----------------------------------------------------------===//

/// Publishers may be called anything, so the pair's digest is the name.
static std::string markOf(const Record &record) {
  std::string pair = record.ref.name + '\0' + record.publisher;
  return "release-" +
         ptxbin::hex(ptxbin::sha256(
             {reinterpret_cast<const uint8_t *>(pair.data()), pair.size()})) +
         ".json";
}

Expected<void> TrustState::checkRelease(const Record &record) const {
  std::string name = markOf(record);
  if (!directory.has(name))
    return {};
  auto bytes = directory.read(name, maxMarkBytes);
  if (!bytes)
    return bytes.error();
  auto document = parseJson(*bytes, directory.pathOf(name));
  if (!document)
    return document.error();
  auto release = numberMember(*document, "release");
  const std::string *id = stringMember(*document, "contentId");
  if (!release || !id)
    return makeError(ErrorKind::Malformed,
                     directory.pathOf(name) +
                         ": expected a release and a contentId");
  if (record.release < *release)
    return untrusted(record.ref.str() + " is release " +
                     std::to_string(record.release) + ", but release " +
                     std::to_string(*release) +
                     " was seen here; --allow-rollback takes it all the same");
  if (record.release == *release && ptxbin::hex(record.contentId) != *id)
    return untrusted(record.ref.str() + " is release " +
                     std::to_string(record.release) +
                     ", which was seen here with content id " + *id);
  return {};
}

Expected<void> TrustState::raiseRelease(const Record &record) {
  // Never down: whoever took an old release knowingly has still seen a newer.
  if (auto ok = checkRelease(record); !ok)
    return ok.error().kind == ErrorKind::Untrusted ? Expected<void>() : ok;
  return write(markOf(record), {{"name", record.ref.name},
                                {"publisher", record.publisher},
                                {"release", record.release},
                                {"contentId", ptxbin::hex(record.contentId)}});
}

} // namespace registry

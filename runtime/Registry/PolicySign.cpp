//===- PolicySign.cpp - signatures over policies --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy's signatures are beside it, in POLICY.sig, so that the policy stays
// a file that people edit and compare.
//
//===----------------------------------------------------------------------===//

#include "Format/Crypto.h"
#include "Format/Layout.h"
#include "Registry/Json.h"
#include "Registry/Policy.h"

#include <algorithm>

namespace registry {

Bytes policyPayload(const Policy &policy) {
  return ptxbin::layout::typedBytes(policyType, 1, policy.text);
}

Expected<uint64_t>
Policy::countSigners(const std::vector<PolicySignature> &signatures,
                     const std::vector<ptxbin::PublicKey> &trusted) const {
  uint64_t count = 0;
  for (const ptxbin::PublicKey &key : trusted)
    for (const PolicySignature &signature : signatures) {
      if (signature.keyId != ptxbin::keyId(key))
        continue;
      ptxbin::Signature form;
      form.algorithm = ptxbin::layout::algorithmEd25519;
      form.keyId = signature.keyId;
      form.bytes = signature.bytes;
      if (!ptxbin::verifyEd25519(form, policyPayload(*this), key))
        return makeError(ErrorKind::Untrusted,
                         "the policy's signature by root key " +
                             ptxbin::hex(signature.keyId) + " is bad");
      ++count;
      break;
    }
  return count;
}

Expected<PolicySignature> signPolicy(const Policy &policy,
                                     const ptxbin::SecretKey &key) {
  auto made = ptxbin::signEd25519(policyPayload(policy), key);
  if (!made)
    return made.error();
  return PolicySignature{made->keyId, made->bytes};
}

Expected<PolicySignature>
checkPolicySignature(const Policy &policy,
                     const std::array<uint8_t, 64> &signature,
                     const ptxbin::PublicKey &key) {
  PolicySignature out{ptxbin::keyId(key), signature};
  auto good = policy.countSigners({out}, {key});
  if (!good)
    return makeError(ErrorKind::Untrusted,
                     "the signature is not one of this policy by the key " +
                         ptxbin::hex(out.keyId));
  return out;
}

Bytes encodePolicySignatures(const std::vector<PolicySignature> &signatures) {
  json items = json::array();
  for (const PolicySignature &signature : signatures)
    items.push_back({{"keyId", ptxbin::hex(signature.keyId)},
                     {"signature", ptxbin::hex(signature.bytes)}});
  return encodeJson({{"schema", 1}, {"signatures", items}});
}

Expected<std::vector<PolicySignature>>
decodePolicySignatures(ByteView bytes, const std::string &where) {
  auto malformed = [&](const char *expected) {
    return makeError(ErrorKind::Malformed, where + ": expected " + expected);
  };
  auto document = parseJson(bytes, where);
  if (!document)
    return document.error();
  if (numberMember(*document, "schema") != 1)
    return malformed("schema 1");
  auto items = document->find("signatures");
  if (items == document->end() || !items->is_array() ||
      items->size() > maxPolicyKeys)
    return malformed("a list of at most 256 signatures");
  std::vector<PolicySignature> out;
  for (const json &item : *items) {
    const std::string *keyId = stringMember(item, "keyId");
    const std::string *text = stringMember(item, "signature");
    auto id = keyId ? parseHex(*keyId) : std::nullopt;
    if (!id || !text || text->size() != 128)
      return malformed("a keyId of 64 and a signature of 128 lower-case "
                       "hexadecimal digits");
    auto low = parseHex(std::string_view(*text).substr(0, 64));
    auto high = parseHex(std::string_view(*text).substr(64));
    if (!low || !high)
      return malformed("a keyId of 64 and a signature of 128 lower-case "
                       "hexadecimal digits");
    PolicySignature signature{*id, {}};
    std::copy(low->begin(), low->end(), signature.bytes.begin());
    std::copy(high->begin(), high->end(), signature.bytes.begin() + 32);
    if (std::any_of(out.begin(), out.end(), [&](const PolicySignature &other) {
          return other.keyId == *id;
        }))
      return malformed("one signature of each key");
    out.push_back(signature);
  }
  return out;
}

} // namespace registry

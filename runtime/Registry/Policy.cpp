//===- Policy.cpp - judging a file ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order is that of docs/PTXBinFormat.md, "Verification", with the policy's
// rules after it: nothing of a file that no key of the policy has signed is
// looked at.
//
//===----------------------------------------------------------------------===//

#include "Registry/Policy.h"
#include "Format/Layout.h"

#include <algorithm>

namespace registry {

static Error untrusted(std::string message) {
  return makeError(ErrorKind::Untrusted, std::move(message));
}

bool matchesGlob(std::string_view glob, std::string_view name) {
  // reaches[i]: the part of the glob that was read matches name[0, i).
  std::vector<bool> reaches(name.size() + 1);
  reaches[0] = true;
  for (size_t g = 0; g < glob.size(); ++g) {
    bool any = glob.substr(g).starts_with("**");
    bool star = glob[g] == '*';
    std::vector<bool> next(name.size() + 1);
    for (size_t i = 0; i <= name.size(); ++i) {
      if (star) // None more, or one more of a run that was begun.
        next[i] =
            reaches[i] || (i > 0 && next[i - 1] && (any || name[i - 1] != '/'));
      else if (i > 0 && reaches[i - 1])
        next[i] = glob[g] == '?' ? name[i - 1] != '/' : name[i - 1] == glob[g];
    }
    reaches = std::move(next);
    g += any;
  }
  return reaches[name.size()];
}

static unsigned kindOf(ptxbin::SectionType type) {
  switch (type) {
  case ptxbin::SectionType::Wasm:
    return ImageKind::Wasm;
  case ptxbin::SectionType::PTX:
    return ImageKind::Ptx;
  case ptxbin::SectionType::Cubin:
    return ImageKind::Cubin;
  case ptxbin::SectionType::Host:
    return ImageKind::Host;
  default:
    return 0; // Nothing that runs.
  }
}

static const char *nameOfKind(unsigned kind) {
  return kind == ImageKind::Wasm    ? "a wasm image"
         : kind == ImageKind::Ptx   ? "a ptx image"
         : kind == ImageKind::Cubin ? "a cubin image"
         : kind == ImageKind::Host  ? "a host image"
                                    : "the file";
}

/// Key ids in a file's trailer, as far as it has a readable one.
static std::vector<Digest> claimedSigners(ByteView file) {
  std::vector<Digest> out;
  if (auto header = ptxbin::layout::decodeHeader(file))
    if (auto trailer = ptxbin::layout::decodeTrailer(file, *header))
      for (const ptxbin::Signature &signature : *trailer)
        out.push_back(signature.keyId);
  return out;
}

/// Whether `key` may vouch for this name and publisher at all.
static bool appliesTo(const PolicyKey &key, const ptxbin::Manifest &manifest,
                      Purpose purpose) {
  bool counts = key.state == KeyState::Active ||
                (key.state == KeyState::Retiring && purpose == Purpose::Use);
  return counts && key.publisher == manifest.publisher &&
         std::any_of(key.names.begin(), key.names.end(),
                     [&](const std::string &glob) {
                       return matchesGlob(glob, manifest.name);
                     });
}

Expected<ptxbin::PtxBin> Policy::open(Bytes file, Purpose purpose,
                                      int64_t now) const {
  ptxbin::TrustOptions trust;
  std::string revoked;
  std::vector<Digest> signers = claimedSigners(file);
  for (const PolicyKey &key : keys) {
    if (key.state != KeyState::Revoked)
      trust.keys.push_back(key.key);
    else if (std::find(signers.begin(), signers.end(),
                       ptxbin::keyId(key.key)) != signers.end())
      revoked += "; its key '" + key.name + "' is revoked";
  }
  auto bin = ptxbin::PtxBin::openVerified(std::move(file), trust);
  if (!bin && bin.error().kind == ErrorKind::Untrusted)
    return untrusted(bin.error().message + revoked);
  if (!bin)
    return bin.error();

  const ptxbin::Manifest &manifest = bin->manifest();
  if (std::find(denied.begin(), denied.end(), bin->contentId()) != denied.end())
    return untrusted("content id " + ptxbin::hex(bin->contentId()) +
                     " is denied by the policy");
  // Names outside of the grammar have no rules, and need none to be long.
  if (auto ok = checkName(manifest.name); !ok)
    return untrusted("no policy covers this: " + ok.error().message);
  if (manifest.expires != 0 && now >= 0 && uint64_t(now) >= manifest.expires)
    return untrusted("expired at " + std::to_string(manifest.expires) +
                     " s since 1970");
  for (const Minimum &minimum : minima)
    if (matchesGlob(minimum.glob, manifest.name) &&
        manifest.release < minimum.release)
      return untrusted("release " + std::to_string(manifest.release) +
                       " is below the minimum of " +
                       std::to_string(minimum.release) + " for '" +
                       minimum.glob + "'");

  unsigned kinds = 0;
  for (const ptxbin::Section &section : bin->sections())
    kinds |= kindOf(section.key.type);
  // Kind 0 is the file itself, which needs as many keys.
  for (unsigned kind : {0u, 1u, 2u, 4u, 8u}) {
    if ((kinds & kind) != kind)
      continue;
    uint64_t count = 0;
    for (const PolicyKey &key : keys)
      count += std::find(bin->signers().begin(), bin->signers().end(),
                         key.key) != bin->signers().end() &&
               key.mayPublish && appliesTo(key, manifest, purpose) &&
               (key.images & kind) == kind;
    if (count < threshold)
      return untrusted(std::string("the policy wants ") + nameOfKind(kind) +
                       " of '" + manifest.name + "' by '" + manifest.publisher +
                       "' signed by " + std::to_string(threshold) + " keys" +
                       (purpose == Purpose::Publish
                            ? " that may publish it"
                            : " that may vouch for it") +
                       ", but got " + std::to_string(count) + revoked);
  }
  return bin;
}

Expected<ptxbin::Finalized>
Policy::openFinalized(Bytes file, const ptxbin::PtxBin &original) const {
  ptxbin::TrustOptions trust;
  for (const PolicyKey &key : keys)
    if (key.state != KeyState::Revoked)
      trust.keys.push_back(key.key);
  auto image = ptxbin::Finalized::openVerified(std::move(file), trust);
  if (!image)
    return image;
  if (auto ok = image->checkBelongsTo(original); !ok)
    return ok.error();
  if (std::find(denied.begin(), denied.end(), image->id()) != denied.end())
    return untrusted("finalized image " + ptxbin::hex(image->id()) +
                     " is denied by the policy");
  uint64_t count = 0;
  for (const PolicyKey &key : keys)
    count += std::find(image->signers().begin(), image->signers().end(),
                       key.key) != image->signers().end() &&
             key.mayFinalize && (key.images & ImageKind::Cubin) &&
             appliesTo(key, original.manifest(), Purpose::Use);
  if (count < threshold)
    return untrusted("the policy wants a finalized image of '" +
                     original.manifest().name + "' signed by " +
                     std::to_string(threshold) +
                     " keys with the role finalizer that may vouch for a "
                     "cubin of it, but got " +
                     std::to_string(count));
  return image;
}

} // namespace registry

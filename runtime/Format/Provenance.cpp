//===- Provenance.cpp - how an artifact was built -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from the manifest, which has all of it: no clock, no machine, no
// path, so that the same build gives the same bytes.
//
//===----------------------------------------------------------------------===//

#include "Format/Provenance.h"
#include "Format/Crypto.h"
#include "Format/JsonShape.h"
#include "Format/Layout.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <ctime>
#include <map>

namespace ptxbin {

using json = nlohmann::json;

static constexpr const char *payloadType = "application/vnd.in-toto+json";
static constexpr const char *statementType = "https://in-toto.io/Statement/v1";
static constexpr const char *predicateType = "https://slsa.dev/provenance/v1";
static constexpr uint64_t maxProvenanceBytes = 4 << 20;

static std::string base64(ByteView bytes) {
  std::string out(
      sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL),
      '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back(); // its NUL
  return out;
}

static std::optional<Bytes> fromBase64(const std::string &text) {
  Bytes out(text.size() / 4 * 3 + 3);
  size_t size = 0;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(),
                        nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0)
    return std::nullopt;
  out.resize(size);
  return out;
}

/// DSSE's pre-authentication encoding.
static Bytes paeOf(ByteView payload) {
  std::string type = payloadType;
  std::string head = "DSSEv1 " + std::to_string(type.size()) + ' ' + type +
                     ' ' + std::to_string(payload.size()) + ' ';
  Bytes out(head.begin(), head.end());
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

static std::string timeText(uint64_t seconds) {
  std::time_t time = std::time_t(seconds);
  std::tm parts{};
  char text[40];
  if (!::gmtime_r(&time, &parts) ||
      !std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts))
    return {};
  return text;
}

/// What a statement must be about: every section that is not itself.
static std::map<std::string, std::string> subjectsOf(const PtxBin &bin) {
  std::map<std::string, std::string> out;
  for (const Section &section : bin.sections())
    if (section.key.type != SectionType::Provenance)
      out[layout::describe(section.key)] = hex(section.rawDigest);
  return out;
}

static Expected<json> dependenciesOf(const PtxBin &bin) {
  json out = json::array();
  for (size_t i = 0; i < bin.sections().size(); ++i) {
    if (bin.sections()[i].key.type != SectionType::Wasm)
      continue;
    auto raw = bin.raw(i);
    if (!raw)
      return raw.error();
    for (const ModuleInfo &module : bin.manifest().modules)
      out.push_back(
          {{"name", module.name.empty() ? "module" : module.name},
           {"mediaType", "application/wasm"},
           {"digest",
            {{"sha256", hex(sha256(ByteView(*raw).subspan(
                            module.wasmOffset, module.wasmSize)))}}}});
  }
  return out;
}

static Expected<std::string> statementOf(const PtxBin &bin) {
  const Manifest &manifest = bin.manifest();
  json subjects = json::array();
  for (const auto &[name, digest] : subjectsOf(bin))
    subjects.push_back({{"name", name}, {"digest", {{"sha256", digest}}}});
  auto dependencies = dependenciesOf(bin);
  if (!dependencies)
    return dependencies.error();
  const CompilerInfo &compiler = manifest.compiler;
  json versions = {{compiler.name, compiler.version}, {"llvm", compiler.llvm}};
  if (!compiler.assembler.empty())
    versions["ptxas"] = compiler.assembler;
  json metadata = json::object();
  if (manifest.created)
    metadata["finishedOn"] = timeText(manifest.created);
  json statement = {
      {"_type", statementType},
      {"subject", subjects},
      {"predicateType", predicateType},
      {"predicate",
       {{"buildDefinition",
         {{"buildType", "urn:tensorwasm:twc:compile:1"},
          {"externalParameters",
           {{"flags", compiler.flags},
            {"name", manifest.name},
            {"version", manifest.version},
            {"release", manifest.release},
            {"publisher", manifest.publisher}}},
          {"resolvedDependencies", *dependencies}}},
        {"runDetails",
         {{"builder",
           {{"id", "urn:tensorwasm:" + compiler.name + ":" + compiler.version},
            {"version", versions}}},
          {"metadata", metadata}}}}}};
  return statement.dump();
}

Expected<Bytes> addProvenance(ByteView file, const SecretKey *builder) {
  auto bin = PtxBin::openUnverified(Bytes(file.begin(), file.end()));
  if (!bin)
    return bin.error();
  if (!bin->signatures().empty())
    return makeError(ErrorKind::Invalid,
                     "a file that is signed gets no provenance any more");
  auto text = statementOf(*bin);
  if (!text)
    return text.error();
  ByteView payload(reinterpret_cast<const uint8_t *>(text->data()),
                   text->size());
  json signatures = json::array();
  if (builder) {
    auto made = signEd25519(paeOf(payload), *builder);
    if (!made)
      return made.error();
    signatures.push_back(
        {{"keyid", hex(made->keyId)}, {"sig", base64(made->bytes)}});
  }
  std::string envelope = json{
      {"payload", base64(payload)},
      {"payloadType", payloadType},
      {"signatures",
       signatures}}.dump();
  std::vector<SectionInput> sections;
  for (size_t i = 0; i < bin->sections().size(); ++i) {
    const Section &section = bin->sections()[i];
    if (section.key.type == SectionType::Manifest)
      continue;
    if (section.key.type == SectionType::Provenance)
      return makeError(ErrorKind::Invalid, "the file has a provenance already");
    auto raw = bin->raw(i);
    if (!raw)
      return raw.error();
    sections.push_back({section.key, std::move(*raw),
                        (section.flags & layout::flagZstd) != 0});
  }
  SectionInput provenance;
  provenance.key.type = SectionType::Provenance;
  provenance.raw.assign(envelope.begin(), envelope.end());
  sections.push_back(std::move(provenance));
  return writePtxBin(bin->manifest(), std::move(sections));
}

static Error malformed(const std::string &what) {
  return makeError(ErrorKind::Malformed, "provenance: " + what);
}

static std::optional<json> parse(ByteView bytes) {
  std::string_view text(reinterpret_cast<const char *>(bytes.data()),
                        bytes.size());
  JsonShape shape = shapeOfJson(text);
  if (shape.depth > 16 || shape.members > 100000)
    return std::nullopt;
  json out = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!out.is_object())
    return std::nullopt;
  return out;
}

static const std::string *text(const json &object, const char *key) {
  if (!object.is_object())
    return nullptr;
  auto member = object.find(key);
  return member == object.end() ? nullptr
                                : member->get_ptr<const std::string *>();
}

static Expected<void> checkSubjects(const PtxBin &bin, const json &statement) {
  auto subjects = statement.find("subject");
  if (subjects == statement.end() || !subjects->is_array())
    return malformed("expected subjects");
  std::map<std::string, std::string> said;
  for (const json &subject : *subjects) {
    const std::string *name = text(subject, "name");
    const std::string *digest =
        subject.is_object() && subject.contains("digest")
            ? text(subject["digest"], "sha256")
            : nullptr;
    if (!name || !digest || !said.emplace(*name, *digest).second)
      return malformed("expected subjects with a name, once each, and a "
                       "SHA-256 digest");
  }
  if (said != subjectsOf(bin))
    return malformed("is about other sections than those that are there");
  return {};
}

Expected<Provenance> readProvenance(const PtxBin &bin,
                                    const std::vector<PublicKey> &builders) {
  const auto &sections = bin.sections();
  auto section =
      std::find_if(sections.begin(), sections.end(), [](const Section &s) {
        return s.key.type == SectionType::Provenance;
      });
  if (section == sections.end())
    return makeError(ErrorKind::NotFound,
                     "says nothing of how it was built (twc --provenance)");
  if (section->rawSize > maxProvenanceBytes)
    return malformed("has " + std::to_string(section->rawSize) + " bytes");
  auto raw = bin.raw(section - sections.begin());
  if (!raw)
    return raw.error();
  auto envelope = parse(*raw);
  const std::string *type = envelope ? text(*envelope, "payloadType") : nullptr;
  const std::string *encoded = envelope ? text(*envelope, "payload") : nullptr;
  auto payload = encoded ? fromBase64(*encoded) : std::nullopt;
  if (!type || !payload || *type != payloadType)
    return malformed("expected a DSSE envelope of an in-toto statement");
  auto statement = parse(*payload);
  if (!statement || !text(*statement, "_type") ||
      *text(*statement, "_type") != statementType)
    return malformed("expected an in-toto statement, version 1");
  if (auto ok = checkSubjects(bin, *statement); !ok)
    return ok.error();

  Provenance out;
  out.statement.assign(payload->begin(), payload->end());
  auto signatures = envelope->find("signatures");
  if (signatures == envelope->end() || !signatures->is_array() ||
      signatures->size() > maxSignatures)
    return malformed("expected at most " + std::to_string(maxSignatures) +
                     " signatures");
  for (const json &item : *signatures) {
    const std::string *keyIdText = text(item, "keyid");
    const std::string *sig = text(item, "sig");
    auto bytes = sig ? fromBase64(*sig) : std::nullopt;
    if (!keyIdText || !bytes || bytes->size() != 64)
      return malformed("expected signatures with keyid and sig");
    Provenance::Signer signer{*keyIdText, false};
    for (const PublicKey &key : builders) {
      if (hex(keyId(key)) != *keyIdText)
        continue;
      Signature form;
      form.algorithm = layout::algorithmEd25519;
      form.keyId = keyId(key);
      std::copy(bytes->begin(), bytes->end(), form.bytes.begin());
      if (!verifyEd25519(form, paeOf(*payload), key))
        return makeError(ErrorKind::Untrusted, "provenance: the signature by " +
                                                   *keyIdText + " is bad");
      signer.good = true;
    }
    out.signers.push_back(std::move(signer));
  }
  return out;
}

} // namespace ptxbin

//===- Oci.cpp - the documents of an OCI image layout ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Encoders and decoders. Members that are not used here are ignored, as the OCI
// specification asks of readers, and kept where an index is written again.
//
//===----------------------------------------------------------------------===//

#include "Registry/Oci.h"

namespace registry {

static Error malformed(const std::string &where, const std::string &message) {
  return makeError(ErrorKind::Malformed, where + ": " + message);
}

Expected<void> checkLayoutDocument(ByteView bytes, const std::string &where) {
  auto document = parseJson(bytes, where);
  if (!document)
    return document.error();
  const std::string *version = stringMember(*document, "imageLayoutVersion");
  if (!version)
    return malformed(where, "expected an imageLayoutVersion");
  if (*version != "1.0.0")
    return makeError(ErrorKind::Incompatible,
                     where + ": image layout version " +
                         json(*version).dump(-1, ' ', true) +
                         ", but this reader knows 1.0.0 only");
  return {};
}

//===-- Descriptors -------------------------------------------------------===//

json encode(const Descriptor &descriptor) {
  return {{"mediaType", descriptor.mediaType},
          {"digest", digestText(descriptor.digest)},
          {"size", descriptor.size}};
}

Expected<Descriptor> decodeDescriptor(const json &value, uint64_t limit,
                                      const std::string &where) {
  const std::string *mediaType = stringMember(value, "mediaType");
  const std::string *digest = stringMember(value, "digest");
  auto size = numberMember(value, "size");
  if (!mediaType || !digest || !size)
    return malformed(where, "expected a descriptor with mediaType, digest and "
                            "size");
  auto parsed = parseDigest(*digest);
  if (!parsed)
    return malformed(where, "expected a digest of sha256: and 64 lower-case "
                            "hexadecimal digits");
  if (*size > limit)
    return malformed(where, "size " + std::to_string(*size) +
                                " is above the limit of " +
                                std::to_string(limit));
  return Descriptor{*mediaType, *parsed, *size};
}

//===-- Manifests ---------------------------------------------------------===//

Bytes emptyConfig() { return {'{', '}'}; }

static Descriptor describe(const char *mediaType, ByteView bytes) {
  return {mediaType, ptxbin::sha256(bytes), bytes.size()};
}

Bytes makeOciManifest(const ptxbin::PtxBin &bin) {
  const ptxbin::Manifest &manifest = bin.manifest();
  // Hints for people and tools: readers go by the signed manifest.
  json annotations = {
      {"org.opencontainers.image.title", manifest.name},
      {"org.opencontainers.image.version", manifest.version},
      {"org.opencontainers.image.vendor", manifest.publisher},
      {"org.tensorwasm.content-id", ptxbin::hex(bin.contentId())},
      {"org.tensorwasm.release", std::to_string(manifest.release)},
  };
  Bytes config = emptyConfig();
  return encodeJson(
      {{"schemaVersion", 2},
       {"mediaType", manifestMediaType},
       {"artifactType", artifactMediaType},
       {"config", encode(describe(emptyMediaType, config))},
       {"layers", {encode(describe(artifactMediaType, bin.bytes()))}},
       {"annotations", annotations}});
}

Expected<std::optional<OciManifest>>
decodeOciManifest(ByteView bytes, const std::string &where) {
  auto parsed = parseJson(bytes, where);
  if (!parsed)
    return parsed.error();
  const json &document = *parsed;
  if (numberMember(document, "schemaVersion") != 2)
    return malformed(where, "expected a manifest with schemaVersion 2");
  auto layers = document.find("layers");
  auto isOurs = [](const json &layer) {
    const std::string *type = stringMember(layer, "mediaType");
    return type && *type == artifactMediaType;
  };
  if (layers == document.end() || !layers->is_array() ||
      std::none_of(layers->begin(), layers->end(), isOurs))
    return std::optional<OciManifest>();
  if (const std::string *type = stringMember(document, "mediaType");
      type ? *type != manifestMediaType : document.contains("mediaType"))
    return malformed(where, std::string("expected the media type ") +
                                manifestMediaType);
  if (layers->size() != 1)
    return malformed(where, "expected 1 layer, but got " +
                                std::to_string(layers->size()));
  if (!document.contains("config"))
    return malformed(where, "expected a config");
  auto config =
      decodeDescriptor(document["config"], maxConfigBytes, where + ": config");
  if (!config)
    return config.error();
  auto layer = decodeDescriptor(layers->front(), ptxbin::maxFileBytes,
                                where + ": layer");
  if (!layer)
    return layer.error();
  return std::optional(OciManifest{std::move(*config), std::move(*layer)});
}

//===-- The index ---------------------------------------------------------===//

Expected<std::vector<IndexEntry>> decodeIndex(ByteView bytes,
                                              const std::string &where) {
  auto document = parseJson(bytes, where);
  if (!document)
    return document.error();
  if (numberMember(*document, "schemaVersion") != 2)
    return malformed(where, "expected an index with schemaVersion 2");
  auto manifests = document->find("manifests");
  if (manifests == document->end() || !manifests->is_array())
    return malformed(where, "expected a list of manifests");
  if (manifests->size() > maxEntries)
    return malformed(where, std::to_string(manifests->size()) +
                                " entries are more than the limit of " +
                                std::to_string(maxEntries));
  std::vector<IndexEntry> entries;
  for (json &item : *manifests) {
    // Of what other tools put here the size is theirs to choose; it is bounded
    // when an entry is read.
    auto descriptor = decodeDescriptor(
        item, UINT64_MAX,
        where + ": manifests[" + std::to_string(entries.size()) + "]");
    if (!descriptor)
      return descriptor.error();
    IndexEntry entry;
    entry.manifest = std::move(*descriptor);
    if (auto annotations = item.find("annotations"); annotations != item.end())
      if (const std::string *label =
              stringMember(*annotations, refNameAnnotation))
        entry.label = *label;
    entry.document = std::move(item);
    entries.push_back(std::move(entry));
  }
  return entries;
}

Bytes encodeIndex(json entries) {
  return encodeJson({{"schemaVersion", 2},
                     {"mediaType", indexMediaType},
                     {"manifests", std::move(entries)}});
}

//===-- Records -----------------------------------------------------------===//

Bytes encodeRecord(const Record &record) {
  return encodeJson({{"schema", 1},
                     {"name", record.ref.name},
                     {"version", record.ref.version},
                     {"release", record.release},
                     {"publisher", record.publisher},
                     {"contentId", ptxbin::hex(record.contentId)},
                     {"manifest", encode(record.manifest)},
                     {"layer", encode(record.layer)}});
}

Expected<Record> decodeRecord(ByteView bytes, const std::string &where) {
  auto document = parseJson(bytes, where);
  if (!document)
    return document.error();
  auto schema = numberMember(*document, "schema");
  if (schema && *schema != 1)
    return makeError(ErrorKind::Incompatible,
                     where + ": schema " + std::to_string(*schema) +
                         ", but this reader knows 1 only");
  const std::string *name = stringMember(*document, "name");
  const std::string *version = stringMember(*document, "version");
  const std::string *publisher = stringMember(*document, "publisher");
  const std::string *contentId = stringMember(*document, "contentId");
  auto release = numberMember(*document, "release");
  auto id = contentId ? parseHex(*contentId) : std::nullopt;
  if (!schema || !name || !version || !publisher || !release || !id ||
      !document->contains("manifest") || !document->contains("layer"))
    return malformed(where, "expected a record with schema, name, version, "
                            "release, publisher, contentId, manifest and "
                            "layer");
  auto ref = checkReference(*name, *version);
  if (!ref)
    return malformed(where, ref.error().message);
  auto manifest = decodeDescriptor((*document)["manifest"], maxOciManifestBytes,
                                   where + ": manifest");
  if (!manifest)
    return manifest.error();
  auto layer = decodeDescriptor((*document)["layer"], ptxbin::maxFileBytes,
                                where + ": layer");
  if (!layer)
    return layer.error();
  return Record{std::move(*ref),      *release,         *publisher, *id,
                std::move(*manifest), std::move(*layer)};
}

json indexItem(const Record &record) {
  json item = encode(record.manifest);
  item["artifactType"] = artifactMediaType;
  item["annotations"] = {{refNameAnnotation, record.ref.str()}};
  return item;
}

} // namespace registry

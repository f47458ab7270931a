//===- Oci.h - the documents of an OCI image layout -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What this project writes into and reads from an OCI image layout (image-spec
// 1.0, "Image Layout" and "Image Manifest"): one flat manifest per entry, with
// one layer that is the whole .ptxbin. docs/Registry.md has examples.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_OCI_H
#define TWRUN_REGISTRY_OCI_H

#include "Registry/Json.h"

#include <optional>
#include <vector>

namespace registry {

inline constexpr const char *artifactMediaType =
    "application/vnd.tensorwasm.ptxbin.v1";
inline constexpr const char *manifestMediaType =
    "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char *indexMediaType =
    "application/vnd.oci.image.index.v1+json";
inline constexpr const char *emptyMediaType =
    "application/vnd.oci.empty.v1+json";
inline constexpr const char *refNameAnnotation =
    "org.opencontainers.image.ref.name";
/// On an entry of another tool whose name is an entry's of ours.
inline constexpr const char *displacedAnnotation =
    "org.tensorwasm.displaced-name";

/// What registries accept of a manifest (OCI distribution spec), and of the
/// rest what no honest layout comes near.
inline constexpr uint64_t maxOciManifestBytes = 4 << 20;
inline constexpr uint64_t maxConfigBytes = 64 << 10;
inline constexpr uint64_t maxIndexBytes = 64 << 20;
inline constexpr uint64_t maxLayoutBytes = 4 << 10;
inline constexpr size_t maxEntries = 100000;

/// The contents of `oci-layout`.
inline constexpr std::string_view layoutDocument =
    "{\"imageLayoutVersion\":\"1.0.0\"}\n";

/// Refuses another version of the layout as incompatible.
Expected<void> checkLayoutDocument(ByteView bytes, const std::string &where);

/// Where content is: its digest, and what it must be.
struct Descriptor {
  std::string mediaType;
  Digest digest{};
  uint64_t size = 0;
};

json encode(const Descriptor &descriptor);
/// Refuses a size above `limit`.
Expected<Descriptor> decodeDescriptor(const json &value, uint64_t limit,
                                      const std::string &where);

/// The manifest of an entry.
struct OciManifest {
  Descriptor config, layer;
};

/// The manifest of a .ptxbin, a function of its bytes alone.
Bytes makeOciManifest(const ptxbin::PtxBin &bin);
/// The config of ours: an empty object.
Bytes emptyConfig();

/// Nothing, for a well-formed document that is not about a .ptxbin.
Expected<std::optional<OciManifest>>
decodeOciManifest(ByteView bytes, const std::string &where);

/// An item of index.json: `document` as it was found.
struct IndexEntry {
  Descriptor manifest;
  std::optional<std::string> label; // its ref.name
  json document;
};

Expected<std::vector<IndexEntry>> decodeIndex(ByteView bytes,
                                              const std::string &where);
Bytes encodeIndex(json entries);

/// One file below .twc/refs: the truth about a name. What it says of the
/// signed manifest is for listing; readers that use an entry verify it.
struct Record {
  Reference ref;
  uint64_t release = 0;
  std::string publisher;
  Digest contentId{};
  Descriptor manifest; // of the OCI manifest
  Descriptor layer;    // of the .ptxbin
};

inline constexpr uint64_t maxRecordBytes = 16 << 10;

Bytes encodeRecord(const Record &record);
Expected<Record> decodeRecord(ByteView bytes, const std::string &where);
/// The record's item of index.json.
json indexItem(const Record &record);

} // namespace registry

#endif // TWRUN_REGISTRY_OCI_H

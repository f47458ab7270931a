//===- Read.cpp - finding and loading entries -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reading side. Sizes come from descriptors, each bounded before; content
// is compared with its digest before it is parsed.
//
//===----------------------------------------------------------------------===//

#include "Registry/Registry.h"

#include <algorithm>
#include <system_error>
#include <thread>

namespace registry {

//===-- Finding -----------------------------------------------------------===//

Expected<std::vector<Record>>
Registry::recordsIn(const std::string &component) const {
  auto directory = refs->sub(component);
  if (!directory)
    return directory.error();
  auto versions = directory->list(maxEntries);
  if (!versions)
    return versions.error();
  std::vector<Record> out;
  for (const std::string &version : *versions) {
    auto bytes = directory->read(version, maxRecordBytes);
    if (!bytes)
      return bytes.error();
    std::string where = directory->pathOf(version);
    auto record = decodeRecord(*bytes, where);
    if (!record)
      return record.error();
    if (pathOfName(record->ref.name) != component ||
        record->ref.version != version)
      return makeError(ErrorKind::Malformed,
                       where + ": is the record of " + record->ref.str());
    out.push_back(std::move(*record));
  }
  return out;
}

static bool isEarlier(const Record &a, const Record &b) {
  return std::tie(a.ref.name, a.release, a.ref.version) <
         std::tie(b.ref.name, b.release, b.ref.version);
}

Expected<std::vector<Record>> Registry::records() const {
  std::vector<Record> out;
  if (!refs)
    return out;
  auto names = refs->list(maxEntries);
  if (!names)
    return names.error();
  // Each record is a file, and opening thousands of them takes longest: several
  // threads, each with every n-th name.
  size_t threads =
      std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 8);
  if (names->size() < 256)
    threads = 1;
  std::vector<std::vector<Record>> parts(threads);
  std::vector<Expected<void>> results(threads);
  auto readPart = [&](size_t part) {
    for (size_t i = part; i < names->size() && results[part]; i += threads) {
      auto records = recordsIn((*names)[i]);
      if (!records)
        results[part] = records.error();
      else
        std::move(records->begin(), records->end(),
                  std::back_inserter(parts[part]));
    }
  };
  {
    std::vector<std::jthread> others;
    for (size_t part = 1; part < threads; ++part)
      try {
        others.emplace_back(readPart, part);
      } catch (const std::system_error &) {
        readPart(part); // No more threads are to be had.
      }
    readPart(0);
  }
  for (size_t part = 0; part < threads; ++part) {
    if (!results[part])
      return results[part].error();
    std::move(parts[part].begin(), parts[part].end(), std::back_inserter(out));
  }
  std::sort(out.begin(), out.end(), isEarlier);
  return out;
}

Expected<std::vector<IndexEntry>> Registry::index() const {
  auto bytes = root.read("index.json", maxIndexBytes);
  if (!bytes)
    return bytes.error();
  return decodeIndex(*bytes, root.pathOf("index.json"));
}

static Located locate(const Record &record) {
  return {record.manifest, record.ref, record.ref.str()};
}

static Located locate(const IndexEntry &entry) {
  Located out;
  out.manifest = entry.manifest;
  out.label = entry.label.value_or(digestText(entry.manifest.digest));
  if (entry.label)
    if (auto query = parseQuery(*entry.label); query && query->version)
      out.claim = Reference{query->name, *query->version};
  return out;
}

Expected<Located> Registry::find(const Query &query) const {
  std::string component = pathOfName(query.name);
  if (refs && refs->has(component)) {
    auto records = recordsIn(component);
    if (!records)
      return records.error();
    std::sort(records->begin(), records->end(), isEarlier);
    for (auto record = records->rbegin(); record != records->rend(); ++record)
      if (!query.version || *query.version == record->ref.version)
        return locate(*record);
  }
  // What another tool has written and nobody has adopted yet. It has no
  // release that could be compared, so its version must be given.
  if (query.version) {
    auto entries = index();
    if (!entries)
      return entries.error();
    for (const IndexEntry &entry : *entries)
      if (entry.label == query.name + ":" + *query.version)
        return locate(entry);
  }
  return makeError(ErrorKind::NotFound,
                   path() + ": no entry " + query.name +
                       (query.version ? ":" + *query.version : ""));
}

Expected<std::vector<Located>> Registry::locateAll() const {
  auto known = records();
  if (!known)
    return known.error();
  auto entries = index();
  if (!entries)
    return entries.error();
  std::vector<Located> out;
  std::vector<Digest> digests;
  for (const Record &record : *known) {
    out.push_back(locate(record));
    digests.push_back(record.manifest.digest);
  }
  std::sort(digests.begin(), digests.end());
  for (const IndexEntry &entry : *entries)
    if (!std::binary_search(digests.begin(), digests.end(),
                            entry.manifest.digest))
      out.push_back(locate(entry));
  return out;
}

//===-- Loading -----------------------------------------------------------===//

Expected<Bytes> Registry::readBlob(const Descriptor &descriptor) const {
  std::string name = ptxbin::hex(descriptor.digest);
  auto status = blobs.status(name);
  if (!status)
    return status.error();
  auto wrong = [&](const std::string &message) {
    return makeError(ErrorKind::Malformed, blobs.pathOf(name) + ": " + message);
  };
  if (status->size != descriptor.size)
    return wrong("expected " + std::to_string(descriptor.size) +
                 " bytes, but got " + std::to_string(status->size));
  auto bytes = blobs.read(name, descriptor.size);
  if (!bytes)
    return bytes;
  if (bytes->size() != descriptor.size ||
      ptxbin::sha256(*bytes) != descriptor.digest)
    return wrong("content does not have the digest that it is named by");
  return bytes;
}

/// Of what is signed, and of the documents around it.
static Record describe(const ptxbin::PtxBin &bin, Reference ref,
                       ByteView manifest) {
  Record record;
  record.ref = std::move(ref);
  record.release = bin.manifest().release;
  record.publisher = bin.manifest().publisher;
  record.contentId = bin.contentId();
  record.manifest = {manifestMediaType, ptxbin::sha256(manifest),
                     manifest.size()};
  record.layer = {artifactMediaType, ptxbin::sha256(bin.bytes()),
                  bin.bytes().size()};
  return record;
}

Expected<Artifact> makeArtifact(ptxbin::PtxBin bin) {
  auto ref = checkReference(bin.manifest().name, bin.manifest().version);
  if (!ref)
    return ref.error();
  for (size_t i = 0; i < bin.sections().size(); ++i)
    if (auto raw = bin.raw(i); !raw)
      return raw.error();
  Bytes manifest = makeOciManifest(bin);
  Record record = describe(bin, std::move(*ref), manifest);
  return Artifact{std::move(bin), std::move(record), std::move(manifest),
                  emptyConfig()};
}

Expected<std::optional<Artifact>> Registry::load(const Located &located,
                                                 const Admit &admit) const {
  auto about = [&](const Error &error) {
    return makeError(error.kind, located.label + ": " + error.message);
  };
  if (located.manifest.mediaType != manifestMediaType)
    return std::optional<Artifact>();
  if (located.manifest.size > maxOciManifestBytes)
    return about(makeError(ErrorKind::Malformed,
                           "manifest of " +
                               std::to_string(located.manifest.size) +
                               " bytes is above the limit of " +
                               std::to_string(maxOciManifestBytes)));
  auto manifest = readBlob(located.manifest);
  if (!manifest)
    return about(manifest.error());
  auto oci = decodeOciManifest(*manifest, "manifest");
  if (!oci)
    return about(oci.error());
  if (!*oci)
    return std::optional<Artifact>();
  auto config = readBlob((*oci)->config);
  if (!config)
    return about(config.error());
  auto file = readBlob((*oci)->layer);
  if (!file)
    return about(file.error());
  auto bin = admit(std::move(*file));
  if (!bin)
    return about(bin.error());

  auto ref = checkReference(bin->manifest().name, bin->manifest().version);
  if (!ref)
    return about(ref.error());
  // Whoever can write here could give an old release a new label.
  if (located.claim && *located.claim != *ref)
    return makeError(ErrorKind::Untrusted,
                     path() + ": calls an entry " + located.claim->str() +
                         ", but its signed manifest says " + ref->str());
  Record record = describe(*bin, std::move(*ref), *manifest);
  return std::optional(Artifact{std::move(*bin), std::move(record),
                                std::move(*manifest), std::move(*config)});
}

} // namespace registry

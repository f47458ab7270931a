//===- Write.cpp - adding entries -----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of writes is the point of this file: content first, under names
// that are its digests; then, under the lock, the one rename that makes an
// entry; then the index. After each of them the disk has it. A crash leaves
// content that nobody refers to, or an index that lacks an entry, and nothing
// else.
//
//===----------------------------------------------------------------------===//

#include "Registry/Registry.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace registry {

Expected<void> Registry::putBlob(const Descriptor &descriptor, ByteView bytes) {
  std::string name = ptxbin::hex(descriptor.digest);
  bool damaged = false;
  if (blobs.has(name)) {
    auto there = readBlob(descriptor);
    if (!there && there.error().kind != ErrorKind::Malformed)
      return there.error();
    damaged = !there;
    // Whoever wrote it may not have come to this yet.
    if (!damaged) {
      if (auto ok = blobs.syncFile(name); !ok)
        return ok;
      return blobs.sync();
    }
  }
  auto written = tmp->writeTemporary(bytes);
  if (!written)
    return written.error();
  step("temporary");
  if (damaged)
    return tmp->moveOver(*written, blobs, name);
  auto moved = tmp->moveNew(*written, blobs, name);
  if (!moved)
    return moved.error();
  step("blob");
  // Another publisher was first, with the same bytes.
  return *moved ? Expected<void>() : tmp->remove(*written);
}

Expected<Added> Registry::compareSigners(const Record &old,
                                         const Artifact &now) const {
  auto conflict = [&](const std::string &why) {
    return makeError(ErrorKind::Conflict,
                     path() + ": has another " + now.record.ref.str() + why);
  };
  if (old.contentId != now.record.contentId)
    return conflict(" (content id " + ptxbin::hex(old.contentId) +
                    "); what is published does not change, so give this one "
                    "a new version and release");
  auto file = readBlob(old.layer);
  if (!file)
    return file.error();
  auto bin = admitAnyForm(std::move(*file));
  if (!bin)
    return bin.error();
  auto has = [](const ptxbin::PtxBin &bin, const Digest &id) {
    return std::any_of(
        bin.signatures().begin(), bin.signatures().end(),
        [&](const ptxbin::Signature &s) { return s.keyId == id; });
  };
  auto covers = [&](const ptxbin::PtxBin &a, const ptxbin::PtxBin &b) {
    return std::all_of(
        b.signatures().begin(), b.signatures().end(),
        [&](const ptxbin::Signature &s) { return has(a, s.keyId); });
  };
  if (covers(*bin, now.bin))
    return Added::Present;
  if (covers(now.bin, *bin))
    return Added::MoreSigners;
  return conflict(", signed by others; sign the file that is published, and "
                  "publish that");
}

Expected<Added> Registry::addLocked(const Artifact &artifact, Rule rule,
                                    Index when) {
  const Record &record = artifact.record;
  std::string component = pathOfName(record.ref.name);
  auto directory = refs->createSub(component);
  if (!directory)
    return directory.error();
  auto siblings = recordsIn(component);
  if (!siblings)
    return siblings.error();
  auto old = std::find_if(
      siblings->begin(), siblings->end(),
      [&](const Record &other) { return other.ref == record.ref; });
  if (old != siblings->end()) {
    if (old->manifest.digest == record.manifest.digest)
      return Added::Present;
    auto compared = compareSigners(*old, artifact);
    if (!compared || *compared == Added::Present)
      return compared;
  } else if (rule == Rule::Publish) {
    for (const Record &other : *siblings)
      if (other.release >= record.release)
        return makeError(ErrorKind::Conflict,
                         record.ref.str() + " is release " +
                             std::to_string(record.release) + ", but " +
                             other.ref.str() + " is release " +
                             std::to_string(other.release) +
                             " already; a new version needs a higher one "
                             "(twc --release)");
  }

  auto written = tmp->writeTemporary(encodeRecord(record));
  if (!written)
    return written.error();
  step("record");
  if (old != siblings->end()) {
    if (auto ok = tmp->moveOver(*written, *directory, record.ref.version); !ok)
      return ok.error();
    step("ref");
    // Now, even in a batch: the index must not offer the old file again.
    if (auto ok = writeIndex({old->manifest.digest}); !ok)
      return ok.error();
    return Added::MoreSigners;
  }
  auto moved = tmp->moveNew(*written, *directory, record.ref.version);
  if (!moved)
    return moved.error();
  if (!*moved)
    return makeError(ErrorKind::Conflict,
                     path() + ": " + record.ref.str() +
                         " was made by a process that holds no lock");
  step("ref");
  if (when == Index::Now)
    if (auto ok = writeIndex(); !ok)
      return ok.error();
  return Added::New;
}

Expected<Added> Registry::add(const Artifact &artifact, Rule rule, Index when) {
  auto oci = decodeOciManifest(artifact.manifest, "manifest");
  if (!oci)
    return oci.error();
  // Keeps the content below from being collected before it is referred to.
  auto noCollection = holdOffCollection();
  if (!noCollection)
    return noCollection.error();
  if (auto ok = putBlob((*oci)->layer, artifact.bin.bytes()); !ok)
    return ok.error();
  if (auto ok = putBlob((*oci)->config, artifact.config); !ok)
    return ok.error();
  if (auto ok = putBlob(artifact.record.manifest, artifact.manifest); !ok)
    return ok.error();
  auto lock = meta->lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  step("locked");
  return addLocked(artifact, rule, when);
}

Expected<FileDescriptor> Registry::holdOffCollection() const {
  if (!meta)
    return notOurs();
  return meta->lock("gc.lock", /*exclusive=*/false);
}

Expected<void> Registry::refreshIndex() {
  if (!meta)
    return notOurs();
  auto lock = meta->lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  return writeIndex();
}

//===-- The index ---------------------------------------------------------===//

/// Under the lock: what the records say, and behind it what other tools wrote,
/// except what `dropped` names.
Expected<void> Registry::writeIndex(const std::vector<Digest> &dropped) {
  auto known = records();
  if (!known)
    return known.error();
  json items = json::array();
  std::map<std::string, Digest> labels;
  std::vector<Digest> digests = dropped;
  for (const Record &record : *known) {
    items.push_back(indexItem(record));
    labels.emplace(record.ref.str(), record.manifest.digest);
    digests.push_back(record.manifest.digest);
  }
  std::sort(digests.begin(), digests.end());
  auto isDropped = [&](const IndexEntry &entry) {
    return std::find(dropped.begin(), dropped.end(), entry.manifest.digest) !=
           dropped.end();
  };
  auto entries = index();
  if (!entries && entries.error().kind != ErrorKind::NotFound)
    return makeError(entries.error().kind,
                     entries.error().message +
                         "; twreg fsck --repair writes a new one");
  if (entries)
    for (IndexEntry &entry : *entries) {
      // Ours already, unless another tool gave it one more label.
      bool isKnown = std::binary_search(digests.begin(), digests.end(),
                                        entry.manifest.digest);
      auto same = entry.label ? labels.find(*entry.label) : labels.end();
      bool isOurLabel =
          same != labels.end() && same->second == entry.manifest.digest;
      if (isKnown && (!entry.label || isOurLabel || isDropped(entry)))
        continue;
      // The name is ours; the entry of the other tool stays, without it.
      if (same != labels.end()) {
        json &annotations = entry.document["annotations"];
        annotations.erase(refNameAnnotation);
        annotations[displacedAnnotation] = *entry.label;
      }
      items.push_back(std::move(entry.document));
    }

  Bytes bytes = encodeIndex(std::move(items));
  if (bytes.size() > maxIndexBytes)
    return makeError(ErrorKind::Invalid,
                     path() + ": has too many entries for index.json");
  auto written = tmp->writeTemporary(bytes);
  if (!written)
    return written.error();
  step("index written");
  if (auto ok = tmp->moveOver(*written, root, "index.json"); !ok)
    return ok;
  step("index");
  return {};
}

//===-- Adoption ----------------------------------------------------------===//

Expected<Registry::Adoption> Registry::adopt(const Admit &admit) {
  auto all = locateAll();
  if (!all)
    return all.error();
  auto known = records();
  if (!known)
    return known.error();
  Adoption out;
  // Records come first, and are ours already.
  for (size_t i = known->size(); i < all->size(); ++i) {
    Located located = (*all)[i];
    // The signed name counts, whatever label another tool chose.
    located.claim.reset();
    auto artifact = load(located, admit);
    if (!artifact) {
      out.refused.push_back(artifact.error().message);
      continue;
    }
    if (!*artifact)
      continue;
    auto added = add(**artifact, Rule::Copy, Index::Later);
    if (added && *added != Added::Present)
      out.adopted.push_back((*artifact)->record.ref);
    else if (added)
      continue;
    else if (added.error().kind == ErrorKind::Conflict)
      out.refused.push_back(located.label + ": " + added.error().message);
    else
      return added.error();
  }
  if (!out.adopted.empty())
    if (auto ok = refreshIndex(); !ok)
      return ok.error();
  return out;
}

} // namespace registry

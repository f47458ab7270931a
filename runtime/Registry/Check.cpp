//===- Check.cpp - is a registry whole? -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads everything there is. What a crash or another tool leaves is told and is
// harmless; what a reader would refuse is a problem.
//
//===----------------------------------------------------------------------===//

#include "Registry/Registry.h"

#include <algorithm>
#include <ctime>

namespace registry {

/// Descriptors anywhere in a document of any kind: more than are needed may be
/// kept, never fewer.
static void collectDescriptors(const json &value,
                               std::vector<Descriptor> &out) {
  if (auto descriptor = decodeDescriptor(value, UINT64_MAX, ""))
    out.push_back(std::move(*descriptor));
  if (value.is_structured())
    for (const json &child : value)
      collectDescriptors(child, out);
}

/// By its media type a document that refers to others.
static bool refersToOthers(const Descriptor &descriptor) {
  return descriptor.size <= maxOciManifestBytes &&
         (descriptor.mediaType.find("manifest") != std::string::npos ||
          descriptor.mediaType.find("index") != std::string::npos);
}

std::map<Digest, uint64_t>
Registry::reachable(std::vector<Problem> &problems) const {
  std::map<Digest, uint64_t> seen;
  std::vector<Descriptor> queue;
  auto problem = [&](const Error &error) {
    problems.push_back({false, error.message});
  };
  if (auto known = records()) {
    for (const Record &record : *known) {
      queue.push_back(record.manifest);
      queue.push_back(record.layer);
    }
  } else {
    problem(known.error());
  }
  if (auto entries = index()) {
    for (const IndexEntry &entry : *entries)
      collectDescriptors(entry.document, queue);
  } else {
    problem(entries.error());
  }
  while (!queue.empty()) {
    Descriptor next = std::move(queue.back());
    queue.pop_back();
    if (!seen.emplace(next.digest, next.size).second || !refersToOthers(next))
      continue;
    auto bytes = readBlob(next);
    if (!bytes) {
      problem(bytes.error());
      continue;
    }
    auto document = parseJson(*bytes, blobs.pathOf(ptxbin::hex(next.digest)));
    if (!document)
      problem(document.error());
    else
      collectDescriptors(*document, queue);
  }
  return seen;
}

/// Each record by itself, so that one bad file does not hide the others.
void Registry::checkRecords(const Admit &admit,
                            std::vector<Problem> &problems) const {
  auto bad = [&](const std::string &what) {
    problems.push_back({false, what});
  };
  auto names = refs->list(maxEntries);
  if (!names)
    return bad(names.error().message);
  for (const std::string &name : *names) {
    if (!nameOfPath(name)) {
      bad(refs->pathOf(name) + ": not a name");
      continue;
    }
    auto known = recordsIn(name);
    if (!known) {
      bad(known.error().message);
      continue;
    }
    for (const Record &record : *known) {
      auto artifact =
          load({record.manifest, record.ref, record.ref.str()}, admit);
      if (!artifact)
        bad(artifact.error().message);
      else if (!*artifact)
        bad(record.ref.str() + ": its manifest is not one of a .ptxbin");
      else if (encodeRecord((*artifact)->record) != encodeRecord(record))
        bad(record.ref.str() +
            ": its record says other things than its signed manifest");
    }
  }
}

Expected<void> Registry::checkIndex(bool repair,
                                    std::vector<Problem> &problems) {
  auto lock = meta->lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  auto known = records();
  if (!known)
    return {}; // Told by checkRecords.
  auto entries = index();
  if (!entries) {
    problems.push_back({repair, entries.error().message});
    if (!repair)
      return {};
    if (entries.error().kind != ErrorKind::NotFound)
      if (auto ok = root.moveOver("index.json", root, "index.json.damaged");
          !ok)
        return ok;
    return writeIndex();
  }
  std::vector<std::pair<std::string, Digest>> labels;
  for (const IndexEntry &entry : *entries)
    if (entry.label)
      labels.emplace_back(*entry.label, entry.manifest.digest);
  std::sort(labels.begin(), labels.end());
  size_t before = problems.size();
  for (const Record &record : *known)
    if (!std::binary_search(
            labels.begin(), labels.end(),
            std::pair(record.ref.str(), record.manifest.digest)))
      problems.push_back({true, "index.json lacks " + record.ref.str()});
  if (repair && problems.size() > before)
    return writeIndex();
  return {};
}

void Registry::checkBlobs(const std::map<Digest, uint64_t> &needed,
                          std::vector<Problem> &problems) const {
  auto names = blobs.list(4 * maxEntries);
  if (!names) {
    problems.push_back({false, names.error().message});
    return;
  }
  for (const std::string &name : *names) {
    auto bad = [&](const std::string &what) {
      problems.push_back({false, blobs.pathOf(name) + ": " + what});
    };
    auto digest = parseHex(name);
    auto status = blobs.status(name);
    if (!digest || !status) {
      bad(status ? "not named by a digest" : "not a regular file");
      continue;
    }
    auto at = needed.find(*digest);
    if (at == needed.end())
      problems.push_back({true, "blob " + name + " is not referred to"});
    // What has the wrong size need not be read, however large it claims to be.
    uint64_t size = at == needed.end() ? status->size : at->second;
    if (at == needed.end() && size > ptxbin::maxFileBytes)
      continue;
    if (size != status->size) {
      bad("expected " + std::to_string(size) + " bytes, but got " +
          std::to_string(status->size));
      continue;
    }
    auto found = blobs.digestOf(name);
    if (!found || *found != *digest)
      bad("content does not have the digest that it is named by");
  }
}

Expected<std::vector<Registry::Problem>> Registry::check(const Admit &admit,
                                                         bool repair) {
  if (!meta)
    return notOurs();
  std::vector<Problem> problems;
  if (auto ok = checkIndex(repair, problems); !ok)
    return ok.error();
  checkRecords(admit, problems);
  auto needed = reachable(problems);
  checkBlobs(needed, problems);
  if (auto left = tmp->list(maxEntries))
    for (const std::string &name : *left)
      problems.push_back({true, "temporary file " + name + " is left"});
  // A broken entry is met on several ways.
  std::sort(
      problems.begin(), problems.end(), [](const Problem &a, const Problem &b) {
        return std::tie(a.harmless, a.what) < std::tie(b.harmless, b.what);
      });
  problems.erase(std::unique(problems.begin(), problems.end(),
                             [](const Problem &a, const Problem &b) {
                               return a.what == b.what;
                             }),
                 problems.end());
  return problems;
}

//===-- Collection --------------------------------------------------------===//

Expected<Registry::Garbage> Registry::collect(bool remove,
                                              uint64_t graceSeconds) {
  if (!meta)
    return notOurs();
  // No publisher of ours is between its content and its entry.
  auto alone = meta->lock("gc.lock", /*exclusive=*/true);
  if (!alone)
    return alone.error();
  auto lock = meta->lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  std::vector<Problem> problems;
  auto needed = reachable(problems);
  // What cannot be read could refer to anything.
  if (!problems.empty())
    return makeError(ErrorKind::Malformed,
                     problems.front().what +
                         "; nothing is collected before twreg fsck is content");
  Garbage out;
  int64_t now = std::time(nullptr);
  auto names = blobs.list(4 * maxEntries);
  if (!names)
    return names.error();
  for (const std::string &name : *names) {
    auto digest = parseHex(name);
    auto status = blobs.status(name);
    if (!digest || !status || needed.contains(*digest))
      continue;
    // Other tools write content first and take no locks.
    if (status->modified + int64_t(graceSeconds) > now)
      continue;
    if (remove)
      if (auto ok = blobs.remove(name); !ok)
        return ok.error();
    out.paths.push_back("blobs/sha256/" + name);
    out.bytes += status->size;
  }
  auto left = tmp->list(maxEntries);
  if (!left)
    return left.error();
  for (const std::string &name : *left) {
    if (auto status = tmp->status(name))
      out.bytes += status->size;
    if (remove && !tmp->remove(name))
      if (auto ok = tmp->removeTree(name); !ok)
        return ok.error();
    out.paths.push_back(".twc/tmp/" + name);
  }
  return out;
}

} // namespace registry

//===- Registry.h - a directory of signed artifacts -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A registry is a directory that is a valid OCI image layout. Blobs are named
// by their digests; what a name means is one small file below `.twc/refs`,
// which appears whole or not at all; `index.json` is derived from those, and
// entries that other tools wrote into it are kept. docs/Registry.md has the
// layout, the order of writes, and what a crash leaves.
//
// Every function that hands out a file verifies it by the caller's `Admit`, on
// the very bytes that are handed out. A Registry may be used by one thread at a
// time; any number of processes may use a directory at once.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_REGISTRY_H
#define TWRUN_REGISTRY_REGISTRY_H

#include "Registry/Directory.h"
#include "Registry/Oci.h"
#include "Registry/Trust.h"

#include <map>

namespace registry {

/// An admitted file and the documents that carry it.
struct Artifact {
  ptxbin::PtxBin bin;
  Record record;
  Bytes manifest, config;
};

/// An artifact as this project publishes it. Decompresses all sections, so
/// that no published one can fail to; refuses names outside of the grammar.
Expected<Artifact> makeArtifact(ptxbin::PtxBin bin);

/// An entry that was found but not read yet.
struct Located {
  Descriptor manifest;
  /// What the registry claims the entry to be; empty for one of another tool
  /// with another kind of label.
  std::optional<Reference> claim;
  std::string label; // for messages
};

enum class Rule {
  Publish, ///< A new release: above every release of its name.
  Copy,    ///< History as it is elsewhere: any release.
};

/// When index.json follows: who adds many entries calls refreshIndex() once.
enum class Index { Now, Later };

enum class Added {
  New,         ///< A new entry.
  Present,     ///< It was there, with these signatures or more.
  MoreSigners, ///< It was there, and has more signatures now.
};

class Registry {
public:
  /// For reading: any OCI image layout.
  static Expected<Registry> open(const std::string &path);
  /// For writing: made when the directory is missing or empty.
  static Expected<Registry> create(const std::string &path);

  const std::string &path() const { return root.path(); }

  /// All entries, by name and then release. Those of other tools that were not
  /// adopted are not among them.
  Expected<std::vector<Record>> records() const;
  /// The entry, or the highest release of the name. Falls back on index.json.
  Expected<Located> find(const Query &query) const;
  /// Everything that could be a .ptxbin, index.json included.
  Expected<std::vector<Located>> locateAll() const;
  /// Reads, checks and admits an entry. Nothing where it is not about a
  /// .ptxbin. What is signed must be what the registry claims it is.
  Expected<std::optional<Artifact>> load(const Located &located,
                                         const Admit &admit) const;

  /// Content of the size and digest that `descriptor` gives. The caller has
  /// bounded the size.
  Expected<Bytes> readBlob(const Descriptor &descriptor) const;

  Expected<Added> add(const Artifact &artifact, Rule rule,
                      Index when = Index::Now);
  Expected<void> refreshIndex();

  struct Adoption {
    std::vector<Reference> adopted;
    std::vector<std::string> refused; // label and reason
  };
  /// Makes entries of what other tools wrote into index.json.
  Expected<Adoption> adopt(const Admit &admit);

  struct Problem {
    bool harmless = false; // what a crash or another tool may leave
    std::string what;
  };
  /// Reads everything; with `repair`, derives index.json again.
  Expected<std::vector<Problem>> check(const Admit &admit, bool repair);

  struct Garbage {
    std::vector<std::string> paths; // relative to the registry
    uint64_t bytes = 0;
  };
  /// What no entry needs and nothing wrote within `graceSeconds`; removed when
  /// `remove` is set.
  Expected<Garbage> collect(bool remove, uint64_t graceSeconds);

  /// A directory for a command's own files, inside the registry's file system
  /// and removed by collect() when a crash leaves it.
  const Directory &temporaries() const { return *tmp; }
  /// To be held while something there, or content that no entry refers to yet,
  /// must stay.
  Expected<FileDescriptor> holdOffCollection() const;

  /// For tests: called with the name of each step that add() has done.
  std::function<void(const char *)> onStep;

private:
  Directory root, blobs;
  std::optional<Directory> meta, refs, tmp; // .twc, only of our registries

  Error notOurs() const {
    return makeError(ErrorKind::Invalid,
                     path() +
                         ": is an image layout without entries of twreg's; "
                         "twreg adopt makes them");
  }
  void step(const char *name) const {
    if (onStep)
      onStep(name);
  }
  Expected<std::vector<Record>> recordsIn(const std::string &component) const;
  Expected<std::vector<IndexEntry>> index() const;
  Expected<void> putBlob(const Descriptor &descriptor, ByteView bytes);
  Expected<Added> addLocked(const Artifact &artifact, Rule rule, Index when);
  Expected<Added> compareSigners(const Record &old, const Artifact &now) const;
  Expected<void> writeIndex(const std::vector<Digest> &dropped = {});
  /// What records and index.json lead to, with its size. What stands in the
  /// way is added to `problems`.
  std::map<Digest, uint64_t> reachable(std::vector<Problem> &problems) const;
  void checkBlobs(const std::map<Digest, uint64_t> &needed,
                  std::vector<Problem> &problems) const;
  void checkRecords(const Admit &admit, std::vector<Problem> &problems) const;
  Expected<void> checkIndex(bool repair, std::vector<Problem> &problems);
};

} // namespace registry

#endif // TWRUN_REGISTRY_REGISTRY_H

//===- Copy.h - entries from one place to another ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies between layouts, and to and from a tar file. Manifests are copied byte
// for byte, so that digests are the same everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_COPY_H
#define TWRUN_REGISTRY_COPY_H

#include "Registry/Registry.h"

namespace registry {

/// Called before each entry: which, how many are done, how many there are.
using Progress =
    std::function<void(const std::string &label, size_t done, size_t all)>;

/// Which entries: all, those of a name, or one.
using Selection = std::optional<Query>;

struct Copied {
  std::vector<Record> added;
  size_t present = 0; // were there already
  size_t others = 0;  // not about a .ptxbin, left out
};

/// Every entry is admitted before it is copied. Stops at the first that is
/// not; what was copied until then stays.
Expected<Copied> copyEntries(const Registry &from, Registry &to,
                             const Selection &selection, const Admit &admit,
                             const Progress &progress);

/// Writes an OCI image layout as a tar file, `-` for standard output: the same
/// bytes for the same entries. What other tools read as `oci-archive`.
Expected<Copied> exportArchive(const Registry &from, const std::string &path,
                               const Selection &selection, const Admit &admit,
                               const Progress &progress);

/// Reads such a file, `-` for standard input. Nothing of it is written under a
/// name that it chooses.
Expected<Copied> importArchive(const std::string &path, Registry &to,
                               const Selection &selection, const Admit &admit,
                               const Progress &progress);

/// Whether `located` is among the entries selected.
bool isSelected(const Located &located, const Selection &selection);

} // namespace registry

#endif // TWRUN_REGISTRY_COPY_H

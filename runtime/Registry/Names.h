//===- Names.h - what entries are called ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names, versions and digests in a registry: the one place that decides what
// may become part of a path. The grammar is inside that of OCI distribution and
// of skopeo's `oci:` references, so that a name means the same everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_NAMES_H
#define TWRUN_REGISTRY_NAMES_H

#include "Format/PtxBin.h"

#include <optional>
#include <string>
#include <string_view>

namespace registry {

using ptxbin::Bytes;
using ptxbin::ByteView;
using ptxbin::Digest;
using ptxbin::Error;
using ptxbin::ErrorKind;
using ptxbin::Expected;
using ptxbin::makeError;

inline constexpr size_t maxNameBytes = 128;
inline constexpr size_t maxVersionBytes = 128;

/// Lower-case letters and digits, single `.`, `_` or `-` between them,
/// components separated by `/`.
Expected<void> checkName(std::string_view name);
/// Letters and digits, single `.`, `_` or `-` between them.
Expected<void> checkVersion(std::string_view version);

/// An entry of a registry.
struct Reference {
  std::string name, version;
  std::string str() const { return name + ":" + version; }
  auto operator<=>(const Reference &) const = default;
};

/// What a command line names: a version may be left out.
struct Query {
  std::string name;
  std::optional<std::string> version;
};

Expected<Reference> checkReference(std::string name, std::string version);
/// "NAME:VERSION" or "NAME".
Expected<Query> parseQuery(std::string_view text);

/// A name as one component of a path, and back. `/` becomes `+`, which no name
/// contains.
std::string pathOfName(std::string_view name);
std::optional<std::string> nameOfPath(std::string_view component);

/// "sha256:" and 64 lower-case digits.
std::string digestText(const Digest &digest);
std::optional<Digest> parseDigest(std::string_view text);
/// 64 lower-case digits alone.
std::optional<Digest> parseHex(std::string_view text);

} // namespace registry

#endif // TWRUN_REGISTRY_NAMES_H

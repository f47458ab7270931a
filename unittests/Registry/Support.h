//===- Support.h - artifacts and registries to break ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small signed files by the hand-made writer of unittests/Format, and what
// tests do to the files of a registry behind its back.
//
//===----------------------------------------------------------------------===//

#ifndef UNITTESTS_REGISTRY_SUPPORT_H
#define UNITTESTS_REGISTRY_SUPPORT_H

#include "../Format/TestSupport.h"
#include "Registry/Policy.h"
#include "Registry/Registry.h"

namespace registry::test {

using ptxbin::test::TemporaryDirectory;
using ptxbin::test::testKey;

struct FileOptions {
  std::string name = "team/saxpy", version = "1.0";
  uint64_t release = 1;
  std::string publisher = "Example";
  uint64_t expires = 0;
  bool host = false; // with a HOST image
  std::vector<uint8_t> signers = {1};
  std::string contents = "// sm_80\n"; // of its PTX section
};

Bytes makeFile(const FileOptions &options);

/// Opens under trust in testKey(1).
Expected<ptxbin::PtxBin> admitKey1(Bytes file);

Artifact makeTrusted(const FileOptions &options);
/// Publishes, or fails the test.
void publish(Registry &target, const FileOptions &options);
Registry createRegistry(const std::string &path);

/// What a reader gets of an entry.
Expected<std::optional<Artifact>> load(const Registry &from,
                                       const std::string &query);

/// Paths as docs/Registry.md has them.
std::string blobPath(const std::string &registry, const Digest &digest);

std::string readText(const std::string &path);
void writeText(const std::string &path, std::string_view text);

template <typename T>
void expectError(const Expected<T> &result, ErrorKind kind,
                 const std::string &words) {
  ASSERT_FALSE(result) << "accepted, but expected: " << words;
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_NE(result.error().message.find(words), std::string::npos)
      << result.error().message;
}

} // namespace registry::test

#endif // UNITTESTS_REGISTRY_SUPPORT_H

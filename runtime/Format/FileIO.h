//===- FileIO.h - files that are private, new or large ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format: what key files need beyond PtxBin.h's readFile and
// writeFileAtomic.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_FILEIO_H
#define TWRUN_FORMAT_FILEIO_H

#include "Format/PtxBin.h"

#include <string_view>

namespace ptxbin {

/// Creates `path` with `mode` and writes `text`; refuses one that exists, and
/// leaves nothing behind when writing fails.
Expected<void> createFile(const std::string &path, std::string_view text,
                          unsigned mode);

/// readFile, for a regular file that nobody but its owner may read or write.
Expected<Bytes> readPrivateFile(const std::string &path, uint64_t limit);

void removeFile(const std::string &path);

/// `size` zero bytes, or an error where memory is short.
Expected<Bytes> allocateBytes(uint64_t size);

} // namespace ptxbin

#endif // TWRUN_FORMAT_FILEIO_H

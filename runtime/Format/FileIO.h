//===- FileIO.h - files that are private, new or large ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format and Registry: what key files and registries need beyond
// PtxBin.h's readFile and writeFileAtomic.
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

/// Reads an open file to its end; refuses one larger than `limit` before
/// allocating. `path` is the name that messages speak of.
Expected<Bytes> readDescriptor(int fd, const std::string &path, uint64_t limit);

/// False, with errno set, when not all bytes could be written.
bool writeDescriptor(int fd, ByteView bytes);

/// "PATH: WHAT: reason" from errno; ENOENT is NotFound, all else IO.
Error systemError(const std::string &path, const char *what);

/// `size` zero bytes, or an error where memory is short.
Expected<Bytes> allocateBytes(uint64_t size);

} // namespace ptxbin

#endif // TWRUN_FORMAT_FILEIO_H

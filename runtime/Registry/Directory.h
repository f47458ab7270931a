//===- Directory.h - directories, by descriptor -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file operations that a registry is made of. A directory is open while it
// is used and never looked up again, and below the one that the operator named
// no symbolic link is followed: who can write into a registry cannot make a
// reader or a publisher touch anything outside of it.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_DIRECTORY_H
#define TWRUN_REGISTRY_DIRECTORY_H

#include "Registry/Names.h"

#include <memory>

namespace registry {

/// An open file, closed at the end.
class FileDescriptor {
public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd(fd) {}
  FileDescriptor(FileDescriptor &&other) : fd(std::exchange(other.fd, -1)) {}
  FileDescriptor &operator=(FileDescriptor &&other) {
    std::swap(fd, other.fd);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd; }
  bool isOpen() const { return fd >= 0; }

private:
  int fd = -1;
};

/// An open directory. Names given to it are single components, made by this
/// library or read from the directory; `path` is for messages.
class Directory {
public:
  /// The directory an operator named: links are followed.
  static Expected<Directory> open(const std::string &path);
  /// The same; made, with 0777 less the umask, when it is not there.
  static Expected<Directory> create(const std::string &path);

  Expected<Directory> sub(const std::string &name) const;
  Expected<Directory> createSub(const std::string &name) const;

  const std::string &path() const { return shown; }
  std::string pathOf(const std::string &name) const;
  int descriptor() const { return file.get(); }

  bool has(const std::string &name) const;
  /// Bytes of a regular file, or an error when it is none or above `limit`.
  Expected<Bytes> read(const std::string &name, uint64_t limit) const;
  /// Size and age in seconds of a regular file.
  struct Status {
    uint64_t size = 0;
    int64_t modified = 0;
  };
  Expected<Status> status(const std::string &name) const;
  /// Sorted, without . and ..; refuses more than `limit` names.
  Expected<std::vector<std::string>> list(size_t limit) const;

  /// A new, empty file.
  struct Temporary {
    FileDescriptor file;
    std::string name;
  };
  Expected<Temporary> createTemporary() const;
  /// A new file, written and on the disk. Its name is returned.
  Expected<std::string> writeTemporary(ByteView bytes) const;
  /// Gives `name` of this directory another one in `to`; false when that is
  /// taken. Both directories' entries are on the disk afterwards.
  Expected<bool> moveNew(const std::string &name, const Directory &to,
                         const std::string &newName) const;
  /// The same, in place of what was there.
  Expected<void> moveOver(const std::string &name, const Directory &to,
                          const std::string &newName) const;
  Expected<void> remove(const std::string &name) const;
  /// Removes an empty or filled subdirectory.
  Expected<void> removeTree(const std::string &name) const;
  /// SHA-256 of a regular file of any size.
  Expected<Digest> digestOf(const std::string &name) const;
  Expected<void> sync() const;
  Expected<void> syncFile(const std::string &name) const;

  /// Waits for an advisory lock (flock) on a file here, which is made when
  /// need be. It holds until the descriptor is closed, or the process ends.
  Expected<FileDescriptor> lock(const std::string &name, bool exclusive) const;

private:
  FileDescriptor file;
  std::string shown;
};

} // namespace registry

#endif // TWRUN_REGISTRY_DIRECTORY_H

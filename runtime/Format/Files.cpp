//===- Files.cpp - reading and writing whole files ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounded reads and atomic writes, by POSIX calls: what matters here (O_EXCL,
// modes, fsync, rename) is out of the standard streams' reach.
//
//===----------------------------------------------------------------------===//

#include "Format/FileIO.h"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace ptxbin {

namespace {
/// An open file, closed when left.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int fd) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { (void)close(); }
  bool close() {
    int old = std::exchange(fd, -1);
    return old < 0 || ::close(old) == 0;
  }
};
} // namespace

Error systemError(const std::string &path, const char *what) {
  int code = errno;
  return makeError(code == ENOENT ? ErrorKind::NotFound : ErrorKind::IO,
                   path + ": " + what + ": " + std::strerror(code));
}

Expected<Bytes> allocateBytes(uint64_t size) {
  try {
    return Bytes(size);
  } catch (const std::exception &) {
    return makeError(ErrorKind::IO, "out of memory: cannot allocate " +
                                        std::to_string(size) + " bytes");
  }
}

//===-- Reading -----------------------------------------------------------===//

Expected<Bytes> readDescriptor(int fd, const std::string &path,
                               uint64_t limit) {
  struct stat status;
  if (fstat(fd, &status) != 0)
    return systemError(path, "cannot be read");
  auto tooLarge = [&] {
    return makeError(ErrorKind::Malformed,
                     path + ": file is larger than the limit of " +
                         std::to_string(limit) + " bytes");
  };
  bool sized = S_ISREG(status.st_mode);
  if (sized && uint64_t(status.st_size) > limit)
    return tooLarge();
  // A size is only a hint: the file may grow, a pipe has none. One byte more
  // lets the end be seen without a second allocation.
  uint64_t room = (sized ? uint64_t(status.st_size) : 65536) + 1;
  auto bytes = allocateBytes(room);
  if (!bytes)
    return bytes;
  uint64_t used = 0;
  for (;;) {
    if (used == bytes->size()) {
      auto larger = allocateBytes(std::min<uint64_t>(2 * used, limit + 1));
      if (!larger)
        return larger;
      std::copy(bytes->begin(), bytes->end(), larger->begin());
      *bytes = std::move(*larger);
    }
    ssize_t got = ::read(fd, bytes->data() + used, bytes->size() - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return systemError(path, "cannot be read");
    if (got == 0)
      break;
    used += got;
    if (used > limit)
      return tooLarge();
  }
  bytes->resize(used);
  return bytes;
}

Expected<Bytes> readFile(const std::string &path, uint64_t limit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0)
    return systemError(path, "cannot be opened");
  return readDescriptor(file.fd, path, limit);
}

Expected<Bytes> readPrivateFile(const std::string &path, uint64_t limit) {
  // Not blocking: opening a pipe must not wait for its writer.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0)
    return systemError(path, "cannot be opened");
  struct stat status;
  if (fstat(file.fd, &status) != 0)
    return systemError(path, "cannot be read");
  if (!S_ISREG(status.st_mode))
    return makeError(ErrorKind::Invalid, path + ": not a regular file");
  if (status.st_mode & 077)
    return makeError(ErrorKind::Invalid,
                     path + ": secret key file is open to group or others; "
                            "run chmod 600 on it");
  return readDescriptor(file.fd, path, limit);
}

//===-- Writing -----------------------------------------------------------===//

bool writeDescriptor(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::write(fd, bytes.data(),
                          std::min<size_t>(bytes.size(), size_t(1) << 30));
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return false;
    bytes = bytes.subspan(put);
  }
  return true;
}

/// Makes a new name in a directory survive a crash. Best effort: some file
/// systems do not let a directory be synchronised.
static void syncDirectoryOf(const std::string &path) {
  size_t slash = path.rfind('/');
  std::string directory = slash == std::string::npos ? "."
                          : slash == 0               ? "/"
                                                     : path.substr(0, slash);
  Descriptor dir(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.fd >= 0)
    (void)::fsync(dir.fd);
}

void removeFile(const std::string &path) { ::unlink(path.c_str()); }

/// Writes a file that this process has just created, to the disk; removes it
/// when that fails. `shown` is the name that the message speaks of.
static Expected<void> fillNewFile(Descriptor &file, const std::string &path,
                                  const std::string &shown, ByteView bytes) {
  if (writeDescriptor(file.fd, bytes) && ::fsync(file.fd) == 0 && file.close())
    return {};
  Error error = systemError(shown, "cannot be written");
  removeFile(path);
  return error;
}

Expected<void> createFile(const std::string &path, std::string_view text,
                          unsigned mode) {
  Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.fd < 0 && errno == EEXIST)
    return makeError(ErrorKind::Invalid,
                     path + ": exists and is not overwritten");
  if (file.fd < 0)
    return systemError(path, "cannot be created");
  ByteView bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
  if (auto ok = fillNewFile(file, path, path, bytes); !ok)
    return ok;
  syncDirectoryOf(path);
  return {};
}

static Expected<void> writeInPlace(const std::string &path, ByteView bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.fd < 0 || !writeDescriptor(file.fd, bytes) || !file.close())
    return systemError(path, "cannot be written");
  return {};
}

Expected<void> writeFileAtomic(const std::string &path, ByteView bytes,
                               unsigned mode) {
  if (path == "-") {
    if (!writeDescriptor(STDOUT_FILENO, bytes))
      return systemError("standard output", "cannot be written");
    return {};
  }

  // A symbolic link keeps its place: the file it names is replaced. A device
  // or a pipe cannot be replaced by a file, and has no partial state to hide.
  std::string target = path;
  struct stat status;
  if (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
    char resolved[PATH_MAX];
    if (::realpath(path.c_str(), resolved))
      target = resolved;
  }
  if (::stat(target.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return makeError(ErrorKind::Invalid, path + ": is a directory");
    if (!S_ISREG(status.st_mode))
      return writeInPlace(target, bytes);
  }

  std::string temporary;
  int fd = -1;
  for (int attempt = 0; attempt < 16 && fd < 0; ++attempt) {
    std::array<uint8_t, 8> random;
    randombytes_buf(random.data(), random.size());
    temporary = target + ".tmp-" + hex(random);
    fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                mode);
    if (fd < 0 && errno != EEXIST)
      break;
  }
  if (fd < 0)
    return systemError(path, "cannot be created");
  Descriptor file(fd);
  if (auto ok = fillNewFile(file, temporary, path, bytes); !ok)
    return ok;
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    Error error = systemError(path, "cannot be written");
    removeFile(temporary);
    return error;
  }
  syncDirectoryOf(target);
  return {};
}

} // namespace ptxbin

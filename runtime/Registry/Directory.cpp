//===- Directory.cpp - directories, by descriptor -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// POSIX calls relative to open directories. What must survive a crash is
// synchronised here, and a file system that cannot do so is an error.
//
//===----------------------------------------------------------------------===//

#include "Registry/Directory.h"
#include "Format/FileIO.h"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace registry {

using ptxbin::systemError;

static constexpr int directoryFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

FileDescriptor::~FileDescriptor() {
  if (fd >= 0)
    ::close(fd);
}

std::string Directory::pathOf(const std::string &name) const {
  return shown + "/" + name;
}

Expected<Directory> Directory::open(const std::string &path) {
  Directory out;
  out.shown = path;
  out.file = FileDescriptor(::open(path.c_str(), directoryFlags));
  if (!out.file.isOpen())
    return systemError(path, "cannot be opened");
  return out;
}

Expected<Directory> Directory::create(const std::string &path) {
  bool made = ::mkdir(path.c_str(), 0777) == 0;
  if (!made && errno != EEXIST)
    return systemError(path, "cannot be created");
  if (made) {
    // Its name is in the directory above it.
    FileDescriptor parent(::open((path + "/..").c_str(), directoryFlags));
    if (!parent.isOpen() || ::fsync(parent.get()) != 0)
      return systemError(path, "cannot be written to disk");
  }
  return open(path);
}

Expected<Directory> Directory::sub(const std::string &name) const {
  Directory out;
  out.shown = pathOf(name);
  out.file = FileDescriptor(
      ::openat(file.get(), name.c_str(), directoryFlags | O_NOFOLLOW));
  if (!out.file.isOpen())
    return systemError(out.shown, "cannot be opened");
  return out;
}

Expected<Directory> Directory::createSub(const std::string &name) const {
  bool made = ::mkdirat(file.get(), name.c_str(), 0777) == 0;
  if (!made && errno != EEXIST)
    return systemError(pathOf(name), "cannot be created");
  if (made)
    if (auto ok = sync(); !ok)
      return ok.error();
  return sub(name);
}

bool Directory::has(const std::string &name) const {
  struct stat status;
  return ::fstatat(file.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/// Not blocking: opening a pipe must not wait for its writer.
static Expected<FileDescriptor> openRegular(const Directory &directory,
                                            const std::string &name,
                                            struct stat &status) {
  std::string path = directory.pathOf(name);
  FileDescriptor file(::openat(directory.descriptor(), name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.isOpen() && errno == ELOOP)
    return makeError(ErrorKind::Malformed,
                     path + ": is a symbolic link, which a registry does not "
                            "contain");
  if (!file.isOpen() || ::fstat(file.get(), &status) != 0)
    return systemError(path, "cannot be opened");
  if (!S_ISREG(status.st_mode))
    return makeError(ErrorKind::Malformed, path + ": not a regular file");
  return file;
}

Expected<Bytes> Directory::read(const std::string &name, uint64_t limit) const {
  struct stat status;
  auto opened = openRegular(*this, name, status);
  if (!opened)
    return opened.error();
  return ptxbin::readDescriptor(opened->get(), pathOf(name), limit);
}

Expected<Directory::Status> Directory::status(const std::string &name) const {
  struct stat status;
  if (::fstatat(file.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return systemError(pathOf(name), "cannot be read");
  if (!S_ISREG(status.st_mode))
    return makeError(ErrorKind::Malformed,
                     pathOf(name) + ": not a regular file");
  return Status{uint64_t(status.st_size), int64_t(status.st_mtime)};
}

Expected<std::vector<std::string>> Directory::list(size_t limit) const {
  // The stream takes a descriptor of its own; they share a position.
  int copy = ::fcntl(file.get(), F_DUPFD_CLOEXEC, 0);
  DIR *stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (!stream) {
    Error error = systemError(shown, "cannot be read");
    if (copy >= 0)
      ::close(copy);
    return error;
  }
  ::rewinddir(stream);
  std::vector<std::string> names;
  errno = 0;
  while (dirent *entry = ::readdir(stream)) {
    std::string_view name = entry->d_name;
    if (name == "." || name == "..")
      continue;
    if (names.size() == limit) {
      ::closedir(stream);
      return makeError(ErrorKind::Malformed,
                       shown + ": has more than the limit of " +
                           std::to_string(limit) + " files");
    }
    names.emplace_back(name);
    errno = 0;
  }
  int code = errno;
  ::closedir(stream);
  errno = code;
  if (code != 0)
    return systemError(shown, "cannot be read");
  std::sort(names.begin(), names.end());
  return names;
}

Expected<Directory::Temporary> Directory::createTemporary() const {
  Temporary out;
  for (int attempt = 0; attempt < 16; ++attempt) {
    std::array<uint8_t, 8> random;
    randombytes_buf(random.data(), random.size());
    out.name = "tmp-" + ptxbin::hex(random);
    out.file =
        FileDescriptor(::openat(file.get(), out.name.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (out.file.isOpen())
      return out;
    if (errno != EEXIST)
      break;
  }
  return systemError(pathOf(out.name), "cannot be created");
}

Expected<std::string> Directory::writeTemporary(ByteView bytes) const {
  auto out = createTemporary();
  if (!out)
    return out.error();
  if (ptxbin::writeDescriptor(out->file.get(), bytes) &&
      ::fsync(out->file.get()) == 0)
    return out->name;
  Error error = systemError(pathOf(out->name), "cannot be written");
  ::unlinkat(file.get(), out->name.c_str(), 0);
  return error;
}

Expected<bool> Directory::moveNew(const std::string &name, const Directory &to,
                                  const std::string &newName) const {
  int done = ::renameat2(file.get(), name.c_str(), to.file.get(),
                         newName.c_str(), RENAME_NOREPLACE);
  if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {
    // A file system without that: a second name, which does not replace
    // either, and then the first one goes.
    done =
        ::linkat(file.get(), name.c_str(), to.file.get(), newName.c_str(), 0);
    if (done == 0)
      ::unlinkat(file.get(), name.c_str(), 0);
  }
  if (done != 0 && errno == EEXIST)
    return false;
  if (done != 0)
    return systemError(to.pathOf(newName), "cannot be created");
  if (auto ok = to.sync(); !ok)
    return ok.error();
  return true;
}

Expected<void> Directory::moveOver(const std::string &name, const Directory &to,
                                   const std::string &newName) const {
  if (::renameat(file.get(), name.c_str(), to.file.get(), newName.c_str()) != 0)
    return systemError(to.pathOf(newName), "cannot be written");
  return to.sync();
}

Expected<void> Directory::remove(const std::string &name) const {
  if (::unlinkat(file.get(), name.c_str(), 0) != 0)
    return systemError(pathOf(name), "cannot be removed");
  return {};
}

/// Deeper than anything that import makes is not ours to remove.
static Expected<void> removeBelow(const Directory &directory,
                                  const std::string &name, unsigned depth) {
  auto sub = directory.sub(name);
  if (!sub)
    return sub.error();
  auto names = sub->list(1u << 20);
  if (!names)
    return names.error();
  for (const std::string &child : *names) {
    if (::unlinkat(sub->descriptor(), child.c_str(), 0) == 0)
      continue;
    if ((errno != EISDIR && errno != EPERM) || depth == 0)
      return systemError(sub->pathOf(child), "cannot be removed");
    if (auto ok = removeBelow(*sub, child, depth - 1); !ok)
      return ok;
  }
  if (::unlinkat(directory.descriptor(), name.c_str(), AT_REMOVEDIR) != 0)
    return systemError(directory.pathOf(name), "cannot be removed");
  return {};
}

Expected<void> Directory::removeTree(const std::string &name) const {
  return removeBelow(*this, name, /*depth=*/4);
}

Expected<void> Directory::sync() const {
  if (::fsync(file.get()) != 0)
    return systemError(shown, "cannot be written to disk");
  return {};
}

Expected<Digest> Directory::digestOf(const std::string &name) const {
  struct stat status;
  auto opened = openRegular(*this, name, status);
  if (!opened)
    return opened.error();
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<uint8_t> chunk(1 << 20);
  for (;;) {
    ssize_t got = ::read(opened->get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return systemError(pathOf(name), "cannot be read");
    if (got == 0)
      break;
    crypto_hash_sha256_update(&state, chunk.data(), got);
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

Expected<void> Directory::syncFile(const std::string &name) const {
  struct stat status;
  auto opened = openRegular(*this, name, status);
  if (!opened)
    return opened.error();
  if (::fsync(opened->get()) != 0)
    return systemError(pathOf(name), "cannot be written to disk");
  return {};
}

Expected<FileDescriptor> Directory::lock(const std::string &name,
                                         bool exclusive) const {
  FileDescriptor out(::openat(file.get(), name.c_str(),
                              O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  // Readers of a registry that is not theirs to write need no lock of it.
  if (!out.isOpen())
    return systemError(pathOf(name), "cannot be locked");
  while (::flock(out.get(), exclusive ? LOCK_EX : LOCK_SH) != 0)
    if (errno != EINTR)
      return systemError(pathOf(name), "cannot be locked");
  return out;
}

} // namespace registry

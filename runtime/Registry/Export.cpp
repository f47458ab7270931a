//===- Export.cpp - a layout as a tar file --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two passes: the first admits every entry and collects digests, the second
// writes the blobs, each once, in the order of their digests. Times, owners and
// modes are constants.
//
//===----------------------------------------------------------------------===//

#include "Format/FileIO.h"
#include "Registry/Copy.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <map>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace registry {

namespace {
struct Writer {
  std::unique_ptr<archive, int (*)(archive *)> file{::archive_write_new(),
                                                    ::archive_write_free};
  std::string path;

  Error problem() const {
    const char *message = ::archive_error_string(file.get());
    return makeError(ErrorKind::IO, path + ": cannot be written: " +
                                        (message ? message : "out of memory"));
  }

  Expected<void> open(int fd) {
    // The last block's size would otherwise depend on what is written to.
    if (!file || ::archive_write_set_format_ustar(file.get()) != ARCHIVE_OK ||
        ::archive_write_add_filter_none(file.get()) != ARCHIVE_OK ||
        ::archive_write_set_bytes_in_last_block(file.get(), 10240) !=
            ARCHIVE_OK ||
        ::archive_write_open_fd(file.get(), fd) != ARCHIVE_OK)
      return problem();
    return {};
  }

  Expected<void> add(const std::string &name, ByteView bytes) {
    std::unique_ptr<archive_entry, void (*)(archive_entry *)> entry(
        ::archive_entry_new(), ::archive_entry_free);
    if (!entry)
      return problem();
    ::archive_entry_set_pathname(entry.get(), name.c_str());
    ::archive_entry_set_filetype(entry.get(), AE_IFREG);
    ::archive_entry_set_perm(entry.get(), 0644);
    ::archive_entry_set_size(entry.get(), int64_t(bytes.size()));
    ::archive_entry_set_mtime(entry.get(), 0, 0);
    if (::archive_write_header(file.get(), entry.get()) != ARCHIVE_OK ||
        ::archive_write_data(file.get(), bytes.data(), bytes.size()) !=
            ssize_t(bytes.size()))
      return problem();
    return {};
  }

  Expected<void> close() {
    if (::archive_write_close(file.get()) != ARCHIVE_OK)
      return problem();
    return {};
  }
};
} // namespace

static Expected<void> writeAll(int fd, const std::string &path,
                               const Registry &from, const json &items,
                               const std::map<Digest, Descriptor> &blobs) {
  Writer writer;
  writer.path = path;
  if (auto ok = writer.open(fd); !ok)
    return ok;
  ByteView layout{reinterpret_cast<const uint8_t *>(layoutDocument.data()),
                  layoutDocument.size()};
  if (auto ok = writer.add("oci-layout", layout); !ok)
    return ok;
  if (auto ok = writer.add("index.json", encodeIndex(items)); !ok)
    return ok;
  for (const auto &[digest, descriptor] : blobs) {
    auto bytes = from.readBlob(descriptor);
    if (!bytes)
      return bytes.error();
    if (auto ok = writer.add("blobs/sha256/" + ptxbin::hex(digest), *bytes);
        !ok)
      return ok;
  }
  return writer.close();
}

/// As writeFileAtomic, for what is too large to be in memory.
static Expected<void>
writeThrough(const std::string &path,
             const std::function<Expected<void>(int)> &write) {
  if (path == "-")
    return write(STDOUT_FILENO);
  // A device or a pipe cannot be replaced by a file.
  struct stat status;
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.isOpen())
      return ptxbin::systemError(path, "cannot be opened");
    return write(file.get());
  }
  size_t slash = path.rfind('/');
  auto directory = Directory::open(slash == path.npos ? "."
                                   : slash == 0       ? "/"
                                                      : path.substr(0, slash));
  if (!directory)
    return directory.error();
  auto temporary = directory->createTemporary();
  if (!temporary)
    return temporary.error();
  auto done = write(temporary->file.get());
  if (done)
    done = directory->syncFile(temporary->name);
  if (done)
    done =
        directory->moveOver(temporary->name, *directory,
                            slash == path.npos ? path : path.substr(slash + 1));
  if (!done)
    (void)bool(directory->remove(temporary->name));
  return done;
}

Expected<Copied> exportArchive(const Registry &from, const std::string &path,
                               const Selection &selection, const Admit &admit,
                               const Progress &progress) {
  auto all = from.locateAll();
  if (!all)
    return all.error();
  Copied out;
  std::map<std::string, json> items; // by name and version
  std::map<Digest, Descriptor> blobs;
  size_t done = 0;
  for (const Located &located : *all) {
    if (!isSelected(located, selection))
      continue;
    if (progress)
      progress(located.label, done++, all->size());
    auto artifact = from.load(located, admit);
    if (!artifact)
      return artifact.error();
    if (!*artifact) {
      ++out.others;
      continue;
    }
    const Record &record = (*artifact)->record;
    Descriptor config{emptyMediaType, ptxbin::sha256((*artifact)->config),
                      (*artifact)->config.size()};
    if (!items.emplace(record.ref.str(), indexItem(record)).second)
      continue;
    for (const Descriptor &blob : {record.manifest, record.layer, config})
      blobs.emplace(blob.digest, blob);
    out.added.push_back(record);
  }
  if (out.added.empty() && selection)
    return makeError(ErrorKind::NotFound,
                     from.path() + ": no entry " + selection->name);
  json sorted = json::array();
  for (auto &[name, item] : items)
    sorted.push_back(std::move(item));
  auto written = writeThrough(
      path, [&](int fd) { return writeAll(fd, path, from, sorted, blobs); });
  if (!written)
    return written.error();
  return out;
}

} // namespace registry

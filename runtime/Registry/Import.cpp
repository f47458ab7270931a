//===- Import.cpp - a tar file as a layout --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tar file is anyone's. Only regular files with the names that a layout has
// are taken out of it, into a directory of this library's making, under names
// that are compared, not followed; content is compared with its digest; and
// then it is a layout like any other, which copyEntries reads and verifies.
//
//===----------------------------------------------------------------------===//

#include "Format/FileIO.h"
#include "Registry/Copy.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <sodium.h>
#include <unistd.h>

namespace registry {

/// Of the files in an archive: three for each entry, and the two documents.
static constexpr size_t maxMembers = 3 * maxEntries + 8;

namespace {
/// Removes a directory when the import is over, however it ends.
struct Scratch {
  const Directory &parent;
  std::string name;
  ~Scratch() { (void)bool(parent.removeTree(name)); }
};

class Reader {
public:
  Reader(int fd, const std::string &path) : path(path) {
    if (!file || ::archive_read_support_format_tar(file.get()) != ARCHIVE_OK ||
        ::archive_read_open_fd(file.get(), fd, 1 << 16) != ARCHIVE_OK)
      failure = problem();
  }

  /// The next regular file, or nothing at the end.
  Expected<archive_entry *> next() {
    if (!failure)
      return failure.error();
    for (;;) {
      archive_entry *entry = nullptr;
      int status = ::archive_read_next_header(file.get(), &entry);
      if (status == ARCHIVE_EOF)
        return nullptr;
      if (status != ARCHIVE_OK)
        return problem();
      if (++members > maxMembers)
        return bad("has more than " + std::to_string(maxMembers) + " members");
      const char *found = ::archive_entry_pathname(entry);
      name = found ? found : "";
      if (name.starts_with("./"))
        name.erase(0, 2);
      if (::archive_entry_hardlink(entry) || ::archive_entry_symlink(entry))
        return bad("member '" + name + "' is a link");
      if (::archive_entry_filetype(entry) == AE_IFDIR) {
        while (name.ends_with('/'))
          name.pop_back();
        if (name.empty() || name == "." || name == "blobs" ||
            name == "blobs/sha256")
          continue;
        return bad("directory '" + name +
                   "' does not belong to an OCI image "
                   "layout");
      }
      if (::archive_entry_filetype(entry) != AE_IFREG)
        return bad("member '" + name + "' is not a regular file");
      if (::archive_entry_sparse_count(entry) > 0)
        return bad("member '" + name + "' is sparse");
      return entry;
    }
  }

  /// The content of the current member. What its header claims is compared
  /// with `limit`; memory is allocated for what is really there.
  Expected<Bytes> content(archive_entry *entry, uint64_t limit) {
    int64_t size = ::archive_entry_size(entry);
    if (!::archive_entry_size_is_set(entry) || size < 0 ||
        uint64_t(size) > limit)
      return bad("member '" + name + "' has more than the limit of " +
                 std::to_string(limit) + " bytes");
    Bytes out;
    for (;;) {
      const void *block = nullptr;
      size_t got = 0;
      int64_t offset = 0;
      int status = ::archive_read_data_block(file.get(), &block, &got, &offset);
      if (status == ARCHIVE_EOF)
        break;
      if (status != ARCHIVE_OK)
        return problem();
      if (uint64_t(offset) != out.size() || got > uint64_t(size) - out.size())
        return bad("member '" + name + "' has holes");
      const auto *bytes = static_cast<const uint8_t *>(block);
      out.insert(out.end(), bytes, bytes + got);
    }
    if (out.size() != uint64_t(size))
      return bad("member '" + name + "' ends early");
    return out;
  }

  Error bad(const std::string &message) const {
    return makeError(ErrorKind::Malformed, path + ": " + message);
  }

  std::string name; // of the current member

private:
  std::string path;
  size_t members = 0;
  Expected<void> failure;
  std::unique_ptr<archive, int (*)(archive *)> file{::archive_read_new(),
                                                    ::archive_read_free};

  Error problem() const {
    const char *message = ::archive_error_string(file.get());
    return bad(std::string("not a tar file that can be read: ") +
               (message ? message : "unknown error"));
  }
};
} // namespace

static Expected<void> unpack(Reader &reader, const Directory &into) {
  auto blobs = into.createSub("blobs");
  if (!blobs)
    return blobs.error();
  auto sha256 = blobs->createSub("sha256");
  if (!sha256)
    return sha256.error();
  std::set<std::string> seen;
  for (;;) {
    auto entry = reader.next();
    if (!entry)
      return entry.error();
    if (!*entry)
      break;
    if (!seen.insert(reader.name).second)
      return reader.bad("member '" + reader.name + "' occurs twice");
    const Directory *where = &into;
    std::string name = reader.name;
    uint64_t limit = maxIndexBytes;
    std::optional<Digest> digest;
    if (name.starts_with("blobs/sha256/")) {
      where = &*sha256;
      name = name.substr(13);
      digest = parseHex(name);
      limit = ptxbin::maxFileBytes;
    } else if (name == "oci-layout") {
      limit = maxLayoutBytes;
    }
    if (!digest && name != "oci-layout" && name != "index.json")
      return reader.bad("member '" + reader.name +
                        "' does not belong to an OCI image layout");
    auto bytes = reader.content(*entry, limit);
    if (!bytes)
      return bytes.error();
    if (digest && ptxbin::sha256(*bytes) != *digest)
      return reader.bad("member '" + reader.name +
                        "' does not have the digest that it is named by");
    auto written = where->writeTemporary(*bytes);
    if (!written)
      return written.error();
    auto moved = where->moveNew(*written, *where, name);
    if (!moved)
      return moved.error();
  }
  for (const char *needed : {"oci-layout", "index.json"})
    if (!seen.contains(needed))
      return reader.bad(std::string("has no ") + needed +
                        ", so it is no OCI image layout");
  return {};
}

Expected<Copied> importArchive(const std::string &path, Registry &to,
                               const Selection &selection, const Admit &admit,
                               const Progress &progress) {
  FileDescriptor file(path == "-" ? ::dup(STDIN_FILENO)
                                  : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.isOpen())
    return ptxbin::systemError(path, "cannot be opened");
  auto held = to.holdOffCollection();
  if (!held)
    return held.error();
  std::array<uint8_t, 8> random;
  randombytes_buf(random.data(), random.size());
  Scratch scratch{to.temporaries(), "import-" + ptxbin::hex(random)};
  auto directory = to.temporaries().createSub(scratch.name);
  if (!directory)
    return directory.error();
  Reader reader(file.get(), path);
  if (auto ok = unpack(reader, *directory); !ok)
    return ok.error();
  auto layout = Registry::open(directory->path());
  if (!layout)
    return layout.error();
  return copyEntries(*layout, to, selection, admit, progress);
}

} // namespace registry

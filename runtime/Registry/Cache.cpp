//===- Cache.cpp - results that need not be made again --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An entry is a header, a keyed digest over its name and content, and the
// content. Nothing else of a cache is trusted, so no order of writes needs to
// be.
//
//===----------------------------------------------------------------------===//

#include "Registry/Cache.h"
#include "Format/Crypto.h"
#include "Format/FileIO.h"
#include "Format/Layout.h"
#include "Format/LittleEndian.h"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace registry {

static constexpr std::string_view entryMagic = "TWCACHE1";
static constexpr size_t kindBytes = 8, macAt = 24, headerBytes = 56;
static constexpr size_t secretBytes = 32, maxCacheEntries = 1000000;
/// Of a writer that is not there any more.
static constexpr int64_t staleSeconds = 3600;

//===-- Places ------------------------------------------------------------===//

static Expected<std::string> homeOr(const char *variable, const char *inHome) {
  if (const char *base = std::getenv(variable); base && *base)
    return std::string(base) + "/tensorwasm";
  if (const char *home = std::getenv("HOME"); home && *home)
    return std::string(home) + inHome + "/tensorwasm";
  return makeError(ErrorKind::Invalid,
                   std::string("neither ") + variable + " nor HOME is set");
}

Expected<std::string> cacheDirectory() {
  if (const char *given = std::getenv("TWC_CACHE_DIR"); given && *given)
    return std::string(given);
  return homeOr("XDG_CACHE_HOME", "/.cache");
}

Expected<std::string> cacheSecretPath() {
  auto base = homeOr("XDG_STATE_HOME", "/.local/state");
  if (!base)
    return base;
  return *base + "/cache.key";
}

static Error systemFailure(const std::string &path, const char *what) {
  return ptxbin::systemError(path, what);
}

/// Whole or not there: made under another name, and linked without replacing.
static Expected<void> makeSecret(const std::string &path) {
  std::error_code code;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(),
                                      code);
  std::string text(secretBytes, '\0');
  randombytes_buf(text.data(), text.size());
  uint8_t random[8];
  randombytes_buf(random, sizeof random);
  std::string temporary = path + ".tmp-" + ptxbin::hex(random);
  auto made = ptxbin::createFile(temporary, text, 0600);
  sodium_memzero(text.data(), text.size());
  if (!made)
    return made;
  bool linked = ::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST;
  Error error = systemFailure(path, "cannot be made");
  ptxbin::removeFile(temporary);
  if (!linked)
    return error;
  return {};
}

static Expected<Bytes> readSecret(const std::string &path) {
  auto bytes = ptxbin::readPrivateFile(path, secretBytes);
  if (!bytes && bytes.error().kind == ErrorKind::NotFound) {
    if (auto ok = makeSecret(path); !ok)
      return ok.error();
    bytes = ptxbin::readPrivateFile(path, secretBytes);
  }
  if (bytes && bytes->size() != secretBytes)
    return makeError(ErrorKind::Malformed,
                     path + ": expected " + std::to_string(secretBytes) +
                         " bytes, but got " + std::to_string(bytes->size()) +
                         "; without it a new one is made");
  return bytes;
}

//===-- Keys --------------------------------------------------------------===//

void CacheKey::add(ByteView bytes) {
  add(uint64_t(bytes.size()));
  message.insert(message.end(), bytes.begin(), bytes.end());
}

void CacheKey::add(std::string_view text) {
  add(ByteView(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
}

void CacheKey::add(uint64_t number) {
  message.resize(message.size() + 8);
  ptxbin::storeLE<uint64_t>(message, message.size() - 8, number);
}

Digest CacheKey::digest() const {
  return ptxbin::sha256(
      ptxbin::layout::typedBytes("tensorwasm/cache-key", 1, message));
}

//===-- Entries -----------------------------------------------------------===//

Expected<Cache> Cache::openForUser(const std::string &directory) {
  std::string path = directory;
  if (path.empty()) {
    auto usual = cacheDirectory();
    if (!usual)
      return usual.error();
    path = *usual;
  }
  auto secret = cacheSecretPath();
  if (!secret)
    return secret.error();
  return open(path, *secret);
}

Expected<Cache> Cache::open(const std::string &path,
                            const std::string &secretPath) {
  if (auto ok = ptxbin::initCrypto(); !ok)
    return ok.error();
  Cache out;
  auto secret = readSecret(secretPath);
  if (!secret)
    return secret.error();
  out.secret = std::move(*secret);
  std::error_code ignored;
  std::filesystem::create_directories(path, ignored);
  auto root = Directory::create(path);
  if (!root)
    return root.error();
  out.root = std::move(*root);
  for (auto [directory, name] : {std::pair(&out.entries, "entries"),
                                 std::pair(&out.temporaries, "tmp")}) {
    auto made = out.root.createSub(name);
    if (!made)
      return made.error();
    *directory = std::move(*made);
  }
  return out;
}

/// Over the name too: an entry in another's place is none.
static std::array<uint8_t, 32> macOf(ByteView secret, const std::string &name,
                                     ByteView file) {
  std::array<uint8_t, 32> out;
  crypto_generichash_state state;
  crypto_generichash_init(&state, secret.data(), secret.size(), out.size());
  crypto_generichash_update(
      &state, reinterpret_cast<const uint8_t *>(name.data()), name.size());
  crypto_generichash_update(&state, file.data(), macAt);
  crypto_generichash_update(&state, file.data() + headerBytes,
                            file.size() - headerBytes);
  crypto_generichash_final(&state, out.data(), out.size());
  return out;
}

std::optional<Cache::Opened> Cache::openEntry(const std::string &name) const {
  auto file = entries.read(name, maxCacheEntryBytes + headerBytes);
  if (!file || file->size() < headerBytes ||
      !std::equal(entryMagic.begin(), entryMagic.end(), file->begin()) ||
      ptxbin::loadLE<uint64_t>(*file, 16) != file->size() - headerBytes)
    return std::nullopt;
  auto mac = macOf(secret, name, *file);
  if (sodium_memcmp(mac.data(), file->data() + macAt, mac.size()) != 0)
    return std::nullopt;
  Opened out;
  for (size_t i = 0; i < kindBytes && (*file)[8 + i]; ++i)
    out.kind += char((*file)[8 + i]);
  file->erase(file->begin(), file->begin() + headerBytes);
  out.result = std::move(*file);
  return out;
}

Expected<std::optional<Bytes>> Cache::get(const Digest &key) const {
  std::string name = ptxbin::hex(key);
  auto opened = openEntry(name);
  if (!opened)
    return std::optional<Bytes>();
  // Used now. That this may fail, on a file system that is read only, is of no
  // importance.
  (void)::utimensat(entries.descriptor(), name.c_str(), nullptr,
                    AT_SYMLINK_NOFOLLOW);
  return std::optional(std::move(opened->result));
}

Expected<void> Cache::put(const Digest &key, std::string_view kind,
                          ByteView result, uint64_t limit) {
  if (result.size() > std::min(maxCacheEntryBytes, limit))
    return {}; // It would only drive out everything else.
  std::string name = ptxbin::hex(key);
  Bytes file(headerBytes);
  std::copy(entryMagic.begin(), entryMagic.end(), file.begin());
  std::copy_n(kind.begin(), std::min(kind.size(), kindBytes), file.begin() + 8);
  ptxbin::storeLE<uint64_t>(file, 16, result.size());
  file.insert(file.end(), result.begin(), result.end());
  auto mac = macOf(secret, name, file);
  std::copy(mac.begin(), mac.end(), file.begin() + macAt);
  auto written = temporaries.writeTemporary(file);
  if (!written)
    return written.error();
  if (auto ok = temporaries.moveOver(*written, entries, name); !ok)
    return ok;
  auto removed = shrink(limit);
  if (!removed)
    return removed.error();
  return {};
}

//===-- Size --------------------------------------------------------------===//

Expected<std::vector<Cache::Entry>> Cache::scan() const {
  auto names = entries.list(maxCacheEntries);
  if (!names)
    return names.error();
  std::vector<Entry> out;
  for (std::string &name : *names) {
    struct stat status;
    // Gone meanwhile: another process has shrunk the cache.
    if (::fstatat(entries.descriptor(), name.c_str(), &status,
                  AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    Entry entry;
    entry.name = std::move(name);
    entry.bytes = uint64_t(status.st_size);
    entry.used = status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    out.push_back(std::move(entry));
  }
  std::sort(out.begin(), out.end(), [](const Entry &a, const Entry &b) {
    return std::tie(b.used, a.name) < std::tie(a.used, b.name);
  });
  return out;
}

Expected<std::vector<Cache::Entry>> Cache::list() const {
  auto out = scan();
  if (out)
    for (Entry &entry : *out)
      if (auto opened = openEntry(entry.name))
        entry.kind = opened->kind;
  return out;
}

Expected<Cache::Removed> Cache::shrink(uint64_t limit) {
  // One at a time is enough, and two would remove twice as much.
  auto lock = root.lock("lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  Removed out;
  if (auto left = temporaries.list(maxCacheEntries))
    for (const std::string &name : *left)
      if (auto status = temporaries.status(name);
          limit == 0 ||
          (status && std::time(nullptr) - status->modified > staleSeconds))
        (void)temporaries.remove(name);
  auto all = scan();
  if (!all)
    return all.error();
  uint64_t kept = 0;
  bool isFull = false; // then everything goes: what fits is what was used last
  for (const Entry &entry : *all) {
    isFull |= entry.bytes > limit || kept > limit - entry.bytes;
    if (!isFull)
      kept += entry.bytes;
    else if (entries.remove(entry.name)) {
      ++out.count;
      out.bytes += entry.bytes;
    }
  }
  return out;
}

} // namespace registry

//===- Cache.h - results that need not be made again ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A store of results, named by the digest of everything that they depend on.
// docs/Cache.md says what protects it.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_CACHE_H
#define TWRUN_REGISTRY_CACHE_H

#include "Registry/Directory.h"

#include <vector>

namespace registry {

inline constexpr uint64_t defaultCacheBytes = 2ull << 30;
inline constexpr uint64_t maxCacheEntryBytes = ptxbin::maxFileBytes + (1 << 20);

/// $TWC_CACHE_DIR, else where the XDG Base Directory specification keeps such
/// things.
Expected<std::string> cacheDirectory();
/// This user's secret: beside the high-water marks, and not in the cache.
Expected<std::string> cacheSecretPath();

/// The name of a result: the digest of a list of texts, none of which can run
/// into the next.
class CacheKey {
public:
  explicit CacheKey(std::string_view kind) { add(kind); }
  void add(std::string_view text);
  void add(uint64_t number);
  void add(ByteView bytes);
  Digest digest() const;

private:
  Bytes message;
};

/// Safe to be used by many processes at once. Whatever is damaged, made with
/// another secret or half written is no result, and no error.
class Cache {
public:
  /// Makes directory and secret when need be.
  static Expected<Cache> open(const std::string &path,
                              const std::string &secretPath);
  /// The user's: in `directory`, or where it usually is if that is empty.
  static Expected<Cache> openForUser(const std::string &directory);

  /// Nothing when there is none that this user has made.
  Expected<std::optional<Bytes>> get(const Digest &key) const;
  /// Then removes what was used longest ago, until `limit` holds.
  Expected<void> put(const Digest &key, std::string_view kind, ByteView result,
                     uint64_t limit = defaultCacheBytes);

  struct Entry {
    std::string name;
    std::string kind; // empty: nothing of this user's
    uint64_t bytes = 0;
    int64_t used = 0; // nanoseconds since 1970
  };
  /// Last used first.
  Expected<std::vector<Entry>> list() const;
  struct Removed {
    size_t count = 0;
    uint64_t bytes = 0;
  };
  Expected<Removed> shrink(uint64_t limit);

private:
  Directory root, entries, temporaries;
  ptxbin::Bytes secret;
  struct Opened {
    std::string kind;
    Bytes result;
  };
  std::optional<Opened> openEntry(const std::string &name) const;
  Expected<std::vector<Entry>> scan() const;
};

} // namespace registry

#endif // TWRUN_REGISTRY_CACHE_H

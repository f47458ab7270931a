//===- Names.cpp - what entries are called --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grammar of docs/Registry.md, "Names".
//
//===----------------------------------------------------------------------===//

#include "Registry/Names.h"

#include <algorithm>

namespace registry {

static bool isLower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
static bool isAlnum(char c) { return isLower(c) || (c >= 'A' && c <= 'Z'); }
static bool isSeparator(char c) { return c == '.' || c == '_' || c == '-'; }

/// Runs of `isPlain` characters with single separators between them.
template <typename F>
static bool isComponent(std::string_view text, F isPlain) {
  bool afterPlain = false;
  for (char c : text) {
    if (!isPlain(c) && !(isSeparator(c) && afterPlain))
      return false;
    afterPlain = isPlain(c);
  }
  return afterPlain;
}

/// At most 80 bytes of `text`, for a message.
static std::string shortened(std::string_view text) {
  if (text.size() <= 80)
    return "'" + std::string(text) + "'";
  return "'" + std::string(text.substr(0, 80)) + "...' of " +
         std::to_string(text.size()) + " bytes";
}

Expected<void> checkName(std::string_view name) {
  bool good = name.size() <= maxNameBytes;
  for (size_t at = 0; good && at <= name.size();) {
    size_t slash = std::min(name.find('/', at), name.size());
    good = isComponent(name.substr(at, slash - at), isLower);
    at = slash + 1;
  }
  if (good)
    return {};
  return makeError(ErrorKind::Invalid,
                   "name " + shortened(name) + ": expected at most " +
                       std::to_string(maxNameBytes) +
                       " lower-case letters and digits, with single '.', '_', "
                       "'-' or '/' between them");
}

Expected<void> checkVersion(std::string_view version) {
  if (version.size() <= maxVersionBytes && isComponent(version, isAlnum))
    return {};
  return makeError(ErrorKind::Invalid,
                   "version " + shortened(version) + ": expected at most " +
                       std::to_string(maxVersionBytes) +
                       " letters and digits, with single '.', '_' or '-' "
                       "between them");
}

Expected<Reference> checkReference(std::string name, std::string version) {
  if (auto ok = checkName(name); !ok)
    return ok.error();
  if (auto ok = checkVersion(version); !ok)
    return ok.error();
  return Reference{std::move(name), std::move(version)};
}

Expected<Query> parseQuery(std::string_view text) {
  size_t colon = text.find(':');
  Query query{std::string(text.substr(0, colon)), std::nullopt};
  if (auto ok = checkName(query.name); !ok)
    return ok.error();
  if (colon != text.npos) {
    query.version = std::string(text.substr(colon + 1));
    if (auto ok = checkVersion(*query.version); !ok)
      return ok.error();
  }
  return query;
}

std::string pathOfName(std::string_view name) {
  std::string path(name);
  std::replace(path.begin(), path.end(), '/', '+');
  return path;
}

std::optional<std::string> nameOfPath(std::string_view component) {
  std::string name(component);
  if (name.find('/') != name.npos)
    return std::nullopt;
  std::replace(name.begin(), name.end(), '+', '/');
  if (!checkName(name))
    return std::nullopt;
  return name;
}

std::string digestText(const Digest &digest) {
  return "sha256:" + ptxbin::hex(digest);
}

std::optional<Digest> parseHex(std::string_view text) {
  if (text.size() != 64)
    return std::nullopt;
  Digest digest{};
  for (size_t i = 0; i < 64; ++i) {
    char c = text[i];
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                       : -1;
    if (value < 0)
      return std::nullopt;
    digest[i / 2] = uint8_t(digest[i / 2] << 4 | value);
  }
  return digest;
}

std::optional<Digest> parseDigest(std::string_view text) {
  if (!text.starts_with("sha256:"))
    return std::nullopt;
  return parseHex(text.substr(7));
}

} // namespace registry

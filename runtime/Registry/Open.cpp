//===- Open.cpp - opening and making a registry ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which directories are registries, and which may become one.
//
//===----------------------------------------------------------------------===//

#include "Format/Crypto.h"
#include "Registry/Registry.h"

namespace registry {

Expected<Registry> Registry::open(const std::string &path) {
  if (auto ok = ptxbin::initCrypto(); !ok)
    return ok.error();
  Registry out;
  auto root = Directory::open(path);
  if (!root)
    return root.error();
  out.root = std::move(*root);
  auto layout = out.root.read("oci-layout", maxLayoutBytes);
  if (!layout && layout.error().kind == ErrorKind::NotFound)
    return makeError(ErrorKind::NotFound,
                     path + ": not a registry: it has no file oci-layout");
  if (!layout)
    return layout.error();
  if (auto ok = checkLayoutDocument(*layout, out.root.pathOf("oci-layout"));
      !ok)
    return ok.error();
  auto blobs = out.root.sub("blobs");
  if (!blobs)
    return blobs.error();
  auto sha256 = blobs->sub("sha256");
  if (!sha256)
    return sha256.error();
  out.blobs = std::move(*sha256);
  if (!out.root.has(".twc"))
    return out;

  auto meta = out.root.sub(".twc");
  if (!meta)
    return meta.error();
  auto refs = meta->sub("refs");
  auto tmp = meta->sub("tmp");
  // A crash while the registry was made may have left one of them out; the
  // next writer makes it.
  if (refs && tmp) {
    out.meta = std::move(*meta);
    out.refs = std::move(*refs);
    out.tmp = std::move(*tmp);
    return out;
  }
  const Error &error = refs ? tmp.error() : refs.error();
  if (error.kind != ErrorKind::NotFound)
    return error;
  return out;
}

Expected<Registry> Registry::create(const std::string &path) {
  if (auto ok = ptxbin::initCrypto(); !ok)
    return ok.error();
  auto root = Directory::create(path);
  if (!root)
    return root.error();
  if (!root->has("oci-layout")) {
    auto names = root->list(1000);
    if (!names)
      return names.error();
    // Nothing of somebody else's becomes a registry. These are what making one
    // leaves when it is cut short, or when another process makes it by now.
    for (const std::string &name : *names)
      if (name != ".twc" && name != "blobs" && name != "index.json" &&
          name != "oci-layout")
        return makeError(ErrorKind::Invalid,
                         path + ": neither a registry nor an empty directory");
  }
  auto blobs = root->createSub("blobs");
  if (!blobs)
    return blobs.error();
  if (auto made = blobs->createSub("sha256"); !made)
    return made.error();
  auto meta = root->createSub(".twc");
  if (!meta)
    return meta.error();
  if (auto made = meta->createSub("refs"); !made)
    return made.error();
  auto tmp = meta->createSub("tmp");
  if (!tmp)
    return tmp.error();
  // oci-layout comes last: a directory with it is complete.
  auto document = [&](const char *name, ByteView bytes) -> Expected<void> {
    if (root->has(name))
      return {};
    auto written = tmp->writeTemporary(bytes);
    if (!written)
      return written.error();
    auto moved = tmp->moveNew(*written, *root, name);
    if (!moved)
      return moved.error();
    if (!*moved) // Another process was first.
      return tmp->remove(*written);
    return {};
  };
  if (auto ok = document("index.json", encodeIndex(json::array())); !ok)
    return ok.error();
  if (auto ok =
          document("oci-layout",
                   {reinterpret_cast<const uint8_t *>(layoutDocument.data()),
                    layoutDocument.size()});
      !ok)
    return ok.error();
  return open(path);
}

} // namespace registry

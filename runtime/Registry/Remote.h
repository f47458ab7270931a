//===- Remote.h - registries on other machines ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registries that speak OCI's distribution protocol are left to skopeo, with
// its own login and configuration: no credentials come near this project's
// code.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_REMOTE_H
#define TWRUN_REGISTRY_REMOTE_H

#include "Registry/Copy.h"

namespace registry {

/// A place to copy from or to.
struct Place {
  bool isRemote = false;
  std::string address; // docker://HOST/REPOSITORY[:TAG], or a directory
  Selection selection; // of a directory
};

/// "docker://…" or "oci:DIR[:NAME[:VERSION]]", as skopeo writes them.
Expected<Place> parsePlace(std::string_view text);

struct RemoteOptions {
  bool verifyTls = true;
  std::string authfile; // skopeo's own default if empty
};

/// Admits one entry and pushes it; a place without a tag gets the version.
Expected<Record> push(const Registry &from, const Query &query,
                      const std::string &address, const Admit &admit,
                      const RemoteOptions &options);

/// Pulls what is there, admits it, and adds it under its signed name.
Expected<Copied> fetch(const std::string &address, Registry &to,
                       const Admit &admit, const RemoteOptions &options);

} // namespace registry

#endif // TWRUN_REGISTRY_REMOTE_H

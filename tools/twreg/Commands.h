//===- Commands.h - twreg's commands ----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What main.cpp parses, and who does it.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_TWREG_COMMANDS_H
#define TOOLS_TWREG_COMMANDS_H

#include "Format/Signing.h"
#include "Registry/Cache.h"
#include "Registry/Trust.h"

#include <string>
#include <string_view>
#include <vector>

namespace twreg {

struct Options {
  std::string file; // keygen: the prefix
  std::string key;
  std::string signature; // a file
  bool encrypt = false;
  std::string explainTarget, driver, cpu; // show --explain-target
  std::string device = "cuda";            // finalize
  std::string finalized;                  // verify: a file
  std::string cache; // a directory
  uint64_t cacheBytes = registry::defaultCacheBytes;
  bool provenance = false; // show
  std::string expectHash;  // log
  bool rebuild = false;                   // verify
  std::string twc;                        // for it
  std::string output; // empty: in place
  bool json = false;
  bool manifestOnly = false;

  std::string registry;    // a directory
  std::string source;      // copy: from
  std::string destination; // copy: to

  registry::TrustRequest whom;
  bool allowRollback = false;

  bool repair = false;
  bool remove = false; // gc --delete
  uint64_t grace = 3600;
  bool verifySourceTls = true, verifyDestinationTls = true;
  std::string authfile;

  ptxbin::Expected<void> (*run)(const Options &) = nullptr;
};

ptxbin::Expected<void> runKeygen(const Options &options);
ptxbin::Expected<void> runSign(const Options &options);
ptxbin::Expected<void> runPayload(const Options &options);
ptxbin::Expected<void> runAttach(const Options &options);
ptxbin::Expected<void> runPublicKey(const Options &options);
ptxbin::Expected<void> runVerify(const Options &options);
ptxbin::Expected<void> runFinalize(const Options &options);
void printFinalized(const ptxbin::Finalized &image);
/// Tells which image of `bin` runs where, and why; an error if none does.
ptxbin::Expected<void> explainTarget(const Options &options,
                                     const ptxbin::PtxBin &bin);
/// Whether the compiler makes the same of the modules in `bin`.
ptxbin::Expected<void> rebuild(const Options &options,
                               const ptxbin::PtxBin &bin);
ptxbin::Expected<void> runShow(const Options &options);

ptxbin::Expected<void> runPublish(const Options &options);
ptxbin::Expected<void> runPull(const Options &options);
ptxbin::Expected<void> runList(const Options &options);
ptxbin::Expected<void> runAdopt(const Options &options);
ptxbin::Expected<void> runFsck(const Options &options);
ptxbin::Expected<void> runGc(const Options &options);
ptxbin::Expected<void> runCopy(const Options &options);
ptxbin::Expected<void> runExport(const Options &options);
ptxbin::Expected<void> runImport(const Options &options);
ptxbin::Expected<void> runLog(const Options &options);
/// Adds to the audit log of this machine, where there is a place for one.
ptxbin::Expected<void>
logEvent(const Options &options, const char *event,
         std::vector<std::pair<const char *, std::string>> details);
ptxbin::Expected<void> runCacheList(const Options &options);
ptxbin::Expected<void> runCacheGc(const Options &options);
ptxbin::Expected<void> runCacheClear(const Options &options);
ptxbin::Expected<void> runPolicyCheck(const Options &options);
ptxbin::Expected<void> runPolicySign(const Options &options);
ptxbin::Expected<void> runPolicyPayload(const Options &options);
ptxbin::Expected<void> runPolicyAttach(const Options &options);

/// To --output, or standard output.
ptxbin::Expected<void> writeOutput(const Options &options,
                                   ptxbin::ByteView bytes);
/// A file with a detached signature.
ptxbin::Expected<ptxbin::SignatureBytes> readSignature(const std::string &path);

/// Printable ASCII as it is, everything else as \n, \t or \u{...}: names in
/// an artifact are anyone's, and a terminal obeys what it is sent.
std::string escape(std::string_view text);

} // namespace twreg

#endif // TOOLS_TWREG_COMMANDS_H

//===- KeyCommands.cpp - keygen, sign and verify --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The commands that use keys.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <cstdio>
#include <sys/stat.h>

namespace twreg {

using namespace ptxbin;

Expected<void> runKeygen(const Options &options) {
  auto key = generateKey();
  if (!key)
    return key.error();
  if (auto ok = writeKeyPair(*key, options.file); !ok)
    return ok;
  std::printf("secret key  %s.key  (keep it; nobody else needs it)\n"
              "public key  %s.pub\n"
              "key id      %s\n",
              escape(options.file).c_str(), escape(options.file).c_str(),
              hex(keyId(key->publicKey())).c_str());
  return {};
}

Expected<void> runSign(const Options &options) {
  auto key = readSecretKey(options.key);
  if (!key)
    return key.error();
  auto file = readFile(options.file, maxFileBytes);
  if (!file)
    return file.error();
  auto signedFile = signPtxBin(*file, *key);
  if (!signedFile)
    return inFile(options.file, signedFile.error());

  unsigned mode = 0644;
  if (options.output.empty()) {
    struct stat status;
    if (::stat(options.file.c_str(), &status) == 0)
      mode = status.st_mode & 0777;
  }
  return writeFileAtomic(options.output.empty() ? options.file : options.output,
                         *signedFile, mode);
}

/// Which of the options a key came from.
static std::string nameOfSigner(const registry::Trust &trust,
                                const Options &options,
                                const PublicKey &signer) {
  if (trust.hasPolicy())
    return "";
  for (size_t i = 0; i < trust.keys().size(); ++i)
    if (trust.keys()[i] == signer)
      return "  (" + escape(options.whom.keys[i]) + ")";
  return "";
}

Expected<void> runVerify(const Options &options) {
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto opened = trust->open(options.file, registry::Purpose::Use);
  if (!opened)
    return opened.error();
  // Opening leaves compressed sections closed; verifying does not.
  for (size_t i = 0; i < opened->sections().size(); ++i)
    if (auto raw = opened->raw(i); !raw)
      return inFile(options.file, raw.error());

  std::printf("%s: good\n", escape(options.file).c_str());
  std::printf("content id  %s\n", hex(opened->contentId()).c_str());
  for (const PublicKey &signer : opened->signers())
    std::printf("good        %s%s\n", hex(keyId(signer)).c_str(),
                nameOfSigner(*trust, options, signer).c_str());
  size_t unknown = opened->signatures().size() - opened->signers().size();
  if (unknown)
    std::printf("not judged  %zu of %zu signatures, by keys not given\n",
                unknown, opened->signatures().size());
  return {};
}

} // namespace twreg

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
#include "Format/Images.h"
#include "Format/Layout.h"
#include "Passphrase.h"

#include <cstdio>
#include <sys/stat.h>

namespace twreg {

using namespace ptxbin;

// 64 bytes, or as base64 in one or two lines.
static constexpr uint64_t maxSignatureFileBytes = 128;

Expected<void> runKeygen(const Options &options) {
  auto key = generateKey();
  if (!key)
    return key.error();
  if (options.encrypt) {
    auto passphrase = askPassphrase(options.file + ".key", /*twice=*/true);
    if (!passphrase)
      return passphrase.error();
    if (auto ok = writeKeyPair(*key, options.file, *passphrase); !ok)
      return ok;
  } else if (auto ok = writeKeyPair(*key, options.file); !ok) {
    return ok;
  }
  std::printf("secret key  %s.key  (keep it; nobody else needs it)\n"
              "public key  %s.pub\n"
              "key id      %s\n",
              escape(options.file).c_str(), escape(options.file).c_str(),
              hex(keyId(key->publicKey())).c_str());
  return {};
}

/// In place unless told otherwise, with the mode that the file has.
static Expected<void> writeSigned(const Options &options, ByteView bytes) {
  unsigned mode = 0644;
  if (options.output.empty()) {
    struct stat status;
    if (::stat(options.file.c_str(), &status) == 0)
      mode = status.st_mode & 0777;
  }
  return writeFileAtomic(options.output.empty() ? options.file : options.output,
                         bytes, mode);
}

static Expected<void> logSigned(const Options &options, const Bytes &file,
                                const PublicKey &key) {
  auto opened = PtxBin::openUnverified(file);
  if (!opened)
    return opened.error();
  return logEvent(options, "sign",
                  {{"name", opened->manifest().name},
                   {"version", opened->manifest().version},
                   {"contentId", hex(opened->contentId())},
                   {"key", hex(keyId(key))}});
}

Expected<void> runSign(const Options &options) {
  auto key = readKey(options.key);
  if (!key)
    return key.error();
  auto file = readFile(options.file, maxFileBytes);
  if (!file)
    return file.error();
  auto signedFile = signPtxBin(*file, *key);
  if (!signedFile)
    return inFile(options.file, signedFile.error());

  if (auto ok = writeSigned(options, *signedFile); !ok)
    return ok;
  return logSigned(options, *signedFile, key->publicKey());
}

Expected<void> writeOutput(const Options &options, ByteView bytes) {
  return writeFileAtomic(options.output.empty() ? "-" : options.output, bytes);
}

Expected<void> runPayload(const Options &options) {
  auto file = readFile(options.file, maxFileBytes);
  if (!file)
    return file.error();
  auto payload = signingPayload(*file);
  if (!payload)
    return inFile(options.file, payload.error());
  return writeOutput(options, *payload);
}

Expected<SignatureBytes> readSignature(const std::string &path) {
  auto bytes = readFile(path, maxSignatureFileBytes);
  if (!bytes)
    return bytes.error();
  return decodeSignature(*bytes, path);
}

Expected<void> runAttach(const Options &options) {
  auto key = readPublicKey(options.key);
  if (!key)
    return key.error();
  auto signature = readSignature(options.signature);
  if (!signature)
    return signature.error();
  auto file = readFile(options.file, maxFileBytes);
  if (!file)
    return file.error();
  auto signedFile = attachSignature(*file, *signature, *key);
  if (!signedFile)
    return inFile(options.file, signedFile.error());
  if (auto ok = writeSigned(options, *signedFile); !ok)
    return ok;
  if (options.output != "-")
    std::printf("signed by   %s\n", hex(keyId(*key)).c_str());
  return logSigned(options, *signedFile, *key);
}

Expected<void> runPublicKey(const Options &options) {
  // What is not a public key may be a secret one.
  auto key = readPublicKey(options.key);
  if (!key && key.error().kind == ErrorKind::Malformed) {
    auto secret = readKey(options.key);
    if (!secret)
      return secret.error();
    key = secret->publicKey();
  }
  if (!key)
    return key.error();
  std::string text = encodePublicKey(*key);
  return writeOutput(
      options, {reinterpret_cast<const uint8_t *>(text.data()), text.size()});
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
  if (options.whom.unverified && !options.rebuild)
    return makeError(ErrorKind::Invalid,
                     "--unverified goes with --rebuild: one of signatures and "
                     "compiler must say what a file is");
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto opened = trust->open(options.file, registry::Purpose::Use);
  if (!opened)
    return opened.error();
  // Opening leaves compressed sections closed; verifying does not.
  for (size_t i = 0; i < opened->sections().size(); ++i) {
    const Section &section = opened->sections()[i];
    ByteView bytes = opened->stored(i);
    Bytes decompressed;
    if (section.flags & layout::flagZstd) {
      auto raw = opened->raw(i);
      if (!raw)
        return inFile(options.file, raw.error());
      bytes = decompressed = std::move(*raw);
    }
    if (auto ok = checkImage(section.key, bytes); !ok)
      return inFile(options.file, ok.error());
  }
  if (options.rebuild)
    if (auto ok = rebuild(options, *opened); !ok)
      return inFile(options.file, ok.error());
  if (!options.finalized.empty()) {
    auto image = trust->openFinalized(options.finalized, *opened);
    if (!image)
      return image.error();
    std::printf("%s: good, for sm_%u\n", escape(options.finalized).c_str(),
                image->info().cc);
  }

  std::printf("%s: good\n", escape(options.file).c_str());
  std::printf("content id  %s\n", hex(opened->contentId()).c_str());
  for (const PublicKey &signer : opened->signers())
    std::printf("good        %s%s\n", hex(keyId(signer)).c_str(),
                nameOfSigner(*trust, options, signer).c_str());
  if (options.rebuild)
    std::printf("rebuilt     the compiler makes the same of its modules\n");
  size_t unknown = opened->signatures().size() - opened->signers().size();
  if (unknown && !options.whom.unverified)
    std::printf("not judged  %zu of %zu signatures, by keys not given\n",
                unknown, opened->signatures().size());
  return {};
}

} // namespace twreg

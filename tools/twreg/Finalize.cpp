//===- Finalize.cpp - cubins made on a GPU machine ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg finalize: what the driver here makes of an artifact's PTX, signed by
// who runs this machine.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Passphrase.h"
#include "lib/CudaDevice.h"

#include <cstdio>

namespace twreg {

using namespace ptxbin;

static Expected<int> ordinalOf(const std::string &device) {
  if (device == "cuda")
    return 0;
  unsigned ordinal = 0;
  char rest = 0;
  if (std::sscanf(device.c_str(), "cuda:%3u%c", &ordinal, &rest) != 1)
    return makeError(ErrorKind::Invalid,
                     "expected --device cuda or cuda:N, but got '" + device +
                         "'");
  return int(ordinal);
}

Expected<void> runFinalize(const Options &options) {
  auto ordinal = ordinalOf(options.device);
  if (!ordinal)
    return ordinal.error();
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto bin = trust->open(options.file, registry::Purpose::Use);
  if (!bin)
    return bin.error();
  auto key = readKey(options.key);
  if (!key)
    return key.error();
  auto device = twrun::CudaDevice::open(*ordinal);
  if (!device)
    return makeError(device.error().kind,
                     "finalizing needs a GPU: " + device.error().message);
  auto linked = (*device)->finalize(*bin);
  if (!linked)
    return inFile(options.file, linked.error());
  auto file = writeFinalized(linked->info, linked->cubin, *key);
  if (!file)
    return file.error();
  // What others will refuse must not be handed out.
  TrustOptions own;
  own.keys = {key->publicKey()};
  auto opened = Finalized::openVerified(*file, own);
  if (!opened)
    return inFile(options.output, opened.error());
  if (auto ok = writeFileAtomic(options.output, *file); !ok)
    return ok;
  if (auto ok = logEvent(options, "finalize",
                         {{"name", bin->manifest().name},
                          {"contentId", hex(bin->contentId())},
                          {"image", hex(opened->id())},
                          {"key", hex(keyId(key->publicKey()))}});
      !ok)
    return ok;
  if (options.output == "-")
    return {};
  std::printf("finalized   %s:%s for sm_%u\n",
              escape(bin->manifest().name).c_str(),
              escape(bin->manifest().version).c_str(), linked->info.cc);
  std::printf("content id  %s\n", hex(bin->contentId()).c_str());
  std::printf("image id    %s\n", hex(opened->id()).c_str());
  return {};
}

void printFinalized(const Finalized &image) {
  const FinalizedInfo &info = image.info();
  std::printf("finalized     cubin of %zu bytes for sm_%u\n",
              image.cubin().size(), info.cc);
  std::printf("driver        %u.%u\n", info.driverVersion / 1000,
              info.driverVersion % 1000 / 10);
  std::printf("made of       content id %s\n", hex(info.contentId).c_str());
  std::printf("              PTX %s\n", hex(info.ptxDigest).c_str());
  std::printf("image id      %s\n", hex(image.id()).c_str());
  for (const Signature &signature : image.signatures())
    std::printf("signed by     %s  (not checked: twreg verify --finalized)\n",
                hex(signature.keyId).c_str());
}

} // namespace twreg

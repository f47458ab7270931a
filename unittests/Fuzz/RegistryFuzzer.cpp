//===- RegistryFuzzer.cpp - any bytes through a registry's readers --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The decoders of what lies in a registry, and of policies. By its first byte
// an input is an index, a manifest, a record, a layout document, a policy, its
// signatures, or names. What is accepted must obey the bounds that callers rely
// on, and be read back the same where there is an encoder.
//
//===----------------------------------------------------------------------===//

#include "Registry/Oci.h"
#include "Registry/Policy.h"

#include <cstdio>
#include <cstdlib>

using namespace registry;

[[noreturn]] static void report(const char *finding) {
  std::fprintf(stderr, "finding: %s\n", finding);
  std::abort();
}

template <typename T> static bool accepted(const Expected<T> &result) {
  if (!result && result.error().message.empty())
    report("an error without a message");
  return bool(result);
}

static void readNames(std::string_view text) {
  Expected<Query> query = parseQuery(text);
  if (!accepted(query))
    return;
  std::string path = pathOfName(query->name);
  if (path.empty() || path.size() > maxNameBytes || path[0] == '.' ||
      path.find('/') != path.npos || nameOfPath(path) != query->name)
    report("a name is not one component of a path");
  if (query->version &&
      query->version->find_first_of("/:@") != query->version->npos)
    report("a version is not one component of a path");
}

static void readRecord(ByteView bytes) {
  Expected<Record> record = decodeRecord(bytes, "record");
  if (!accepted(record))
    return;
  if (record->layer.size > ptxbin::maxFileBytes ||
      record->manifest.size > maxOciManifestBytes)
    report("a record with sizes beyond the limits");
  Bytes encoded = encodeRecord(*record);
  Expected<Record> again = decodeRecord(encoded, "record");
  if (!accepted(again) || encodeRecord(*again) != encoded)
    report("a record is not what it encodes to");
}

static void readManifest(ByteView bytes) {
  Expected<std::optional<OciManifest>> manifest =
      decodeOciManifest(bytes, "manifest");
  if (accepted(manifest) && *manifest &&
      ((*manifest)->layer.size > ptxbin::maxFileBytes ||
       (*manifest)->config.size > maxConfigBytes))
    report("a manifest with sizes beyond the limits");
}

static void readPolicy(ByteView bytes) {
  Expected<Policy> policy =
      Policy::parse(Bytes(bytes.begin(), bytes.end()), "policy");
  if (!accepted(policy))
    return;
  if (policy->threshold == 0 || policy->rootThreshold == 0)
    report("a policy that wants no signature");
  // Signed by nobody, so never admitted: 8 bytes are no file either.
  if (policy->open(Bytes(8), Purpose::Use, 0))
    report("a policy admits what is no file");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  ByteView bytes(data + 1, size - 1);
  switch (data[0] % 7) {
  case 0:
    (void)accepted(decodeIndex(bytes, "index.json"));
    break;
  case 1:
    readManifest(bytes);
    break;
  case 2:
    readRecord(bytes);
    break;
  case 3:
    (void)accepted(checkLayoutDocument(bytes, "oci-layout"));
    break;
  case 4:
    readPolicy(bytes);
    break;
  case 5:
    (void)accepted(decodePolicySignatures(bytes, "policy.sig"));
    break;
  case 6:
    readNames({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    break;
  }
  return 0;
}

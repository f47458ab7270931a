//===- VerifierFuzzer.cpp - nothing but what was signed -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Signed files with edits. An input is a file, or a list of edits to one of the
// seeds, which are made and signed here: random bytes would end at the magic
// number. What the verifier accepts must have the signed bytes of a seed, and
// then all of its sections.
//
//===----------------------------------------------------------------------===//

#include "Format/Finalized.h"
#include "Format/KeyFiles.h"
#include "Format/Layout.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace ptxbin;

[[noreturn]] static void report(const char *finding) {
  std::fprintf(stderr, "finding: %s\n", finding);
  std::abort();
}

template <typename T> static T must(Expected<T> result) {
  if (!result)
    report(result.error().message.c_str());
  return std::move(*result);
}

namespace {
struct SignedSeed {
  Bytes file, message;
  std::vector<Bytes> sections; // stored bytes
};
struct Seeds {
  std::vector<SignedSeed> artifacts;
  Bytes finalized, finalizedMessage;
  TrustOptions trust;
};
} // namespace

static Bytes messageOf(const Bytes &file, uint32_t sections) {
  uint64_t end = layout::headerSize + layout::entrySize * sections;
  return layout::signedBytes(ByteView(file).first(end));
}

static Bytes makeFile(uint8_t variant) {
  Manifest manifest;
  manifest.name = "team/fuzz";
  manifest.version = "1.0";
  manifest.publisher = "Example";
  manifest.release = variant + 1;
  manifest.sandbox = "checked";
  manifest.floatingPoint = strictFloats;
  manifest.modules.resize(1);
  manifest.modules[0].wasmSize = 8;
  std::vector<SectionInput> sections(2);
  sections[0].key.type = SectionType::Wasm;
  sections[0].raw = {0, 'a', 's', 'm', 1, 0, 0, 0};
  sections[1].key.type = SectionType::PTX;
  sections[1].key.cc = 80;
  sections[1].key.ptxISA = 77;
  sections[1].raw.assign(200 + variant, '/');
  sections[1].compress = variant == 1;
  return must(writePtxBin(manifest, std::move(sections)));
}

static const Seeds &seeds() {
  static const Seeds *made = [] {
    auto *out = new Seeds;
    // Of three keys two are trusted; any fixed ones would do, and new ones
    // make sure that no corpus holds a signature.
    SecretKey keys[3] = {must(generateKey()), must(generateKey()),
                         must(generateKey())};
    out->trust.keys = {keys[0].publicKey(), keys[1].publicKey()};
    for (uint8_t variant = 0; variant < 3; ++variant) {
      SignedSeed seed;
      seed.file = makeFile(variant);
      for (int key = 0; key <= variant; ++key)
        seed.file = must(signPtxBin(seed.file, keys[key]));
      auto opened = must(PtxBin::openVerified(seed.file, out->trust));
      seed.message = messageOf(seed.file, opened.sections().size());
      for (size_t i = 0; i < opened.sections().size(); ++i)
        seed.sections.emplace_back(opened.stored(i).begin(),
                                   opened.stored(i).end());
      out->artifacts.push_back(std::move(seed));
    }
    Bytes cubin(80);
    const uint8_t head[] = {0x7f, 'E', 'L', 'F', 2, 1};
    std::copy(std::begin(head), std::end(head), cubin.begin());
    cubin[18] = 190; // EM_CUDA
    out->finalized = must(writeFinalized({90, 12040, {}, {}}, cubin, keys[0]));
    return out;
  }();
  return *made;
}

static void check(Bytes file) {
  const Seeds &known = seeds();
  auto opened = PtxBin::openVerified(file, known.trust);
  if (!opened) {
    if (opened.error().message.empty())
      report("an error without a message");
    return;
  }
  Bytes message = messageOf(file, opened->sections().size());
  for (const SignedSeed &seed : known.artifacts) {
    if (seed.message != message)
      continue;
    for (size_t i = 0; i < opened->sections().size(); ++i) {
      ByteView stored = opened->stored(i);
      if (!std::equal(stored.begin(), stored.end(), seed.sections[i].begin(),
                      seed.sections[i].end()))
        report("a section that was not signed is accepted");
      (void)opened->raw(i);
    }
    return;
  }
  report("signed bytes that nobody has signed are accepted");
}

static void checkFinalized(Bytes file) {
  const Seeds &known = seeds();
  auto opened = Finalized::openVerified(file, known.trust);
  if (!opened)
    return;
  // Everything ahead of the signatures is covered by one of them.
  ByteView seed = known.finalized;
  uint64_t size =
      seed.size() - layout::trailerHeaderSize - layout::signatureSize;
  if (file.size() < size || std::memcmp(file.data(), seed.data(), size) != 0)
    report("a finalized image that nobody has signed is accepted");
}

/// Three bytes choose where, one what, one with which value.
static Bytes edit(Bytes file, const uint8_t *data, size_t size) {
  for (; size >= 5 && !file.empty(); data += 5, size -= 5) {
    size_t at = (size_t(data[0]) << 16 | data[1] << 8 | data[2]) % file.size();
    switch (data[3] % 6) {
    case 0:
      file[at] ^= data[4];
      break;
    case 1:
      file[at] = data[4];
      break;
    case 2:
      file.insert(file.begin() + at, data[4]);
      break;
    case 3:
      file.erase(file.begin() + at);
      break;
    case 4:
      file.resize(at);
      break;
    case 5: { // a run of another place over this one: entries, signatures
      size_t run = std::min<size_t>(data[4], file.size() - at);
      std::copy_n(file.begin(), run, file.begin() + at);
      break;
    }
    }
  }
  return file;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const Seeds &known = seeds();
  if (size == 0)
    return 0;
  if (data[0] == 0x89) {
    check(Bytes(data, data + size));
    checkFinalized(Bytes(data, data + size));
  } else if (data[0] % 4 == 3) {
    checkFinalized(edit(known.finalized, data + 1, size - 1));
  } else {
    check(edit(known.artifacts[data[0] % 4].file, data + 1, size - 1));
  }
  return 0;
}

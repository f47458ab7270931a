//===- Show.cpp - what is in an artifact ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `twreg show`, for people and as JSON. Nothing shown here was verified, and
// the output says so.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Format/Layout.h"
#include "Format/Provenance.h"
#include "Registry/Registry.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <optional>
#include <string>

namespace twreg {

using namespace ptxbin;
using json = nlohmann::json;

static std::string compression(const Section &section) {
  return section.flags & layout::flagZstd ? "zstd" : "none";
}

//===-- For people --------------------------------------------------------===//

static std::string typeList(const std::vector<ValueType> &types) {
  std::string text;
  for (ValueType type : types)
    text += (text.empty() ? "" : ", ") + std::string(toString(type));
  return '(' + text + ')';
}

static void printKernels(const Manifest &manifest) {
  std::printf("\nkernels (%zu)\n", manifest.kernels.size());
  for (const KernelInfo &kernel : manifest.kernels) {
    std::printf("  %s%s -> %s\n", escape(kernel.name).c_str(),
                typeList(kernel.params).c_str(),
                typeList(kernel.results).c_str());
    if (!kernel.notOffloadable.empty()) {
      std::printf("      cannot run: %s\n",
                  escape(kernel.notOffloadable).c_str());
      continue;
    }
    std::printf("      symbol %s, function %u\n", escape(kernel.symbol).c_str(),
                kernel.function);
    if (kernel.notLaunchable.empty())
      std::printf("      invoke: yes; launch: yes\n");
    else
      std::printf("      invoke: yes; launch: no: %s\n",
                  escape(kernel.notLaunchable).c_str());
    if (kernel.notOnGPU.empty())
      std::printf("      GPU: yes\n");
    else
      std::printf("      GPU: no: %s\n", escape(kernel.notOnGPU).c_str());
  }
}

static void printSections(const PtxBin &bin) {
  std::printf("\nsections (%zu)\n  %-20s %12s %12s  %s\n",
              bin.sections().size(), "type and target", "stored", "raw",
              "compression");
  for (const Section &section : bin.sections()) {
    std::string name = layout::describe(section.key);
    if (uint16_t isa = section.key.ptxISA)
      name +=
          " isa " + std::to_string(isa / 10) + '.' + std::to_string(isa % 10);
    std::printf("  %-20s %12llu %12llu  %s\n", name.c_str(),
                (unsigned long long)section.storedSize,
                (unsigned long long)section.rawSize,
                compression(section).c_str());
  }
}

static void print(const PtxBin &bin) {
  const Manifest &manifest = bin.manifest();
  auto line = [](const char *label, const std::string &text) {
    if (!text.empty())
      std::printf("%-14s%s\n", label, escape(text).c_str());
  };
  line("name", manifest.name);
  line("version", manifest.version);
  line("release", std::to_string(manifest.release));
  line("publisher", manifest.publisher);
  line("created", std::to_string(manifest.created) + " s since 1970");
  line("expires", manifest.expires == 0
                      ? std::string("never")
                      : std::to_string(manifest.expires) + " s since 1970");
  std::string flags;
  for (const std::string &flag : manifest.compiler.flags)
    flags += ' ' + flag;
  line("compiler", manifest.compiler.name + ' ' + manifest.compiler.version +
                       " (LLVM " + manifest.compiler.llvm + ')' + flags);
  line("assembler", manifest.compiler.assembler);
  line("sandbox", manifest.sandbox);
  if (manifest.bounds == BoundsMode::Isolate)
    line("mapped",
         std::to_string(manifest.reach) + " bytes for each 32-bit memory");
  line("float mode", manifest.floatingPoint);
  line("kernel ABI", std::to_string(manifest.kernelABI));
  for (const MemoryInfo &memory : manifest.memories)
    line("memory", std::to_string(memory.minPages) +
                       " pages of 64 KiB, at "
                       "most " +
                       (memory.maxPages ? std::to_string(*memory.maxPages)
                                        : std::string("what there is")) +
                       (memory.grows ? ", grows" : ""));
  line("content id", hex(bin.contentId()));
  if (bin.signatures().empty())
    line("signatures", "none");
  for (const Signature &signature : bin.signatures())
    line("signed by", hex(signature.keyId) + "  (not checked: twreg verify)");
  printSections(bin);
  printKernels(manifest);
}

//===-- As JSON -----------------------------------------------------------===//

static Expected<json> manifestJSON(const PtxBin &bin) {
  auto text = encodeManifest(bin.manifest());
  if (!text)
    return text.error();
  return json::parse(*text, nullptr, /*allow_exceptions=*/false);
}

static Expected<json> toJSON(const PtxBin &bin) {
  auto manifest = manifestJSON(bin);
  if (!manifest)
    return manifest;
  json sections = json::array(), signatures = json::array();
  for (const Section &section : bin.sections())
    sections.push_back({{"type", toString(section.key.type)},
                        {"typeNumber", uint32_t(section.key.type)},
                        {"target", layout::describe(section.key)},
                        {"ptxISA", section.key.ptxISA},
                        {"offset", section.offset},
                        {"storedSize", section.storedSize},
                        {"rawSize", section.rawSize},
                        {"compression", compression(section)},
                        {"storedSha256", hex(section.storedDigest)},
                        {"rawSha256", hex(section.rawDigest)}});
  for (const Signature &signature : bin.signatures())
    signatures.push_back({{"algorithm", "Ed25519"},
                          {"keyId", hex(signature.keyId)},
                          {"checked", false}});
  return json{{"contentId", hex(bin.contentId())},
              {"manifest", *manifest},
              {"sections", sections},
              {"signatures", signatures}};
}

/// A file, or an entry of a registry.
static Expected<PtxBin> openUnjudged(const Options &options) {
  if (options.registry.empty()) {
    auto file = readFile(options.file, maxFileBytes);
    if (!file)
      return file.error();
    auto opened = PtxBin::openUnverified(std::move(*file));
    if (!opened)
      return inFile(options.file, opened.error());
    return opened;
  }
  auto query = registry::parseQuery(options.file);
  if (!query)
    return query.error();
  auto from = registry::Registry::open(options.registry);
  if (!from)
    return from.error();
  auto located = from->find(*query);
  if (!located)
    return located.error();
  auto artifact = from->load(*located, registry::admitAnyForm);
  if (!artifact)
    return artifact.error();
  if (!*artifact)
    return makeError(ErrorKind::Malformed,
                     located->label + ": is not about a .ptxbin");
  return std::move((*artifact)->bin);
}

/// A finalized image is told by its first bytes.
static Expected<std::optional<Finalized>>
openFinalized(const Options &options) {
  auto file = readFile(options.file, maxFileBytes);
  if (!file)
    return file.error();
  if (!Finalized::isOne(*file))
    return std::optional<Finalized>();
  auto image = Finalized::openUnverified(std::move(*file));
  if (!image)
    return inFile(options.file, image.error());
  return std::optional(std::move(*image));
}

static Expected<void> showProvenance(const Options &options,
                                     const PtxBin &bin) {
  std::vector<PublicKey> builders;
  for (const std::string &path : options.whom.keys) {
    auto key = readPublicKey(path);
    if (!key)
      return key.error();
    builders.push_back(*key);
  }
  auto provenance = readProvenance(bin, builders);
  if (!provenance)
    return provenance.error();
  // Told on the other channel, so that this one is the statement.
  if (provenance->signers.empty())
    std::fprintf(stderr, "the statement is not signed by itself: whoever "
                         "signed the file vouches for it\n");
  for (const Provenance::Signer &signer : provenance->signers)
    std::fprintf(stderr, "statement by  %s  (%s)\n",
                 escape(signer.keyId).c_str(),
                 signer.good ? "good" : "not checked: give --trust");
  json statement =
      json::parse(provenance->statement, nullptr, /*allow_exceptions=*/false);
  std::printf("%s\n", statement.dump(2, ' ', /*ensure_ascii=*/true).c_str());
  return {};
}

Expected<void> runShow(const Options &options) {
  if (options.registry.empty()) {
    auto image = openFinalized(options);
    if (!image)
      return image.error();
    if (*image) {
      printFinalized(**image);
      return {};
    }
  }
  auto opened = openUnjudged(options);
  if (!opened)
    return opened.error();
  if (!options.explainTarget.empty()) {
    auto ok = explainTarget(options, *opened);
    return ok ? ok : inFile(options.file, ok.error());
  }
  if (options.provenance) {
    auto ok = showProvenance(options, *opened);
    return ok ? ok : inFile(options.file, ok.error());
  }
  if (!options.json && !options.manifestOnly) {
    print(*opened);
    return {};
  }
  auto document =
      options.manifestOnly ? manifestJSON(*opened) : toJSON(*opened);
  if (!document)
    return inFile(options.file, document.error());
  // ASCII only: the same care for terminals as escape()'s.
  std::printf("%s\n", document->dump(2, ' ', /*ensure_ascii=*/true).c_str());
  return {};
}

} // namespace twreg

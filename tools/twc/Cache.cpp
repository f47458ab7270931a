//===- Cache.cpp - results of earlier compilations ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A result is named by all that it depends on: modules, flags, identity, and
// the compiler itself, that is every library it has loaded. A version number
// would not do: two builds of one version can differ.
//
//===----------------------------------------------------------------------===//

#include "Cache.h"

#include "Format/LittleEndian.h"
#include "Registry/Cache.h"

#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <link.h>
#include <sys/stat.h>

using namespace twc;
using namespace twc::driver;
using registry::CacheKey;

static void addFile(CacheKey &key, const char *path) {
  struct stat status = {};
  bool isThere = ::stat(path, &status) == 0;
  key.add(std::string_view(path));
  key.add(uint64_t(isThere));
  key.add(uint64_t(status.st_ino));
  key.add(uint64_t(status.st_size));
  key.add(uint64_t(status.st_mtim.tv_sec));
  key.add(uint64_t(status.st_mtim.tv_nsec));
}

static int addLibrary(dl_phdr_info *info, size_t, void *key) {
  // The program itself has no name here, and the kernel's page no file.
  const char *path = *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
  addFile(*static_cast<CacheKey *>(key), path);
  return 0;
}

static ptxbin::Digest keyOf(llvm::ArrayRef<ModuleInput> inputs,
                            const CompileOptions &options) {
  CacheKey key("twc");
  key.add(std::string_view(getVersion()));
  ::dl_iterate_phdr(addLibrary, &key);
  if (options.cubin)
    if (auto path = llvm::sys::findProgramByName("ptxas"))
      addFile(key, path->c_str());
  const ArtifactIdentity &identity = options.identity;
  for (const std::string &text :
       {identity.name, identity.version, identity.publisher})
    key.add(std::string_view(text));
  for (uint64_t number : {identity.release, identity.created, identity.expires})
    key.add(number);
  key.add(uint64_t(identity.flags.size()));
  for (const std::string &flag : identity.flags)
    key.add(std::string_view(flag));
  key.add(uint64_t(inputs.size()));
  for (const ModuleInput &input : inputs) {
    key.add(std::string_view(input.name));
    key.add(std::string_view(input.fileName)); // warnings name it
    key.add(ptxbin::ByteView(ptxbin::sha256(
        ptxbin::ByteView(input.bytes.data(), input.bytes.size()))));
    key.add(uint64_t(input.disabledFeatures.size()));
    for (const std::string &feature : input.disabledFeatures)
      key.add(std::string_view(feature));
  }
  return key.digest();
}

/// The warnings, each with its size, then the artifact.
static ptxbin::Bytes encode(const CompileResult &result) {
  ptxbin::Bytes out;
  auto number = [&](size_t value) {
    out.resize(out.size() + 8);
    ptxbin::storeLE<uint64_t>(out, out.size() - 8, value);
  };
  number(result.warnings.size());
  for (const std::string &warning : result.warnings) {
    number(warning.size());
    out.insert(out.end(), warning.begin(), warning.end());
  }
  out.insert(out.end(), result.output.begin(), result.output.end());
  return out;
}

static std::optional<CompileResult> decode(ptxbin::ByteView bytes) {
  CompileResult out;
  bool isGood = true;
  auto number = [&] {
    isGood &= bytes.size() >= 8;
    uint64_t value = isGood ? ptxbin::loadLE<uint64_t>(bytes, 0) : 0;
    bytes = bytes.subspan(isGood ? 8 : 0);
    return value;
  };
  for (uint64_t left = number(); isGood && left; --left) {
    uint64_t size = number();
    isGood &= size <= bytes.size();
    if (!isGood)
      break;
    out.warnings.emplace_back(bytes.begin(), bytes.begin() + size);
    bytes = bytes.subspan(size);
  }
  if (!isGood)
    return std::nullopt;
  out.output.assign(bytes.begin(), bytes.end());
  auto opened = ptxbin::PtxBin::openUnverified(out.output);
  if (!opened)
    return std::nullopt;
  out.manifest = opened->manifest();
  return out;
}

static void warn(const ptxbin::Error &error) {
  llvm::errs() << "twc: warning: the cache is not used: ";
  llvm::errs().write_escaped(error.message) << "\n";
}

llvm::Expected<CompileResult>
driver::compileCached(mlir::MLIRContext &context,
                      llvm::ArrayRef<ModuleInput> inputs,
                      const Options &options) {
  // Remarks and totals are no part of an artifact.
  if (!options.cache || options.compile.remarks)
    return compileTo(context, inputs, options.compile);
  auto cache = registry::Cache::openForUser(*options.cache);
  if (!cache) {
    warn(cache.error());
    return compileTo(context, inputs, options.compile);
  }
  ptxbin::Digest key = keyOf(inputs, options.compile);
  auto found = cache->get(key);
  if (found && *found)
    if (auto result = decode(**found))
      return std::move(*result);
  auto result = compileTo(context, inputs, options.compile);
  if (result)
    if (auto ok = cache->put(key, "twc", encode(*result), options.cacheBytes);
        !ok)
      warn(ok.error());
  return result;
}

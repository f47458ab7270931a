//===- Rebuild.cpp - is it what the compiler makes of it ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg verify --rebuild: the modules in a file are compiled again, with the
// compiler and the flags that it names, and everything that could run must come
// out the same. So a file of a stranger proves that it is the compiler's work,
// and sandboxed as that does it.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Format/Layout.h"
#include "Registry/Process.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace twreg {

using namespace ptxbin;

/// Long enough for the largest modules, not for ones made to take for ever.
static constexpr unsigned compileSeconds = 900;

namespace {
struct TemporaryTree {
  std::string path;
  ~TemporaryTree() {
    std::error_code ignored;
    if (!path.empty())
      std::filesystem::remove_all(path, ignored);
  }
  Expected<void> make() {
    std::error_code code;
    path = std::filesystem::temp_directory_path(code).string() +
           "/twreg-rebuild-XXXXXX";
    if (!code && ::mkdtemp(path.data()))
      return {};
    path.clear();
    return makeError(ErrorKind::IO, "no temporary directory can be made");
  }
};
} // namespace

static Expected<std::string> findCompiler(const Options &options) {
  if (!options.twc.empty())
    return std::filesystem::absolute(options.twc).string();
  std::error_code code;
  auto self = std::filesystem::read_symlink("/proc/self/exe", code);
  if (!code) {
    std::string beside = (self.parent_path() / "twc").string();
    if (::access(beside.c_str(), X_OK) == 0)
      return beside;
  }
  if (auto found = registry::findProgram("twc"))
    return *found;
  return makeError(ErrorKind::NotFound,
                   "--rebuild needs twc, which is neither beside twreg nor on "
                   "PATH; give --twc");
}

/// Only what shapes the output: a file may not make the compiler write where
/// its author likes.
static bool isKnownFlag(const std::string &flag) {
  static constexpr std::string_view exact[] = {"-O0", "-O1",     "-O2",
                                               "-O3", "--cubin", "--fuel"};
  static constexpr std::string_view starts[] = {
      "--target=",        "--fp-contract=", "--bounds=",
      "--stack-pointer=", "--stack-size=",  "--disable="};
  return std::find(std::begin(exact), std::end(exact), flag) !=
             std::end(exact) ||
         std::any_of(
             std::begin(starts), std::end(starts),
             [&](std::string_view start) { return flag.starts_with(start); });
}

static Expected<void> checkVersion(const std::string &twc,
                                   const std::string &directory,
                                   const CompilerInfo &compiler) {
  std::string out = directory + "/version";
  if (auto ok = registry::runProgram(twc, {"--version"}, {"", out, 0}); !ok)
    return ok;
  auto text = readFile(out, 4096);
  if (!text)
    return text.error();
  std::string got(text->begin(), text->end());
  while (!got.empty() && got.back() == '\n')
    got.pop_back();
  std::string expected =
      compiler.name + ' ' + compiler.version + " (LLVM " + compiler.llvm + ')';
  if (got == expected)
    return {};
  return makeError(ErrorKind::Incompatible,
                   "was made by " + expected + ", but " + twc + " is " + got);
}

/// A name that is one component of a path, for the main module's file.
static bool isFileName(const std::string &name) {
  return !name.empty() && name.size() < 200 && name[0] != '.' &&
         name[0] != '-' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c > 0x20 && c < 0x7f && c != '/' && c != '=';
         });
}

static Expected<std::vector<std::string>>
writeModules(const PtxBin &bin, const std::string &directory) {
  const auto &sections = bin.sections();
  auto wasm =
      std::find_if(sections.begin(), sections.end(), [](const Section &s) {
        return s.key.type == SectionType::Wasm;
      });
  if (wasm == sections.end())
    return makeError(ErrorKind::Incompatible,
                     "has no WASM section to be compiled again");
  auto raw = bin.raw(wasm - sections.begin());
  if (!raw)
    return raw.error();
  std::vector<std::string> arguments;
  const auto &modules = bin.manifest().modules;
  for (size_t i = 0; i < modules.size(); ++i) {
    const ModuleInfo &module = modules[i];
    const bool isMain = i + 1 == modules.size();
    std::string name = modules.size() == 1 ? "module" : module.name;
    if (isMain ? !isFileName(name) : name.find('=') != name.npos)
      return makeError(ErrorKind::Incompatible,
                       "module '" + name +
                           "' has a name that no file can have");
    std::string file =
        directory + '/' +
        (isMain ? name + ".wasm" : "link-" + std::to_string(i) + ".wasm");
    // checkManifestAgainstTable has bounded these.
    ByteView bytes = ByteView(*raw).subspan(module.wasmOffset, module.wasmSize);
    if (auto ok = writeFileAtomic(file, bytes); !ok)
      return ok.error();
    arguments.push_back(isMain ? file : "--link=" + name + '=' + file);
  }
  return arguments;
}

/// Everything but who made it, when, and under which name.
static Expected<std::string> codeOf(const PtxBin &bin) {
  Manifest manifest = bin.manifest();
  manifest.name = "rebuilt";
  manifest.version = "0";
  manifest.publisher.clear();
  manifest.release = manifest.created = manifest.expires = 0;
  return encodeManifest(manifest);
}

static bool isCode(const Section &section) {
  return section.key.type == SectionType::PTX ||
         section.key.type == SectionType::Cubin ||
         section.key.type == SectionType::Host;
}

static Expected<void> compareCode(const PtxBin &given, const PtxBin &made) {
  for (const Section &section : given.sections()) {
    if (!isCode(section))
      continue;
    auto same = std::find_if(
        made.sections().begin(), made.sections().end(), [&](const Section &s) {
          return layout::sortKey(s.key) == layout::sortKey(section.key) &&
                 s.key.ptxISA == section.key.ptxISA;
        });
    if (same == made.sections().end())
      return makeError(ErrorKind::Untrusted,
                       layout::describe(section.key) +
                           ": the compiler makes no such image of the modules");
    if (same->rawDigest != section.rawDigest)
      return makeError(ErrorKind::Untrusted,
                       layout::describe(section.key) +
                           ": is not what the compiler makes of the modules");
  }
  auto one = codeOf(given), other = codeOf(made);
  if (!one || !other)
    return (!one ? one : other).error();
  if (*one != *other)
    return makeError(ErrorKind::Untrusted,
                     "the manifest is not what the compiler says of the "
                     "modules");
  return {};
}

Expected<void> rebuild(const Options &options, const PtxBin &bin) {
  auto twc = findCompiler(options);
  if (!twc)
    return twc.error();
  TemporaryTree tree;
  if (auto ok = tree.make(); !ok)
    return ok;
  const CompilerInfo &compiler = bin.manifest().compiler;
  if (auto ok = checkVersion(*twc, tree.path, compiler); !ok)
    return ok;
  auto arguments = writeModules(bin, tree.path);
  if (!arguments)
    return arguments.error();
  for (const std::string &flag : compiler.flags) {
    if (!isKnownFlag(flag))
      return makeError(ErrorKind::Untrusted,
                       "was compiled with '" + flag +
                           "', which is no flag that shapes the output");
    arguments->push_back(flag);
  }
  std::string output = tree.path + "/rebuilt.ptxbin";
  arguments->insert(arguments->end(),
                    {"--name=rebuilt", "--artifact-version=0", "-o", output});
  // A file that does not compile is not the compiler's work either.
  if (auto ok = registry::runProgram(*twc, std::move(*arguments),
                                     {tree.path, "", compileSeconds});
      !ok)
    return makeError(ErrorKind::Untrusted,
                     "cannot be built again: " + ok.error().message);
  auto file = readFile(output, maxFileBytes);
  if (!file)
    return file.error();
  auto made = PtxBin::openUnverified(std::move(*file));
  if (!made)
    return made.error();
  return compareCode(bin, *made);
}

} // namespace twreg

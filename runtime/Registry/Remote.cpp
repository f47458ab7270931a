//===- Remote.cpp - registries on other machines --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// skopeo is started without a shell. What goes out is copied into a layout of
// its own first, so that what was admitted is what is pushed; what comes in is
// a layout like any other.
//
//===----------------------------------------------------------------------===//

#include "Registry/Remote.h"
#include "Format/FileIO.h"
#include "Registry/Process.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace registry {

static constexpr std::string_view dockerScheme = "docker://";
static constexpr std::string_view layoutScheme = "oci:";

Expected<Place> parsePlace(std::string_view text) {
  Place place;
  if (text.starts_with(dockerScheme) && text.size() > dockerScheme.size()) {
    place.isRemote = true;
    place.address = text;
    return place;
  }
  if (!text.starts_with(layoutScheme) || text.size() == layoutScheme.size())
    return makeError(ErrorKind::Invalid,
                     "place '" + std::string(text) +
                         "': expected oci:DIR[:NAME[:VERSION]] or "
                         "docker://HOST/REPOSITORY[:TAG]");
  text.remove_prefix(layoutScheme.size());
  size_t colon = text.find(':');
  place.address = text.substr(0, colon);
  if (colon != text.npos) {
    auto query = parseQuery(text.substr(colon + 1));
    if (!query)
      return query.error();
    place.selection = std::move(*query);
  }
  return place;
}

//===-- skopeo ------------------------------------------------------------===//

static Expected<std::string> findSkopeo() {
  if (auto found = findProgram("skopeo"))
    return *found;
  return makeError(ErrorKind::NotFound,
                   "remote registries need skopeo, which is not on PATH; "
                   "install it (Debian: apt install skopeo), or use twreg "
                   "export and import");
}

static Expected<void> runSkopeo(const std::string &program,
                                std::vector<std::string> arguments) {
  // Its progress is no result of ours.
  return runProgram(program, std::move(arguments), {});
}

namespace {
/// A layout in a directory of its own, only for skopeo to read or write.
struct TemporaryLayout {
  std::string path;
  ~TemporaryLayout() {
    std::error_code ignored;
    if (!path.empty())
      std::filesystem::remove_all(path, ignored);
  }
  Expected<void> make() {
    std::error_code code;
    std::string name = std::filesystem::temp_directory_path(code).string();
    // skopeo takes what follows a colon for a name.
    if (code || name.find(':') != name.npos)
      return makeError(ErrorKind::Invalid,
                       "TMPDIR is no directory without ':' in its path");
    name += "/twreg-XXXXXX";
    if (!::mkdtemp(name.data()))
      return ptxbin::systemError(name, "cannot be created");
    path = name;
    return {};
  }
};
} // namespace

static std::vector<std::string> copyArguments(const char *tlsOption,
                                              const RemoteOptions &options) {
  // Without this, skopeo may compress a layer and so change what it is.
  std::vector<std::string> out = {"copy", "--preserve-digests"};
  if (!options.verifyTls)
    out.push_back(tlsOption);
  if (!options.authfile.empty()) {
    out.push_back("--authfile");
    out.push_back(options.authfile);
  }
  return out;
}

/// Whether the last component of a repository has a tag or a digest.
static bool hasTag(std::string_view address) {
  address.remove_prefix(dockerScheme.size());
  size_t slash = address.rfind('/');
  return slash != address.npos &&
         address.find_first_of(":@", slash) != address.npos;
}

Expected<Record> push(const Registry &from, const Query &query,
                      const std::string &address, const Admit &admit,
                      const RemoteOptions &options) {
  auto skopeo = findSkopeo();
  if (!skopeo)
    return skopeo.error();
  auto located = from.find(query);
  if (!located)
    return located.error();
  auto artifact = from.load(*located, admit);
  if (!artifact)
    return artifact.error();
  if (!*artifact)
    return makeError(ErrorKind::Malformed,
                     located->label + ": is not about a .ptxbin");
  const Record &record = (*artifact)->record;
  TemporaryLayout layout;
  if (auto ok = layout.make(); !ok)
    return ok.error();
  auto target = Registry::create(layout.path);
  if (!target)
    return target.error();
  if (auto added = target->add(**artifact, Rule::Copy); !added)
    return added.error();
  auto arguments = copyArguments("--dest-tls-verify=false", options);
  arguments.push_back("oci:" + layout.path + ":" + record.ref.str());
  arguments.push_back(hasTag(address) ? address
                                      : address + ":" + record.ref.version);
  if (auto ok = runSkopeo(*skopeo, std::move(arguments)); !ok)
    return ok.error();
  return record;
}

Expected<Copied> fetch(const std::string &address, Registry &to,
                       const Admit &admit, const RemoteOptions &options) {
  auto skopeo = findSkopeo();
  if (!skopeo)
    return skopeo.error();
  TemporaryLayout layout;
  if (auto ok = layout.make(); !ok)
    return ok.error();
  auto arguments = copyArguments("--src-tls-verify=false", options);
  arguments.push_back(address);
  // No name: that is in the signed manifest.
  arguments.push_back("oci:" + layout.path + ":incoming");
  if (auto ok = runSkopeo(*skopeo, std::move(arguments)); !ok)
    return ok.error();
  auto from = Registry::open(layout.path);
  if (!from)
    return from.error();
  auto copied = copyEntries(*from, to, std::nullopt, admit, nullptr);
  if (copied && copied->others)
    return makeError(ErrorKind::Malformed,
                     address + ": is not about a .ptxbin");
  return copied;
}

} // namespace registry

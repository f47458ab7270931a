//===- TransferCommands.cpp - copy, export and import ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Entries from one place to another.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Registry/Remote.h"

#include <cstdio>
#include <unistd.h>

namespace twreg {

using namespace ptxbin;
using registry::Registry;

static registry::Progress makeProgress() {
  // For people who wait; logs do not need a line for each entry.
  if (!::isatty(STDERR_FILENO))
    return nullptr;
  return [](const std::string &label, size_t done, size_t all) {
    std::fprintf(stderr, "%zu of %zu: %s\n", done + 1, all,
                 escape(label).c_str());
  };
}

static void print(const char *what, const registry::Copied &copied) {
  for (const registry::Record &record : copied.added)
    std::fprintf(stderr, "%-11s %s  %s\n", what, record.ref.str().c_str(),
                 registry::digestText(record.manifest.digest).c_str());
  if (copied.present)
    std::fprintf(stderr, "present     %zu\n", copied.present);
  if (copied.others)
    std::fprintf(stderr, "left out    %zu, not about a .ptxbin\n",
                 copied.others);
}

Expected<void> runCopy(const Options &options) {
  auto source = registry::parsePlace(options.source);
  if (!source)
    return source.error();
  auto destination = registry::parsePlace(options.destination);
  if (!destination)
    return destination.error();
  if (source->isRemote && destination->isRemote)
    return makeError(ErrorKind::Invalid,
                     "expected at least one place of oci:DIR; skopeo copies "
                     "between remote registries");
  if (destination->selection)
    return makeError(ErrorKind::Invalid,
                     "expected a destination of oci:DIR alone: an entry keeps "
                     "the name that was signed");
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  registry::Admit admit = trust->admit(registry::Purpose::Use);

  if (source->isRemote) {
    auto to = Registry::create(destination->address);
    if (!to)
      return to.error();
    auto copied = registry::fetch(source->address, *to, admit,
                                  {options.verifySourceTls, options.authfile});
    if (!copied)
      return copied.error();
    print("copied", *copied);
    return {};
  }
  auto from = Registry::open(source->address);
  if (!from)
    return from.error();
  if (destination->isRemote) {
    if (!source->selection)
      return makeError(ErrorKind::Invalid,
                       "expected one entry to copy, oci:DIR:NAME[:VERSION]");
    auto record =
        registry::push(*from, *source->selection, destination->address, admit,
                       {options.verifyDestinationTls, options.authfile});
    if (!record)
      return record.error();
    print("copied", {{*record}, 0, 0});
    return {};
  }
  auto to = Registry::create(destination->address);
  if (!to)
    return to.error();
  auto copied = registry::copyEntries(*from, *to, source->selection, admit,
                                      makeProgress());
  if (!copied)
    return copied.error();
  print("copied", *copied);
  return {};
}

/// NAME[:VERSION], or nothing for all entries.
static Expected<registry::Selection> selectionOf(const std::string &text) {
  if (text.empty())
    return registry::Selection();
  auto query = registry::parseQuery(text);
  if (!query)
    return query.error();
  return registry::Selection(std::move(*query));
}

Expected<void> runExport(const Options &options) {
  auto selection = selectionOf(options.file);
  if (!selection)
    return selection.error();
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto from = Registry::open(options.registry);
  if (!from)
    return from.error();
  auto copied = registry::exportArchive(*from, options.output, *selection,
                                        trust->admit(registry::Purpose::Use),
                                        makeProgress());
  if (!copied)
    return copied.error();
  print("exported", *copied);
  return {};
}

Expected<void> runImport(const Options &options) {
  auto selection = selectionOf(options.source);
  if (!selection)
    return selection.error();
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto to = Registry::create(options.registry);
  if (!to)
    return to.error();
  auto copied = registry::importArchive(options.file, *to, *selection,
                                        trust->admit(registry::Purpose::Use),
                                        makeProgress());
  if (!copied)
    return copied.error();
  print("imported", *copied);
  return {};
}

} // namespace twreg

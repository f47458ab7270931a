//===- RegistryCommands.cpp - publish, pull, list and adopt ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The commands on one registry.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Registry/Json.h"
#include "Registry/Registry.h"

#include <cstdio>

namespace twreg {

using namespace ptxbin;
using registry::Registry;

static void printEntry(const char *what, const registry::Record &record) {
  std::printf("%-11s %s\n", what, record.ref.str().c_str());
  std::printf("content id  %s\n", hex(record.contentId).c_str());
  std::printf("manifest    %s\n",
              registry::digestText(record.manifest.digest).c_str());
}

Expected<void> runPublish(const Options &options) {
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto bin = trust->open(options.file, registry::Purpose::Publish);
  if (!bin)
    return bin.error();
  auto artifact = registry::makeArtifact(std::move(*bin));
  if (!artifact)
    return inFile(options.file, artifact.error());
  auto target = Registry::create(options.registry);
  if (!target)
    return target.error();
  auto added = target->add(*artifact, registry::Rule::Publish);
  if (!added)
    return added.error();
  printEntry(*added == registry::Added::New           ? "published"
             : *added == registry::Added::MoreSigners ? "countersigned"
                                                      : "present",
             artifact->record);
  if (*added == registry::Added::Present)
    return {};
  return logEvent(options, "publish",
                  {{"name", artifact->record.ref.name},
                   {"version", artifact->record.ref.version},
                   {"contentId", hex(artifact->record.contentId)},
                   {"registry", target->path()}});
}

Expected<void> runPull(const Options &options) {
  auto query = registry::parseQuery(options.file);
  if (!query)
    return query.error();
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  auto from = Registry::open(options.registry);
  if (!from)
    return from.error();
  auto located = from->find(*query);
  if (!located)
    return located.error();
  auto artifact = from->load(*located, trust->admit(registry::Purpose::Use));
  if (!artifact)
    return artifact.error();
  if (!*artifact)
    return makeError(ErrorKind::Malformed,
                     located->label + ": is not about a .ptxbin");
  const registry::Record &record = (*artifact)->record;
  auto state = trust->state();
  if (!state)
    return state.error();
  if (auto ok = (*state)->checkRelease(record); !ok)
    if (ok.error().kind != ErrorKind::Untrusted || !options.allowRollback)
      return ok;
  if (auto ok = writeFileAtomic(options.output, (*artifact)->bin.bytes()); !ok)
    return ok;
  if (auto ok = (*state)->raiseRelease(record); !ok)
    return ok;
  if (options.output != "-")
    printEntry("pulled", record);
  return {};
}

Expected<void> runList(const Options &options) {
  auto from = Registry::open(options.registry);
  if (!from)
    return from.error();
  auto records = from->records();
  if (!records)
    return records.error();
  if (options.json) {
    registry::json items = registry::json::array();
    for (const registry::Record &record : *records)
      items.push_back(
          {{"name", record.ref.name},
           {"version", record.ref.version},
           {"release", record.release},
           {"publisher", record.publisher},
           {"contentId", hex(record.contentId)},
           {"size", record.layer.size},
           {"digest", registry::digestText(record.layer.digest)},
           {"manifestDigest", registry::digestText(record.manifest.digest)}});
    std::printf("%s\n", items.dump(2, ' ', /*ensure_ascii=*/true).c_str());
    return {};
  }
  if (records->empty())
    return {};
  std::printf("%-32s %-12s %8s %12s  %-12s  %s\n", "NAME", "VERSION", "RELEASE",
              "BYTES", "CONTENT ID", "PUBLISHER");
  for (const registry::Record &record : *records)
    std::printf(
        "%-32s %-12s %8llu %12llu  %.12s  %s\n", record.ref.name.c_str(),
        record.ref.version.c_str(), (unsigned long long)record.release,
        (unsigned long long)record.layer.size, hex(record.contentId).c_str(),
        escape(record.publisher).c_str());
  return {};
}

Expected<void> runAdopt(const Options &options) {
  auto trust = registry::Trust::load(options.whom);
  if (!trust)
    return trust.error();
  // What is there already; only an empty place is not.
  auto there = Registry::open(options.registry);
  if (!there)
    return there.error();
  auto target = Registry::create(options.registry);
  if (!target)
    return target.error();
  auto done = target->adopt(trust->admit(registry::Purpose::Use));
  if (!done)
    return done.error();
  for (const registry::Reference &ref : done->adopted)
    std::printf("adopted     %s\n", ref.str().c_str());
  for (const std::string &why : done->refused)
    std::fprintf(stderr, "twreg: refused: %s\n", escape(why).c_str());
  if (done->refused.empty())
    return {};
  return makeError(ErrorKind::Untrusted, std::to_string(done->refused.size()) +
                                             " entries are not adopted");
}

} // namespace twreg

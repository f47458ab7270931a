//===- TrustOptions.cpp - whom twrun trusts -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg has the same, in other words where twrun's are taken.
//
//===----------------------------------------------------------------------===//

#include "TrustOptions.h"
#include "Run.h"
#include "lib/Trace.h"

#include <cstdlib>

namespace twrun::cli {

void addTrustOptions(CLI::App *command, Options &options) {
  registry::TrustRequest &trust = options.trust;
  command
      ->add_option("--trust", trust.keys,
                   "Public key whose signature admits the file; repeatable")
      ->allow_extra_args(false)
      ->type_name("KEY.pub");
  command->add_flag("--allow-unsigned", trust.allowUnsigned,
                    "Admit a file without any signature; never one with a "
                    "bad or unknown one");
  command
      ->add_option("--policy", trust.policy,
                   "Trust policy; its signatures are in FILE.sig")
      ->type_name("FILE.toml");
  command
      ->add_option("--policy-root", trust.roots,
                   "Public key of a root: one of these must have signed the "
                   "policy; repeatable")
      ->allow_extra_args(false)
      ->type_name("KEY.pub");
  command->add_flag("--strict", trust.strict,
                    "The policy must be signed by its roots, and fresh; and "
                    "nothing in the environment may replace the driver");
  command
      ->add_option("--state", trust.state,
                   "Directory of this machine's high-water marks")
      ->type_name("DIR");
  command
      ->add_option("--finalized", options.finalized,
                   "Cubin that twreg finalize has made of the file")
      ->type_name("IMAGE");
  command->add_flag("--allow-rollback", options.allowRollback,
                    "Take a release below the highest one that was pulled "
                    "here");
}

std::string checkTrustOptions(const Options &options) {
  const registry::TrustRequest &trust = options.trust;
  const bool hasKeys = !trust.keys.empty() || trust.allowUnsigned;
  if (!hasKeys && trust.policy.empty())
    return "--trust KEY.pub or --policy FILE.toml is required (or "
           "--allow-unsigned for a file that carries no signature)";
  if (hasKeys && !trust.policy.empty())
    return "--policy says whom to trust: --trust and --allow-unsigned do not "
           "go with it";
  if (trust.policy.empty() && (trust.strict || !trust.roots.empty() ||
                               !trust.state.empty() || options.allowRollback))
    return "--policy-root, --strict, --state and --allow-rollback go with "
           "--policy";
  return {};
}

/// These decide what code runs as much as a signature does.
static Expected<void> checkEnvironment() {
  for (const char *name :
       {"LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "CUDA_INJECTION64_PATH"})
    if (const char *value = std::getenv(name); value && *value)
      return makeError(ErrorKind::Untrusted,
                       std::string("--strict refuses to run with ") + name +
                           " set: it can replace the driver; unset it");
  // The driver's own cache of compiled PTX is not signed. It reads this when
  // it is initialised, which has not happened yet.
  ::setenv("CUDA_CACHE_DISABLE", "1", /*overwrite=*/1);
  return {};
}

Expected<std::optional<ptxbin::Finalized>>
openFinalized(const Options &options, const ptxbin::PtxBin &artifact) {
  if (options.finalized.empty())
    return std::optional<ptxbin::Finalized>();
  auto trust = registry::Trust::load(options.trust);
  if (!trust)
    return trust.error();
  auto image = trust->openFinalized(options.finalized, artifact);
  if (!image)
    return image.error();
  return std::optional(std::move(*image));
}

Expected<ptxbin::PtxBin> openArtifact(const Options &options) {
  if (options.trust.strict)
    if (auto ok = checkEnvironment(); !ok)
      return ok.error();
  auto trust = registry::Trust::load(options.trust);
  if (!trust)
    return trust.error();
  TraceSpan reading("read artifact");
  auto file = ptxbin::readFile(options.file, ptxbin::maxFileBytes);
  reading.end();
  if (!file)
    return file.error();
  TraceSpan span("verify artifact");
  span.note("bytes", uint64_t(file->size()));
  auto artifact = trust->admit(registry::Purpose::Use)(std::move(*file));
  if (!artifact)
    return ptxbin::inFile(options.file, artifact.error());
  if (!trust->hasPolicy() || options.allowRollback)
    return artifact;
  if (auto ok = trust->checkRelease(*artifact); !ok)
    return ptxbin::inFile(options.file, ok.error());
  return artifact;
}

} // namespace twrun::cli

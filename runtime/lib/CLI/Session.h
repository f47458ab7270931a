//===- Session.h - what launch, invoke and run share ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the options to a kernel, and from a finished run to its sinks.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_SESSION_H
#define TWRUN_LIB_CLI_SESSION_H

#include "Arguments.h"
#include "Options.h"

namespace twrun::cli {

struct SavedSink {
  std::string path;
  uint64_t bytes = 0;
};

/// The last module of that name; without a name, the last.
Expected<uint32_t> findModule(const ptxbin::Manifest &manifest,
                              const std::optional<std::string> &name);

/// What `options` ask of an artifact that it cannot give: fuel that it does not
/// count, a comparison of bits where it rounds otherwise. `fuel` is whether any
/// is given.
Expected<void> checkAsked(const Options &options,
                          const ptxbin::Manifest &manifest, bool fuel);

/// Where --device says.
Expected<std::unique_ptr<Device>> openDevice(const Options &options);

/// Instantiates it; a module that is at fault itself is Incompatible.
Expected<std::unique_ptr<Executor>> instantiate(Device &device,
                                                const ptxbin::PtxBin &artifact,
                                                const InstanceOptions &options);

/// Writes the sinks of `arguments`, all encoded before the first is written, so
/// that what can be found wrong is found while nothing has changed. `order`
/// tells, for each buffer, the place in `arguments` of the one whose contents
/// it has now; empty: its own.
Expected<std::vector<SavedSink>> saveSinks(const Arguments &arguments,
                                           const Placement &placement,
                                           Executor &executor,
                                           std::span<const size_t> order = {});

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_SESSION_H

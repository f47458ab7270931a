//===- Image.h - one image in the making ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is compiled for one machine: a module, or the parts of a large one. An
// LLVM context belongs to one task and goes with it.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_PIPELINES_IMAGE_H
#define TWC_LIB_PIPELINES_IMAGE_H

#include "Format/Bounds.h"
#include "Parts.h"
#include "Workers.h"
#include "twc/Target/Host.h"
#include "twc/Target/PTX.h"
#include "twc/Transforms/BoundsRemarks.h"

#include <optional>
#include <string>

namespace twc {

class Image {
public:
  /// Binary: PTX text or a shared object. IR: what becomes of the LLVM IR.
  enum class Output { Binary, IR };

  struct Settings {
    std::optional<GPUArch> arch; // none: the host
    unsigned optLevel = 2;
    ptxbin::BoundsMode bounds = ptxbin::BoundsMode::Check;
    Output output = Output::Binary;
    std::string fileName; // for errors
    bool remarks = false; // keeps what the passes say of bounds checks
  };

  Image(Settings settings, Workers &workers)
      : settings(std::move(settings)), workers(workers) {}
  Image(const Image &) = delete;
  Image &operator=(const Image &) = delete;
  /// Waits: tasks write into the image.
  ~Image() { workers.wait(group); }

  /// Starts on a whole module, whose context goes with it.
  void start(std::unique_ptr<llvm::LLVMContext> context,
             std::unique_ptr<llvm::Module> module);
  /// Starts on all parts of a plan, which may be several images'.
  void start(std::shared_ptr<const PartPlan> plan);

  /// The image when all is done, or the first part's error. Links, so it is
  /// for one thread only: lld is not reentrant.
  llvm::Expected<std::string> finish();
  /// Of the finished image, part by part; once, and only if asked for.
  std::vector<BoundsRemark> takeRemarks();

private:
  struct Diagnostics;
  /// What a task makes; one of the first three.
  struct Result {
    std::string text, error;
    std::optional<HostObject> object;
    std::vector<BoundsRemark> remarks;
    std::vector<std::pair<uint32_t, uint32_t>> accesses; // before any pass
  };

  llvm::Expected<Result> compile(llvm::Module &module,
                                 std::optional<unsigned> part);
  void store(Result &result, Diagnostics &diagnostics,
             llvm::Expected<Result> made);

  Settings settings;
  Workers &workers;
  Workers::Group group;
  std::vector<Result> results; // by part; not resized once tasks run
};

} // namespace twc

#endif // TWC_LIB_PIPELINES_IMAGE_H

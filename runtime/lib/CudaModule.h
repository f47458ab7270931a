//===- CudaModule.h - an artifact's GPU image, loaded -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A CUmodule and what the runtime asked it about its kernels.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAMODULE_H
#define TWRUN_LIB_CUDAMODULE_H

#include "Driver.h"
#include "Format/Finalized.h"

#include <memory>

namespace twrun {

class CudaDevice;

class CudaModule {
public:
  /// Loads section `index` of `artifact`, PTX or cubin; a failure of the
  /// driver's assembler comes with its log.
  static ptxbin::Expected<std::shared_ptr<CudaModule>>
  load(CudaDevice &device, const ptxbin::PtxBin &artifact, size_t index);
  static ptxbin::Expected<std::shared_ptr<CudaModule>>
  load(CudaDevice &device, const ptxbin::PtxBin &artifact,
       const ptxbin::Finalized &finalized);
  ~CudaModule();
  CudaModule(const CudaModule &) = delete;

  /// Whether any function of it recurses, so that the stack it needs is not
  /// known beforehand.
  bool recurses() const { return hasRecursion; }

  struct Kernel {
    cuda::CUfunction function = nullptr;
    unsigned maxThreads = 0;        // per block, as its registers allow
    uint64_t localBytes = 0;        // of each thread, recursion aside
    uint64_t staticSharedBytes = 0; // of each block, beside what a launch adds
  };
  /// The entry `symbol`, of which `name` is the export. The context must be
  /// current. Thread-safe.
  ptxbin::Expected<Kernel> kernel(const std::string &symbol,
                                  const std::string &name) const;

private:
  explicit CudaModule(CudaDevice &device) : device(device) {}
  static ptxbin::Expected<std::shared_ptr<CudaModule>>
  loadImage(CudaDevice &device, const ptxbin::PtxBin &artifact,
            const ptxbin::SectionKey &key, ptxbin::Bytes image);
  CudaDevice &device;
  cuda::CUmodule handle = nullptr;
  bool hasRecursion = false;
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAMODULE_H

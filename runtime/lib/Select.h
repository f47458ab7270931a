//===- Select.h - which of an artifact's images a device runs ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules of image selection, apart from any device so that they can be
// tested without one.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_SELECT_H
#define TWRUN_LIB_SELECT_H

#include "Format/PtxBin.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace twrun {

/// What a GPU and its driver can take.
struct GPUTarget {
  unsigned cc = 0;     // compute capability 9.0 is 90
  unsigned ptxISA = 0; // newest PTX ISA version the driver assembles; 7.7 is 77
};

/// The newest PTX ISA version that a driver of CUDA version `cudaVersion` (as
/// cuDriverGetVersion tells it, 12.4 is 12040) accepts.
unsigned ptxISAOfDriver(int cudaVersion);

/// Why an image does not run there, or nothing: it does.
std::string whyNotOnGPU(const ptxbin::SectionKey &key, GPUTarget target);

/// What becomes of an image, and why.
struct ImageVerdict {
  size_t section = 0;
  enum { Chosen, Behind, CannotRun } verdict = CannotRun;
  std::string reason;
};
std::vector<ImageVerdict>
explainGPUImages(std::span<const ptxbin::Section> sections, GPUTarget target);
std::vector<ImageVerdict>
explainHostImages(std::span<const ptxbin::Section> sections,
                  uint64_t cpuFeatures);

/// Index of the section to load, best first: a cubin for exactly this compute
/// capability; a cubin of the same major and the highest lower minor version;
/// PTX of the highest compute capability not above the device's and a PTX ISA
/// version the driver knows. Suffix `a` needs the exact compute capability and
/// `f` the same family; at the same capability `a` is preferred to `f`, and
/// `f` to none.
ptxbin::Expected<size_t>
selectGPUImage(std::span<const ptxbin::Section> sections, GPUTarget target);

/// Index of the host image for this machine that uses the most of
/// `cpuFeatures`, what the CPU has.
ptxbin::Expected<size_t>
selectHostImage(std::span<const ptxbin::Section> sections,
                uint64_t cpuFeatures);

/// The bits of ptxbin::cpuX86_64_* that this CPU has, and a list of the
/// instruction sets that `wanted` needs and it lacks ("avx2, fma").
uint64_t hostCpuFeatures();
std::string missingCpuFeatures(uint64_t wanted);

} // namespace twrun

#endif // TWRUN_LIB_SELECT_H

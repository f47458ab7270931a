//===- CudaModule.cpp - an artifact's GPU image, loaded -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bytes come from the verified buffer; the driver copies what it needs.
//
//===----------------------------------------------------------------------===//

#include "CudaModule.h"

#include "CudaDevice.h"
#include "Format/Images.h"
#include "Quote.h"
#include "Trace.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

/// Recursive functions, and only they, read the stack pointer. The driver
/// cannot be asked: it reports no local memory for them.
static bool readsStackPointer(const Bytes &ptx) {
  static constexpr std::string_view instruction = "stacksave";
  return std::search(ptx.begin(), ptx.end(), instruction.begin(),
                     instruction.end()) != ptx.end();
}

/// The same for a cubin, by the PTX beside it; without any, it may recurse.
static bool mayRecurse(const PtxBin &artifact) {
  const std::vector<Section> &sections = artifact.sections();
  for (size_t i = 0; i < sections.size(); ++i)
    if (sections[i].key.type == SectionType::PTX) {
      Expected<Bytes> ptx = artifact.raw(i);
      return !ptx || readsStackPointer(*ptx);
    }
  return true;
}

Expected<std::shared_ptr<CudaModule>>
CudaModule::load(CudaDevice &device, const PtxBin &artifact, size_t index) {
  Expected<Bytes> image = artifact.raw(index);
  if (!image)
    return image.error();
  return loadImage(device, artifact, artifact.sections()[index].key,
                   std::move(*image));
}

Expected<std::shared_ptr<CudaModule>>
CudaModule::load(CudaDevice &device, const PtxBin &artifact,
                 const Finalized &finalized) {
  SectionKey key;
  key.type = SectionType::Cubin;
  key.cc = finalized.info().cc;
  ByteView cubin = finalized.cubin();
  return loadImage(device, artifact, key, Bytes(cubin.begin(), cubin.end()));
}

Expected<std::shared_ptr<CudaModule>>
CudaModule::loadImage(CudaDevice &device, const PtxBin &artifact,
                      const SectionKey &key, Bytes image) {
  if (Expected<void> ok = checkImage(key, image); !ok)
    return ok.error();
  if (key.type == SectionType::PTX)
    image.push_back(0);

  CudaDevice::Current current(device);
  std::string log(8192, '\0');
  int options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void *values[] = {log.data(), reinterpret_cast<void *>(log.size() - 1)};
  std::shared_ptr<CudaModule> module(new CudaModule(device));
  module->hasRecursion = key.type == SectionType::PTX ? readsStackPointer(image)
                                                      : mayRecurse(artifact);
  TraceSpan span(key.type == SectionType::PTX ? "assemble PTX" : "load cubin");
  span.note("bytes", uint64_t(image.size()));
  span.note("target", "sm_" + std::to_string(key.cc));
  CUresult result = device.driver.ModuleLoadDataEx(
      &module->handle, image.data(), 2, options, values);
  if (result == CUDA_SUCCESS)
    return module;
  module->handle = nullptr;
  const bool isPTX = key.type == SectionType::PTX;
  auto isa = [](unsigned version) {
    return std::to_string(version / 10) + "." + std::to_string(version % 10);
  };
  Error error = device.failure(
      std::string("cannot load the ") + toString(key.type) + " image for sm_" +
          std::to_string(key.cc) +
          (isPTX ? " of PTX ISA " + isa(key.ptxISA) : "") + ", of " +
          std::to_string(image.size()) + " bytes, with a driver of CUDA " +
          versionName(device.driver.version) +
          (isPTX ? ", PTX ISA " + isa(ptxISAOfDriver(device.driver.version))
                 : ""),
      result);
  // The image and this driver do not go together; nothing is broken.
  if (result == CUDA_ERROR_UNSUPPORTED_PTX_VERSION ||
      result == CUDA_ERROR_NO_BINARY_FOR_GPU)
    error.kind = ErrorKind::Incompatible;
  std::string text = oneLine(log.c_str());
  if (!text.empty())
    error.message += "; the assembler says: " + text;
  return error;
}

CudaModule::~CudaModule() {
  if (!handle)
    return;
  CudaDevice::Current current(device);
  device.driver.ModuleUnload(handle);
}

Expected<CudaModule::Kernel> CudaModule::kernel(const std::string &symbol,
                                                const std::string &name) const {
  Kernel kernel;
  CUresult result =
      device.driver.ModuleGetFunction(&kernel.function, handle, symbol.c_str());
  if (result == CUDA_ERROR_NOT_FOUND)
    return makeError(ErrorKind::NotFound, "the GPU image has no entry " +
                                              quoteName(symbol) + " for " +
                                              quoteName(name));
  int threads = 0, local = 0, shared = 0;
  if (result == CUDA_SUCCESS)
    result = device.driver.FuncGetAttribute(
        &threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, kernel.function);
  if (result == CUDA_SUCCESS)
    result = device.driver.FuncGetAttribute(
        &local, CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES, kernel.function);
  if (result == CUDA_SUCCESS)
    result = device.driver.FuncGetAttribute(
        &shared, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, kernel.function);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot find the entry " + quoteName(symbol), result);
  kernel.maxThreads = unsigned(std::max(threads, 0));
  kernel.localBytes = unsigned(std::max(local, 0));
  kernel.staticSharedBytes = unsigned(std::max(shared, 0));
  return kernel;
}

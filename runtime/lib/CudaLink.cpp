//===- CudaLink.cpp - cubins from the driver's linker ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver assembles PTX as it would on loading, and hands out the result.
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"

#include "Format/Images.h"
#include "Quote.h"

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

Expected<CudaDevice::Linked> CudaDevice::finalize(const PtxBin &artifact) {
  // Cubins that are there already need nothing of this.
  std::vector<Section> texts;
  std::vector<size_t> indices;
  for (size_t i = 0; i < artifact.sections().size(); ++i)
    if (artifact.sections()[i].key.type == SectionType::PTX) {
      texts.push_back(artifact.sections()[i]);
      indices.push_back(i);
    }
  Expected<size_t> chosen = selectGPUImage(texts, target);
  if (!chosen)
    return chosen.error();
  Expected<Bytes> ptx = artifact.raw(indices[*chosen]);
  if (!ptx)
    return ptx.error();
  if (Expected<void> ok = checkImage(texts[*chosen].key, *ptx); !ok)
    return ok.error();
  ptx->push_back(0);

  Current current(*this);
  std::string log(8192, '\0');
  int options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void *values[] = {log.data(), reinterpret_cast<void *>(log.size() - 1)};
  CUlinkState state = nullptr;
  void *cubin = nullptr; // the linker's, until it is destroyed
  size_t size = 0;
  CUresult result = driver.LinkCreate(2, options, values, &state);
  if (result == CUDA_SUCCESS)
    result = driver.LinkAddData(state, CU_JIT_INPUT_PTX, ptx->data(),
                                ptx->size(), "kernel.ptx", 0, nullptr, nullptr);
  if (result == CUDA_SUCCESS)
    result = driver.LinkComplete(state, &cubin, &size);
  Linked out;
  if (result == CUDA_SUCCESS) {
    auto *bytes = static_cast<const uint8_t *>(cubin);
    out.cubin.assign(bytes, bytes + size);
  }
  if (state)
    driver.LinkDestroy(state);
  if (result != CUDA_SUCCESS) {
    Error error = failure("cannot finalize the PTX", result);
    std::string text = oneLine(log.c_str());
    if (!text.empty())
      error.message += "; the assembler says: " + text;
    return error;
  }
  out.info = {uint16_t(target.cc), uint32_t(driver.version),
              artifact.contentId(), texts[*chosen].rawDigest};
  return out;
}

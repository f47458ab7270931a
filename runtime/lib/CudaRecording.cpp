//===- CudaRecording.cpp - recorded calls as a CUDA graph -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Captured from a stream of its own, so that nothing else gets into it.
//
//===----------------------------------------------------------------------===//

#include "CudaRecording.h"

#include "Quote.h"

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

CudaRecording::~CudaRecording() {
  if (!graph || device.forked())
    return;
  CudaDevice::Current current(device);
  device.driver.GraphExecDestroy(graph);
}

Expected<std::shared_ptr<RecordedCalls>>
CudaInstance::recordCalls(std::vector<std::shared_ptr<LaunchState>> calls) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  const Driver &driver = device.driver;
  auto recording = std::make_shared<CudaRecording>(device);
  auto marks = ManagedMemory::allocate(device, sizeof(abi::TrapRecord),
                                       "the trap record of recorded calls");
  if (!marks)
    return marks.error();
  recording->marks = std::move(*marks);
  *recording->record() = {};

  // All that can be refused is refused before the capture begins.
  std::vector<Prepared> prepared;
  for (const std::shared_ptr<LaunchState> &call : calls) {
    Expected<Prepared> one = prepare({*call->kernel,
                                      *call->symbol,
                                      call->grid,
                                      call->block,
                                      {},
                                      call->sharedBytes},
                                     {recording->record(), nullptr, nullptr});
    if (!one)
      return one.error();
    prepared.push_back(*one);
  }
  CUstream capture = nullptr;
  CUgraph graph = nullptr;
  CUresult result = driver.StreamCreate(&capture, CU_STREAM_NON_BLOCKING);
  if (result == CUDA_SUCCESS)
    result = driver.StreamBeginCapture(capture,
                                       CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
  if (result == CUDA_SUCCESS) {
    for (size_t i = 0; i < calls.size() && result == CUDA_SUCCESS; ++i)
      result = enqueue(prepared[i], calls[i]->slots.data(),
                       calls[i]->slots.size() / 2, capture);
    // Whatever came of it, or the stream stays in capture.
    const CUresult ended = driver.StreamEndCapture(capture, &graph);
    if (result == CUDA_SUCCESS)
      result = ended;
  }
  if (result == CUDA_SUCCESS)
    result = driver.GraphInstantiateWithFlags(&recording->graph, graph, 0);
  if (graph)
    driver.GraphDestroy(graph);
  if (capture)
    driver.StreamDestroy(capture);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot record " + std::to_string(calls.size()) +
                              " calls, the first of " +
                              quoteName(calls[0]->kernel->name),
                          result);
  recording->calls = std::move(calls);
  return std::shared_ptr<RecordedCalls>(std::move(recording));
}

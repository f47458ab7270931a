//===- CudaReservation.cpp - device memory that grows in place ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CUDA Driver API, "Virtual Memory Management". A mapping must begin at the
// start of its allocation, and be undone as it was made: so each growth is one
// allocation with one mapping, and a sink is as large as a granule.
//
//===----------------------------------------------------------------------===//

#include "CudaReservation.h"

#include "CudaDevice.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

static uint64_t wholePages(uint64_t bytes) {
  return (bytes + granuleBytes - 1) / granuleBytes * granuleBytes;
}

CudaPages::CudaPages(CudaPages &&other) noexcept { *this = std::move(other); }

CudaPages &CudaPages::operator=(CudaPages &&other) noexcept {
  std::swap(device, other.device);
  std::swap(handle, other.handle);
  std::swap(bytes, other.bytes);
  return *this;
}

CudaPages::~CudaPages() {
  if (!device || device->forked())
    return;
  CudaDevice::Current current(*device);
  device->driver.MemRelease(handle);
}

Expected<CudaPages> CudaPages::create(CudaDevice &device, uint64_t bytes,
                                      const char *purpose) {
  CUmemAllocationProp kind{};
  kind.type = CU_MEM_ALLOCATION_TYPE_PINNED;
  kind.location = {CU_MEM_LOCATION_TYPE_DEVICE, device.handle};
  size_t granule = 0;
  CUresult result = device.driver.MemGetAllocationGranularity(
      &granule, &kind, CU_MEM_ALLOC_GRANULARITY_MINIMUM);
  if (result == CUDA_SUCCESS && (granule == 0 || granuleBytes % granule))
    return makeError(ErrorKind::Incompatible,
                     "isolated and reserved memory need a device whose virtual "
                     "memory has granules of 2 MiB, but this one's have " +
                         std::to_string(granule) + " bytes");
  CudaPages pages;
  if (result == CUDA_SUCCESS)
    result = device.driver.MemCreate(&pages.handle, bytes, &kind, 0);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot allocate " + std::to_string(bytes) +
                              " bytes for " + purpose,
                          result);
  pages.device = &device;
  pages.bytes = bytes;
  return pages;
}

CudaReservation::~CudaReservation() {
  if (!base || copier.device.forked())
    return;
  const Driver &driver = copier.device.driver;
  CudaDevice::Current current(copier.device);
  // What is not mapped, after a failure or for want of a sink, must not be
  // unmapped: one by one.
  if (broken || !sink || driver.MemUnmap(base, reach) != CUDA_SUCCESS) {
    uint64_t at = 0;
    for (const CudaPages &each : pages) {
      (void)driver.MemUnmap(base + at, each.bytes);
      at += each.bytes;
    }
    for (at = 0; sink && at < reach; at += granuleBytes)
      (void)driver.MemUnmap(base + at, granuleBytes);
  }
  driver.MemAddressFree(base, reach);
}

Expected<void> CudaReservation::checkWhole() const {
  if (!broken)
    return {};
  return makeError(ErrorKind::Device,
                   "linear memory is not mapped in full after an earlier "
                   "failure; make a new instance");
}

Expected<void> CudaReservation::allowAccess(uint64_t begin, uint64_t end) {
  if (begin == end)
    return {};
  CUmemAccessDesc access{};
  access.location = {CU_MEM_LOCATION_TYPE_DEVICE, copier.device.handle};
  access.flags = CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
  CUresult result =
      copier.device.driver.MemSetAccess(base + begin, end - begin, &access, 1);
  if (result != CUDA_SUCCESS)
    return copier.device.failure("cannot make linear memory accessible",
                                 result);
  return {};
}

Expected<void> CudaReservation::mapSink(uint64_t begin, uint64_t end) {
  for (uint64_t at = begin; sink && at < end; at += granuleBytes) {
    CUresult result = copier.device.driver.MemMap(base + at, granuleBytes, 0,
                                                  sink->handle, 0);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot map the sink of linear memory",
                                   result);
  }
  return {};
}

Expected<void> CudaReservation::create(uint64_t bytes) {
  if (!reach) // a memory that can have no page
    return {};
  CUresult result =
      copier.device.driver.MemAddressReserve(&base, reach, granuleBytes, 0, 0);
  if (result != CUDA_SUCCESS) {
    base = 0;
    return copier.device.failure("cannot reserve " + std::to_string(reach) +
                                     " bytes of addresses for linear memory",
                                 result);
  }
  broken = true; // until all is mapped
  const uint64_t end = wholePages(bytes);
  if (end) {
    Expected<CudaPages> first =
        CudaPages::create(copier.device, end, "linear memory");
    if (!first)
      return first.error();
    result = copier.device.driver.MemMap(base, end, 0, first->handle, 0);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot map linear memory", result);
    pages.push_back(std::move(*first));
    backed = end;
    usable = bytes;
  }
  if (Expected<void> ok = mapSink(backed, reach); !ok)
    return ok;
  if (Expected<void> ok = allowAccess(0, sink ? reach : backed); !ok)
    return ok;
  broken = false;
  return copier.zero(base, usable);
}

Expected<void> CudaReservation::addPages(uint64_t end) {
  Expected<CudaPages> more =
      CudaPages::create(copier.device, end - backed, "linear memory");
  if (!more)
    return more.error();
  const Driver &driver = copier.device.driver;
  broken = true;
  // Each of its own mapping, which is all that the manual says can be undone.
  CUresult result = CUDA_SUCCESS;
  for (uint64_t at = backed; sink && at < end && result == CUDA_SUCCESS;
       at += granuleBytes)
    result = driver.MemUnmap(base + at, granuleBytes);
  if (result == CUDA_SUCCESS)
    result = driver.MemMap(base + backed, more->bytes, 0, more->handle, 0);
  if (result != CUDA_SUCCESS)
    return copier.device.failure("cannot map " + std::to_string(more->bytes) +
                                     " more bytes of linear memory",
                                 result);
  pages.push_back(std::move(*more));
  if (Expected<void> ok = allowAccess(backed, end); !ok)
    return ok;
  broken = false;
  backed = end;
  return {};
}

Expected<void> CudaReservation::dropPages(uint64_t bytes) {
  while (!pages.empty() && backed - pages.back().bytes >= bytes) {
    const uint64_t begin = backed - pages.back().bytes;
    broken = true;
    CUresult result =
        copier.device.driver.MemUnmap(base + begin, pages.back().bytes);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot unmap linear memory", result);
    pages.pop_back();
    if (Expected<void> ok = mapSink(begin, backed); !ok)
      return ok;
    if (sink)
      if (Expected<void> ok = allowAccess(begin, backed); !ok)
        return ok;
    broken = false;
    backed = begin;
  }
  return {};
}

Expected<void> CudaReservation::resize(uint64_t bytes) {
  if (bytes == usable)
    return {};
  if (Expected<void> ok = checkWhole(); !ok)
    return ok;
  const uint64_t before = usable;
  if (bytes < before) {
    // The pages that stay are cleared when they are needed again.
    usable = bytes;
    return dropPages(bytes);
  }
  if (wholePages(bytes) > backed)
    if (Expected<void> ok = addPages(wholePages(bytes)); !ok)
      return ok;
  usable = bytes;
  return copier.zero(base + before, bytes - before);
}

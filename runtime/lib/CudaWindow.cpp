//===- CudaWindow.cpp - isolated memories of a CUDA device ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CUDA Driver API, "Virtual Memory Management". A mapping must begin at the
// start of its allocation, which is why a sink is as large as a granule and is
// mapped some 2,000 times.
//
//===----------------------------------------------------------------------===//

#include "CudaWindow.h"

#include "Sink.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

static uint64_t wholePages(uint64_t bytes) {
  return (bytes + sinkBytes - 1) / sinkBytes * sinkBytes;
}

//===-- Pages and copies --------------------------------------------------===//

CudaPages::CudaPages(CudaPages &&other) noexcept { *this = std::move(other); }

CudaPages &CudaPages::operator=(CudaPages &&other) noexcept {
  std::swap(device, other.device);
  std::swap(handle, other.handle);
  std::swap(bytes, other.bytes);
  return *this;
}

CudaPages::~CudaPages() {
  if (!device)
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
  if (result == CUDA_SUCCESS && (granule == 0 || sinkBytes % granule))
    return makeError(ErrorKind::Incompatible,
                     "isolated memory needs a device whose virtual memory has "
                     "granules of 2 MiB, but this one's have " +
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

static Expected<void> wait(const CudaCopier &copier, CUresult result,
                           const char *what) {
  if (result == CUDA_SUCCESS)
    result = copier.device.driver.StreamSynchronize(copier.stream);
  if (result != CUDA_SUCCESS)
    return copier.device.failure(what, result);
  return {};
}

Expected<void> CudaCopier::toDevice(CUdeviceptr to,
                                    std::span<const uint8_t> from) const {
  if (from.empty())
    return {};
  return wait(
      *this,
      device.driver.MemcpyHtoDAsync(to, from.data(), from.size(), stream),
      "cannot copy to linear memory");
}

Expected<void> CudaCopier::fromDevice(std::span<uint8_t> to,
                                      CUdeviceptr from) const {
  if (to.empty())
    return {};
  return wait(*this,
              device.driver.MemcpyDtoHAsync(to.data(), from, to.size(), stream),
              "cannot copy from linear memory");
}

Expected<void> CudaCopier::zero(CUdeviceptr at, uint64_t bytes) const {
  if (!bytes)
    return {};
  return wait(*this, device.driver.MemsetD8Async(at, 0, bytes, stream),
              "cannot clear linear memory");
}

//===-- The window --------------------------------------------------------===//

CudaWindow::~CudaWindow() {
  if (!base)
    return;
  const Driver &driver = copier.device.driver;
  CudaDevice::Current current(copier.device);
  // What is not mapped, after a failure, stands between what is: one by one.
  if (!broken && driver.MemUnmap(base, reach) == CUDA_SUCCESS) {
    driver.MemAddressFree(base, reach);
    return;
  }
  uint64_t at = 0;
  for (const CudaPages &each : pages) {
    (void)driver.MemUnmap(base + at, each.bytes);
    at += each.bytes;
  }
  for (at = 0; at < reach; at += sinkBytes)
    (void)driver.MemUnmap(base + at, sinkBytes);
  driver.MemAddressFree(base, reach);
}

Expected<void> CudaWindow::allowAccess(uint64_t begin, uint64_t end) {
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

Expected<void> CudaWindow::mapSink(uint64_t begin, uint64_t end) {
  for (uint64_t at = begin; at < end; at += sinkBytes) {
    CUresult result =
        copier.device.driver.MemMap(base + at, sinkBytes, 0, sink.handle, 0);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot map the sink of linear memory",
                                   result);
  }
  return {};
}

/// The pages end behind the memory: what is between belongs to the sink.
Expected<void> CudaWindow::fillTail() {
  return copier.toDevice(base + usable,
                         sinkPatternFrom(usable).first(backed - usable));
}

Expected<void> CudaWindow::create(uint64_t size, uint64_t capacity) {
  Expected<HostMemory> space =
      HostMemory::reserve(std::max<uint64_t>(capacity, 1), hostPageSize(),
                          "a copy of linear memory");
  if (!space)
    return space.error();
  copy = std::move(*space);
  if (!copy.protect(0, copy.size(), PROT_READ | PROT_WRITE))
    return makeError(ErrorKind::IO, std::string("cannot map a copy of linear "
                                                "memory: ") +
                                        strerror(errno));
  CUresult result =
      copier.device.driver.MemAddressReserve(&base, reach, sinkBytes, 0, 0);
  if (result != CUDA_SUCCESS) {
    base = 0;
    return copier.device.failure("cannot reserve " + std::to_string(reach) +
                                     " bytes of addresses for linear memory",
                                 result);
  }
  broken = true; // until all is mapped
  if (size) {
    Expected<CudaPages> first =
        CudaPages::create(copier.device, wholePages(size), "linear memory");
    if (!first)
      return first.error();
    const CudaPages &page = pages.emplace_back(std::move(*first));
    result = copier.device.driver.MemMap(base, page.bytes, 0, page.handle, 0);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot map linear memory", result);
    backed = page.bytes;
    usable = size;
  }
  if (Expected<void> ok = mapSink(backed, reach); !ok)
    return ok;
  if (Expected<void> ok = allowAccess(0, reach); !ok)
    return ok;
  broken = false;
  if (Expected<void> ok = copier.zero(base, usable); !ok)
    return ok;
  return fillTail();
}

Expected<void> CudaWindow::grow(uint64_t bytes) {
  if (bytes <= usable)
    return {};
  if (Expected<void> ok = checkWhole(); !ok)
    return ok;
  const uint64_t before = usable, end = wholePages(bytes);
  if (end > backed) {
    Expected<CudaPages> more =
        CudaPages::create(copier.device, end - backed, "linear memory");
    if (!more)
      return more.error();
    const Driver &driver = copier.device.driver;
    const CudaPages &page = pages.emplace_back(std::move(*more));
    broken = true;
    // Each of its own mapping, which is all that the manual says can be undone.
    CUresult result = CUDA_SUCCESS;
    for (uint64_t at = backed; at < end && result == CUDA_SUCCESS;
         at += sinkBytes)
      result = driver.MemUnmap(base + at, sinkBytes);
    if (result == CUDA_SUCCESS)
      result = driver.MemMap(base + backed, page.bytes, 0, page.handle, 0);
    if (result != CUDA_SUCCESS)
      return copier.device.failure("cannot map " + std::to_string(page.bytes) +
                                       " more bytes of linear memory",
                                   result);
    if (Expected<void> ok = allowAccess(backed, end); !ok)
      return ok;
    broken = false;
    backed = end;
  }
  usable = bytes;
  if (Expected<void> ok = copier.zero(base + before, bytes - before); !ok)
    return ok;
  return fillTail();
}

Expected<std::span<uint8_t>> CudaWindow::pull(uint64_t bytes) {
  // A copy that is current holds zeros where the memory has grown since.
  if (!isCurrent)
    if (Expected<void> ok =
            copier.fromDevice({copy.data(), size_t(bytes)}, base);
        !ok)
      return ok.error();
  isCurrent = true;
  given = std::max(given, bytes);
  return std::span<uint8_t>(copy.data(), size_t(bytes));
}

Expected<void> CudaWindow::checkWhole() const {
  if (!broken)
    return {};
  return makeError(ErrorKind::Device,
                   "linear memory is not mapped in full after an earlier "
                   "failure; make a new instance");
}

Expected<void> CudaWindow::push() {
  if (Expected<void> ok = checkWhole(); !ok)
    return ok;
  if (Expected<void> ok = copier.toDevice(base, {copy.data(), size_t(given)});
      !ok)
    return ok;
  given = 0;
  isCurrent = false;
  return {};
}

Expected<bool> CudaWindow::takeChanges(uint64_t size, uint64_t room) {
  std::vector<uint8_t> seen(std::max(backed - usable, room));
  std::span<uint8_t> tail(seen.data(), backed - usable);
  if (Expected<void> ok = copier.fromDevice(tail, base + usable); !ok)
    return ok.error();
  bool found =
      !std::equal(tail.begin(), tail.end(), sinkPatternFrom(usable).begin());
  if (found)
    if (Expected<void> ok = fillTail(); !ok)
      return ok.error();
  std::span<uint8_t> zeros(seen.data(), room);
  if (Expected<void> ok = copier.fromDevice(zeros, base + size); !ok)
    return ok.error();
  if (std::any_of(zeros.begin(), zeros.end(), [](uint8_t b) { return b; })) {
    found = true;
    if (Expected<void> ok = copier.zero(base + size, room); !ok)
      return ok.error();
  }
  return found;
}

//===- HostMemory.cpp - anonymous memory of the host, owned ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mmap with PROT_NONE and MAP_NORESERVE: address space costs nothing until a
// page of it is touched.
//
//===----------------------------------------------------------------------===//

#include "HostMemory.h"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace twrun;
using namespace ptxbin;

size_t twrun::hostPageSize() {
  static const size_t size = size_t(sysconf(_SC_PAGESIZE));
  return size;
}

/// "12 bytes of memory are available"; "" if nobody tells.
static std::string tellAvailable() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  uint64_t kilobytes = 0;
  while (file >> name >> kilobytes) {
    if (name == "MemAvailable:")
      return std::to_string(kilobytes * 1024) + " bytes of memory are available";
    file.ignore(64, '\n');
  }
  return "";
}

Error twrun::hostMemoryFailure(const std::string &what) {
  const bool isShort = errno == ENOMEM || errno == ENOSPC;
  std::string message = "cannot " + what + ": " + strerror(errno);
  if (!isShort)
    return makeError(ErrorKind::IO, message);
  if (std::string available = tellAvailable(); !available.empty())
    message += "; " + available;
  return makeError(ErrorKind::OutOfMemory, message);
}

HostMemory::HostMemory(HostMemory &&other) noexcept
    : start(std::exchange(other.start, nullptr)),
      bytes(std::exchange(other.bytes, 0)) {}

HostMemory &HostMemory::operator=(HostMemory &&other) noexcept {
  std::swap(start, other.start);
  std::swap(bytes, other.bytes);
  return *this;
}

HostMemory::~HostMemory() {
  if (start)
    munmap(start, bytes);
}

Expected<HostMemory> HostMemory::reserve(size_t size, size_t alignment,
                                         const char *purpose) {
  size_t page = hostPageSize();
  size = (size + page - 1) & ~(page - 1);
  size_t slack = alignment > page ? alignment - page : 0;
  void *mapped = mmap(nullptr, size + slack, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED)
    return hostMemoryFailure("reserve " + std::to_string(size) +
                             " bytes of address space for " + purpose);
  auto address = reinterpret_cast<uintptr_t>(mapped);
  uintptr_t aligned = (address + alignment - 1) & ~(uintptr_t(alignment) - 1);
  if (slack) {
    if (aligned != address)
      munmap(mapped, aligned - address);
    size_t behind = address + size + slack - (aligned + size);
    if (behind)
      munmap(reinterpret_cast<void *>(aligned + size), behind);
  } else {
    aligned = address;
  }
  HostMemory memory;
  memory.start = reinterpret_cast<uint8_t *>(aligned);
  memory.bytes = size;
  return memory;
}

bool HostMemory::protect(size_t offset, size_t size, int protection) {
  assert(offset <= bytes && size <= bytes - offset && "outside the range");
  return size == 0 || mprotect(start + offset, size, protection) == 0;
}

static bool mapAt(uint8_t *place, size_t size, int flags, int file,
                  size_t at) {
  return size == 0 ||
         mmap(place, size, PROT_READ | PROT_WRITE, MAP_FIXED | flags, file,
              off_t(at)) != MAP_FAILED;
}

bool HostMemory::mapZeros(size_t offset, size_t size) {
  assert(offset <= bytes && size <= bytes - offset && "outside the range");
  return mapAt(start + offset, size,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

bool HostMemory::mapFile(size_t offset, size_t size, int file, size_t at) {
  assert(offset <= bytes && size <= bytes - offset && "outside the range");
  return mapAt(start + offset, size, MAP_SHARED, file, at);
}

bool HostMemory::mapCopy(size_t offset, size_t size, int file, size_t at) {
  assert(offset <= bytes && size <= bytes - offset && "outside the range");
  return mapAt(start + offset, size, MAP_PRIVATE | MAP_NORESERVE, file, at);
}

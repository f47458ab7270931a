//===- ArrayFiles.cpp - NumPy's files to and from linear memory -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes are copied as Executor::copyIn and copyOut do, so memory of every kind
// will do.
//
//===----------------------------------------------------------------------===//

#include "Npy.h"

#include "Format/PtxBin.h"

using namespace twrun;
using namespace ptxbin;

Expected<void> twrun::saveNpy(Executor &executor, const std::string &path,
                              ElementType type, const Shape &shape,
                              uint64_t offset, uint32_t index) {
  Expected<uint64_t> bytes = arrayBytes(type, shape);
  if (!bytes)
    return bytes.error();
  // Before anything of that size is allocated.
  if (Expected<void> ok =
          checkRange(executor.memoryBytes(index), offset, *bytes, index);
      !ok)
    return ok;
  Bytes file = npyHeader(type, shape);
  const size_t header = file.size();
  Expected<Bytes> all = allocateZeros(header + *bytes);
  if (!all)
    return all.error();
  std::copy(file.begin(), file.end(), all->begin());
  if (Expected<void> ok = executor.copyOut(
          offset, std::span<uint8_t>(*all).subspan(header), index);
      !ok)
    return ok;
  return writeFileAtomic(path, *all);
}

static Expected<Array> readArray(const std::string &path, uint64_t limit) {
  Expected<Bytes> file = readFile(path, limit + maxNpyPreamble + maxNpyHeader);
  if (!file)
    return file.error();
  Expected<Array> array = readNpy(std::move(*file));
  if (!array)
    return makeError(array.error().kind, path + ": " + array.error().message);
  return array;
}

static Expected<PlacedArray> place(Executor &executor, Array array,
                                   uint64_t offset, uint32_t index) {
  if (Expected<void> ok = executor.copyIn(offset, array.data, index); !ok)
    return ok.error();
  return PlacedArray{array.type, std::move(array.shape),
                     MemoryRange{offset, array.data.size(), index}};
}

Expected<PlacedArray> twrun::loadNpy(Executor &executor,
                                     const std::string &path, uint64_t offset,
                                     uint32_t index) {
  const uint64_t size = executor.memoryBytes(index);
  if (Expected<void> ok = checkRange(size, offset, 0, index); !ok)
    return ok.error();
  Expected<Array> array =
      readArray(path, std::min(size - offset, maxArrayBytes));
  if (!array)
    return array.error();
  return place(executor, std::move(*array), offset, index);
}

Expected<PlacedArray> twrun::loadNpy(Executor &executor,
                                     const std::string &path) {
  Expected<Array> array = readArray(path, maxArrayBytes);
  if (!array)
    return array.error();
  Expected<uint64_t> offset = executor.allocate(array->data.size());
  if (!offset)
    return offset.error();
  return place(executor, std::move(*array), *offset, 0);
}

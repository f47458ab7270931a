//===- Handles.h - what the C interface's handles hold ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each handle keeps what it was made from, so that they can be freed in any
// order. No exception leaves the library: `guarded` turns those of the standard
// library into errors.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_C_HANDLES_H
#define TWRUN_LIB_C_HANDLES_H

#include "twrun/Completion.h"
#include "twrun/twrun.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

struct twrun_error {
  ptxbin::Error error;
};
/// A KernelInfo by another name: the handle is its address.
struct twrun_kernel;
struct twrun_artifact {
  std::shared_ptr<const ptxbin::PtxBin> file;
};
struct twrun_device {
  std::shared_ptr<twrun::Device> device;
  std::string description;
};
struct twrun_instance {
  // In this order: the instance goes first.
  std::shared_ptr<const ptxbin::PtxBin> file;
  std::shared_ptr<twrun::Device> device;
  std::unique_ptr<twrun::Executor> executor;
};
struct twrun_completion {
  twrun::Completion completion;
  std::shared_ptr<const ptxbin::PtxBin> file;
};
struct twrun_outcome {
  twrun::Outcome outcome;
  std::string trapText;
};

namespace twrun::c {

inline const ptxbin::KernelInfo *kernelOf(const twrun_kernel *kernel) {
  return reinterpret_cast<const ptxbin::KernelInfo *>(kernel);
}
inline const twrun_kernel *handleOf(const ptxbin::KernelInfo *kernel) {
  return reinterpret_cast<const twrun_kernel *>(kernel);
}

inline twrun_status statusOf(ptxbin::ErrorKind kind) {
  static_assert(int(ptxbin::ErrorKind::Malformed) + 1 == TWRUN_MALFORMED);
  static_assert(int(ptxbin::ErrorKind::Stopped) + 1 == TWRUN_STOPPED);
  return int(kind) + 1;
}

twrun_status fail(const ptxbin::Error &error, twrun_error **out);
twrun_status invalid(const std::string &message, twrun_error **out);

/// Runs `body`, which returns a status.
template <typename Body> twrun_status guarded(twrun_error **error, Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return fail({ptxbin::ErrorKind::OutOfMemory, "out of memory"}, error);
  } catch (const std::exception &failure) {
    return fail({ptxbin::ErrorKind::IO, failure.what()}, error);
  }
}

/// A structure of the caller's, of this library's size: shorter ones are those
/// of older programs, longer ones those of newer, whose further fields must be
/// zero.
template <typename T>
ptxbin::Expected<T> sized(const T *from, const char *name) {
  T value{};
  if (!from)
    return value;
  const size_t size = from->size;
  if (size < sizeof(size_t) || size > 4096)
    return ptxbin::makeError(ptxbin::ErrorKind::Invalid,
                             std::string(name) + "'s size is " +
                                 std::to_string(size) +
                                 ": set it to sizeof(" + name + ")");
  const auto *bytes = reinterpret_cast<const unsigned char *>(from);
  for (size_t i = sizeof(T); i < size; ++i)
    if (bytes[i])
      return ptxbin::makeError(
          ptxbin::ErrorKind::Incompatible,
          std::string(name) + " has a field at byte " + std::to_string(i) +
              " that this version of the library does not know");
  std::memcpy(&value, from, std::min(size, sizeof(T)));
  value.size = sizeof(T);
  return value;
}

} // namespace twrun::c

#endif // TWRUN_LIB_C_HANDLES_H

//===- Artifacts.cpp - the C interface: errors and artifacts --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twrun/twrun.h, "Artifacts".
//
//===----------------------------------------------------------------------===//

#include "Handles.h"

using namespace twrun;
using namespace twrun::c;
using namespace ptxbin;

twrun_status twrun::c::fail(const Error &error, twrun_error **out) {
  if (out)
    *out = new (std::nothrow) twrun_error{error};
  return statusOf(error.kind);
}

twrun_status twrun::c::invalid(const std::string &message, twrun_error **out) {
  return fail({ErrorKind::Invalid, message}, out);
}

uint32_t twrun_api_version(void) { return TWRUN_API_VERSION; }
const char *twrun_version(void) { return TWRUN_LIBRARY_VERSION; }

twrun_status twrun_error_status(const twrun_error *error) {
  return error ? statusOf(error->error.kind) : TWRUN_OUT_OF_MEMORY;
}
const char *twrun_error_message(const twrun_error *error) {
  return error ? error->error.message.c_str() : "out of memory";
}
void twrun_error_free(twrun_error *error) { delete error; }

static Expected<twrun_artifact *> open(Bytes bytes, const twrun_trust *given) {
  Expected<twrun_trust> trust = sized(given, "twrun_trust");
  if (!trust)
    return trust.error();
  TrustOptions options;
  options.allowUnsigned = trust->allow_unsigned != 0;
  for (size_t i = 0; i < trust->key_count; ++i) {
    Expected<PublicKey> key = readPublicKey(trust->keys[i]);
    if (!key)
      return key.error();
    options.keys.push_back(*key);
  }
  Expected<PtxBin> file = PtxBin::openVerified(std::move(bytes), options);
  if (!file)
    return file.error();
  return new twrun_artifact{
      std::make_shared<const PtxBin>(std::move(*file))};
}

twrun_status twrun_artifact_open(const char *path, const twrun_trust *trust,
                                 twrun_artifact **artifact,
                                 twrun_error **error) {
  if (!path || !artifact)
    return invalid("twrun_artifact_open: a path or an artifact is null", error);
  return guarded(error, [&]() -> twrun_status {
    Expected<Bytes> bytes = readFile(path, maxFileBytes);
    if (!bytes)
      return fail(bytes.error(), error);
    Expected<twrun_artifact *> opened = open(std::move(*bytes), trust);
    if (!opened)
      return fail({opened.error().kind,
                   std::string(path) + ": " + opened.error().message},
                  error);
    *artifact = *opened;
    return TWRUN_OK;
  });
}

twrun_status twrun_artifact_open_bytes(const void *bytes, size_t count,
                                       const twrun_trust *trust,
                                       twrun_artifact **artifact,
                                       twrun_error **error) {
  if (!bytes || !artifact)
    return invalid("twrun_artifact_open_bytes: bytes or an artifact is null",
                   error);
  if (count > maxFileBytes)
    return fail({ErrorKind::Malformed, "expected at most " +
                                           std::to_string(maxFileBytes) +
                                           " bytes, but got " +
                                           std::to_string(count)},
                error);
  return guarded(error, [&]() -> twrun_status {
    const auto *first = static_cast<const uint8_t *>(bytes);
    Expected<twrun_artifact *> opened =
        open(Bytes(first, first + count), trust);
    if (!opened)
      return fail(opened.error(), error);
    *artifact = *opened;
    return TWRUN_OK;
  });
}

void twrun_artifact_free(twrun_artifact *artifact) { delete artifact; }

const char *twrun_artifact_name(const twrun_artifact *artifact) {
  return artifact->file->manifest().name.c_str();
}

size_t twrun_artifact_kernel_count(const twrun_artifact *artifact) {
  return artifact->file->manifest().kernels.size();
}

const twrun_kernel *twrun_artifact_kernel(const twrun_artifact *artifact,
                                          size_t index) {
  const std::vector<KernelInfo> &kernels = artifact->file->manifest().kernels;
  return index < kernels.size() ? handleOf(&kernels[index]) : nullptr;
}

twrun_status twrun_artifact_find(const twrun_artifact *artifact,
                                 const char *name, const twrun_kernel **kernel,
                                 twrun_error **error) {
  if (!artifact || !name || !kernel)
    return invalid("twrun_artifact_find: a parameter is null", error);
  return guarded(error, [&]() -> twrun_status {
    auto found = findKernel(artifact->file->manifest(), name);
    if (!found)
      return fail(found.error(), error);
    *kernel = handleOf(*found);
    return TWRUN_OK;
  });
}

/// Wasm spec 5.3.1 to 5.3.3.
static uint32_t code(ValueType type) {
  switch (type) {
  case ValueType::I32:
    return TWRUN_I32;
  case ValueType::I64:
    return TWRUN_I64;
  case ValueType::F32:
    return TWRUN_F32;
  case ValueType::F64:
    return TWRUN_F64;
  case ValueType::V128:
    return TWRUN_V128;
  case ValueType::FuncRef:
    return TWRUN_FUNCREF;
  case ValueType::ExternRef:
    return TWRUN_EXTERNREF;
  }
  return 0;
}

const char *twrun_kernel_name(const twrun_kernel *kernel) {
  return kernelOf(kernel)->name.c_str();
}
size_t twrun_kernel_param_count(const twrun_kernel *kernel) {
  return kernelOf(kernel)->params.size();
}
size_t twrun_kernel_result_count(const twrun_kernel *kernel) {
  return kernelOf(kernel)->results.size();
}
uint32_t twrun_kernel_param(const twrun_kernel *kernel, size_t index) {
  const auto &params = kernelOf(kernel)->params;
  return index < params.size() ? code(params[index]) : 0;
}
uint32_t twrun_kernel_result(const twrun_kernel *kernel, size_t index) {
  const auto &results = kernelOf(kernel)->results;
  return index < results.size() ? code(results[index]) : 0;
}

twrun_value twrun_outcome_result(const twrun_outcome *outcome, size_t index) {
  const std::vector<Value> &results = outcome->outcome.results;
  if (index >= results.size())
    return {};
  return {code(results[index].type), 0, results[index].bits,
          results[index].high};
}

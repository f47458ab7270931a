//===- Cubin.cpp - PTX to cubin -------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs ptxas on temporary files. Nothing of the project needs it.
//
//===----------------------------------------------------------------------===//

#include "twc/Target/PTX.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace twc;

std::optional<std::string> twc::findPtxas() {
  if (ErrorOr<std::string> path = sys::findProgramByName("ptxas"))
    return *path;
  std::vector<std::string> places;
  if (const char *home = std::getenv("CUDA_HOME"))
    places.push_back(std::string(home) + "/bin/ptxas");
  places.push_back("/usr/local/cuda/bin/ptxas");
  for (const std::string &place : places)
    if (sys::fs::can_execute(place))
      return place;
  return std::nullopt;
}

/// Runs `arguments`, whose output goes to `log`; its exit status.
static int runTool(ArrayRef<StringRef> arguments, StringRef log,
                   std::string &error) {
  std::optional<StringRef> redirects[] = {StringRef(""), log, log};
  return sys::ExecuteAndWait(arguments[0], arguments, std::nullopt, redirects,
                             /*SecondsToWait=*/600, 0, &error);
}

static std::string readAll(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().trim().str() : std::string();
}

std::string twc::getPtxasVersion(StringRef ptxas) {
  SmallString<128> log;
  if (sys::fs::createTemporaryFile("ptxas", "log", log))
    return "unknown";
  FileRemover removeLog(log);
  std::string error;
  runTool({ptxas, "--version"}, log, error);
  std::string text = readAll(log);
  StringRef line = StringRef(text).substr(StringRef(text).find("Cuda compil"));
  return line.split('\n').first.str();
}

Expected<std::vector<uint8_t>>
twc::assembleCubin(StringRef ptxas, StringRef ptx, const GPUArch &arch,
                   unsigned level) {
  SmallString<128> in, out, log;
  if (std::error_code ec = sys::fs::createTemporaryFile("twc", "ptx", in))
    return createStringError(ec, "cannot create a temporary file");
  FileRemover removeIn(in);
  if (std::error_code ec = sys::fs::createTemporaryFile("twc", "cubin", out))
    return createStringError(ec, "cannot create a temporary file");
  FileRemover removeOut(out);
  if (std::error_code ec = sys::fs::createTemporaryFile("twc", "log", log))
    return createStringError(ec, "cannot create a temporary file");
  FileRemover removeLog(log);
  {
    std::error_code ec;
    raw_fd_ostream stream(in, ec);
    stream << ptx;
    stream.close();
    if (ec || stream.has_error())
      return createStringError(inconvertibleErrorCode(),
                               "cannot write '" + in.str().str() + "'");
  }
  std::string gpu = arch.str(), error;
  std::string opt = "-O" + std::to_string(level);
  // -fmad=false: PTX says .rn on every multiply and add, which ptxas must not
  // contract anyway; said twice, it cannot be misread.
  int status = runTool({ptxas, "--gpu-name", gpu, opt, "--fmad=false",
                        "--output-file", out, in},
                       log, error);
  if (status != 0)
    return createStringError(inconvertibleErrorCode(),
                             "ptxas failed: " +
                                 (error.empty() ? readAll(log) : error));
  auto buffer = MemoryBuffer::getFile(out);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read ptxas's output");
  StringRef bytes = (*buffer)->getBuffer();
  return std::vector<uint8_t>(bytes.bytes_begin(), bytes.bytes_end());
}

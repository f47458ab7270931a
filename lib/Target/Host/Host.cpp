//===- Host.cpp - LLVM IR to a host image ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Object code from LLVM, linked by lld in this process.
//
//===----------------------------------------------------------------------===//

#include "twc/Target/Host.h"

#include "lld/Common/Driver.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace twc;

Expected<std::unique_ptr<TargetMachine>>
twc::createHostMachine(unsigned level) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  Triple triple("x86_64-unknown-linux-gnu");
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM has no X86 target: " + error);
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(target->createTargetMachine(
      triple, hostCPU, "", options, Reloc::PIC_, CodeModel::Small,
      level == 0 ? CodeGenOptLevel::None : CodeGenOptLevel::Default));
}

Expected<HostObject> twc::emitHostObject(Module &module,
                                         TargetMachine &machine) {
  SmallString<128> path;
  int descriptor = -1;
  if (std::error_code ec =
          sys::fs::createTemporaryFile("twc", "o", descriptor, path))
    return createStringError(ec, "cannot create a temporary file");
  HostObject object(path.str().str());
  raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  CodeGenFileType::ObjectFile))
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM cannot write x86-64 objects");
  passes.run(module);
  stream.close();
  if (stream.has_error()) {
    std::error_code ec = stream.error();
    stream.clear_error();
    return createStringError(ec, "cannot write '" + object.getPath() + "'");
  }
  return object;
}

Expected<std::string> twc::linkHostImage(ArrayRef<HostObject> objects) {
  SmallString<128> image;
  if (std::error_code ec = sys::fs::createTemporaryFile("twc", "so", image))
    return createStringError(ec, "cannot create a temporary file");
  FileRemover removeImage(image);

  // What the runtime's loader accepts (docs/KernelABI.md): no undefined
  // symbols, no executable stack, a SysV hash table, nothing of this build.
  std::string log;
  raw_string_ostream logStream(log);
  SmallVector<const char *> arguments = {
      "ld.lld",          "-shared",     "-z",
      "defs",            "-z",          "noexecstack",
      "-z",              "norelro",     "-z",
      "separate-code",   "-Bsymbolic",  "--hash-style=sysv",
      "--build-id=none", "--strip-all", "--threads=1"};
  for (const HostObject &object : objects)
    arguments.push_back(object.getPath().c_str());
  arguments.append({"-o", image.c_str()});
  lld::Result result = lld::lldMain(arguments, logStream, logStream,
                                    {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError(inconvertibleErrorCode(),
                             "linking the host image failed: " + log);
  auto buffer = MemoryBuffer::getFile(image);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read the host image");
  return (*buffer)->getBuffer().str();
}

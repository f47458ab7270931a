//===- CubinContestant.cpp - a CUDA kernel in a cubin ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Its buffers are the device's own memory, as a CUDA program would have them;
// an argument that is a buffer becomes a pointer.
//
//===----------------------------------------------------------------------===//

#include "Contestant.h"
#include "Format/FileIO.h"

using namespace twrun;
using namespace twrun::bench;

namespace {

class CubinContestant : public Contestant {
public:
  CubinContestant(const Gpu &gpu, const Task &task, const std::string &path,
                  const std::string &label)
      : Contestant(gpu, task, label) {
    ptxbin::Bytes image = valueOf(ptxbin::readFile(path, 64 << 20));
    if (image.size() < 4 || std::string(image.begin(), image.begin() + 4) !=
                                "\x7f"
                                "ELF")
      throw Failure(path + ": expected a cubin, but this is no ELF file");
    gpu.check(gpu.driver().ModuleLoadDataEx(&module, image.data(), 0, nullptr,
                                            nullptr),
              "load " + path);
    gpu.check(
        gpu.driver().ModuleGetFunction(&function, module, task.kernel.c_str()),
        "find '" + task.kernel + "' in " + path);
    const cli::Arguments &arguments = task.arguments;
    for (const Value &value : arguments.values)
      values.push_back(value.bits);
    for (size_t i = 0; i < arguments.buffers.size(); ++i) {
      addresses.push_back(gpu.allocate(task.bytes[i].size()));
      values[arguments.buffers[i].parameter] = addresses.back();
    }
    for (uint64_t &value : values)
      parameters.push_back(&value); // little-endian: 4 or 8 bytes
    ready();
  }

  ~CubinContestant() override {
    for (cuda::CUdeviceptr address : addresses)
      gpu.driver().MemFree(address);
    if (module)
      gpu.driver().ModuleUnload(module);
  }

  std::string kind() const override { return "cubin"; }
  std::string memory() const override { return "cuMemAlloc"; }

private:
  cuda::CUmodule module = nullptr;
  std::vector<uint64_t> values;
};

} // namespace

std::unique_ptr<Contestant> twrun::bench::makeCubin(const Gpu &gpu,
                                                    const Task &task,
                                                    const std::string &path,
                                                    const std::string &label) {
  return std::make_unique<CubinContestant>(gpu, task, path, label);
}

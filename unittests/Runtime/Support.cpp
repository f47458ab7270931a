//===- Support.cpp - artifacts made in memory for the tests ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Anything that goes wrong here is a failure of the test that asked.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <cstring>

using namespace twrun;
using namespace ptxbin;

static Bytes read(const std::string &path) {
  Expected<Bytes> bytes = readFile(path, 1 << 20);
  EXPECT_TRUE(bytes) << test::messageOf(bytes);
  return bytes ? *bytes : Bytes();
}

Bytes test::hostImage(const std::string &style) {
  return read(TEST_IMAGE_DIR "/HostImage-" + style + ".so");
}

Bytes test::ptxImage() { return read(TEST_INPUT_DIR "/kernels.ptx"); }

static KernelInfo &addKernel(Manifest &manifest, const char *name,
                             std::vector<ValueType> params,
                             std::vector<ValueType> results) {
  KernelInfo kernel;
  kernel.name = name;
  kernel.symbol = std::string("tw_") + name;
  kernel.function = 1;
  kernel.memory = 0;
  kernel.params = std::move(params);
  kernel.results = std::move(results);
  return manifest.kernels.emplace_back(std::move(kernel));
}

Manifest test::testManifest(uint64_t pages) {
  Manifest manifest;
  manifest.name = "test";
  manifest.version = "1.0.0";
  manifest.sandbox = "checked";
  manifest.floatingPoint = "strict";
  manifest.kernelABI = twrun::abi::kernelABIVersion;
  MemoryInfo memory;
  memory.minPages = pages;
  manifest.memories = {memory};
  manifest.globals.resize(1);
  manifest.globals[0].isMutable = true;
  manifest.globals[0].bits = 41;
  manifest.data.resize(1);
  manifest.data[0].active = false;
  manifest.modules.resize(1);
  manifest.modules[0].wasmSize = 8;
  manifest.modules[0].functions = 4;
  manifest.functions = {"import", "mark", "all_\x1b[2Jtrap", "descend"};
  auto add = [&](const char *name, std::vector<ValueType> params,
                 std::vector<ValueType> results) {
    addKernel(manifest, name, std::move(params), std::move(results));
  };
  using enum ValueType;
  add("mark", {I32}, {});
  add("all_trap", {}, {});
  add("mixed", {I32, I64, F64}, {I64, F64, I32});
  add("grow", {I32}, {I32});
  add("deep", {I32}, {I32});
  add("start", {}, {});
  add("table", {I32}, {I32});
  add("absent", {}, {});
  add("peek", {I64}, {I64});
  add("poke", {I64, I64}, {});
  add("load", {I64}, {I64});
  add("put", {I64, I64}, {});
  add("get", {I64}, {I64});
  add("delay", {I64}, {});
  add("append", {I32}, {});
  add("environment", {}, {I64, I64, I64});
  add("turn", {V128, F32, FuncRef, ExternRef}, {ExternRef, FuncRef, F32, V128});
  add("trap", {I32}, {});
  return manifest;
}

Manifest test::blockManifest(uint64_t pages) {
  Manifest manifest = testManifest(pages);
  using enum ValueType;
  KernelInfo &rotate = addKernel(manifest, "rotate", {I32}, {});
  rotate.gridSymbol = "tw_rotate_grid";
  rotate.shared = {0, 256, 65536};
  rotate.cooperative = true;
  addKernel(manifest, "sums", {}, {}).cooperative = true;
  addKernel(manifest, "diverge", {}, {}).cooperative = true;
  addKernel(manifest, "together", {I32}, {}).cooperative = true;
  addKernel(manifest, "print", {I32}, {}).prints = true;
  addKernel(manifest, "abort", {I32}, {});
  addKernel(manifest, "fast", {F32}, {F32, I64});
  return manifest;
}

Expected<PtxBin> test::artifact(const Manifest &manifest, Bytes host, Bytes ptx,
                                Bytes wasm) {
  std::vector<SectionInput> sections;
  if (!host.empty()) {
    SectionInput section;
    section.key.type = SectionType::Host;
    section.key.machine = Machine::X86_64;
    section.raw = std::move(host);
    sections.push_back(std::move(section));
  }
  if (!ptx.empty()) {
    SectionInput section;
    section.key.type = SectionType::PTX;
    section.key.cc = 70;
    section.key.ptxISA = 77;
    section.raw = std::move(ptx);
    section.compress = true;
    sections.push_back(std::move(section));
  }
  SectionInput module;
  module.key.type = SectionType::Wasm;
  module.raw = std::move(wasm);
  sections.push_back(std::move(module));
  Expected<Bytes> file = writePtxBin(manifest, std::move(sections));
  if (!file)
    return file.error();
  TrustOptions trust;
  trust.allowUnsigned = true;
  return PtxBin::openVerified(std::move(*file), trust);
}

std::vector<uint32_t> test::words(Executor &executor, size_t count) {
  std::span<uint8_t> memory = executor.memory();
  std::vector<uint32_t> words(count);
  EXPECT_LE(4 * count, memory.size());
  if (4 * count <= memory.size())
    memcpy(words.data(), memory.data(), 4 * count);
  return words;
}

const KernelInfo &test::Running::kernel(const std::string &name) const {
  Expected<const KernelInfo *> found = findKernel(file->manifest(), name);
  EXPECT_TRUE(found) << messageOf(found);
  static const KernelInfo none;
  return found ? **found : none;
}

Outcome test::Running::invoke(const std::string &name,
                              std::vector<Value> arguments) {
  Expected<Outcome> outcome = executor->invoke(kernel(name), arguments);
  EXPECT_TRUE(outcome) << messageOf(outcome);
  return outcome ? *outcome : Outcome();
}

Outcome test::Running::launch(const std::string &name, Dim3 grid, Dim3 block,
                              std::vector<Value> arguments) {
  Expected<Outcome> outcome =
      executor->launch(kernel(name), grid, block, arguments);
  EXPECT_TRUE(outcome) << messageOf(outcome);
  return outcome ? *outcome : Outcome();
}

test::Running test::start(std::unique_ptr<Device> device, PtxBin file,
                          const InstanceOptions &options) {
  Running running;
  running.device = std::move(device);
  running.file = std::make_unique<PtxBin>(std::move(file));
  auto executor = running.device->instantiate(*running.file, options);
  EXPECT_TRUE(executor) << messageOf(executor);
  if (executor)
    running.executor = std::move(*executor);
  return running;
}

test::Running test::startOnHost(const Manifest &manifest,
                                const InstanceOptions &options) {
  Expected<PtxBin> file = artifact(manifest, hostImage());
  EXPECT_TRUE(file) << messageOf(file);
  auto device = Device::open("host");
  EXPECT_TRUE(device) << messageOf(device);
  if (!file || !device)
    return {};
  return start(std::move(*device), std::move(*file), options);
}

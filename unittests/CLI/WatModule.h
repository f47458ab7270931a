//===- WatModule.h - guests written in the text format ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembles a .wat with WABT's parser and runs it in the oracle, so that each
// test shows its guest.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_UNITTESTS_CLI_WATMODULE_H
#define TWRUN_UNITTESTS_CLI_WATMODULE_H

#include "lib/Oracle/OracleExecutor.h"

#include <gtest/gtest.h>

#include <wabt/binary-writer.h>
#include <wabt/ir.h>
#include <wabt/stream.h>
#include <wabt/wast-lexer.h>
#include <wabt/wast-parser.h>

namespace twrun::test {

/// Bytes of the module; empty, with a test failure, if it does not parse.
inline ptxbin::Bytes assemble(const std::string &wat) {
  wabt::Errors errors;
  auto lexer = wabt::WastLexer::CreateBufferLexer("test.wat", wat.data(),
                                                  wat.size(), &errors);
  wabt::Features features;
  features.enable_tail_call();
  features.enable_threads();
  features.enable_multi_memory();
  features.enable_memory64();
  features.enable_relaxed_simd();
  features.enable_extended_const();
  wabt::WastParseOptions parseOptions(features);
  std::unique_ptr<wabt::Module> module;
  if (wabt::Failed(
          wabt::ParseWatModule(lexer.get(), &module, &errors, &parseOptions))) {
    ADD_FAILURE() << (errors.empty() ? "?" : errors.front().message);
    return {};
  }
  wabt::MemoryStream stream;
  wabt::WriteBinaryOptions writeOptions;
  writeOptions.features = features;
  EXPECT_TRUE(wabt::Succeeded(
      wabt::WriteBinaryModule(&stream, module.get(), writeOptions)));
  return stream.output_buffer().data;
}

inline std::unique_ptr<OracleExecutor> instantiate(const std::string &wat) {
  ptxbin::Bytes wasm = assemble(wat);
  auto oracle = OracleExecutor::create(ptxbin::ByteView(wasm));
  if (!oracle) {
    ADD_FAILURE() << oracle.error().message;
    return nullptr;
  }
  return std::move(*oracle);
}

inline ptxbin::KernelInfo kernel(std::string name,
                                 std::vector<ValueType> params = {},
                                 std::vector<ValueType> results = {}) {
  ptxbin::KernelInfo info;
  info.name = std::move(name);
  info.params = std::move(params);
  info.results = std::move(results);
  return info;
}

inline Value i32(uint32_t v) { return {ValueType::I32, v}; }

} // namespace twrun::test

#endif // TWRUN_UNITTESTS_CLI_WATMODULE_H

//===- twreplay.cpp - replays recorded calls and compares -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `twreplay guest.ptxbin calls.json` runs a sequence of calls on one instance
// of a module, on a device and in the interpreter. docs/Toolchains.md is its
// documentation.
//
//===----------------------------------------------------------------------===//

#include "Replay.h"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace twrun;
using namespace twrun::replay;

static int fail(const std::string &message) {
  std::fprintf(stderr, "twreplay: error: %s\n", message.c_str());
  return 2;
}

static Expected<ReplayReport> run(const std::string &artifactPath,
                                  const std::string &scriptPath,
                                  const std::string &deviceName,
                                  const ptxbin::TrustOptions &trust,
                                  const ReplayOptions &options) {
  auto calls = readScript(scriptPath);
  if (!calls)
    return calls.error();
  auto bytes = ptxbin::readFile(artifactPath, ptxbin::maxFileBytes);
  if (!bytes)
    return bytes.error();
  auto artifact = ptxbin::PtxBin::openVerified(std::move(*bytes), trust);
  if (!artifact)
    return makeError(artifact.error().kind,
                     artifactPath + ": " + artifact.error().message);
  auto device = Device::open(deviceName);
  if (!device)
    return device.error();
  return replayCalls(*artifact, *calls, **device, options);
}

int main(int argc, char **argv) {
  std::string artifact, script, device = "auto";
  std::vector<std::string> keys;
  ptxbin::TrustOptions trust;
  ReplayOptions options;
  bool scriptOnly = false;
  CLI::App app{"Replays recorded calls on a device and in the interpreter, and "
               "compares all results, memories, globals and tables after each "
               "call."};
  app.name("twreplay");
  app.add_option("artifact", artifact, "A .ptxbin")->required();
  app.add_option("script", script, "The calls, as JSON")->required();
  app.add_option("--device", device, "auto, cuda, cuda:N or host")
      ->capture_default_str();
  app.add_option("--trust", keys, "A public key that may have signed");
  app.add_flag("--allow-unsigned", trust.allowUnsigned,
               "Admit an artifact without signature");
  app.add_option("--extra-pages", options.extraPages,
                 "Pages that each memory can grow by")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t(0), uint64_t(65536)));
  app.add_flag("--recording-only", scriptOnly,
               "Do not run the interpreter; compare with what the script "
               "tells alone");
  app.footer("Exit codes: 0 all calls agree, 1 one differs, 2 error.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.interpreter = !scriptOnly;
  for (const std::string &path : keys) {
    auto key = ptxbin::readPublicKey(path);
    if (!key)
      return fail(key.error().message);
    trust.keys.push_back(*key);
  }
  auto report = run(artifact, script, device, trust, options);
  if (!report)
    return fail(report.error().message);
  if (!report->mismatch.empty()) {
    std::printf("differs: %s\n", report->mismatch.c_str());
    return 1;
  }
  std::printf("%s: %zu calls agree (%zu trap, %zu memory digests), device "
              "%.3f s, interpreter %.3f s\n",
              report->device.c_str(), report->calls, report->traps,
              report->digests, report->deviceSeconds,
              report->interpreterSeconds);
  return 0;
}

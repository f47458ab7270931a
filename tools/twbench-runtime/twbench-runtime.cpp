//===- twbench-runtime.cpp - what the runtime's own work costs ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints one JSON object; docs/Benchmarks.md has the tables, and
// scripts/bench-runtime.py makes them.
//
//===----------------------------------------------------------------------===//

#include "Samples.h"

#include <CLI/CLI.hpp>

using namespace twrun;
using namespace twrun::bench;

int main(int argc, char **argv) {
  std::string file, what, device = "cuda";
  std::vector<std::string> keys;
  unsigned rounds = 200;
  uint64_t launches = 1'000'000;
  CLI::App app{"Measures submission, completion and endurance of the runtime."};
  app.name("twbench-runtime");
  app.add_option("file", file, "bench/runtime.ptxbin of the build")->required();
  app.add_option("what", what,
                 "submit, completion, memory, grow, copy, "
                 "snapshot or soak")
      ->required()
      ->check(CLI::IsMember({"submit", "completion", "memory", "grow", "copy",
                             "snapshot", "soak"}));
  app.add_option("--trust", keys,
                 "A public key that may have signed; without "
                 "any, the file must be unsigned")
      ->allow_extra_args(false);
  app.add_option("--device", device,
                 "Of soak, memory, grow and snapshot: host, "
                 "cuda or cuda:N")
      ->capture_default_str();
  app.add_option("--rounds", rounds, "Turns of each contestant")
      ->capture_default_str()
      ->check(CLI::Range(10, 100000));
  app.add_option("--launches", launches, "Of soak")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t(100), uint64_t(1) << 32));
  app.footer("Exit codes: 0 done, 1 failed, 2 usage.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    ptxbin::TrustOptions trust;
    trust.allowUnsigned = keys.empty();
    for (const std::string &path : keys)
      trust.keys.push_back(valueOf(ptxbin::readPublicKey(path)));
    auto artifact = valueOf(ptxbin::PtxBin::openVerified(
        valueOf(ptxbin::readFile(file, ptxbin::maxFileBytes)), trust));
    Setup setup{artifact, device, rounds, launches};
    nlohmann::json report = what == "submit"       ? measureSubmit(setup)
                            : what == "completion" ? measureCompletions(setup)
                            : what == "memory"     ? measureMemory(setup)
                            : what == "grow"       ? measureGrowth(setup)
                            : what == "copy"       ? measureCopies(setup)
                            : what == "snapshot"   ? measureSnapshots(setup)
                                                   : soak(setup);
    std::printf("%s\n", report.dump(1).c_str());
    return 0;
  } catch (const Failure &error) {
    std::fprintf(stderr, "twbench-runtime: error: %s\n", error.what());
    return 1;
  }
}

//===- Options.cpp - twrun's command line ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "TrustOptions.h"
#include "lib/Quote.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace twrun::cli {

using ptxbin::makeError;

Expected<Dim3> parseDim3(std::string_view text) {
  uint32_t extents[3] = {1, 1, 1};
  const char *at = text.data(), *end = at + text.size();
  for (int axis = 0; axis < 3; ++axis) {
    auto [next, status] = std::from_chars(at, end, extents[axis]);
    if (status != std::errc() || extents[axis] == 0)
      break;
    if (next == end)
      return Dim3{extents[0], extents[1], extents[2]};
    if (*next != ',')
      break;
    at = next + 1;
  }
  return makeError(ErrorKind::Invalid,
                   quoteName(text) +
                       " is not a size: expected X, X,Y or X,Y,Z, each from "
                       "1 to 4294967295");
}

namespace {

constexpr uint64_t maxVerifyBlocks = 1 << 20;

/// What --verify may be given: "blocks:N". CLI11 has "true" for no value.
std::optional<uint64_t> parseBlocks(std::string_view text) {
  constexpr std::string_view prefix = "blocks:";
  uint64_t blocks = 0;
  const char *end = text.data() + text.size();
  if (!text.starts_with(prefix))
    return std::nullopt;
  auto [at, status] = std::from_chars(text.data() + prefix.size(), end, blocks);
  if (status != std::errc() || at != end || blocks == 0 ||
      blocks > maxVerifyBlocks)
    return std::nullopt;
  return blocks;
}

CLI::Validator dim3Validator() {
  return CLI::Validator(
      [](std::string &text) {
        auto size = parseDim3(text);
        return size ? std::string() : size.error().message;
      },
      "");
}

CLI::Validator deviceValidator() {
  return CLI::Validator(
      [](std::string &text) {
        bool known = text == "auto" || text == "cuda" || text == "host";
        constexpr std::string_view prefix = "cuda:";
        if (text.starts_with(prefix)) {
          std::string_view digits =
              std::string_view(text).substr(prefix.size());
          known = !digits.empty() && digits.size() <= 3 &&
                  std::all_of(digits.begin(), digits.end(),
                              [](char c) { return c >= '0' && c <= '9'; });
        }
        return known ? std::string()
                     : quoteName(text) + " is none of auto, cuda, cuda:N, host";
      },
      "");
}

/// The raw text of what CLI11 binds, before it becomes Options.
struct Parser {
  CLI::App app{"Verifies, runs and checks .ptxbin artifacts", "twrun"};
  Options options;
  std::string grid, block, verify, tolerance;

  Parser() {
    app.require_subcommand(1);
    app.set_version_flag("--version", "twrun 0.1.0");
    app.footer("Exit codes: 0 success, 1 refused or failed, 2 usage, 3 guest "
               "trap, 4 verification mismatch.\n"
               "docs/TwrunCLI.md tells how arguments and buffers are written.");

    CLI::App *launch = app.add_subcommand("launch", "Run a kernel as a grid");
    addFile(launch, "FILE", "The .ptxbin");
    addKernel(launch, "KERNEL");
    launch->add_option("--grid", grid, "Blocks in the grid")
        ->required()
        ->check(dim3Validator())
        ->type_name("X[,Y[,Z]]");
    launch->add_option("--block", block, "Threads in a block")
        ->required()
        ->check(dim3Validator())
        ->type_name("X[,Y[,Z]]");
    launch
        ->add_option("--repeat", options.repeat,
                     "Launches in a row, on the same memory")
        ->check(CLI::Range(1u, 1000000u).description(""))
        ->type_name("N");

    launch
        ->add_option("--shared", options.sharedBytes,
                     "Shared memory of each block, if that is more than the "
                     "kernel asks for itself")
        ->type_name("BYTES");
    CLI::App *invoke =
        app.add_subcommand("invoke", "Run a function once, in one thread");
    addFile(invoke, "FILE", "The .ptxbin");
    addKernel(invoke, "FUNC");

    CLI::App *run = app.add_subcommand(
        "run", "Run the steps of a pipeline on one instance");
    addFile(run, "PIPELINE.toml", "The steps, buffers and artifact");
    run->add_option("--buffer", options.buffers,
                    "In place of the buffer of that name; repeatable")
        ->allow_extra_args(false)
        ->type_name("NAME=SOURCE[=SINK]");
    addRun(run);

    CLI::App *info = app.add_subcommand("info", "Verify a file and tell what "
                                                "is in it");
    addFile(info, "FILE", "The .ptxbin");
    info->add_flag("--json", options.json, "Print JSON");

    CLI::App *devices = app.add_subcommand("devices", "List the devices here");
    devices->add_flag("--json", options.json, "Print JSON");
    devices->add_flag("--verbose", options.verbose,
                      "Tell what each device can do");
  }

  void addFile(CLI::App *command, const char *name, const char *what) {
    command->add_option(name, options.file, what)->required()->type_name("");
    addTrustOptions(command, options);
  }

  void addKernel(CLI::App *command, const char *what) {
    command->add_option(what, options.kernel, "The export to run")
        ->required()
        ->type_name("");
    command
        ->add_option("ARGS", options.arguments,
                     "Arguments in the order of its parameters: numbers, or "
                     "@SOURCE[=SINK] for buffers")
        ->type_name("");
    command
        ->add_option("--module", options.module,
                     "Which of the linked modules exports it (default: the "
                     "last)")
        ->type_name("NAME");
    addRun(command);
  }

  /// What all commands have that run something.
  void addRun(CLI::App *command) {
    command->add_option("--device", options.device, "Where to run")
        ->check(deviceValidator())
        ->type_name("auto|cuda|cuda:N|host");
    command->add_flag("--allow-unchecked", options.allowUnchecked,
                      "Run code of twc --bounds=none, which nothing keeps "
                      "inside its memory");
    command
        ->add_option("--fuel", options.fuel,
                     "Units of fuel that each thread may use, if the artifact "
                     "counts them")
        ->type_name("N");
    command
        ->add_option("--print-records", options.printRecords,
                     "Calls of printf that are kept of each launch (default: "
                     "4096)")
        ->check(CLI::Range(uint64_t(0), maxPrintRecords).description(""))
        ->type_name("N");
    command->add_flag("--verify", verify,
                      "Run the interpreter too and compare every bit; "
                      "--verify=blocks:N runs N blocks of a grid there and "
                      "compares what they wrote");
    command
        ->add_option("--tolerance", tolerance,
                     "What f32 and f64 elements and results may differ by "
                     "when verified (default: nothing)")
        ->type_name("abs:X,rel:X,ulp:N");
    command->add_flag("--json", options.json, "Print JSON");
    command->add_flag("--quiet", options.quiet, "Print errors only");
    command->add_flag("--stats", options.stats,
                      "Tell what the run took: times, memory, rates");
    command
        ->add_option("--trace", options.trace,
                     "Write the spans of the run for Perfetto or "
                     "chrome://tracing")
        ->type_name("FILE");
  }

  std::string finishVerify() {
    options.verify = !verify.empty() && verify != "false";
    if (options.verify && verify != "true") {
      options.verifyBlocks = parseBlocks(verify);
      if (!options.verifyBlocks)
        return quoteName(verify) +
               " is nothing that --verify knows: expected blocks:N, N from 1 "
               "to " +
               std::to_string(maxVerifyBlocks);
      if (options.command != Command::Launch || options.repeat > 1)
        return "--verify=blocks:N is for one launch: an invocation has no "
               "blocks, and a launch that follows another starts from what "
               "all blocks wrote";
    }
    if (tolerance.empty())
      return {};
    if (!options.verify)
      return "--tolerance needs --verify";
    auto parsed = parseTolerance(tolerance);
    if (!parsed)
      return parsed.error().message;
    options.tolerance = *parsed;
    return {};
  }

  /// Empty, or what is wrong beyond CLI11's own checks.
  std::string finish() {
    if (app.got_subcommand("launch"))
      options.command = Command::Launch;
    else if (app.got_subcommand("invoke"))
      options.command = Command::Invoke;
    else if (app.got_subcommand("run"))
      options.command = Command::Run;
    else if (app.got_subcommand("info"))
      options.command = Command::Info;
    if (options.command == Command::Launch) {
      options.grid = *parseDim3(grid); // checked by the validator
      options.block = *parseDim3(block);
    }
    if (std::string wrong = finishVerify(); !wrong.empty())
      return wrong;
    if (options.command != Command::Devices)
      if (std::string wrong = checkTrustOptions(options); !wrong.empty())
        return wrong;
    if (options.json && options.quiet)
      return "--json and --quiet exclude each other";
    if (options.stats && options.quiet)
      return "--stats and --quiet exclude each other";
    return {};
  }
};

} // namespace

std::variant<Options, int> parseOptions(int argc, const char *const *argv) {
  // CLI11 takes -1 for an option, and what follows "--" differently from one
  // release to the next: arguments behind "--" are taken out by hand.
  const char *const *end = argv + argc;
  const char *const *mark = std::find_if(argv, end, [](const char *argument) {
    return std::strcmp(argument, "--") == 0;
  });
  Parser parser;
  try {
    parser.app.parse(int(mark - argv), argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0)
      return parser.app.exit(error); // --help, --version
    std::fprintf(stderr, "twrun: %s (see twrun --help)\n", error.what());
    return exitUsage;
  }
  if (mark != end)
    parser.options.arguments.insert(parser.options.arguments.end(), mark + 1,
                                    end);
  std::string wrong = parser.finish();
  if (wrong.empty() && mark != end &&
      parser.options.command != Command::Launch &&
      parser.options.command != Command::Invoke)
    wrong = "this command takes no arguments after --";
  if (!wrong.empty()) {
    std::fprintf(stderr, "twrun: %s\n", wrong.c_str());
    return exitUsage;
  }
  return std::move(parser.options);
}

} // namespace twrun::cli

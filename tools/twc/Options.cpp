//===- Options.cpp - twc's command line -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names and forms follow clang's where it has them.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "twc/Import/Import.h"

#include <CLI/CLI.hpp>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace twc;
using namespace twc::driver;

/// Name of the artifact: the input's stem, in the characters that names have.
static std::string defaultName(llvm::StringRef input) {
  if (input == "-")
    return "stdin";
  std::string name = llvm::sys::path::stem(input).lower();
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '-' && c != '_' && c != '.')
      c = '-';
  return name.empty() ? "module" : name;
}

static std::string defaultOutput(const Options &options) {
  const std::string &input = options.inputs.back().path;
  if (input == "-" || isTextPhase(options.compile.phase))
    return "-";
  llvm::SmallString<128> path(llvm::sys::path::filename(input));
  llvm::sys::path::replace_extension(path,
                                     fileExtension(options.compile.phase));
  return std::string(path);
}

static std::optional<Options> fail(int &exitCode, const std::string &message) {
  llvm::errs() << "twc: error: " << message << "\n";
  exitCode = 2;
  return std::nullopt;
}

/// The modules of --link, then the inputs; false if one is not NAME=FILE.
static bool collectInputs(const std::vector<std::string> &links,
                          const std::vector<std::string> &inputs,
                          Options &options) {
  for (const std::string &link : links) {
    auto [name, path] = llvm::StringRef(link).split('=');
    if (path.empty())
      return false;
    options.inputs.push_back({name.str(), path.str()});
  }
  for (const std::string &input : inputs)
    options.inputs.push_back({llvm::sys::path::stem(input).str(), input});
  return true;
}

static std::optional<ptxbin::BoundsMode> parseBounds(llvm::StringRef name) {
  using enum ptxbin::BoundsMode;
  for (ptxbin::BoundsMode mode : {Check, Isolate, None})
    if (name == ptxbin::toString(mode))
      return mode;
  return std::nullopt;
}

/// An error message if `names` has something that is no optional feature.
static std::string checkFeatures(const std::vector<std::string> &names) {
  std::vector<llvm::StringRef> known = optionalFeatures();
  for (const std::string &name : names)
    if (!llvm::is_contained(known, name))
      return "unknown feature '" + name + "': expected " +
             llvm::join(llvm::ArrayRef(known).drop_back(), ", ") + " or " +
             known.back().str();
  return "";
}

std::optional<Options> driver::parseOptions(int argc, char **argv,
                                            int &exitCode) {
  Options options;
  CompileOptions &compile = options.compile;
  compile.jobs = 0;
  std::string emit = "ptxbin", targets = "sm_80,host", contract = "off",
              bounds = "check";

  CLI::App app{"Compiles WebAssembly to GPU kernels (PTX), with an image for "
               "the host's CPU beside them."};
  app.name("twc");
  app.set_version_flag("--version",
                       "twc " + getVersion().str() + " (LLVM " +
                           LLVM_VERSION_STRING + ")");
  std::vector<std::string> inputs, links;
  app.add_option("input", inputs,
                 "A .wasm or .wat file; - is standard input. Of several, each "
                 "can import from the earlier ones by their names without "
                 "extension, and the last is the main one")
      ->required();
  app.add_option("--link", links,
                 "A module that those after it and all inputs can import from "
                 "by this name; may be repeated")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false); // one each; an input may follow
  app.add_option("-o,--output", options.output,
                 "Output file; - is standard output. Text goes there by "
                 "default, anything else to the input's name with the phase's "
                 "extension");
  CLI::Option *target =
      app.add_option("--target", targets,
                     "Comma-separated: GPU architectures from sm_75 on, and "
                     "'host'")
          ->capture_default_str();
  app.add_option("--emit", emit,
                 "Where to stop: twasm, std, llvm-dialect, llvm, ptx, cubin, "
                 "host or ptxbin")
      ->capture_default_str();
  app.add_flag("--cubin", compile.cubin,
               "Add a cubin per GPU architecture (needs ptxas)");
  app.add_flag("--fuel", compile.fuel,
               "Count fuel in functions and loops: a thread that has used up "
               "what its launch gives it traps");
  app.add_option("--fp-contract", contract,
                 "fast: round products and the sums they go into once, as "
                 "GPU compilers do; off: as Wasm says, each by itself")
      ->type_name("off|fast")
      ->capture_default_str();
  app.add_option("--bounds", bounds,
                 "How accesses are kept inside linear memory: check (each is), "
                 "isolate (stray ones end in a sink; stores there are told "
                 "after the launch) or none (nothing is checked: for trusted "
                 "guests and measurements)")
      ->capture_default_str();
  app.add_option("-j,--jobs", compile.jobs,
                 "Threads to generate code with, which does not change the "
                 "output; 0 (the default): one per core")
      ->type_name("N");
  app.add_option("--stack-pointer", compile.stackPointer,
                 "The global that is C's stack pointer, by its index, where "
                 "the module's code does not show it")
      ->type_name("INDEX");
  CLI::Option *stackSize =
      app.add_option("--stack-size", compile.stackSize,
                     "Bytes of stack of each thread of a grid, where the "
                     "module leaves open how many it needs (recursion)")
          ->type_name("BYTES")
          ->check(CLI::Range(uint64_t(16), ptxbin::maxStackWindow))
          ->capture_default_str();
  app.add_option("--disable", options.disabledFeatures,
                 "Parts of Wasm that modules may not use: " +
                     llvm::join(optionalFeatures(), ", "))
      ->type_name("FEATURE,...")
      ->delimiter(',')
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
  std::string report, remarks;
  CLI::Option *reports =
      app.add_flag("--report{exports}", report,
                   "Say of each exported function whether and how it can run; "
                   "compiles only if -o is given too, and then totals what "
                   "became of bounds checks. --report=bounds: that without an "
                   "output file");
  CLI::Option *wantsRemarks =
      app.add_flag("--remarks{-}", remarks,
                   "Say of each access to memory whether its bounds check was "
                   "removed, grouped or kept, and why; --remarks=FILE: as "
                   "LLVM's YAML");
  std::string cache;
  CLI::Option *wantsCache = app.add_flag(
      "--cache{}", cache,
      "Take the artifact from a cache of earlier results, or put it there; "
      "--cache=DIR: another one than $TWC_CACHE_DIR or ~/.cache/tensorwasm");
  std::string provenance;
  CLI::Option *wantsProvenance = app.add_flag(
      "--provenance{}", provenance,
      "Add a statement of how the artifact was built (in-toto, SLSA); "
      "--provenance=KEY.key: signed by this key");
  app.add_option("--cache-size", options.cacheBytes,
                 "The most that a cache may hold, such as 500MB")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false))
      ->default_str("2GB");
  app.add_flag("--json", options.json, "With --report: as JSON");
  app.add_flag("--MD,--write-dependencies", options.writeDepfile,
               "Write a make dependency file beside the output");
  app.add_option("--MF,--depfile", options.depfile, "Its name");
  app.add_option("--name", compile.identity.name,
                 "Name in the manifest (the input's by default)");
  app.add_option("--artifact-version", compile.identity.version,
                 "Version in the manifest")
      ->default_val("0.0.0");
  app.add_option("--release", compile.identity.release,
                 "Release number in the manifest");
  app.add_option("--publisher", compile.identity.publisher,
                 "Publisher in the manifest");
  app.footer("Optimisation levels: -O0, -O1, -O2 (default), -O3.\n"
             "Exit codes: 0 done, 1 bad input or I/O error, 2 usage.");

  // CLI11 reads -O3 as -O with a value: exactly what is wanted.
  std::string level = "2";
  app.add_option("-O", level, "Optimisation level, 0 to 3")->type_name("N");

  // clang's spellings of the dependency options.
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string argument = argv[i];
    if (argument == "-MD" || argument == "-MF")
      argument.insert(0, "-");
    arguments.push_back(argument);
  }
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError &error) {
    int code = app.exit(error);
    exitCode = code == 0 ? 0 : 2;
    return std::nullopt;
  }

  if (level.size() != 1 || level[0] < '0' || level[0] > '3')
    return fail(exitCode, "incorrect optimisation level: expected 0 to 3, but "
                          "got '" +
                              level + "'");
  compile.optLevel = level[0] - '0';
  std::optional<Phase> phase = parsePhase(emit);
  if (!phase)
    return fail(exitCode,
                "unknown phase '" + emit +
                    "': expected twasm, std, llvm-dialect, llvm, ptx, cubin, "
                    "host or ptxbin");
  compile.phase = *phase;
  if (contract != "off" && contract != "fast")
    return fail(exitCode, "unknown kind of contraction '" + contract +
                              "': expected off or fast");
  compile.contract = contract == "fast";
  std::optional<ptxbin::BoundsMode> mode = parseBounds(bounds);
  if (!mode)
    return fail(exitCode, "unknown bounds mode '" + bounds +
                              "': expected check, isolate or none");
  compile.bounds = *mode;
  llvm::Expected<Targets> parsed = parseTargets(targets);
  if (!parsed)
    return fail(exitCode, llvm::toString(parsed.takeError()));
  compile.targets = *parsed;
  bool oneImage = *phase != Phase::PtxBin;
  if (oneImage && target->count() && compile.targets.gpus.size() > 1)
    return fail(exitCode, "--emit=" + emit +
                              " writes one image: name one GPU target");
  if ((*phase == Phase::PTX || *phase == Phase::Cubin) &&
      compile.targets.gpus.empty())
    return fail(exitCode, "--emit=" + emit +
                              " needs a GPU target, such as --target=sm_80");
  if (*phase == Phase::Host && target->count() && !compile.targets.host)
    return fail(exitCode, "--emit=host needs --target=host");
  options.report = reports->count() > 0;
  options.remarks = wantsRemarks->count() > 0;
  if (options.report && report != "exports" && report != "bounds")
    return fail(exitCode, "unknown report '" + report +
                              "': expected --report or --report=bounds");
  options.bounds =
      options.report && (report == "bounds" || !options.output.empty());
  if (remarks != "-")
    options.remarksFile = remarks;
  if (!hasCode(*phase) && (options.remarks || report == "bounds"))
    return fail(exitCode,
                std::string(options.remarks ? "--remarks" : "--report=bounds") +
                    " needs generated code, but --emit=" + emit +
                    " stops before: expected llvm, ptx, cubin, host or ptxbin");
  if (options.remarks && options.report && !options.bounds)
    return fail(exitCode, "--remarks needs generated code, and --report makes "
                          "none: add -o, or use --report=bounds");
  compile.remarks = options.remarks || (options.bounds && hasCode(*phase));
  if (wantsCache->count())
    options.cache = cache == "true" ? "" : cache;
  options.provenance = wantsProvenance->count() > 0;
  if (options.provenance && provenance != "true")
    options.builderKey = provenance;
  if (options.provenance && *phase != Phase::PtxBin)
    return fail(exitCode, "--provenance is a part of artifacts, and --emit=" +
                              emit + " makes none");
  if (options.cache && *phase != Phase::PtxBin)
    return fail(exitCode, "--cache keeps artifacts, and --emit=" + emit +
                              " makes none");
  if (options.json && !options.report)
    return fail(exitCode, "--json goes with --report");
  if (!collectInputs(links, inputs, options))
    return fail(exitCode, "--link wants NAME=FILE");
  if (options.inputs.back().path.empty())
    return fail(exitCode, "no input file");
  std::string unknown = checkFeatures(options.disabledFeatures);
  if (!unknown.empty())
    return fail(exitCode, unknown);

  if (compile.identity.name.empty())
    compile.identity.name = defaultName(options.inputs.back().path);
  compile.identity.flags = {"--target=" + targets, "-O" + level};
  if (compile.cubin)
    compile.identity.flags.push_back("--cubin");
  if (compile.fuel)
    compile.identity.flags.push_back("--fuel");
  if (compile.contract)
    compile.identity.flags.push_back("--fp-contract=fast");
  if (compile.bounds != ptxbin::BoundsMode::Check)
    compile.identity.flags.push_back("--bounds=" + bounds);
  if (compile.stackPointer)
    compile.identity.flags.push_back("--stack-pointer=" +
                                     std::to_string(*compile.stackPointer));
  if (stackSize->count())
    compile.identity.flags.push_back("--stack-size=" +
                                     std::to_string(compile.stackSize));
  if (!options.disabledFeatures.empty())
    compile.identity.flags.push_back(
        "--disable=" + llvm::join(options.disabledFeatures, ","));
  // Time enters the output only when the caller says so.
  if (const char *epoch = std::getenv("SOURCE_DATE_EPOCH"))
    if (llvm::StringRef(epoch).getAsInteger(10, compile.identity.created))
      return fail(exitCode, "SOURCE_DATE_EPOCH is not a number of seconds");
  if (options.output.empty() && !options.report)
    options.output = defaultOutput(options);
  if (!options.remarksFile.empty() && options.remarksFile == options.output)
    return fail(exitCode, "--remarks and -o name the same file");
  if (options.writeDepfile || !options.depfile.empty()) {
    if (options.output.empty() || options.output == "-")
      return fail(exitCode, "a dependency file needs an output file (-o)");
    if (options.depfile.empty()) {
      llvm::SmallString<128> path(options.output);
      llvm::sys::path::replace_extension(path, "d");
      options.depfile = std::string(path);
    }
  }
  return options;
}

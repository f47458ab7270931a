//===- RunTest.cpp - twrun's commands, end to end on the host -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signed artifact with a WASM section and a matching host image goes through
// the real options, runtime and interpreter.
//
//===----------------------------------------------------------------------===//

#include "CommandTest.h"

#include "lib/Data/Npy.h"

#include <nlohmann/json.hpp>

using namespace twrun;
using namespace twrun::cli;
using namespace twrun::test;
using nlohmann::json;

namespace {

constexpr ValueType I32 = ValueType::I32, F32 = ValueType::F32;

const char *const guest = R"((module
  (import "tw" "thread_id_x" (func $tx (result i32)))
  (import "tw" "block_id_x" (func $bx (result i32)))
  (import "tw" "block_dim_x" (func $dx (result i32)))
  (memory 1 4)
  (func $squares (export "squares") (param $out i32) (param $n i32) (local $i i32)
    (local.set $i (i32.add (call $tx) (i32.mul (call $bx) (call $dx))))
    (if (i32.ge_u (local.get $i) (local.get $n)) (then unreachable))
    (i32.store (i32.add (local.get $out) (i32.shl (local.get $i) (i32.const 2)))
               (i32.mul (local.get $i) (local.get $i))))
  (func (export "wrong") (param i32 i32)
    (call $squares (local.get 0) (local.get 1)))
  (func (export "pair") (param f32) (result i32 f32)
    (i32.const 7) (f32.neg (f32.const nan)))
  (func (export "off") (param i32) (result i32) (local.get 0))
  (func (export "never") (param i32))
  (func $turn (export "turn") (param v128 externref funcref)
    (result externref v128 funcref)
    (local.get 1) (local.get 0) (ref.func $turn))
  (func (export "fuel") (result i64) (i64.const -1))))";

// Linked after it; the image has what it exports.
const char *const second = R"((module (import "first" "off"
    (func $off (param i32) (result i32)))
  (func (export "off") (param i32) (result i32)
    (i32.add (call $off (local.get 0)) (i32.const 1)))))";

ptxbin::Manifest guestManifest() {
  ptxbin::Manifest m = emptyManifest(1, 4);
  // tw's three imports, and what the module defines
  m.functions = {"tx",   "squares", "dx",    "squares", "wrong",
                 "pair", "off",     "never", "turn",    "fuel"};
  m.modules.resize(1);
  m.modules[0].functions = m.functions.size();
  m.modules[0].wasmSize = assemble(guest).size();
  auto add = [&](const char *name, std::vector<ValueType> params,
                 std::vector<ValueType> results) {
    ptxbin::KernelInfo k = kernel(name, params, results);
    k.symbol = std::string("tw_") + name;
    k.function = 1;
    k.memory = 0;
    m.kernels.push_back(k);
  };
  add("squares", {I32, I32}, {});
  add("wrong", {I32, I32}, {});
  add("pair", {F32}, {I32, F32});
  add("off", {I32}, {I32});
  add("never", {I32}, {});
  m.kernels.back().notOffloadable = "it can reach env.print";
  using enum ValueType;
  add("turn", {V128, ExternRef, FuncRef}, {ExternRef, V128, FuncRef});
  add("fuel", {}, {I64});
  return m;
}

/// Both modules: "first" and one without a name.
ptxbin::Manifest linkedManifest() {
  ptxbin::Manifest m = guestManifest();
  m.modules[0].name = "first";
  m.modules.resize(2);
  m.modules[1].wasmOffset = m.modules[0].wasmSize;
  m.modules[1].wasmSize = assemble(second).size();
  m.modules[1].functions = 2;
  m.functions.insert(m.functions.end(), {"off", "second"});
  // The guest's "off" adds one already.
  ptxbin::KernelInfo off = kernel("off", {I32}, {I32});
  off.module = 1;
  off.function = 11;
  off.symbol = "tw_off";
  m.kernels.push_back(off);
  return m;
}

struct Commands : CommandTest {
  std::string key;

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(CommandTest::SetUp());
    auto secret = ptxbin::generateKey();
    ASSERT_TRUE(secret);
    ASSERT_TRUE(ptxbin::writeKeyPair(*secret, dir + "/key"));
    for (const auto &entry : std::filesystem::directory_iterator(dir))
      if (entry.path().extension() == ".pub")
        key = entry.path();
    ASSERT_FALSE(key.empty());
    write(guestManifest(), &*secret);
  }

  void write(const ptxbin::Manifest &manifest,
             const ptxbin::SecretKey *secret) {
    ptxbin::Bytes wasm = assemble(guest);
    if (manifest.modules.size() > 1) {
      ptxbin::Bytes more = assemble(second);
      wasm.insert(wasm.end(), more.begin(), more.end());
    }
    CommandTest::write(manifest, std::move(wasm), secret);
  }

  Result launch(const char *name, const char *grid, const char *block,
                std::vector<std::string> more) {
    std::vector<std::string> words = {"launch", file,       name,  "--grid",
                                      grid,     "--block",  block, "--trust",
                                      key,      "--device", "host"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(Commands, LaunchVerifiesAndSaves) {
  std::string sink = dir + "/out.npy";
  auto result =
      launch("squares", "4", "8",
             {"--verify", "--json", "--", "@zeros:u32:32=" + sink, "32"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  json report = json::parse(result.out);
  EXPECT_EQ(report["threads"], 32);
  EXPECT_EQ(report["launches"], 1);
  EXPECT_EQ(report["verification"]["agrees"], true);
  EXPECT_EQ(report["verification"]["bytes"], 131072);
  EXPECT_TRUE(report["trap"].is_null());
  EXPECT_EQ(report["saved"][0]["path"], sink);
  auto saved = ptxbin::readFile(sink, 1 << 20);
  ASSERT_TRUE(saved);
  auto array = readNpy(std::move(*saved));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->type, ElementType::U32);
  EXPECT_EQ(array->data[4 * 31], (31 * 31) & 0xff);
  EXPECT_EQ(array->data[4 * 31 + 1], (31 * 31) >> 8);
}

TEST_F(Commands, LaunchPrintsATable) {
  auto result = launch("squares", "4", "8",
                       {"--verify", "--repeat", "3", "@zeros:u32:32", "32"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  for (const char *words :
       {"device   host", "kernel   'squares'",
        "grid     4,1,1 x block 8,1,1 = 32 threads", "first of 3 launches",
        "verified 131072 bytes of memory agree with the interpreter"})
    expectIn(result.out, words);
  auto quiet = launch("squares", "4", "8", {"--quiet", "@zeros:u32:32", "32"});
  EXPECT_EQ(quiet.exitCode, exitSuccess);
  EXPECT_EQ(quiet.out + quiet.err, "");
}

TEST_F(Commands, AMismatchIsLocatedAndSavesNothing) {
  std::string sink = dir + "/out.bin";
  auto result =
      launch("wrong", "1", "8", {"--verify", "@zeros:u32:8=" + sink, "8"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  expectIn(result.err, "memory differs at 0x1000c, u32 element 3 of "
                       "argument 1: 10 on the device, 9 in the interpreter");
  EXPECT_FALSE(std::filesystem::exists(sink));
  // Without --verify nobody can know.
  result = launch("wrong", "1", "8", {"@zeros:u32:8=" + sink, "8"});
  EXPECT_EQ(result.exitCode, exitSuccess);
  EXPECT_EQ(std::filesystem::file_size(sink), 32u);
}

TEST_F(Commands, ChosenBlocksAreVerified) {
  // Blocks 0 and 7 of 8; element 3 is wrong, which is block 3's.
  auto result =
      launch("wrong", "8", "1", {"--verify=blocks:2", "@zeros:u32:8", "8"});
  EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
  // Block 0 writes 0, which is there already.
  expectIn(result.out, "verified a sample, 2 of 8 blocks: 4 bytes that "
                       "they changed agree with the interpreter");
  // Blocks 0, 3 and 7.
  result = launch("wrong", "8", "1",
                  {"--verify=blocks:3", "--json", "@zeros:u32:8", "8"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  json report = json::parse(result.out);
  EXPECT_EQ(report["verification"]["sample"]["blocks"], 3);
  EXPECT_EQ(report["verification"]["sample"]["of"], 8);
  EXPECT_EQ(report["verification"]["first"]["element"], 3);
  // As many as there are: all of memory.
  result = launch("squares", "8", "1", {"--verify=blocks:8", "@zeros:u32:8",
                                        "8"});
  expectIn(result.out, "verified 131072 bytes of memory agree");
  // The block that trapped on the device is always one of them.
  result = launch("squares", "8", "1", {"--verify=blocks:2", "@zeros:u32:8",
                                        "3"});
  EXPECT_EQ(result.exitCode, exitTrap) << result.err;
  expectIn(result.err, "the interpreter agrees");
}

TEST_F(Commands, VerificationOptionsAreChecked) {
  const std::vector<std::string> arguments = {"@zeros:u32:8", "8"};
  const struct {
    std::vector<std::string> options;
    const char *message;
  } cases[] = {
      {{"--verify=blocks:0"}, "expected blocks:N"},
      {{"--verify=blocks:2x"}, "expected blocks:N"},
      {{"--verify=threads:2"}, "expected blocks:N"},
      {{"--verify=blocks:2", "--repeat", "2"}, "is for one launch"},
      {{"--tolerance", "abs:1"}, "--tolerance needs --verify"},
      {{"--verify", "--tolerance", "abs:-1"}, "is not a tolerance"},
  };
  for (const auto &c : cases) {
    std::vector<std::string> more = c.options;
    more.insert(more.end(), arguments.begin(), arguments.end());
    auto result = launch("squares", "1", "8", more);
    EXPECT_EQ(result.exitCode, exitUsage) << c.message;
    expectIn(result.err, c.message);
  }
  auto result = run({"invoke", file, "pair", "--trust", key, "--device", "host",
                     "--verify=blocks:2", "1"});
  EXPECT_EQ(result.exitCode, exitUsage) << result.err;
  // Integers agree bit for bit whatever the tolerance.
  result = launch("wrong", "1", "8",
                  {"--verify", "--tolerance=abs:100", "@zeros:u32:8", "8"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  result = launch("squares", "1", "8",
                  {"--verify", "--tolerance=abs:100", "@zeros:u32:8", "8"});
  expectIn(result.out, "no number differs (abs:100 allowed)");
}

TEST_F(Commands, ATrapIsToldAndSavesNothing) {
  std::string sink = dir + "/out.bin";
  auto result =
      launch("squares", "2", "8",
             {"--verify", "--json", "--", "@zeros:u32:16=" + sink, "13"});
  EXPECT_EQ(result.exitCode, exitTrap) << result.err;
  expectIn(result.err, "trap: unreachable in function 1 'squares' at "
                       "offset 0x40, block (1,0,0)");
  expectIn(result.err, "the interpreter agrees");
  json report = json::parse(result.out);
  EXPECT_EQ(report["trap"]["message"], "unreachable");
  EXPECT_EQ(report["trap"]["block"], (std::vector<int>{1, 0, 0}));
  EXPECT_EQ(report["verification"]["agrees"], true);
  EXPECT_FALSE(std::filesystem::exists(sink));
}

TEST_F(Commands, InvokePrintsTypedResults) {
  auto result = run({"invoke", file, "pair", "--trust", key, "--device", "host",
                     "--verify", "--", "-inf"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  EXPECT_EQ(result.out.substr(0, 25), "i32:7\nf32:nan:0x7fc00000\n");
  expectIn(result.out, "1 NaN payload differs");
  result =
      run({"invoke", file, "off", "--trust", key, "--device", "host", "-5"});
  EXPECT_EQ(result.exitCode, exitSuccess);
  EXPECT_EQ(result.out, "i32:-4\n");
  result = run({"invoke", file, "off", "--trust", key, "--device", "host",
                "--verify", "5"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  expectIn(result.err, "result 1 is i32:6 on the device and i32:5");
}

TEST_F(Commands, InvokeTakesVectorsAndReferences) {
  auto result =
      run({"invoke", file, "turn", "--trust", key, "--device", "host",
           "--verify", "--", "i32x4:1,2,3,-1", "externref:7", "funcref:null"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  EXPECT_EQ(result.out.rfind("externref:7\n"
                             "v128:0xffffffff000000030000000200000001\n"
                             "funcref:turn\n",
                             0),
            0u)
      << result.out;
  result = run({"invoke", file, "turn", "--trust", key, "--device", "host",
                "--json", "--", "i64x2:1,2", "externref:null", "funcref:null"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  json results = json::parse(result.out)["results"];
  EXPECT_EQ(results[0]["value"], "null");
  EXPECT_EQ(results[1]["bits"], "0x00000000000000020000000000000001");
  EXPECT_EQ(results[2]["value"], "turn");
  EXPECT_EQ(results[2]["type"], "funcref");
}

TEST_F(Commands, FuelIsPassedToArtifactsThatCountIt) {
  std::vector<std::string> words = {"invoke",  file,     "fuel",
                                    "--trust", key,      "--device",
                                    "host",    "--fuel", "1234"};
  auto result = run(words);
  EXPECT_EQ(result.exitCode, exitUsage) << result.err;
  expectIn(result.err, "needs an artifact that counts fuel");
  ptxbin::Manifest manifest = guestManifest();
  manifest.fuel = true;
  write(manifest, nullptr);
  words[3] = "--allow-unsigned";
  words.erase(words.begin() + 4);
  result = run(words);
  EXPECT_EQ(result.out, "i64:1234\n") << result.err;
  words.resize(words.size() - 2);
  EXPECT_EQ(run(words).out, "i64:-1\n");
}

TEST_F(Commands, AModuleOfALinkedArtifactCanBeNamed) {
  write(linkedManifest(), nullptr);
  auto off = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {
        "invoke", file, "off", "5", "--allow-unsigned", "--device", "host"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  // The second module's adds one, as the image does; the first's does not.
  auto result = off({"--verify"});
  EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
  EXPECT_EQ(result.out.rfind("i32:6\n", 0), 0u);
  EXPECT_EQ(off({"--verify", "--module", "first"}).exitCode, exitMismatch);
  result = off({"--module", "third"});
  EXPECT_EQ(result.exitCode, exitRefused);
  expectIn(result.err, "no module 'third': there is '', 'first'");
  result = run({"info", file, "--allow-unsigned"});
  for (const char *words : {"module     'first', 10 functions",
                            "export     '' 'off' (i32) -> (i32)"})
    expectIn(result.out, words);
}

TEST_F(Commands, InfoTellsOfTablesAndSegments) {
  ptxbin::Manifest m = guestManifest();
  m.fuel = true;
  m.memories[0].shared = m.memories[0].grows = true;
  m.tables.resize(1);
  m.tables[0].minSize = 3;
  m.tables[0].maxSize = 9;
  m.data = {{0, true, 0, 0, 0, 5}, {0, false, 0, 0, 1, 2}};
  m.elems = {{0, false, 0, 0, {1, 2}}};
  write(m, nullptr);
  auto result = run({"info", file, "--allow-unsigned"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  for (const char *words : {"fuel       counted", "at most 4, shared, grows",
                            "table      funcref, 3 elements, at most 9",
                            "data       2 segments (1 active), 7 bytes",
                            "elements   1 segment (0 active), 2 references"})
    expectIn(result.out, words);
  json info =
      json::parse(run({"info", file, "--allow-unsigned", "--json"}).out);
  EXPECT_EQ(info["tables"][0]["maxSize"], 9);
  EXPECT_EQ(info["data"]["bytes"], 7);
  EXPECT_EQ(info["elements"]["references"], 2);
  EXPECT_EQ(info["modules"][0]["functions"], 10);
  EXPECT_EQ(info["fuel"], true);
}

TEST_F(Commands, RefusalsNameTheirReason) {
  struct {
    std::vector<std::string> words;
    int exitCode;
    const char *error;
  } cases[] = {
      {{}, exitUsage, "subcommand"},
      {{"launch", file, "squares"}, exitUsage, "--grid"},
      {{"launch", file, "squares", "--grid", "0", "--block", "1",
        "--allow-unsigned"},
       exitUsage,
       "'0' is not a size"},
      {{"launch", file, "squares", "--grid", "1,2,3,4", "--block", "1",
        "--allow-unsigned"},
       exitUsage,
       "is not a size"},
      {{"launch", file, "squares", "--grid", "1", "--block", "2048", "--trust",
        key, "--device", "host", "@zeros:u8:4", "4"},
       exitUsage,
       "2048"},
      {{"invoke", file, "off", "5"}, exitUsage, "--policy FILE.toml is required"},
      {{"invoke", file, "off", "5", "--trust", key, "--device", "tpu"},
       exitUsage,
       "'tpu' is none of"},
      {{"invoke", file, "off", "x", "--trust", key},
       exitUsage,
       "argument 1: 'x' is not an i32"},
      {{"invoke", file, "off", "--trust", key}, exitUsage, "takes 1 arguments"},
      {{"invoke", file, "off", "--trust", key, "--json", "--quiet", "5"},
       exitUsage,
       "exclude"},
      {{"info", file, "--trust", key, "--", "1"}, exitUsage, "no arguments"},
      {{"invoke", file, "nope", "--trust", key}, exitRefused, "'nope'"},
      {{"invoke", file, "never", "1", "--trust", key},
       exitRefused,
       "env.print"},
      {{"invoke", dir + "/absent", "off", "5", "--trust", key},
       exitRefused,
       "absent"},
      {{"invoke", file, "off", "5", "--trust", file}, exitRefused, "guest"},
      // Signed, but by nobody who is trusted here.
      {{"invoke", file, "off", "5", "--allow-unsigned"}, exitRefused, "guest"},
      {{"launch", file, "squares", "--grid", "1", "--block", "1", "--trust",
        key, "--device", "host", "@zeros:u8:262144", "1"},
       exitRefused,
       "196608 are possible"},
  };
  for (const auto &c : cases) {
    auto result = run(c.words);
    EXPECT_EQ(result.exitCode, c.exitCode) << c.error << ": " << result.err;
    expectIn(result.err, c.error);
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(Commands, ContractedFloatsAreVerifiedWithinATolerance) {
  ptxbin::Manifest manifest = guestManifest();
  manifest.floatingPoint = ptxbin::contractedFloats;
  write(manifest, nullptr);
  auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {
        "invoke", file, "off", "5", "--allow-unsigned", "--device", "host"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  // The image's "off" adds one and the module's does not.
  auto result = with({"--verify"});
  EXPECT_EQ(result.exitCode, exitUsage);
  EXPECT_EQ(result.out, "");
  expectIn(result.err, "--verify needs --tolerance for this artifact: its "
                       "floating point is 'contracted'");
  EXPECT_EQ(with({"--verify", "--tolerance=ulp:0"}).exitCode, exitMismatch);
  EXPECT_EQ(with({}).exitCode, exitSuccess);
  expectIn(run({"info", file, "--allow-unsigned"}).out,
           "floats     contracted\n");
  EXPECT_EQ(json::parse(run({"info", file, "--allow-unsigned", "--json"})
                            .out)["floatingPoint"],
            "contracted");
}

TEST_F(Commands, UnsignedFilesNeedTheirFlag) {
  write(guestManifest(), nullptr);
  std::vector<std::string> words = {"invoke", file,       "off",
                                    "5",      "--device", "host"};
  auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return run(all).exitCode;
  };
  EXPECT_EQ(with({"--trust", key}), exitRefused);
  EXPECT_EQ(with({"--allow-unsigned"}), exitSuccess);
  EXPECT_EQ(with({"--allow-unsigned", "--trust", key}), exitSuccess);
}

TEST_F(Commands, ExpiredArtifactsAreRefused) {
  ptxbin::Manifest manifest = guestManifest();
  manifest.expires = 86400;
  EXPECT_TRUE(checkExpiry(manifest, 86399));
  EXPECT_FALSE(checkExpiry(manifest, 86400));
  manifest.expires = 0;
  EXPECT_TRUE(checkExpiry(manifest, 86400));
  manifest.expires = 1;
  write(manifest, nullptr);
  auto result = run({"invoke", file, "off", "5", "--allow-unsigned"});
  EXPECT_EQ(result.exitCode, exitRefused);
  expectIn(result.err, "expired");
}

TEST_F(Commands, InfoListsExportsAndWhyNot) {
  auto result = run({"info", file, "--trust", key});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  for (const char *words :
       {"'guest' version '1.0.0'", "'pair' (f32) -> (i32, f32)",
        "not offloadable: it can reach env.print", "HOST x86-64",
        "1 pages of 64 KiB, at most 4"})
    expectIn(result.out, words);
  result = run({"info", file, "--trust", key, "--json"});
  json info = json::parse(result.out);
  EXPECT_EQ(info["kernels"].size(), 7u);
  EXPECT_EQ(info["signers"].size(), 1u);
}

TEST_F(Commands, DevicesAlwaysHaveTheHost) {
  auto result = run({"devices", "--json"});
  ASSERT_EQ(result.exitCode, exitSuccess);
  json devices = json::parse(result.out);
  EXPECT_EQ(devices.back()["device"], "host");
  EXPECT_EQ(devices.back()["available"], true);
}

TEST(Report, TimesHaveThreeDigits) {
  EXPECT_EQ(formatSeconds(0), "0.00 us");
  EXPECT_EQ(formatSeconds(1.234e-6), "1.23 us");
  EXPECT_EQ(formatSeconds(12.34e-3), "12.3 ms");
  EXPECT_EQ(formatSeconds(0.1234), "123 ms");
  EXPECT_EQ(formatSeconds(75), "75.0 s");
}

} // namespace

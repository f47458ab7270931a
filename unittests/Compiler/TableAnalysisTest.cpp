//===- TableAnalysisTest.cpp - what stands in tables ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constant contents and candidates, per Wasm spec 4.5.4 (instantiation) and
// 4.4.6 (table instructions).
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace twc::twasm;

namespace {

/// Functions @a and @b of type () -> (), @c of type () -> i32, then `text`.
struct Analyzed {
  explicit Analyzed(std::string text) {
    context.loadDialect<TWasmDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(
        R"(
      twasm.func @a() attributes {func_index = 0 : i32} { twasm.return }
      twasm.func @b() attributes {func_index = 1 : i32} { twasm.return }
      twasm.func @c() -> i32 attributes {func_index = 2 : i32} {
        twasm.unreachable
      }
      )" + text,
        &context);
    if (module)
      analysis.emplace(*module);
  }

  std::map<uint64_t, std::string> elements(const char *table) {
    std::map<uint64_t, std::string> result;
    for (auto [i, name] : (*analysis)[table].elements)
      result[i] = name.getValue().str();
    return result;
  }
  std::set<std::string> candidates(const char *table) {
    std::set<std::string> result;
    for (mlir::StringAttr name : (*analysis)[table].candidates)
      result.insert(name.getValue().str());
    return result;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<TableAnalysis> analysis;
};

using Elements = std::map<uint64_t, std::string>;
using Names = std::set<std::string>;

/// A function with `body`, whose operands may be %i (i32) and %r (a funcref).
std::string function(std::string body) {
  return "twasm.func @f(%i: i32, %r: !twasm.funcref) "
         "attributes {func_index = 3 : i32} {" +
         body + "\n twasm.return }\n";
}

} // namespace

TEST(TableAnalysis, PlacesSegmentsInOrder) {
  Analyzed m(R"(
    twasm.table @t min 5
    twasm.elem @e0 active @t offset 0 [@a, @b, @c]
    twasm.elem @e1 active @t offset 1 [unit, @a]
    twasm.elem @e2 active @t offset 5 []
  )");
  ASSERT_TRUE(m.module);
  EXPECT_TRUE((*m.analysis)["t"].constant);
  EXPECT_EQ((*m.analysis)["t"].size, 5u);
  EXPECT_EQ(m.elements("t"), (Elements{{0, "a"}, {2, "a"}}));
}

TEST(TableAnalysis, IsNotConstantOutOfBounds) {
  Analyzed m(R"(
    twasm.table @t min 2
    twasm.table @u min 2
    twasm.table @v min 2 {module = 1 : i32}
    twasm.elem @e0 active @u offset 0 [@a]
    twasm.elem @e1 active @t offset 1 [@a, @b]
    twasm.elem @e2 active @v offset 0 [@a] {module = 1 : i32}
  )");
  ASSERT_TRUE(m.module);
  EXPECT_FALSE((*m.analysis)["t"].constant);
  // Instantiation of module 0 may end before or after this one is filled.
  EXPECT_FALSE((*m.analysis)["u"].constant);
  EXPECT_TRUE((*m.analysis)["v"].constant);
  EXPECT_TRUE(m.elements("t").empty());
  EXPECT_EQ(m.candidates("t"), (Names{"a", "b"}));
}

TEST(TableAnalysis, SeesOtherModulesSegments) {
  Analyzed m(R"(
    twasm.table @t min 2
    twasm.elem @e0 active @t offset 0 [@a]
    twasm.elem @e1 active @t offset 1 [@b] {module = 1 : i32}
  )");
  ASSERT_TRUE(m.module);
  EXPECT_FALSE((*m.analysis)["t"].constant);
  EXPECT_FALSE((*m.analysis)["t"].written);
  EXPECT_EQ(m.candidates("t"), (Names{"a", "b"}));
}

TEST(TableAnalysis, SeesEveryWrite) {
  const std::pair<const char *, Names> writes[] = {
      {"twasm.table_set @t[%i], %r : !twasm.funcref", {"a", "b", "c"}},
      {"%o = twasm.table_grow @t, %r, %i : !twasm.funcref", {"a", "b", "c"}},
      {"twasm.table_fill @t, %i, %r, %i : !twasm.funcref", {"a", "b", "c"}},
      {"twasm.table_copy @t, @u, %i, %i, %i", {"a", "b"}},
      {"twasm.table_init @t, @p, %i, %i, %i", {"a", "c"}}};
  for (const auto &[body, candidates] : writes) {
    Analyzed m(R"(
      twasm.table @t min 2
      twasm.table @u min 2
      twasm.elem @e0 active @t offset 0 [@a]
      twasm.elem @e1 active @u offset 0 [@b]
      twasm.elem @p [@c]
    )" + function(body));
    ASSERT_TRUE(m.module) << body;
    EXPECT_TRUE((*m.analysis)["t"].written) << body;
    EXPECT_FALSE((*m.analysis)["t"].constant) << body;
    EXPECT_TRUE((*m.analysis)["u"].constant) << body;
    EXPECT_EQ(m.candidates("t"), candidates) << body;
    EXPECT_EQ(m.candidates("u"), Names{"b"}) << body;
    EXPECT_EQ((*m.analysis)["t"].grows,
              std::string(body).find("grow") != std::string::npos);
  }
}

TEST(TableAnalysis, ReadsDoNotWrite) {
  Analyzed m("twasm.table @t min 1\n"
             "twasm.elem @e active @t offset 0 [@a]\n" +
             function("%0 = twasm.table_get @t[%i] : !twasm.funcref\n"
                      "%1 = twasm.table_size @t : i32\n"
                      "twasm.elem_drop @e"));
  ASSERT_TRUE(m.module);
  EXPECT_TRUE((*m.analysis)["t"].constant);
}

TEST(TableAnalysis, FollowsCopiesRound) {
  Analyzed m("twasm.table @t min 1\n twasm.table @u min 1\n"
             "twasm.table @v min 1\n twasm.elem @e active @v offset 0 [@a]\n"
             "twasm.elem @g active @t offset 0 [@b]\n" +
             function("twasm.table_copy @t, @u, %i, %i, %i\n"
                      "twasm.table_copy @u, @v, %i, %i, %i\n"
                      "twasm.table_copy @u, @t, %i, %i, %i"));
  ASSERT_TRUE(m.module);
  EXPECT_EQ(m.candidates("t"), (Names{"a", "b"}));
  EXPECT_EQ(m.candidates("u"), (Names{"a", "b"}));
  EXPECT_EQ(m.candidates("v"), Names{"a"});
}

TEST(TableAnalysis, TakesAddressesFromEverywhere) {
  Analyzed m(R"(
    twasm.table @t min 1
    twasm.table @x min 1 : !twasm.externref
    twasm.global @g index 0 = #twasm.ref<@b> : !twasm.funcref
  )" + function("%0 = twasm.ref_func @a : !twasm.funcref\n"
                "twasm.table_set @t[%i], %0 : !twasm.funcref\n"
                "%1 = twasm.ref_null : !twasm.externref\n"
                "twasm.table_set @x[%i], %1 : !twasm.externref"));
  ASSERT_TRUE(m.module);
  EXPECT_EQ(m.candidates("t"), (Names{"a", "b"}));
  EXPECT_EQ(m.candidates("x"), Names{});
}

TEST(TableAnalysis, LetsTheHostPassWhatIsExported) {
  std::string text = "twasm.table @t min 1\n"
                     "twasm.export \"c\" func @c\n" +
                     function("twasm.table_set @t[%i], %r : !twasm.funcref");
  Analyzed inside(text);
  ASSERT_TRUE(inside.module);
  EXPECT_EQ(inside.candidates("t"), Names{});
  Analyzed outside(text + "twasm.export \"f\" func @f\n");
  ASSERT_TRUE(outside.module);
  EXPECT_EQ(outside.candidates("t"), (Names{"c", "f"}));
}

TEST(TableAnalysis, ComparesTypesOfCallees) {
  Analyzed m("twasm.table @t min 3\n"
             "twasm.elem @e active @t offset 0 [@a, @c, @b]\n");
  ASSERT_TRUE(m.module);
  mlir::Builder b(&m.context);
  auto callees =
      m.analysis->getCallees("t", b.getFunctionType({}, b.getI32Type()));
  ASSERT_EQ(callees.size(), 1u);
  EXPECT_EQ(callees[0].getValue(), "c");
  EXPECT_EQ(m.analysis->getCallees("t", b.getFunctionType({}, {})).size(), 2u);
}

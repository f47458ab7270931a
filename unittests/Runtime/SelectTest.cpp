//===- SelectTest.cpp - image selection -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules of Select.h on tables made by hand.
//
//===----------------------------------------------------------------------===//

#include "Select.h"
#include "CudaDevice.h"
#include "Support.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

static Section gpu(SectionType type, unsigned cc, Suffix suffix = Suffix::None,
                   unsigned isa = 77) {
  Section section;
  section.key.type = type;
  section.key.cc = uint16_t(cc);
  section.key.suffix = suffix;
  section.key.ptxISA = uint16_t(isa);
  return section;
}
static Section ptx(unsigned cc, Suffix suffix = Suffix::None,
                   unsigned isa = 77) {
  return gpu(SectionType::PTX, cc, suffix, isa);
}
static Section cubin(unsigned cc, Suffix suffix = Suffix::None) {
  return gpu(SectionType::Cubin, cc, suffix);
}
static Section host(uint64_t features) {
  Section section;
  section.key.type = SectionType::Host;
  section.key.machine = Machine::X86_64;
  section.key.cpuFeatures = features;
  return section;
}

/// Index of the choice, or -1.
static int choose(std::vector<Section> sections, unsigned cc,
                  unsigned isa = 90) {
  auto chosen = selectGPUImage(sections, {cc, isa});
  return chosen ? int(*chosen) : -1;
}

TEST(SelectGPU, PrefersTheExactCubin) {
  EXPECT_EQ(choose({ptx(90), cubin(80), cubin(86), cubin(90)}, 86), 2);
  EXPECT_EQ(choose({ptx(90), cubin(80), cubin(86), cubin(90)}, 90), 3);
}

TEST(SelectGPU, TakesACubinOfALowerMinorOnly) {
  EXPECT_EQ(choose({ptx(80), cubin(80), cubin(86)}, 89), 2);
  EXPECT_EQ(choose({ptx(70), cubin(86)}, 80), 0);
  EXPECT_EQ(choose({ptx(70), cubin(80)}, 90), 0);
  EXPECT_EQ(choose({cubin(80)}, 90), -1);
}

TEST(SelectGPU, TakesTheHighestPTXNotAboveTheDevice) {
  EXPECT_EQ(choose({ptx(70), ptx(80), ptx(90)}, 86), 1);
  EXPECT_EQ(choose({ptx(70), ptx(80), ptx(90)}, 120), 2);
  EXPECT_EQ(choose({ptx(80)}, 75), -1);
}

TEST(SelectGPU, SkipsPTXThatTheDriverDoesNotKnow) {
  EXPECT_EQ(
      choose({ptx(80, Suffix::None, 77), ptx(90, Suffix::None, 85)}, 90, 80),
      0);
  EXPECT_EQ(choose({ptx(90, Suffix::None, 85)}, 90, 84), -1);
}

TEST(SelectGPU, SuffixAIsForOneArchitecture) {
  EXPECT_EQ(choose({ptx(80), ptx(90), ptx(90, Suffix::A)}, 90), 2);
  EXPECT_EQ(choose({ptx(80), ptx(90, Suffix::A)}, 100), 0);
  EXPECT_EQ(choose({ptx(90, Suffix::A)}, 103), -1);
  EXPECT_EQ(choose({cubin(90, Suffix::A), ptx(90)}, 90), 0);
}

TEST(SelectGPU, SuffixFIsForOneFamily) {
  EXPECT_EQ(choose({ptx(100), ptx(100, Suffix::F)}, 103), 1);
  EXPECT_EQ(choose({ptx(100), ptx(100, Suffix::F)}, 101), 0);
  EXPECT_EQ(choose({ptx(100, Suffix::F)}, 120), -1);
  EXPECT_EQ(choose({ptx(103, Suffix::F)}, 100), -1);
  EXPECT_EQ(choose({ptx(100, Suffix::F), ptx(100, Suffix::A)}, 100), 1);
}

TEST(SelectGPU, SaysWhatThereIs) {
  std::vector<Section> sections{ptx(90, Suffix::A, 80), cubin(86), host(0)};
  auto chosen = selectGPUImage(sections, {75, 77});
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, ErrorKind::Incompatible);
  EXPECT_EQ(chosen.error().message,
            "no image for this GPU: it is sm_75 and its driver takes PTX ISA "
            "7.7, the artifact has PTX sm_90a (ISA 8.0), cubin sm_86");
  sections = {host(0)};
  EXPECT_NE(messageOf(selectGPUImage(sections, {75, 77})).find("no GPU image"),
            std::string::npos);
}

/// The table of docs/PTXBinFormat.md, "Which image runs".
TEST(SelectGPU, TheTableOfTheFormat) {
  struct Row {
    Section image;
    unsigned cc, isa;
    const char *why; // nothing: it runs
  };
  using enum Suffix;
  const Row rows[] = {
      {cubin(90), 90, 80, ""},
      {cubin(80), 86, 80, ""},
      {cubin(86), 80, 80, "needs compute capability 8.6 or higher"},
      {cubin(80), 90, 80, "a cubin runs on its own major version only, 8.x"},
      {cubin(90, A), 90, 80, ""},
      {cubin(100, A), 103, 88, "sm_100a runs on compute capability 10.0 only"},
      {cubin(100, F), 103, 88, ""},
      {ptx(80), 80, 77, ""},
      {ptx(80), 120, 90, ""},
      {ptx(90), 80, 90, "needs compute capability 9.0 or higher"},
      {ptx(80, None, 85), 90, 84,
       "needs a driver that takes PTX ISA 8.5, this one takes 8.4"},
      {ptx(90, A), 90, 80, ""},
      {ptx(90, A), 100, 90, "sm_90a runs on compute capability 9.0 only"},
      {ptx(100, F), 103, 88, ""},
      {ptx(100, F), 101, 88,
       "sm_100f runs on its own family only, from 10.0 on"},
      {ptx(103, F), 100, 88,
       "sm_103f runs on its own family only, from 10.3 on"},
      {ptx(100, F), 120, 90,
       "sm_100f runs on its own family only, from 10.0 on"},
  };
  for (const Row &row : rows) {
    EXPECT_EQ(whyNotOnGPU(row.image.key, {row.cc, row.isa}), row.why);
    EXPECT_EQ(choose({row.image}, row.cc, row.isa), *row.why ? -1 : 0);
  }
}

TEST(SelectGPU, ExplainsEveryImage) {
  std::vector<Section> sections{ptx(70),   ptx(80),   ptx(80, Suffix::None, 78),
                                ptx(90),   cubin(80), cubin(86),
                                cubin(89), host(0)};
  auto verdicts = explainGPUImages(sections, {86, 80});
  std::vector<std::string> reasons;
  for (const ImageVerdict &verdict : verdicts)
    reasons.push_back(verdict.reason);
  EXPECT_EQ(reasons, (std::vector<std::string>{
                         "would run; a cubin comes before PTX",
                         "would run; a cubin comes before PTX",
                         "would run; a cubin comes before PTX",
                         "needs compute capability 9.0 or higher",
                         "would run; a nearer architecture comes first",
                         "chosen", "needs compute capability 8.9 or higher"}));
  verdicts = explainGPUImages({sections.begin() + 1, 2}, {86, 80});
  EXPECT_EQ(verdicts[0].reason, "would run; a newer PTX ISA comes first");
  EXPECT_EQ(verdicts[1].verdict, ImageVerdict::Chosen);
}

TEST(SelectGPU, KnowsTheISAOfADriver) {
  EXPECT_EQ(ptxISAOfDriver(10020), 0u);
  EXPECT_EQ(ptxISAOfDriver(11070), 77u);
  EXPECT_EQ(ptxISAOfDriver(11080), 78u);
  EXPECT_EQ(ptxISAOfDriver(12000), 80u);
  EXPECT_EQ(ptxISAOfDriver(12050), 85u);
  EXPECT_EQ(ptxISAOfDriver(12060), 85u);
  EXPECT_EQ(ptxISAOfDriver(12080), 87u);
  EXPECT_EQ(ptxISAOfDriver(12090), 88u);
  EXPECT_EQ(ptxISAOfDriver(13000), 90u);
}

#if defined(__x86_64__)
TEST(SelectHost, PrefersTheMostFeaturesTheCPUHas) {
  uint64_t v2 = cpuX86_64_v2, v3 = v2 | cpuX86_64_v3;
  std::vector<Section> sections{ptx(90), host(0), host(v2), host(v3)};
  EXPECT_EQ(*selectHostImage(sections, 0), 1u);
  EXPECT_EQ(*selectHostImage(sections, v2), 2u);
  EXPECT_EQ(*selectHostImage(sections, v3), 3u);
}

TEST(SelectHost, ExplainsEveryImage) {
  uint64_t v2 = cpuX86_64_v2, v3 = v2 | cpuX86_64_v3;
  Section other = host(0);
  other.key.machine = Machine(2);
  std::vector<Section> sections{ptx(90), host(0), host(v2), host(v3), other};
  auto verdicts = explainHostImages(sections, v2);
  ASSERT_EQ(verdicts.size(), 4u);
  EXPECT_EQ(verdicts[0].reason,
            "would run; one that uses more of the CPU comes first");
  EXPECT_EQ(verdicts[1].reason, "chosen");
  EXPECT_EQ(verdicts[2].reason, "needs x86-64-v3");
  EXPECT_EQ(verdicts[3].reason, "is for another machine");
}

TEST(SelectHost, SaysWhatIsMissing) {
  std::vector<Section> sections{ptx(90)};
  auto chosen = selectHostImage(sections, 0);
  ASSERT_FALSE(chosen);
  EXPECT_NE(chosen.error().message.find("no host image"), std::string::npos);

  sections = {host(1ull << 40)};
  chosen = selectHostImage(sections, hostCpuFeatures());
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, ErrorKind::Incompatible);
  EXPECT_EQ(chosen.error().message,
            "the host image needs CPU features that this CPU lacks: features "
            "unknown to this runtime");
}
#endif

TEST(CudaStacks, MustFitIntoFreeMemory) {
  const uint64_t threads = 270336, gib = 1 << 30; // an H200's
  EXPECT_TRUE(checkStacksFit({65536, threads}, 1024, 17 * gib, "export 'k'"));
  EXPECT_TRUE(checkStacksFit({65536, threads}, 65536, 0, "export 'k'"));
  EXPECT_EQ(
      messageOf(checkStacksFit({65536, threads}, 1024, 16 * gib, "export 'k'")),
      "export 'k' needs 65536 bytes of stack for each of the 270336 "
      "threads that the device runs at once, 17716740096 bytes in all, "
      "but only 17456693248 are free: compile it with a smaller "
      "--stack-size");
  EXPECT_EQ(messageOf(checkStacksFit({524304, 1}, 0, 100 * gib, "export 'k'")),
            "export 'k' needs 524304 bytes of stack for each thread, more than "
            "the 524288 that a GPU thread can have: compile it with a smaller "
            "--stack-size");
}

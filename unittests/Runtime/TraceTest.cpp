//===- TraceTest.cpp - records of spans -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Trace.h"

#include <algorithm>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <thread>

using namespace twrun;

namespace {

const TraceEvent *find(const TraceRecord &record, const std::string &name) {
  for (const TraceEvent &event : record.events)
    if (event.name == name)
      return &event;
  return nullptr;
}

TEST(Trace, NothingIsRecordedUntilItIsStarted) {
  { TraceSpan before("before"); }
  traceInstant("before");
  traceEvent({});
  EXPECT_FALSE(isTracing());
  startTrace();
  EXPECT_TRUE(isTracing());
  TraceRecord record = takeTrace();
  EXPECT_TRUE(record.events.empty());
  EXPECT_TRUE(record.totals.empty());
  { TraceSpan after("after"); }
  startTrace();
  EXPECT_TRUE(takeTrace().events.empty());
}

TEST(Trace, SpansHaveTimesNotesAndTracks) {
  startTrace();
  nameTraceThread("main");
  {
    TraceSpan outer("outer");
    EXPECT_TRUE(outer);
    outer.note("bytes", uint64_t(5));
    outer.note("kind", "ptx");
    TraceSpan inner("inner");
    inner.end();
    inner.end(); // once
    traceInstant("now");
    traceCounter("in flight", 3);
  }
  const uint64_t flow = newTraceFlow();
  TraceEvent kernel;
  kernel.name = "kernel";
  kernel.track = traceTrack("stream");
  kernel.begin = traceNow();
  kernel.end = kernel.begin + 1000;
  kernel.flow = flow;
  traceEvent(kernel);
  TraceRecord record = takeTrace();
  ASSERT_EQ(record.events.size(), 5u);
  const TraceEvent *outer = find(record, "outer"),
                   *inner = find(record, "inner");
  ASSERT_TRUE(outer && inner);
  EXPECT_LE(record.start, outer->begin);
  EXPECT_LE(outer->begin, inner->begin);
  EXPECT_LE(inner->end, outer->end);
  EXPECT_LE(outer->end, record.end);
  EXPECT_EQ(record.tracks.at(outer->track), "main");
  ASSERT_EQ(outer->notes.size(), 2u);
  EXPECT_EQ(std::get<uint64_t>(outer->notes[0].value), 5u);
  EXPECT_EQ(std::get<std::string>(outer->notes[1].value), "ptx");
  EXPECT_EQ(find(record, "in flight")->value, 3);
  EXPECT_EQ(record.tracks.at(find(record, "kernel")->track), "stream");
  EXPECT_EQ(record.totals.at("inner").count, 1u);
  EXPECT_FALSE(record.totals.contains("kernel")); // names of guests
}

TEST(Trace, SpansOfAnEarlierRecordDoNotCount) {
  startTrace();
  TraceSpan early("early");
  startTrace();
  early.end();
  TraceSpan late("late");
  TraceRecord record = takeTrace();
  EXPECT_TRUE(record.events.empty()); // one too early, one not ended
  EXPECT_TRUE(record.totals.empty());
}

TEST(Trace, TotalsAloneKeepNoEvents) {
  startTrace(traceTotals);
  for (int i = 0; i < 1000; ++i)
    TraceSpan span("again");
  TraceRecord record = takeTrace();
  EXPECT_TRUE(record.events.empty());
  EXPECT_EQ(record.totals.at("again").count, 1000u);
}

TEST(Trace, ManyThreadsLoseNothingAndTracksAreTheirOwn) {
  constexpr int threads = 8, each = 2000;
  startTrace();
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([t] {
      nameTraceThread("worker " + std::to_string(t));
      for (int i = 0; i < each; ++i) {
        TraceSpan span("work");
        span.note("i", uint64_t(i));
      }
    });
  for (std::thread &thread : all)
    thread.join();
  TraceRecord record = takeTrace();
  EXPECT_EQ(record.events.size(), size_t(threads * each));
  EXPECT_EQ(record.totals.at("work").count, uint64_t(threads * each));
  std::vector<size_t> counts(record.tracks.size());
  for (const TraceEvent &event : record.events)
    ++counts[event.track];
  EXPECT_EQ(std::count(counts.begin(), counts.end(), size_t(each)), threads);
}

TEST(Trace, ARecordIsBounded) {
  startTrace();
  for (uint64_t i = 0; i < maxTraceEvents + 10; ++i)
    TraceSpan span("x");
  TraceRecord record = takeTrace();
  EXPECT_EQ(record.events.size(), maxTraceEvents);
  EXPECT_EQ(record.lost, 10u);
  EXPECT_EQ(record.totals.at("x").count, maxTraceEvents + 10);
}

TEST(Trace, RangesGoToTheProfilersLibrary) {
  // In a process of its own: the library is looked for once.
  EXPECT_EXIT(
      {
        void *library = dlopen(TEST_FAKE_NVTX, RTLD_NOW | RTLD_GLOBAL);
        auto *log =
            reinterpret_cast<const char *(*)()>(dlsym(library, "fakeRangeLog"));
        { TraceSpan unseen("unseen"); }
        setenv("TWRUN_NVTX", "1", 1);
        traceRangesIfAsked();
        {
          TraceSpan outer("outer");
          TraceSpan inner("inner");
        }
        fprintf(stderr, "%s\n", log());
        std::exit(0);
      },
      testing::ExitedWithCode(0), "^<outer<inner>>\n$");
}

TEST(Trace, WithoutTheLibraryNothingChanges) {
  EXPECT_EXIT(
      {
        setenv("TWRUN_NVTX", "1", 1);
        traceRangesIfAsked();
        { TraceSpan span("span"); }
        fprintf(stderr, "alive\n");
        std::exit(0);
      },
      testing::ExitedWithCode(0), "alive");
}

} // namespace

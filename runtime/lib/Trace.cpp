//===- Trace.cpp - spans of what the runtime does -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One record behind one lock, which is held for the time of an append. Tracks
// outlive the record: a thread keeps its own.
//
//===----------------------------------------------------------------------===//

#include "Trace.h"

#include "TraceRanges.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

using namespace twrun;

std::atomic<uint32_t> twrun::traceMode{0};

namespace {

// What starts and ends many threads must not fill memory with their tracks.
constexpr size_t maxTracks = 4096;

struct Recorder {
  std::mutex mutex;
  uint64_t start = 0;
  std::vector<TraceEvent> events;
  std::map<std::string, TraceTotal, std::less<>> totals;
  // By TraceTrack. The first takes what comes when there are too many.
  std::vector<std::string> tracks{"other threads"};
  uint64_t lost = 0;

  TraceTrack newTrack(std::string name) { // the lock is held
    if (tracks.size() >= maxTracks)
      return 0;
    tracks.push_back(std::move(name));
    return TraceTrack(tracks.size() - 1);
  }
};

/// Never destroyed: threads may end after main.
Recorder &recorder() {
  static auto *one = new Recorder;
  return *one;
}

thread_local std::optional<TraceTrack> ownTrack;

TraceTrack threadTrack() {
  if (!ownTrack) {
    Recorder &r = recorder();
    std::lock_guard lock(r.mutex);
    ownTrack = r.newTrack("thread " + std::to_string(r.tracks.size()));
  }
  return *ownTrack;
}

} // namespace

uint64_t twrun::traceNow() {
  return uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::steady_clock::now().time_since_epoch())
                      .count());
}

TraceTrack twrun::traceTrack(std::string_view name) {
  Recorder &r = recorder();
  std::lock_guard lock(r.mutex);
  auto known = std::find(r.tracks.begin(), r.tracks.end(), name);
  return known != r.tracks.end() ? TraceTrack(known - r.tracks.begin())
                                 : r.newTrack(std::string(name));
}

void twrun::nameTraceThread(std::string_view name) {
  const TraceTrack track = threadTrack();
  Recorder &r = recorder();
  std::lock_guard lock(r.mutex);
  if (track)
    r.tracks[track] = name;
}

uint64_t twrun::newTraceFlow() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

void TraceSpan::start(std::string_view name) {
  const uint32_t mode = traceMode.load(std::memory_order_relaxed);
  event = std::make_unique<TraceEvent>();
  event->name = name;
  if (mode & traceRanges)
    isRange = pushRange(event->name.c_str());
  event->begin = traceNow();
}

void TraceSpan::finish() {
  std::unique_ptr<TraceEvent> ended = std::move(event);
  ended->end = traceNow();
  if (isRange)
    popRange();
  isRange = false;
  const uint32_t mode = traceMode.load(std::memory_order_relaxed);
  if (mode & traceTotals) {
    Recorder &r = recorder();
    std::lock_guard lock(r.mutex);
    if (ended->begin >= r.start) {
      TraceTotal &total = r.totals[ended->name];
      ++total.count;
      total.nanoseconds += ended->end - ended->begin;
    }
  }
  if (!(mode & traceEvents))
    return;
  ended->track = threadTrack();
  traceEvent(std::move(*ended));
}

void twrun::traceEvent(TraceEvent event) {
  if (!(traceMode.load(std::memory_order_relaxed) & traceEvents))
    return;
  Recorder &r = recorder();
  std::lock_guard lock(r.mutex);
  // A span that began before this record belongs to none.
  if (event.begin < r.start)
    return;
  if (r.events.size() >= maxTraceEvents)
    ++r.lost;
  else
    r.events.push_back(std::move(event));
}

static TraceEvent now(TraceEvent::Kind kind, std::string_view name) {
  TraceEvent event;
  event.kind = kind;
  event.name = name;
  event.track = threadTrack();
  event.begin = event.end = traceNow();
  return event;
}

void twrun::traceInstant(std::string_view name) {
  if (isTracing())
    traceEvent(now(TraceEvent::Kind::Instant, name));
}

void twrun::traceCounter(std::string_view name, double value) {
  if (!isTracing())
    return;
  TraceEvent event = now(TraceEvent::Kind::Counter, name);
  event.value = value;
  traceEvent(std::move(event));
}

void twrun::startTrace(uint32_t what) {
  Recorder &r = recorder();
  std::lock_guard lock(r.mutex);
  traceMode.fetch_and(~(traceEvents | traceTotals), std::memory_order_relaxed);
  r.events.clear();
  r.totals.clear();
  r.lost = 0;
  r.start = traceNow();
  traceMode.fetch_or(what & (traceEvents | traceTotals),
                     std::memory_order_relaxed);
}

TraceRecord twrun::takeTrace() {
  Recorder &r = recorder();
  std::lock_guard lock(r.mutex);
  traceMode.fetch_and(~(traceEvents | traceTotals), std::memory_order_relaxed);
  TraceRecord record;
  record.start = r.start;
  record.end = traceNow();
  record.totals.swap(r.totals);
  record.events.swap(r.events);
  record.tracks = r.tracks;
  record.lost = r.lost;
  return record;
}

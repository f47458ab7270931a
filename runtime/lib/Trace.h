//===- Trace.h - spans of what the runtime does -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A process-wide record of named spans of time: loading, copies, launches,
// callbacks. It is off until someone starts it, and then a span costs one
// relaxed load. Nothing is written here: who started the record takes it and
// renders it (CLI/TraceFile.h). The same spans become NVTX ranges where a
// profiler looks on (TraceRanges.cpp).
//
//   TraceSpan span("load image");
//   span.note("bytes", image.size());
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_TRACE_H
#define TWRUN_LIB_TRACE_H

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace twrun {

/// What is on: bits of traceMode.
inline constexpr uint32_t traceEvents = 1; // events are recorded
inline constexpr uint32_t traceRanges = 2; // spans are NVTX ranges too
inline constexpr uint32_t traceTotals = 4; // spans are added up by name
extern std::atomic<uint32_t> traceMode;

inline bool isTracing() {
  return traceMode.load(std::memory_order_relaxed) != 0;
}

/// What is told beside a name: a number or a text under a literal key.
struct TraceNote {
  const char *key;
  std::variant<uint64_t, double, std::string> value;
};

/// Nanoseconds of the monotonic clock, as all times here.
uint64_t traceNow();

/// A line of the record: a thread's, or one made by traceTrack().
using TraceTrack = uint32_t;

/// A track of the name, made at its first use. Things on one track should
/// nest or follow one another: use one for each stream.
TraceTrack traceTrack(std::string_view name);
/// Names the calling thread's track, "thread N" otherwise.
void nameTraceThread(std::string_view name);

struct TraceEvent {
  enum class Kind { Span, Instant, Counter };
  Kind kind = Kind::Span;
  std::string name;
  TraceTrack track = 0;
  uint64_t begin = 0, end = 0; // equal but for spans
  /// Nonzero: an arrow leads from the span with `flowsOut` to those without.
  uint64_t flow = 0;
  bool flowsOut = false;
  double value = 0; // a counter's
  std::vector<TraceNote> notes;
};

/// A number for TraceEvent::flow that nothing else has.
uint64_t newTraceFlow();

/// The time from its construction to its end, on the calling thread's track.
/// Lives on one thread's stack; spans of a thread nest. The name is one of few:
/// totals are kept by it.
class TraceSpan {
public:
  explicit TraceSpan(std::string_view name) {
    if (isTracing())
      start(name);
  }
  ~TraceSpan() { end(); }
  TraceSpan(const TraceSpan &) = delete;
  TraceSpan &operator=(const TraceSpan &) = delete;

  /// Whether anyone will see it: guards notes that are costly to make.
  explicit operator bool() const { return event != nullptr; }

  /// `key` is a literal.
  void note(const char *key, uint64_t value) {
    if (event)
      event->notes.push_back({key, value});
  }
  void note(const char *key, double value) {
    if (event)
      event->notes.push_back({key, value});
  }
  void note(const char *key, std::string_view value) {
    if (event)
      event->notes.push_back({key, std::string(value)});
  }
  /// An arrow from here to the event with this flow, such as a kernel's.
  void flowTo(uint64_t flow) {
    if (event) {
      event->flow = flow;
      event->flowsOut = true;
    }
  }
  /// Ends it ahead of its destruction.
  void end() {
    if (event)
      finish();
  }

private:
  void start(std::string_view name);
  void finish();
  std::unique_ptr<TraceEvent> event;
  bool isRange = false; // an NVTX range was opened
};

/// Records what was measured elsewhere, such as a kernel's own time on the
/// track of its stream. Does nothing unless events are recorded.
void traceEvent(TraceEvent event);
/// A point in time on the calling thread's track.
void traceInstant(std::string_view name);
/// A quantity from now on, such as launches in flight.
void traceCounter(std::string_view name, double value);

/// All spans of one name, whether or not their events were kept.
struct TraceTotal {
  uint64_t count = 0, nanoseconds = 0;
};

/// All that was recorded, in the order in which it ended.
struct TraceRecord {
  uint64_t start = 0, end = 0; // times of startTrace() and takeTrace()
  std::vector<TraceEvent> events;
  std::map<std::string, TraceTotal, std::less<>> totals; // of TraceSpans
  std::vector<std::string> tracks;                       // names, by TraceTrack
  uint64_t lost = 0; // events beyond maxTraceEvents
};
inline constexpr uint64_t maxTraceEvents = 1 << 19;

/// Begins a new record of `what`; one that was not taken is dropped.
void startTrace(uint32_t what = traceEvents | traceTotals);
/// Ends the record. Spans that still run are not in it.
TraceRecord takeTrace();

/// NVTX ranges from now on, if the environment asks for them: TWRUN_NVTX=1, or
/// NVTX_INJECTION64_PATH, which profilers set. Looks once. Without
/// libnvToolsExt.so.1 nothing changes.
void traceRangesIfAsked();

} // namespace twrun

#endif // TWRUN_LIB_TRACE_H

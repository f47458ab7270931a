//===- PipelineReport.cpp - what a pipeline's run has to tell -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineRun.h"

#include "Report.h"
#include "ReportParts.h"
#include "lib/Quote.h"

namespace twrun::cli {

static const char *verb(const PipelineStep &step) {
  return step.kind == PipelineStep::Kind::Launch ? "launch" : "invoke";
}

std::string humanReport(const Options &options, const PipelineReport &report) {
  std::string out;
  size_t next = 0; // of the texts of results
  std::string steps;
  for (const StepReport &step : report.steps) {
    if (!step.step)
      continue; // a trap came before it
    for (size_t i = 0; i < step.results.size(); ++i)
      out += report.results[next++] + "\n";
    std::string text = quoteName(step.step->function);
    if (step.step->kind == PipelineStep::Kind::Launch)
      text += ", grid " + sizeText(step.step->grid) + " x block " +
              sizeText(step.step->block);
    steps += tableRow(verb(*step.step),
                      text + ": " + timesText(step.seconds, "calls"));
  }
  out += tableRow("device", report.device);
  out += tableRow("pipeline",
                  options.file + ": " + plural(report.calls, "call") + ", " +
                      formatSeconds(report.seconds) + " of kernels");
  out += steps;
  if (report.verification && report.verification->agrees())
    out += tableRow("verified", verifyText(*report.verification));
  for (const SavedSink &sink : report.saved)
    out += tableRow("saved", oneLine(sink.path) + " (" +
                                 plural(sink.bytes, "byte") + ")");
  return out;
}

std::string jsonReport(const Options &options, const PipelineReport &report,
                       const std::optional<RunStats> &stats) {
  Json json = {{"command", "run"},
               {"file", options.file},
               {"artifact", report.pipeline.artifact},
               {"device", report.device},
               {"calls", report.calls},
               {"kernelSeconds", report.seconds}};
  size_t next = 0;
  Json steps = Json::array();
  for (const StepReport &step : report.steps) {
    if (!step.step)
      continue;
    Json one = {{verb(*step.step), step.step->function},
                {"line", step.step->place.line}};
    if (step.step->kind == PipelineStep::Kind::Launch) {
      one["grid"] = toJson(step.step->grid);
      one["block"] = toJson(step.step->block);
    }
    one["calls"] = step.seconds.size();
    one["seconds"] = timesJson(step.seconds);
    one["results"] = Json::array();
    for (const Value &result : step.results)
      one["results"].push_back(toJson(result, report.results[next++]));
    steps.push_back(std::move(one));
  }
  json["steps"] = steps;
  json["trap"] = report.trap ? toJson(*report.trap, report.trapText) : Json();
  json["verification"] =
      report.verification ? toJson(*report.verification) : Json();
  json["saved"] = toJson(report.saved);
  if (stats)
    json["stats"] = toJson(*stats);
  return dump(json);
}

std::string errorText(const PipelineReport &report) {
  return errorText(report.trap.has_value(), report.trapText,
                   report.verification);
}

} // namespace twrun::cli

//===- Info.cpp - what is in an artifact ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "lib/Quote.h"

#include <cstdio>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

namespace twrun::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string typesText(const std::vector<ValueType> &types) {
  std::string text;
  for (ValueType type : types)
    text += (text.empty() ? "" : ", ") + std::string(ptxbin::toString(type));
  return "(" + text + ")";
}

Json typesJson(const std::vector<ValueType> &types) {
  Json json = Json::array();
  for (ValueType type : types)
    json.push_back(ptxbin::toString(type));
  return json;
}

Json windowJson(const std::optional<ptxbin::StackWindow> &window) {
  if (!window)
    return Json();
  return {{"memory", window->memory},
          {"global", window->global},
          {"low", window->low},
          {"size", window->size}};
}

Json sharedJson(const std::optional<ptxbin::SharedWindow> &shared) {
  if (!shared)
    return Json();
  return {{"memory", shared->memory},
          {"size", shared->size},
          {"limit", shared->limit}};
}

/// "PTX 9.0, ISA 8.0", "HOST x86-64-v3".
std::string imageText(const ptxbin::SectionKey &key) {
  std::string text = ptxbin::toString(key.type);
  if (key.cc)
    text += " sm_" + std::to_string(key.cc) +
            (key.suffix == ptxbin::Suffix::A   ? "a"
             : key.suffix == ptxbin::Suffix::F ? "f"
                                               : "");
  if (key.ptxISA)
    text += ", PTX ISA " + std::to_string(key.ptxISA / 10) + "." +
            std::to_string(key.ptxISA % 10);
  if (key.machine == ptxbin::Machine::X86_64)
    text += " x86-64";
  if (key.cpuFeatures & ptxbin::cpuX86_64_v4)
    text += "-v4";
  else if (key.cpuFeatures & ptxbin::cpuX86_64_v3)
    text += "-v3";
  else if (key.cpuFeatures & ptxbin::cpuX86_64_v2)
    text += "-v2";
  return text;
}

std::string timeText(uint64_t seconds) {
  std::time_t time = std::time_t(seconds);
  std::tm parts{};
  char text[40];
  if (!gmtime_r(&time, &parts) ||
      !std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts))
    return std::to_string(seconds);
  return text;
}

template <typename T> uint64_t countActive(const std::vector<T> &segments) {
  uint64_t count = 0;
  for (const T &segment : segments)
    count += segment.active;
  return count;
}

uint64_t totalBytes(const ptxbin::Manifest &manifest) {
  uint64_t bytes = 0;
  for (const ptxbin::DataInfo &data : manifest.data)
    bytes += data.size;
  return bytes;
}

uint64_t totalReferences(const ptxbin::Manifest &manifest) {
  uint64_t references = 0;
  for (const ptxbin::ElemInfo &elem : manifest.elems)
    references += elem.references.size();
  return references;
}

/// "3 segments (2 active), 100 bytes".
std::string segmentsText(uint64_t count, uint64_t active, uint64_t total,
                         const char *unit) {
  return std::to_string(count) + (count == 1 ? " segment (" : " segments (") +
         std::to_string(active) + " active), " + std::to_string(total) + " " +
         unit;
}

} // namespace

std::string humanInfo(const ptxbin::PtxBin &artifact) {
  const ptxbin::Manifest &m = artifact.manifest();
  std::string out;
  auto row = [&](const char *name, const std::string &text) {
    std::string label = name;
    label.resize(11, ' ');
    out += label + text + "\n";
  };
  row("name", quoteName(m.name) + " version " + quoteName(m.version) +
                  ", release " + std::to_string(m.release));
  if (!m.publisher.empty())
    row("publisher", quoteName(m.publisher));
  row("content id", ptxbin::hex(artifact.contentId()));
  for (const ptxbin::PublicKey &key : artifact.signers())
    row("signed by", ptxbin::hex(ptxbin::keyId(key)));
  if (artifact.signers().empty())
    row("signed by", "nobody");
  if (m.created)
    row("created", timeText(m.created));
  if (m.expires)
    row("expires",
        timeText(m.expires) + (checkExpiry(m, uint64_t(std::time(nullptr)))
                                   ? ""
                                   : " (has expired)"));
  row("compiler", oneLine(m.compiler.name + " " + m.compiler.version +
                          ", LLVM " + m.compiler.llvm));
  if (m.floatingPoint != ptxbin::strictFloats)
    row("floats", oneLine(m.floatingPoint));
  if (m.bounds == ptxbin::BoundsMode::Isolate)
    row("bounds", "isolated: " + std::to_string(m.reach >> 20) +
                      " MiB mapped for each 32-bit memory");
  if (m.bounds == ptxbin::BoundsMode::None)
    row("bounds", "none: runs only with --allow-unchecked");
  if (m.fuel)
    row("fuel", "counted");
  const bool linked = m.modules.size() > 1;
  for (const ptxbin::ModuleInfo &module : m.modules)
    if (linked || !module.name.empty())
      row("module", quoteName(module.name) + ", " +
                        std::to_string(module.functions) + " functions, " +
                        std::to_string(module.wasmSize) + " bytes" +
                        (module.startSymbol ? ", has a start function" : ""));
  auto limit = [](const std::optional<uint64_t> &most) {
    return most ? "at most " + std::to_string(*most)
                : std::string("no maximum");
  };
  for (const ptxbin::MemoryInfo &memory : m.memories)
    row("memory", std::to_string(memory.minPages) + " pages of 64 KiB, " +
                      limit(memory.maxPages) +
                      (memory.index64 ? ", 64-bit" : "") +
                      (memory.shared ? ", shared" : "") +
                      (memory.grows ? ", grows" : ""));
  for (const ptxbin::TableInfo &table : m.tables)
    row("table", std::string(ptxbin::toString(table.type)) + ", " +
                     std::to_string(table.minSize) + " elements, " +
                     limit(table.maxSize) + (table.grows ? ", grows" : ""));
  if (!m.data.empty())
    row("data", segmentsText(m.data.size(), countActive(m.data), totalBytes(m),
                             "bytes"));
  if (!m.elems.empty())
    row("elements", segmentsText(m.elems.size(), countActive(m.elems),
                                 totalReferences(m), "references"));
  for (const ptxbin::Section &section : artifact.sections())
    row("section", imageText(section.key) + ", " +
                       std::to_string(section.rawSize) + " bytes");
  for (const ptxbin::KernelInfo &kernel : m.kernels) {
    row("export", (linked ? quoteName(m.modules[kernel.module].name) + " "
                          : std::string()) +
                      quoteName(kernel.name) + " " + typesText(kernel.params) +
                      " -> " + typesText(kernel.results));
    if (!kernel.notOffloadable.empty())
      row("", "not offloadable: " + oneLine(kernel.notOffloadable));
    if (!kernel.notLaunchable.empty())
      row("", "not launchable: " + oneLine(kernel.notLaunchable));
    if (kernel.stackWindow)
      row("", "stack of a grid's thread: " +
                  std::to_string(kernel.stackWindow->size) + " bytes at " +
                  std::to_string(kernel.stackWindow->low) +
                  ", pointer in global " +
                  std::to_string(kernel.stackWindow->global));
    if (kernel.shared)
      row("",
          "shared memory of a block: " + std::to_string(kernel.shared->size) +
              " bytes, at most " + std::to_string(kernel.shared->limit));
    if (kernel.cooperative)
      row("", "its threads wait for one another");
    if (kernel.prints)
      row("", "prints");
    if (!kernel.notOnGPU.empty())
      row("", "not on a GPU: " + oneLine(kernel.notOnGPU));
  }
  return out;
}

std::string jsonInfo(const ptxbin::PtxBin &artifact) {
  const ptxbin::Manifest &m = artifact.manifest();
  Json json = {{"name", m.name},
               {"version", m.version},
               {"release", m.release},
               {"publisher", m.publisher},
               {"created", m.created},
               {"expires", m.expires},
               {"contentId", ptxbin::hex(artifact.contentId())}};
  json["signers"] = Json::array();
  for (const ptxbin::PublicKey &key : artifact.signers())
    json["signers"].push_back(ptxbin::hex(ptxbin::keyId(key)));
  json["compiler"] = {{"name", m.compiler.name},
                      {"version", m.compiler.version},
                      {"llvm", m.compiler.llvm},
                      {"assembler", m.compiler.assembler},
                      {"flags", m.compiler.flags}};
  json["floatingPoint"] = m.floatingPoint;
  json["bounds"] = {{"mode", ptxbin::toString(m.bounds)}, {"reach", m.reach}};
  json["fuel"] = m.fuel;
  json["modules"] = Json::array();
  for (const ptxbin::ModuleInfo &module : m.modules)
    json["modules"].push_back({{"name", module.name},
                               {"functions", module.functions},
                               {"wasmSize", module.wasmSize},
                               {"start", bool(module.startSymbol)}});
  json["memories"] = Json::array();
  for (const ptxbin::MemoryInfo &memory : m.memories)
    json["memories"].push_back(
        {{"minPages", memory.minPages},
         {"maxPages", memory.maxPages ? Json(*memory.maxPages) : Json()},
         {"module", memory.module},
         {"index64", memory.index64},
         {"shared", memory.shared},
         {"grows", memory.grows}});
  json["tables"] = Json::array();
  for (const ptxbin::TableInfo &table : m.tables)
    json["tables"].push_back(
        {{"type", ptxbin::toString(table.type)},
         {"minSize", table.minSize},
         {"maxSize", table.maxSize ? Json(*table.maxSize) : Json()},
         {"module", table.module},
         {"grows", table.grows}});
  json["data"] = {{"segments", m.data.size()},
                  {"active", countActive(m.data)},
                  {"bytes", totalBytes(m)}};
  json["elements"] = {{"segments", m.elems.size()},
                      {"active", countActive(m.elems)},
                      {"references", totalReferences(m)}};
  json["sections"] = Json::array();
  for (const ptxbin::Section &section : artifact.sections())
    json["sections"].push_back({{"image", imageText(section.key)},
                                {"type", ptxbin::toString(section.key.type)},
                                {"rawSize", section.rawSize},
                                {"storedSize", section.storedSize},
                                {"sha256", ptxbin::hex(section.rawDigest)}});
  json["kernels"] = Json::array();
  for (const ptxbin::KernelInfo &kernel : m.kernels)
    json["kernels"].push_back({{"module", kernel.module},
                               {"name", kernel.name},
                               {"symbol", kernel.symbol},
                               {"gridSymbol", kernel.gridSymbol},
                               {"stackWindow", windowJson(kernel.stackWindow)},
                               {"shared", sharedJson(kernel.shared)},
                               {"cooperative", kernel.cooperative},
                               {"prints", kernel.prints},
                               {"params", typesJson(kernel.params)},
                               {"results", typesJson(kernel.results)},
                               {"notOffloadable", kernel.notOffloadable},
                               {"notLaunchable", kernel.notLaunchable},
                               {"notOnGPU", kernel.notOnGPU}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace twrun::cli

//===- Script.cpp - reads a recorded sequence of calls --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers follow the JavaScript interface of Wasm, ToWebAssemblyValue: an i32
// is a Number modulo 2^32, an i64 a BigInt modulo 2^64, an f32 a rounded
// Number.
//
//===----------------------------------------------------------------------===//

#include "Script.h"

#include "lib/CLI/Numbers.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <bit>
#include <cmath>

using namespace twrun;
using namespace twrun::replay;
using nlohmann::json;

namespace {

/// Carries an Error out of the nested readers.
struct ScriptError {
  std::string message;
};

uint64_t unsignedNumber(const json &value, const char *what) {
  if (!value.is_number_unsigned())
    throw ScriptError{std::string(what) + " is not a number from 0 on"};
  return value.get<uint64_t>();
}

std::vector<uint8_t> decodeBase64(const std::string &text) {
  std::vector<uint8_t> bytes(text.size() / 4 * 3 + 3);
  size_t size = 0;
  const char *end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(),
                        nullptr, &size, &end,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size())
    throw ScriptError{"the bytes of a write are not base64"};
  bytes.resize(size);
  return bytes;
}

Number readNumber(const json &value) {
  if (value.is_number())
    return {value.get<double>(), ""};
  if (!value.is_string())
    throw ScriptError{"expected a number or a string, but got " +
                      value.dump()};
  return {std::nullopt, value.get<std::string>()};
}

std::vector<Number> readNumbers(const json &list, const char *what) {
  if (!list.is_array())
    throw ScriptError{std::string(what) + " are not a list"};
  std::vector<Number> numbers;
  for (const json &value : list)
    numbers.push_back(readNumber(value));
  return numbers;
}

Call readCall(const json &object) {
  Call call;
  call.function = object.at("call").get<std::string>();
  if (auto grow = object.find("grow"); grow != object.end())
    call.growPages = unsignedNumber(*grow, "grow");
  if (auto writes = object.find("writes"); writes != object.end())
    for (const json &write : *writes)
      call.writes.push_back(
          {unsignedNumber(write.at("at"), "the address of a write"),
           decodeBase64(write.at("bytes").get<std::string>())});
  if (auto args = object.find("args"); args != object.end())
    call.arguments = readNumbers(*args, "args");
  if (auto results = object.find("results"); results != object.end())
    call.results = readNumbers(*results, "results");
  if (auto traps = object.find("traps"); traps != object.end())
    call.traps = traps->get<bool>();
  if (auto digest = object.find("memory"); digest != object.end())
    call.memoryDigest = digest->get<std::string>();
  return call;
}

/// ECMAScript's modulo: truncated, then reduced; NaN and infinities are 0.
uint32_t toUint32(double number) {
  if (!std::isfinite(number))
    return 0;
  double rest = std::fmod(std::trunc(number), 4294967296.0);
  return uint32_t(int64_t(rest));
}

} // namespace

Expected<std::vector<Call>> replay::readScript(const std::string &path) {
  auto bytes = ptxbin::readFile(path, maxScriptBytes);
  if (!bytes)
    return bytes.error();
  auto malformed = [&](const std::string &what) {
    return makeError(ErrorKind::Malformed, path + ": " + what);
  };
  json object = json::parse(bytes->begin(), bytes->end(), nullptr, false);
  if (object.is_discarded())
    return malformed("not JSON");
  std::vector<Call> calls;
  try {
    if (unsignedNumber(object.at("schema"), "schema") != scriptSchema)
      return malformed("incorrect schema: expected " +
                       std::to_string(scriptSchema) + ", but got " +
                       object.at("schema").dump());
    if (!object.at("calls").is_array())
      return malformed("calls are not a list");
    for (const json &call : object.at("calls"))
      calls.push_back(readCall(call));
  } catch (const ScriptError &error) {
    return malformed("call " + std::to_string(calls.size() + 1) + ": " +
                     error.message);
  } catch (const json::exception &error) {
    return malformed("call " + std::to_string(calls.size() + 1) + ": " +
                     error.what());
  }
  return calls;
}

Expected<Value> replay::toValue(ValueType type, const Number &number) {
  if (!number.number)
    return cli::parseValue(type, number.text);
  switch (type) {
  case ValueType::I32:
    return Value{type, toUint32(*number.number), 0};
  case ValueType::F32:
    return Value{type, std::bit_cast<uint32_t>(float(*number.number)), 0};
  case ValueType::F64:
    return Value{type, std::bit_cast<uint64_t>(*number.number), 0};
  default:
    return makeError(ErrorKind::Malformed,
                     "expected a string for a value that is no i32, f32 or "
                     "f64, but got a number");
  }
}

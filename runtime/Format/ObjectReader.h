//===- ObjectReader.h - strict reading of JSON ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format: typed, complete reading of a JSON object, member by
// member, without exceptions.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_OBJECTREADER_H
#define TWRUN_FORMAT_OBJECTREADER_H

#include "Format/ManifestRules.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ptxbin {

/// The members of one JSON object, taken one by one. The first thing that is
/// wrong anywhere in the document is kept in `failure`.
class ObjectReader {
public:
  using json = nlohmann::json;

  ObjectReader(const json &value, std::string path, Expected<void> &failure)
      : value(value), path(std::move(path)), failure(failure) {
    if (!value.is_object())
      fail("", "an object");
  }

  /// To be called last: members that no read asked for are unknown.
  void finish() {
    if (!failure || value.size() == taken.size())
      return;
    for (const auto &[key, member] : value.items())
      if (std::find(taken.begin(), taken.end(), key) == taken.end()) {
        failure = problem(json(key).dump(-1, ' ', true), "unknown member");
        return;
      }
  }

  void read(const char *key, std::string &out) {
    const json *member = take(key);
    if (!member)
      return;
    if (!member->is_string())
      return fail(key, "a string");
    out = member->get_ref<const std::string &>();
  }

  void read(const char *key, bool &out) {
    const json *member = take(key);
    if (!member)
      return;
    if (!member->is_boolean())
      return fail(key, "true or false");
    out = member->get<bool>();
  }

  void read(const char *key, uint64_t &out,
            uint64_t largest = maxManifestInteger) {
    const json *member = take(key);
    if (!member)
      return;
    // Fractions, exponents and minus signs make other kinds of number.
    if (!member->is_number_unsigned() || member->get<uint64_t>() > largest)
      return fail(key, largest == maxManifestInteger
                           ? "an unsigned integer below 2^53"
                           : "an unsigned integer below 2^32");
    out = member->get<uint64_t>();
  }

  void read(const char *key, uint32_t &out) {
    uint64_t wide = 0;
    read(key, wide, UINT32_MAX);
    out = static_cast<uint32_t>(wide);
  }

  void read(const char *key, ValueType &out) {
    const json *member = take(key);
    if (member && !parseType(*member, out))
      fail(key, valueTypes);
  }

  void read(const char *key, BoundsMode &out) {
    const json *member = take(key);
    if (!member)
      return;
    for (BoundsMode mode : {BoundsMode::Isolate, BoundsMode::None})
      if (member->is_string() && *member == toString(mode)) {
        out = mode;
        return;
      }
    fail(key, "\"isolate\" or \"none\"");
  }

  template <typename T> void read(const char *key, std::optional<T> &out) {
    auto member = value.is_object() ? value.find(key) : value.end();
    if (value.is_object() && member != value.end() && member->is_null())
      return void(take(key));
    read(key, out.emplace());
  }

  void read(const char *key, std::vector<std::string> &out) {
    each(key, [&](const json &item, const std::string &where) {
      if (!item.is_string())
        return fail(where, "a string");
      out.push_back(item.get_ref<const std::string &>());
    });
  }

  void read(const char *key, std::vector<ValueType> &out) {
    each(key, [&](const json &item, const std::string &where) {
      if (!parseType(item, out.emplace_back()))
        fail(where, valueTypes);
    });
  }

  /// 16 lower-case hexadecimal digits; the final comparison of bytes refuses
  /// upper-case ones.
  void readBits(const char *key, uint64_t &out) {
    if (const json *member = take(key); member && !parseBits(*member, out))
      fail(key, "16 lower-case hexadecimal digits");
  }

  void readBits(const char *key, std::vector<uint64_t> &out) {
    each(key, [&](const json &item, const std::string &where) {
      if (!parseBits(item, out.emplace_back()))
        fail(where, "16 lower-case hexadecimal digits");
    });
  }

  /// A list of objects, each decoded by `decode(ObjectReader &, T &)`.
  template <typename T, typename F>
  void readObjects(const char *key, std::vector<T> &out, F decode) {
    each(key, [&](const json &item, const std::string &where) {
      ObjectReader reader(item, path + where + ".", failure);
      decode(reader, out.emplace_back());
      reader.finish();
    });
  }

  template <typename T, typename F>
  void readObject(const char *key, T &out, F decode) {
    if (const json *member = take(key)) {
      ObjectReader reader(*member, path + key + ".", failure);
      decode(reader, out);
      reader.finish();
    }
  }

  /// An object, or null for none.
  template <typename T, typename F>
  void readOptional(const char *key, std::optional<T> &out, F decode) {
    auto member = value.is_object() ? value.find(key) : value.end();
    if (value.is_object() && member != value.end() && member->is_null())
      return void(take(key));
    readObject(key, out.emplace(), decode);
  }

private:
  static constexpr const char *valueTypes =
      "\"i32\", \"i64\", \"f32\", \"f64\", \"v128\", \"funcref\" or "
      "\"externref\"";

  const json *take(const char *key) {
    if (!failure)
      return nullptr;
    auto member = value.find(key);
    if (member == value.end()) {
      failure = problem(key, "missing");
      return nullptr;
    }
    taken.push_back(key);
    return &*member;
  }

  template <typename F> void each(const char *key, F visit) {
    const json *member = take(key);
    if (!member)
      return;
    if (!member->is_array())
      return fail(key, "a list");
    for (size_t i = 0; i < member->size() && failure; ++i)
      visit((*member)[i], std::string(key) + "[" + std::to_string(i) + "]");
  }

  static bool parseType(const json &value, ValueType &out) {
    using enum ValueType;
    for (ValueType type : {I32, I64, F32, F64, V128, FuncRef, ExternRef})
      if (value.is_string() && value == toString(type)) {
        out = type;
        return true;
      }
    return false;
  }

  static bool parseBits(const json &value, uint64_t &out) {
    if (!value.is_string())
      return false;
    const std::string &text = value.get_ref<const std::string &>();
    if (text.size() != 16 ||
        text.find_first_not_of("0123456789abcdef") != std::string::npos)
      return false;
    out = 0;
    for (char c : text)
      out = out << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
    return true;
  }

  Error problem(const std::string &key, const std::string &what) const {
    return makeError(ErrorKind::Malformed,
                     "manifest: " + path + key + ": " + what);
  }

  void fail(const std::string &key, const char *expected) {
    if (failure)
      failure = problem(key, std::string("expected ") + expected);
  }

  const json &value;
  const std::string path;
  Expected<void> &failure;
  std::vector<std::string_view> taken;
};

} // namespace ptxbin

#endif // TWRUN_FORMAT_OBJECTREADER_H

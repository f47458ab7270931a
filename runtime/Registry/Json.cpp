//===- Json.cpp - JSON from anyone ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Depth is counted ahead of parsing; names given twice are found by the
// parser's callback.
//
//===----------------------------------------------------------------------===//

#include "Registry/Json.h"

#include <unordered_set>

namespace registry {

static bool isTooDeep(std::string_view text) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      inString = c != '"';
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      if (++depth > maxJsonDepth)
        return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

Expected<json> parseJson(ByteView bytes, const std::string &what) {
  auto malformed = [&](const std::string &message) {
    return makeError(ErrorKind::Malformed, what + ": " + message);
  };
  std::string_view text(reinterpret_cast<const char *>(bytes.data()),
                        bytes.size());
  if (isTooDeep(text))
    return malformed("JSON nested more than " + std::to_string(maxJsonDepth) +
                     " deep");
  try {
    std::vector<std::unordered_set<std::string>> open;
    bool twice = false;
    auto callback = [&](int, json::parse_event_t event, json &value) {
      if (event == json::parse_event_t::object_start)
        open.emplace_back();
      else if (event == json::parse_event_t::object_end)
        open.pop_back();
      else if (event == json::parse_event_t::key)
        twice |=
            !open.back().insert(value.get_ref<const std::string &>()).second;
      return true;
    };
    json document = json::parse(text.begin(), text.end(), callback,
                                /*allow_exceptions=*/false);
    if (document.is_discarded())
      return malformed("not valid JSON in UTF-8");
    if (twice)
      return malformed("an object has a member twice");
    return document;
  } catch (const std::exception &) {
    return makeError(ErrorKind::IO, what + ": out of memory while parsing");
  }
}

Bytes encodeJson(const json &document) {
  // Strings that are not UTF-8 cannot have been parsed; of ours, names are
  // ASCII, and what a manifest says was decoded as UTF-8.
  std::string text = document.dump(-1, ' ', /*ensure_ascii=*/false,
                                   json::error_handler_t::replace);
  text += '\n';
  return Bytes(text.begin(), text.end());
}

const std::string *stringMember(const json &object, const char *key) {
  if (!object.is_object())
    return nullptr;
  auto member = object.find(key);
  if (member == object.end() || !member->is_string())
    return nullptr;
  return &member->get_ref<const std::string &>();
}

std::optional<uint64_t> numberMember(const json &object, const char *key) {
  if (!object.is_object())
    return std::nullopt;
  auto member = object.find(key);
  if (member == object.end() || !member->is_number_unsigned())
    return std::nullopt;
  return member->get<uint64_t>();
}

} // namespace registry

//===- Json.cpp - JSON from anyone ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Depth and members are counted ahead of parsing: an object that has a member
// twice has fewer afterwards.
//
//===----------------------------------------------------------------------===//

#include "Registry/Json.h"

#include "Format/JsonShape.h"

namespace registry {

/// Members of all objects; not deeper than maxJsonDepth.
static size_t countMembers(const json &value) {
  size_t count = value.is_object() ? value.size() : 0;
  if (value.is_structured())
    for (const json &child : value)
      count += countMembers(child);
  return count;
}

Expected<json> parseJson(ByteView bytes, const std::string &what) {
  auto malformed = [&](const std::string &message) {
    return makeError(ErrorKind::Malformed, what + ": " + message);
  };
  std::string_view text(reinterpret_cast<const char *>(bytes.data()),
                        bytes.size());
  ptxbin::JsonShape shape = ptxbin::shapeOfJson(text);
  if (shape.depth > maxJsonDepth)
    return malformed("JSON nested more than " + std::to_string(maxJsonDepth) +
                     " deep");
  try {
    json document = json::parse(text.begin(), text.end(), nullptr,
                                /*allow_exceptions=*/false);
    if (document.is_discarded())
      return malformed("not valid JSON in UTF-8");
    // The parser keeps one of two members of the same name.
    if (countMembers(document) != shape.members)
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

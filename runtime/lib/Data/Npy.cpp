//===- Npy.cpp - NumPy's array files --------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Npy.h"

#include <charconv>
#include <cstring>

namespace twrun {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

Error malformed(const std::string &what) {
  return makeError(ErrorKind::Malformed, "not a usable .npy file: " + what);
}

struct Header {
  std::string descr;
  bool fortranOrder = false;
  Shape shape;
};

/// Parses the header, a Python dictionary literal of three known keys. Only
/// what NumPy writes is accepted; white space may stand between tokens.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : text(text) {}

  Expected<Header> parse() {
    Header header;
    bool seen[3] = {};
    if (!take('{'))
      return malformed("its header is not a dictionary");
    while (!take('}')) {
      std::string key;
      if (!takeString(key) || !take(':'))
        return malformed("its header lacks a quoted key and a colon");
      int which = key == "descr"           ? 0
                  : key == "fortran_order" ? 1
                  : key == "shape"         ? 2
                                           : -1;
      if (which < 0)
        return malformed("its header has the unknown key '" + key + "'");
      if (seen[which])
        return malformed("its header has the key '" + key + "' twice");
      seen[which] = true;
      bool good = which == 0   ? takeString(header.descr)
                  : which == 1 ? takeBool(header.fortranOrder)
                               : takeShape(header.shape);
      if (!good)
        return malformed("its header's value of '" + key +
                         (which == 0   ? "' is not a string"
                          : which == 1 ? "' is neither True nor False"
                                       : "' is not a tuple of extents"));
      if (!take(',') && !peek('}'))
        return malformed("its header lacks a comma after '" + key + "'");
    }
    skipSpace();
    if (!text.empty())
      return malformed("its header goes on after the dictionary");
    if (!seen[0] || !seen[1] || !seen[2])
      return malformed(
          "its header needs descr, fortran_order and shape, and lacks one");
    return header;
  }

private:
  void skipSpace() {
    size_t count = text.find_first_not_of(" \t\n");
    text.remove_prefix(count == text.npos ? text.size() : count);
  }
  bool peek(char c) {
    skipSpace();
    return !text.empty() && text[0] == c;
  }
  bool take(char c) {
    if (!peek(c))
      return false;
    text.remove_prefix(1);
    return true;
  }
  bool takeWord(std::string_view word) {
    skipSpace();
    if (text.substr(0, word.size()) != word)
      return false;
    text.remove_prefix(word.size());
    return true;
  }
  bool takeString(std::string &out) {
    char quote = peek('\'') ? '\'' : '"';
    if (!take(quote))
      return false;
    size_t end = text.find(quote);
    if (end == text.npos)
      return false;
    out = text.substr(0, end);
    // No key or type has anything but these; so nothing needs unescaping, and
    // the text can be shown in an error.
    for (char c : out)
      if (c < ' ' || c > '~' || c == '\\')
        return false;
    text.remove_prefix(end + 1);
    return true;
  }
  bool takeBool(bool &out) {
    if (takeWord("True"))
      return out = true;
    out = false;
    return takeWord("False");
  }
  bool takeShape(Shape &out) {
    if (!take('('))
      return false;
    while (!take(')')) {
      skipSpace();
      uint64_t extent = 0;
      auto [end, status] =
          std::from_chars(text.data(), text.data() + text.size(), extent);
      if (status != std::errc() || out.size() == maxRank)
        return false;
      text.remove_prefix(size_t(end - text.data()));
      out.push_back(extent);
      // (3) is a number in Python; a tuple of one has a comma.
      if (!take(',') && (out.size() == 1 || !peek(')')))
        return false;
    }
    return true;
  }

  std::string_view text;
};

Expected<ElementType> parseDescr(const std::string &descr) {
  for (int t = 0; t <= int(ElementType::F64); ++t) {
    ElementType type = ElementType(t);
    if (descr.size() == 3 && descr[1] == toString(type)[0] &&
        descr[2] == char('0' + byteSize(type)) &&
        (descr[0] == '<' || (descr[0] == '|' && byteSize(type) == 1)))
      return type;
  }
  if (descr.substr(0, 1) == ">")
    return malformed("its elements '" + descr +
                     "' are big-endian; save them little-endian");
  return malformed("its elements '" + descr +
                   "' are none of i1 u1 i2 u2 i4 u4 i8 u8 f4 f8");
}

} // namespace

Expected<Array> readNpy(Bytes file) {
  std::string_view text(reinterpret_cast<const char *>(file.data()),
                        file.size());
  if (text.substr(0, magic.size()) != magic)
    return malformed("its first six bytes are not \\x93NUMPY");
  if (text.size() < 10)
    return malformed("it ends inside its preamble");
  unsigned major = file[6], minor = file[7];
  if (major < 1 || major > 3 || minor != 0)
    return malformed("it has version " + std::to_string(major) + "." +
                     std::to_string(minor) + ", expected 1.0, 2.0 or 3.0");
  const size_t preamble = major == 1 ? 10 : 12;
  if (text.size() < preamble)
    return malformed("it ends inside its preamble");
  uint64_t length = 0;
  std::memcpy(&length, file.data() + 8, preamble - 8);
  if (length > maxNpyHeader)
    return malformed("its header of " + std::to_string(length) +
                     " bytes is longer than 65535");
  if (text.size() - preamble < length)
    return malformed("it ends inside its header");

  auto header = HeaderParser(text.substr(preamble, length)).parse();
  if (!header)
    return header.error();
  auto type = parseDescr(header->descr);
  if (!type)
    return type.error();
  if (header->fortranOrder)
    return malformed("it is in Fortran order; save it in C order");
  auto bytes = arrayBytes(*type, header->shape);
  if (!bytes)
    return malformed(bytes.error().message);
  const uint64_t found = text.size() - preamble - length;
  if (found != *bytes)
    return malformed("its shape " + toString(header->shape) + " of " +
                     toString(*type) + " takes " + std::to_string(*bytes) +
                     " bytes, but " + std::to_string(found) + " follow");

  Array array;
  array.type = *type;
  array.shape = std::move(header->shape);
  // In place: a second copy of what may be gigabytes is not needed.
  file.erase(file.begin(), file.begin() + ptrdiff_t(preamble + length));
  array.data = std::move(file);
  return array;
}

Bytes npyHeader(ElementType type, const Shape &shape) {
  std::string header = "{'descr': '";
  header += byteSize(type) == 1 ? '|' : '<';
  header += toString(type)[0];
  header += char('0' + byteSize(type));
  header += "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i)
    header += (i ? ", " : "") + std::to_string(shape[i]);
  header += shape.size() == 1 ? ",), }" : "), }";
  // The data starts at a multiple of 64, after a line end.
  while ((10 + header.size() + 1) % 64 != 0)
    header += ' ';
  header += '\n';

  Bytes out(magic.begin(), magic.end());
  for (unsigned byte :
       {1u, 0u, unsigned(header.size() & 0xff), unsigned(header.size() >> 8)})
    out.push_back(uint8_t(byte));
  out.insert(out.end(), header.begin(), header.end());
  return out;
}

Bytes writeNpy(ElementType type, const Shape &shape, ByteView data) {
  Bytes out = npyHeader(type, shape);
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

} // namespace twrun

//===- Error.h - errors as values, for Format and the runtime ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neither the artifact format nor the runtime throws: what can fail returns
// Expected<T>. The message is one line, lower case, without a full stop, and
// says what was expected and what was found.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_ERROR_H
#define TWRUN_FORMAT_ERROR_H

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ptxbin {

/// What kind of thing went wrong; each tool maps a kind to its exit code.
enum class ErrorKind {
  Malformed,    ///< The bytes break a rule of their format.
  Untrusted,    ///< Unsigned, signed by an unknown key, or a bad signature.
  Incompatible, ///< Well-formed, but not for this device, driver or version.
  NotFound,     ///< A file, export, kernel or device that is not there.
  Invalid,      ///< An argument the caller got wrong.
  Conflict,     ///< The name is taken by something else.
  IO,           ///< The operating system refused.
  Device,       ///< The driver or the device failed.
  DeviceLost,   ///< A fault cost the process the device: start anew.
  OutOfMemory,  ///< The host or the device has not as much as was asked for.
  WouldBlock,   ///< A bounded queue is full: try again, or wait.
  Busy,         ///< Launches in flight use what was asked for.
  Stopped,      ///< Ended before it began, as asked.
};

struct Error {
  ErrorKind kind = ErrorKind::Malformed;
  std::string message;
};

/// A value or an Error. Moves like the value; not thread-safe by itself.
template <typename T> class [[nodiscard]] Expected {
public:
  Expected(T value) : storage(std::in_place_index<0>, std::move(value)) {}
  Expected(Error error) : storage(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return storage.index() == 0; }
  T &operator*() {
    assert(*this);
    return *std::get_if<0>(&storage);
  }
  const T &operator*() const {
    assert(*this);
    return *std::get_if<0>(&storage);
  }
  T *operator->() { return &**this; }
  const T *operator->() const { return &**this; }
  const Error &error() const {
    assert(!*this);
    return *std::get_if<1>(&storage);
  }

private:
  std::variant<T, Error> storage;
};

/// Success, or an Error.
template <> class [[nodiscard]] Expected<void> {
public:
  Expected() = default;
  Expected(Error error) : failure(std::move(error)) {}
  explicit operator bool() const { return !failure; }
  const Error &error() const {
    assert(failure);
    return *failure;
  }

private:
  std::optional<Error> failure;
};

inline Error makeError(ErrorKind kind, std::string message) {
  return Error{kind, std::move(message)};
}

/// `error` with the file it is about in front.
inline Error inFile(const std::string &path, const Error &error) {
  // What the operating system says already starts with the path.
  if (error.message.starts_with(path + ":"))
    return error;
  return makeError(error.kind, path + ": " + error.message);
}

} // namespace ptxbin

#endif // TWRUN_FORMAT_ERROR_H

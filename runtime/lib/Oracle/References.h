//===- References.h - values between runtime and interpreter ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime's references are numbers (KernelABI.h), the interpreter's are
// objects of its store. A function that a module imports has a number there
// and another one where it is defined: both stand for the same function.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_REFERENCES_H
#define TWRUN_LIB_ORACLE_REFERENCES_H

#include "twrun/Runtime.h"

#include <wabt/interp/interp.h>

#include <unordered_map>

namespace twrun {

wabt::Type toWabt(ValueType type);

class References {
public:
  explicit References(wabt::interp::Store &store) : store(store) {}

  /// Gives the functions of a module the numbers from functionCount() on;
  /// those that are null (it never came to be) get one all the same.
  void addFunctions(const wabt::interp::RefVec &functions);
  size_t functionCount() const { return functions.size(); }
  /// Sets those of a module whose functions were null when they were added.
  void setFunctions(size_t first, const wabt::interp::RefVec &functions);
  bool knows(wabt::interp::Ref function) const {
    return numbers.count(function.index) != 0;
  }

  /// The lowest number of the same function; other bits are left alone.
  uint64_t canonical(ValueType type, uint64_t bits) const;

  /// Floats travel as their bits, so that no NaN is quieted on the way.
  Expected<wabt::interp::Value> toInterpreter(const Value &value);
  Value fromInterpreter(ValueType type, const wabt::interp::Value &value);
  uint64_t fromInterpreter(ValueType type, wabt::interp::Ref ref);

private:
  wabt::interp::Store &store;
  std::vector<wabt::interp::Ref> functions;     // by number
  std::unordered_map<size_t, uint64_t> numbers; // lowest, by Ref::index
  std::unordered_map<uint64_t, wabt::interp::Foreign::Ptr> externs; // by bits
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_REFERENCES_H

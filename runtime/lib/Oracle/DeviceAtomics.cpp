//===- DeviceAtomics.cpp - tw.atomic_OP_T_ORDER_SCOPE ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads take turns, so an atomic is a load, an operation and a store; order
// and scope change nothing. They are checked all the same: an import that is
// misspelt is none.
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include <bit>
#include <cmath>
#include <cstring>

using wabt::Type;

namespace twrun::device {

using abi::TrapCode;

namespace {

/// The new value of an integer of type U from the old one and the operand.
template <typename U> using Update = U (*)(U old, U operand);

template <typename U> Update<U> integerUpdate(std::string_view op) {
  using S = std::make_signed_t<U>;
  static constexpr struct {
    std::string_view name;
    Update<U> update;
  } updates[] = {{"add", [](U a, U b) { return U(a + b); }},
                 {"min_s", [](U a, U b) { return S(a) < S(b) ? a : b; }},
                 {"min_u", [](U a, U b) { return a < b ? a : b; }},
                 {"max_s", [](U a, U b) { return S(a) > S(b) ? a : b; }},
                 {"max_u", [](U a, U b) { return a > b ? a : b; }},
                 {"and", [](U a, U b) { return U(a & b); }},
                 {"or", [](U a, U b) { return U(a | b); }},
                 {"xor", [](U a, U b) { return U(a ^ b); }},
                 {"xchg", [](U, U b) { return b; }}};
  for (const auto &known : updates)
    if (op == known.name)
      return known.update;
  return nullptr;
}

/// Wasm's min and max (core specification, fmin and fmax).
template <typename F> F lesser(F a, F b) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<F>::quiet_NaN();
  if (a == b)
    return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <typename F> F greater(F a, F b) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<F>::quiet_NaN();
  if (a == b)
    return std::signbit(a) ? b : a;
  return a < b ? b : a;
}

/// The same for the bits U of a float F; what exchanges keeps every bit.
template <typename U, typename F> Update<U> floatUpdate(std::string_view op) {
  static constexpr struct {
    std::string_view name;
    Update<U> update;
  } updates[] = {
      {"add",
       [](U a, U b) {
         return canonicalBits(std::bit_cast<F>(a) + std::bit_cast<F>(b));
       }},
      {"min",
       [](U a, U b) {
         return canonicalBits(lesser(std::bit_cast<F>(a), std::bit_cast<F>(b)));
       }},
      {"max",
       [](U a, U b) {
         return canonicalBits(
             greater(std::bit_cast<F>(a), std::bit_cast<F>(b)));
       }},
      {"xchg", [](U, U b) { return b; }}};
  for (const auto &known : updates)
    if (op == known.name)
      return known.update;
  return nullptr;
}

/// The place of an atomic access: alignment comes before bounds, as in the
/// threads proposal.
template <typename U>
Accessed accessAtomic(Thread &running, DeviceContext &device,
                      const Values &arguments) {
  const uint32_t address = arguments[0].Get<uint32_t>();
  if (address % sizeof(U))
    return {nullptr, TrapCode::UnalignedAtomic};
  return access(running, device, address, sizeof(U));
}

/// A function whose `apply`(old, arguments) gives the value to store, if one
/// is; it returns the old value if `returns`.
template <typename U, typename Apply>
HostFunc::Ptr makeAccess(Store &store, DeviceContext &device, Types params,
                         Types results, Apply apply) {
  const bool returns = !results.empty();
  return make(store, std::move(params), std::move(results),
              [&device, apply, returns](Thread &running,
                                        const Values &arguments,
                                        Values &returned) -> Trapped {
                const Accessed at = accessAtomic<U>(running, device, arguments);
                if (at.trap)
                  return at.trap;
                U old;
                std::memcpy(&old, at.data, sizeof old);
                if (std::optional<U> value = apply(old, arguments))
                  std::memcpy(at.data, &*value, sizeof old);
                if (returns)
                  returned[0].Set<U>(old);
                return std::nullopt;
              });
}

template <typename U, typename F>
HostFunc::Ptr makeOperation(Store &store, std::string_view op,
                            const Scalar &type, DeviceContext &device) {
  const Type::Enum t = type.type;
  if (op == "load")
    return makeAccess<U>(store, device, {Type::I32}, {t},
                         [](U, const Values &) { return std::optional<U>(); });
  if (op == "store")
    return makeAccess<U>(store, device, {Type::I32, t}, {},
                         [](U, const Values &arguments) {
                           return std::optional<U>(arguments[1].Get<U>());
                         });
  if (op == "cmpxchg")
    return makeAccess<U>(
        store, device, {Type::I32, t, t}, {t},
        [](U old, const Values &arguments) -> std::optional<U> {
          if (old != arguments[1].Get<U>())
            return std::nullopt;
          return arguments[2].Get<U>();
        });
  const Update<U> update =
      type.isFloat() ? floatUpdate<U, F>(op) : integerUpdate<U>(op);
  if (!update)
    return {};
  return makeAccess<U>(store, device, {Type::I32, t}, {t},
                       [update](U old, const Values &arguments) {
                         return std::optional<U>(
                             update(old, arguments[1].Get<U>()));
                       });
}

/// Takes "_word" off the end of `name` for one of `words`; empty if none is
/// there.
template <size_t N>
std::string_view consumeEnd(std::string_view &name,
                            const std::string_view (&words)[N]) {
  for (std::string_view word : words)
    if (name.size() > word.size() && name.ends_with(word) &&
        name[name.size() - word.size() - 1] == '_') {
      name.remove_suffix(word.size() + 1);
      return word;
    }
  return {};
}

} // namespace

HostFunc::Ptr makeAtomic(Store &store, std::string_view name,
                         DeviceContext &device) {
  static constexpr std::string_view scopes[] = {"block", "device", "system"};
  static constexpr std::string_view orders[] = {"relaxed", "acquire", "release",
                                                "acq_rel", "seq_cst"};
  if (!consume(name, "atomic_") || consumeEnd(name, scopes).empty())
    return {};
  const std::string_view order = consumeEnd(name, orders);
  const Scalar *type = consumeType(name);
  if (order.empty() || !type ||
      (name == "load" && (order == "release" || order == "acq_rel")) ||
      (name == "store" && (order == "acquire" || order == "acq_rel")))
    return {};
  return type->bytes == 4
             ? makeOperation<uint32_t, float>(store, name, *type, device)
             : makeOperation<uint64_t, double>(store, name, *type, device);
}

} // namespace twrun::device

// Every numeric op survives printing and parsing, as text and generic form.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

// CHECK-LABEL: twasm.func @int_i32(
twasm.func @int_i32(%arg0: i32, %arg1: i32) attributes {func_index = 0 : i32} {
  // CHECK: iadd %arg0, %arg1 : i32
  %0 = twasm.iadd %arg0, %arg1 : i32
  // CHECK: isub %arg0, %arg1 : i32
  %1 = twasm.isub %arg0, %arg1 : i32
  // CHECK: imul %arg0, %arg1 : i32
  %2 = twasm.imul %arg0, %arg1 : i32
  // CHECK: idiv_s %arg0, %arg1 : i32
  %3 = twasm.idiv_s %arg0, %arg1 : i32
  // CHECK: idiv_u %arg0, %arg1 : i32
  %4 = twasm.idiv_u %arg0, %arg1 : i32
  // CHECK: irem_s %arg0, %arg1 : i32
  %5 = twasm.irem_s %arg0, %arg1 : i32
  // CHECK: irem_u %arg0, %arg1 : i32
  %6 = twasm.irem_u %arg0, %arg1 : i32
  // CHECK: iand %arg0, %arg1 : i32
  %7 = twasm.iand %arg0, %arg1 : i32
  // CHECK: ior %arg0, %arg1 : i32
  %8 = twasm.ior %arg0, %arg1 : i32
  // CHECK: ixor %arg0, %arg1 : i32
  %9 = twasm.ixor %arg0, %arg1 : i32
  // CHECK: ishl %arg0, %arg1 : i32
  %10 = twasm.ishl %arg0, %arg1 : i32
  // CHECK: ishr_s %arg0, %arg1 : i32
  %11 = twasm.ishr_s %arg0, %arg1 : i32
  // CHECK: ishr_u %arg0, %arg1 : i32
  %12 = twasm.ishr_u %arg0, %arg1 : i32
  // CHECK: irotl %arg0, %arg1 : i32
  %13 = twasm.irotl %arg0, %arg1 : i32
  // CHECK: irotr %arg0, %arg1 : i32
  %14 = twasm.irotr %arg0, %arg1 : i32
  // CHECK: ieq %arg0, %arg1 : i32
  %15 = twasm.ieq %arg0, %arg1 : i32
  // CHECK: ine %arg0, %arg1 : i32
  %16 = twasm.ine %arg0, %arg1 : i32
  // CHECK: ilt_s %arg0, %arg1 : i32
  %17 = twasm.ilt_s %arg0, %arg1 : i32
  // CHECK: ilt_u %arg0, %arg1 : i32
  %18 = twasm.ilt_u %arg0, %arg1 : i32
  // CHECK: igt_s %arg0, %arg1 : i32
  %19 = twasm.igt_s %arg0, %arg1 : i32
  // CHECK: igt_u %arg0, %arg1 : i32
  %20 = twasm.igt_u %arg0, %arg1 : i32
  // CHECK: ile_s %arg0, %arg1 : i32
  %21 = twasm.ile_s %arg0, %arg1 : i32
  // CHECK: ile_u %arg0, %arg1 : i32
  %22 = twasm.ile_u %arg0, %arg1 : i32
  // CHECK: ige_s %arg0, %arg1 : i32
  %23 = twasm.ige_s %arg0, %arg1 : i32
  // CHECK: ige_u %arg0, %arg1 : i32
  %24 = twasm.ige_u %arg0, %arg1 : i32
  // CHECK: iclz %arg0 : i32
  %25 = twasm.iclz %arg0 : i32
  // CHECK: ictz %arg0 : i32
  %26 = twasm.ictz %arg0 : i32
  // CHECK: ipopcnt %arg0 : i32
  %27 = twasm.ipopcnt %arg0 : i32
  // CHECK: extend8_s %arg0 : i32
  %28 = twasm.extend8_s %arg0 : i32
  // CHECK: extend16_s %arg0 : i32
  %29 = twasm.extend16_s %arg0 : i32
  // CHECK: ieqz %arg0 : i32
  %30 = twasm.ieqz %arg0 : i32
  twasm.return
}

// CHECK-LABEL: twasm.func @int_i64(
twasm.func @int_i64(%arg0: i64, %arg1: i64) attributes {func_index = 1 : i32} {
  // CHECK: iadd %arg0, %arg1 : i64
  %0 = twasm.iadd %arg0, %arg1 : i64
  // CHECK: isub %arg0, %arg1 : i64
  %1 = twasm.isub %arg0, %arg1 : i64
  // CHECK: imul %arg0, %arg1 : i64
  %2 = twasm.imul %arg0, %arg1 : i64
  // CHECK: idiv_s %arg0, %arg1 : i64
  %3 = twasm.idiv_s %arg0, %arg1 : i64
  // CHECK: idiv_u %arg0, %arg1 : i64
  %4 = twasm.idiv_u %arg0, %arg1 : i64
  // CHECK: irem_s %arg0, %arg1 : i64
  %5 = twasm.irem_s %arg0, %arg1 : i64
  // CHECK: irem_u %arg0, %arg1 : i64
  %6 = twasm.irem_u %arg0, %arg1 : i64
  // CHECK: iand %arg0, %arg1 : i64
  %7 = twasm.iand %arg0, %arg1 : i64
  // CHECK: ior %arg0, %arg1 : i64
  %8 = twasm.ior %arg0, %arg1 : i64
  // CHECK: ixor %arg0, %arg1 : i64
  %9 = twasm.ixor %arg0, %arg1 : i64
  // CHECK: ishl %arg0, %arg1 : i64
  %10 = twasm.ishl %arg0, %arg1 : i64
  // CHECK: ishr_s %arg0, %arg1 : i64
  %11 = twasm.ishr_s %arg0, %arg1 : i64
  // CHECK: ishr_u %arg0, %arg1 : i64
  %12 = twasm.ishr_u %arg0, %arg1 : i64
  // CHECK: irotl %arg0, %arg1 : i64
  %13 = twasm.irotl %arg0, %arg1 : i64
  // CHECK: irotr %arg0, %arg1 : i64
  %14 = twasm.irotr %arg0, %arg1 : i64
  // CHECK: ieq %arg0, %arg1 : i64
  %15 = twasm.ieq %arg0, %arg1 : i64
  // CHECK: ine %arg0, %arg1 : i64
  %16 = twasm.ine %arg0, %arg1 : i64
  // CHECK: ilt_s %arg0, %arg1 : i64
  %17 = twasm.ilt_s %arg0, %arg1 : i64
  // CHECK: ilt_u %arg0, %arg1 : i64
  %18 = twasm.ilt_u %arg0, %arg1 : i64
  // CHECK: igt_s %arg0, %arg1 : i64
  %19 = twasm.igt_s %arg0, %arg1 : i64
  // CHECK: igt_u %arg0, %arg1 : i64
  %20 = twasm.igt_u %arg0, %arg1 : i64
  // CHECK: ile_s %arg0, %arg1 : i64
  %21 = twasm.ile_s %arg0, %arg1 : i64
  // CHECK: ile_u %arg0, %arg1 : i64
  %22 = twasm.ile_u %arg0, %arg1 : i64
  // CHECK: ige_s %arg0, %arg1 : i64
  %23 = twasm.ige_s %arg0, %arg1 : i64
  // CHECK: ige_u %arg0, %arg1 : i64
  %24 = twasm.ige_u %arg0, %arg1 : i64
  // CHECK: iclz %arg0 : i64
  %25 = twasm.iclz %arg0 : i64
  // CHECK: ictz %arg0 : i64
  %26 = twasm.ictz %arg0 : i64
  // CHECK: ipopcnt %arg0 : i64
  %27 = twasm.ipopcnt %arg0 : i64
  // CHECK: extend8_s %arg0 : i64
  %28 = twasm.extend8_s %arg0 : i64
  // CHECK: extend16_s %arg0 : i64
  %29 = twasm.extend16_s %arg0 : i64
  // CHECK: ieqz %arg0 : i64
  %30 = twasm.ieqz %arg0 : i64
  // CHECK: extend32_s %arg0 : i64
  %31 = twasm.extend32_s %arg0 : i64
  twasm.return
}

// CHECK-LABEL: twasm.func @float_f32(
twasm.func @float_f32(%arg0: f32, %arg1: f32) attributes {func_index = 2 : i32} {
  // CHECK: fadd %arg0, %arg1 : f32
  %0 = twasm.fadd %arg0, %arg1 : f32
  // CHECK: fsub %arg0, %arg1 : f32
  %1 = twasm.fsub %arg0, %arg1 : f32
  // CHECK: fmul %arg0, %arg1 : f32
  %2 = twasm.fmul %arg0, %arg1 : f32
  // CHECK: fdiv %arg0, %arg1 : f32
  %3 = twasm.fdiv %arg0, %arg1 : f32
  // CHECK: fmin %arg0, %arg1 : f32
  %4 = twasm.fmin %arg0, %arg1 : f32
  // CHECK: fmax %arg0, %arg1 : f32
  %5 = twasm.fmax %arg0, %arg1 : f32
  // CHECK: fcopysign %arg0, %arg1 : f32
  %6 = twasm.fcopysign %arg0, %arg1 : f32
  // CHECK: feq %arg0, %arg1 : f32
  %7 = twasm.feq %arg0, %arg1 : f32
  // CHECK: fne %arg0, %arg1 : f32
  %8 = twasm.fne %arg0, %arg1 : f32
  // CHECK: flt %arg0, %arg1 : f32
  %9 = twasm.flt %arg0, %arg1 : f32
  // CHECK: fgt %arg0, %arg1 : f32
  %10 = twasm.fgt %arg0, %arg1 : f32
  // CHECK: fle %arg0, %arg1 : f32
  %11 = twasm.fle %arg0, %arg1 : f32
  // CHECK: fge %arg0, %arg1 : f32
  %12 = twasm.fge %arg0, %arg1 : f32
  // CHECK: fabs %arg0 : f32
  %13 = twasm.fabs %arg0 : f32
  // CHECK: fneg %arg0 : f32
  %14 = twasm.fneg %arg0 : f32
  // CHECK: fceil %arg0 : f32
  %15 = twasm.fceil %arg0 : f32
  // CHECK: ffloor %arg0 : f32
  %16 = twasm.ffloor %arg0 : f32
  // CHECK: ftrunc %arg0 : f32
  %17 = twasm.ftrunc %arg0 : f32
  // CHECK: fnearest %arg0 : f32
  %18 = twasm.fnearest %arg0 : f32
  // CHECK: fsqrt %arg0 : f32
  %19 = twasm.fsqrt %arg0 : f32
  // CHECK: canonicalize_nan %arg0 : f32
  %20 = twasm.canonicalize_nan %arg0 : f32
  // CHECK: fma %arg0, %arg1, %arg0 : f32
  %21 = twasm.fma %arg0, %arg1, %arg0 : f32
  twasm.return
}

// CHECK-LABEL: twasm.func @float_f64(
twasm.func @float_f64(%arg0: f64, %arg1: f64) attributes {func_index = 3 : i32} {
  // CHECK: fadd %arg0, %arg1 : f64
  %0 = twasm.fadd %arg0, %arg1 : f64
  // CHECK: fsub %arg0, %arg1 : f64
  %1 = twasm.fsub %arg0, %arg1 : f64
  // CHECK: fmul %arg0, %arg1 : f64
  %2 = twasm.fmul %arg0, %arg1 : f64
  // CHECK: fdiv %arg0, %arg1 : f64
  %3 = twasm.fdiv %arg0, %arg1 : f64
  // CHECK: fmin %arg0, %arg1 : f64
  %4 = twasm.fmin %arg0, %arg1 : f64
  // CHECK: fmax %arg0, %arg1 : f64
  %5 = twasm.fmax %arg0, %arg1 : f64
  // CHECK: fcopysign %arg0, %arg1 : f64
  %6 = twasm.fcopysign %arg0, %arg1 : f64
  // CHECK: feq %arg0, %arg1 : f64
  %7 = twasm.feq %arg0, %arg1 : f64
  // CHECK: fne %arg0, %arg1 : f64
  %8 = twasm.fne %arg0, %arg1 : f64
  // CHECK: flt %arg0, %arg1 : f64
  %9 = twasm.flt %arg0, %arg1 : f64
  // CHECK: fgt %arg0, %arg1 : f64
  %10 = twasm.fgt %arg0, %arg1 : f64
  // CHECK: fle %arg0, %arg1 : f64
  %11 = twasm.fle %arg0, %arg1 : f64
  // CHECK: fge %arg0, %arg1 : f64
  %12 = twasm.fge %arg0, %arg1 : f64
  // CHECK: fabs %arg0 : f64
  %13 = twasm.fabs %arg0 : f64
  // CHECK: fneg %arg0 : f64
  %14 = twasm.fneg %arg0 : f64
  // CHECK: fceil %arg0 : f64
  %15 = twasm.fceil %arg0 : f64
  // CHECK: ffloor %arg0 : f64
  %16 = twasm.ffloor %arg0 : f64
  // CHECK: ftrunc %arg0 : f64
  %17 = twasm.ftrunc %arg0 : f64
  // CHECK: fnearest %arg0 : f64
  %18 = twasm.fnearest %arg0 : f64
  // CHECK: fsqrt %arg0 : f64
  %19 = twasm.fsqrt %arg0 : f64
  // CHECK: canonicalize_nan %arg0 : f64
  %20 = twasm.canonicalize_nan %arg0 : f64
  // CHECK: fma %arg0, %arg1, %arg0 : f64
  %21 = twasm.fma %arg0, %arg1, %arg0 : f64
  twasm.return
}

// CHECK-LABEL: twasm.func @conversions(
twasm.func @conversions(%arg0: i32, %arg1: i64, %arg2: f32, %arg3: f64) attributes {func_index = 4 : i32} {
  // CHECK: wrap %arg1 : i64 to i32
  %0 = twasm.wrap %arg1 : i64 to i32
  // CHECK: extend_s %arg0 : i32 to i64
  %1 = twasm.extend_s %arg0 : i32 to i64
  // CHECK: extend_u %arg0 : i32 to i64
  %2 = twasm.extend_u %arg0 : i32 to i64
  // CHECK: demote %arg3 : f64 to f32
  %3 = twasm.demote %arg3 : f64 to f32
  // CHECK: promote %arg2 : f32 to f64
  %4 = twasm.promote %arg2 : f32 to f64
  // CHECK: trunc_s %arg2 : f32 to i32
  %5 = twasm.trunc_s %arg2 : f32 to i32
  // CHECK: trunc_s %arg2 : f32 to i64
  %6 = twasm.trunc_s %arg2 : f32 to i64
  // CHECK: trunc_s %arg3 : f64 to i32
  %7 = twasm.trunc_s %arg3 : f64 to i32
  // CHECK: trunc_s %arg3 : f64 to i64
  %8 = twasm.trunc_s %arg3 : f64 to i64
  // CHECK: trunc_u %arg2 : f32 to i32
  %9 = twasm.trunc_u %arg2 : f32 to i32
  // CHECK: trunc_u %arg2 : f32 to i64
  %10 = twasm.trunc_u %arg2 : f32 to i64
  // CHECK: trunc_u %arg3 : f64 to i32
  %11 = twasm.trunc_u %arg3 : f64 to i32
  // CHECK: trunc_u %arg3 : f64 to i64
  %12 = twasm.trunc_u %arg3 : f64 to i64
  // CHECK: trunc_sat_s %arg2 : f32 to i32
  %13 = twasm.trunc_sat_s %arg2 : f32 to i32
  // CHECK: trunc_sat_s %arg2 : f32 to i64
  %14 = twasm.trunc_sat_s %arg2 : f32 to i64
  // CHECK: trunc_sat_s %arg3 : f64 to i32
  %15 = twasm.trunc_sat_s %arg3 : f64 to i32
  // CHECK: trunc_sat_s %arg3 : f64 to i64
  %16 = twasm.trunc_sat_s %arg3 : f64 to i64
  // CHECK: trunc_sat_u %arg2 : f32 to i32
  %17 = twasm.trunc_sat_u %arg2 : f32 to i32
  // CHECK: trunc_sat_u %arg2 : f32 to i64
  %18 = twasm.trunc_sat_u %arg2 : f32 to i64
  // CHECK: trunc_sat_u %arg3 : f64 to i32
  %19 = twasm.trunc_sat_u %arg3 : f64 to i32
  // CHECK: trunc_sat_u %arg3 : f64 to i64
  %20 = twasm.trunc_sat_u %arg3 : f64 to i64
  // CHECK: convert_s %arg0 : i32 to f32
  %21 = twasm.convert_s %arg0 : i32 to f32
  // CHECK: convert_s %arg0 : i32 to f64
  %22 = twasm.convert_s %arg0 : i32 to f64
  // CHECK: convert_s %arg1 : i64 to f32
  %23 = twasm.convert_s %arg1 : i64 to f32
  // CHECK: convert_s %arg1 : i64 to f64
  %24 = twasm.convert_s %arg1 : i64 to f64
  // CHECK: convert_u %arg0 : i32 to f32
  %25 = twasm.convert_u %arg0 : i32 to f32
  // CHECK: convert_u %arg0 : i32 to f64
  %26 = twasm.convert_u %arg0 : i32 to f64
  // CHECK: convert_u %arg1 : i64 to f32
  %27 = twasm.convert_u %arg1 : i64 to f32
  // CHECK: convert_u %arg1 : i64 to f64
  %28 = twasm.convert_u %arg1 : i64 to f64
  // CHECK: reinterpret %arg2 : f32 to i32
  %29 = twasm.reinterpret %arg2 : f32 to i32
  // CHECK: reinterpret %arg0 : i32 to f32
  %30 = twasm.reinterpret %arg0 : i32 to f32
  // CHECK: reinterpret %arg3 : f64 to i64
  %31 = twasm.reinterpret %arg3 : f64 to i64
  // CHECK: reinterpret %arg1 : i64 to f64
  %32 = twasm.reinterpret %arg1 : i64 to f64
  twasm.return
}

// CHECK-LABEL: twasm.func @select(
twasm.func @select(%arg0: i32, %arg1: i64, %arg2: f32, %arg3: f64) attributes {func_index = 5 : i32} {
  // CHECK: select %arg0, %arg0, %arg0 : i32
  %0 = twasm.select %arg0, %arg0, %arg0 : i32
  // CHECK: select %arg0, %arg1, %arg1 : i64
  %1 = twasm.select %arg0, %arg1, %arg1 : i64
  // CHECK: select %arg0, %arg2, %arg2 : f32
  %2 = twasm.select %arg0, %arg2, %arg2 : f32
  // CHECK: select %arg0, %arg3, %arg3 : f64
  %3 = twasm.select %arg0, %arg3, %arg3 : f64
  twasm.return
}

// CHECK-LABEL: twasm.func @constants(
twasm.func @constants() attributes {func_index = 6 : i32} {
  // CHECK: const -1 : i32
  %0 = twasm.const -1 : i32
  // CHECK: const 9223372036854775807 : i64
  %1 = twasm.const 9223372036854775807 : i64
  // CHECK: const 1.500000e+00 : f32
  %2 = twasm.const 1.500000e+00 : f32
  // CHECK: const -0.000000e+00 : f64
  %3 = twasm.const -0.000000e+00 : f64
  // CHECK: const 0x7FA00001 : f32
  %4 = twasm.const 0x7FA00001 : f32
  // CHECK: const 0xFFF4000000000001 : f64
  %5 = twasm.const 0xFFF4000000000001 : f64
  // CHECK: const 0x7F800000 : f32
  %6 = twasm.const 0x7F800000 : f32
  twasm.return
}


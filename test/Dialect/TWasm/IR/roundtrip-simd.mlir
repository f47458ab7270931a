// Every vector op survives printing and parsing, in each of its shapes.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

twasm.memory @memory0 min 1

// CHECK-LABEL: twasm.func @vectors(
twasm.func @vectors(%arg0: vector<4xi32>, %arg1: vector<4xi32>, %arg2: vector<4xi32>, %arg3: i32, %arg4: i64, %arg5: f32, %arg6: f64) attributes {func_index = 0 : i32} {
  // CHECK: load %arg3 offset 16 align 4 : vector<4xi32>
  %0 = twasm.load %arg3 offset 16 align 4 : vector<4xi32>
  // CHECK: vload_ext_s i16x8 %arg3 offset 8 align 0
  %1 = twasm.vload_ext_s i16x8 %arg3 offset 8 align 0
  // CHECK: vload_ext_u i16x8 %arg3 offset 8 align 0
  %2 = twasm.vload_ext_u i16x8 %arg3 offset 8 align 0
  // CHECK: vload_ext_s i32x4 %arg3 offset 8 align 0
  %3 = twasm.vload_ext_s i32x4 %arg3 offset 8 align 0
  // CHECK: vload_ext_u i32x4 %arg3 offset 8 align 0
  %4 = twasm.vload_ext_u i32x4 %arg3 offset 8 align 0
  // CHECK: vload_ext_s i64x2 %arg3 offset 8 align 0
  %5 = twasm.vload_ext_s i64x2 %arg3 offset 8 align 0
  // CHECK: vload_ext_u i64x2 %arg3 offset 8 align 0
  %6 = twasm.vload_ext_u i64x2 %arg3 offset 8 align 0
  // CHECK: vload_splat i8x16 %arg3 offset 8 align 0
  %7 = twasm.vload_splat i8x16 %arg3 offset 8 align 0
  // CHECK: vload_splat i16x8 %arg3 offset 8 align 0
  %8 = twasm.vload_splat i16x8 %arg3 offset 8 align 0
  // CHECK: vload_splat i32x4 %arg3 offset 8 align 0
  %9 = twasm.vload_splat i32x4 %arg3 offset 8 align 0
  // CHECK: vload_splat i64x2 %arg3 offset 8 align 0
  %10 = twasm.vload_splat i64x2 %arg3 offset 8 align 0
  // CHECK: store %arg0, %arg3 offset 16 align 4 : vector<4xi32>
  twasm.store %arg0, %arg3 offset 16 align 4 : vector<4xi32>
  // CHECK: const dense<[1, 2, 3, -1]> : vector<4xi32>
  %11 = twasm.const dense<[1, 2, 3, -1]> : vector<4xi32>
  // CHECK: vshuffle %arg0, %arg1 [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 31]
  %12 = twasm.vshuffle %arg0, %arg1 [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 31]
  // CHECK: vswizzle %arg0, %arg1
  %13 = twasm.vswizzle %arg0, %arg1
  // CHECK: vsplat i8x16 %arg3 : i32
  %14 = twasm.vsplat i8x16 %arg3 : i32
  // CHECK: vsplat i16x8 %arg3 : i32
  %15 = twasm.vsplat i16x8 %arg3 : i32
  // CHECK: vsplat i32x4 %arg3 : i32
  %16 = twasm.vsplat i32x4 %arg3 : i32
  // CHECK: vsplat i64x2 %arg4 : i64
  %17 = twasm.vsplat i64x2 %arg4 : i64
  // CHECK: vsplat f32x4 %arg5 : f32
  %18 = twasm.vsplat f32x4 %arg5 : f32
  // CHECK: vsplat f64x2 %arg6 : f64
  %19 = twasm.vsplat f64x2 %arg6 : f64
  // CHECK: vextract_lane_s i8x16 %arg0[1] : i32
  %20 = twasm.vextract_lane_s i8x16 %arg0[1] : i32
  // CHECK: vextract_lane_u i8x16 %arg0[1] : i32
  %21 = twasm.vextract_lane_u i8x16 %arg0[1] : i32
  // CHECK: vreplace_lane i8x16 %arg0, %arg3[1] : i32
  %22 = twasm.vreplace_lane i8x16 %arg0, %arg3[1] : i32
  // CHECK: vextract_lane_s i16x8 %arg0[1] : i32
  %23 = twasm.vextract_lane_s i16x8 %arg0[1] : i32
  // CHECK: vextract_lane_u i16x8 %arg0[1] : i32
  %24 = twasm.vextract_lane_u i16x8 %arg0[1] : i32
  // CHECK: vreplace_lane i16x8 %arg0, %arg3[1] : i32
  %25 = twasm.vreplace_lane i16x8 %arg0, %arg3[1] : i32
  // CHECK: vextract_lane i32x4 %arg0[1] : i32
  %26 = twasm.vextract_lane i32x4 %arg0[1] : i32
  // CHECK: vreplace_lane i32x4 %arg0, %arg3[1] : i32
  %27 = twasm.vreplace_lane i32x4 %arg0, %arg3[1] : i32
  // CHECK: vextract_lane i64x2 %arg0[1] : i64
  %28 = twasm.vextract_lane i64x2 %arg0[1] : i64
  // CHECK: vreplace_lane i64x2 %arg0, %arg4[1] : i64
  %29 = twasm.vreplace_lane i64x2 %arg0, %arg4[1] : i64
  // CHECK: vextract_lane f32x4 %arg0[1] : f32
  %30 = twasm.vextract_lane f32x4 %arg0[1] : f32
  // CHECK: vreplace_lane f32x4 %arg0, %arg5[1] : f32
  %31 = twasm.vreplace_lane f32x4 %arg0, %arg5[1] : f32
  // CHECK: vextract_lane f64x2 %arg0[1] : f64
  %32 = twasm.vextract_lane f64x2 %arg0[1] : f64
  // CHECK: vreplace_lane f64x2 %arg0, %arg6[1] : f64
  %33 = twasm.vreplace_lane f64x2 %arg0, %arg6[1] : f64
  // CHECK: vieq i8x16 %arg0, %arg1
  %34 = twasm.vieq i8x16 %arg0, %arg1
  // CHECK: vine i8x16 %arg0, %arg1
  %35 = twasm.vine i8x16 %arg0, %arg1
  // CHECK: vilt_s i8x16 %arg0, %arg1
  %36 = twasm.vilt_s i8x16 %arg0, %arg1
  // CHECK: vilt_u i8x16 %arg0, %arg1
  %37 = twasm.vilt_u i8x16 %arg0, %arg1
  // CHECK: vigt_s i8x16 %arg0, %arg1
  %38 = twasm.vigt_s i8x16 %arg0, %arg1
  // CHECK: vigt_u i8x16 %arg0, %arg1
  %39 = twasm.vigt_u i8x16 %arg0, %arg1
  // CHECK: vile_s i8x16 %arg0, %arg1
  %40 = twasm.vile_s i8x16 %arg0, %arg1
  // CHECK: vile_u i8x16 %arg0, %arg1
  %41 = twasm.vile_u i8x16 %arg0, %arg1
  // CHECK: vige_s i8x16 %arg0, %arg1
  %42 = twasm.vige_s i8x16 %arg0, %arg1
  // CHECK: vige_u i8x16 %arg0, %arg1
  %43 = twasm.vige_u i8x16 %arg0, %arg1
  // CHECK: vieq i16x8 %arg0, %arg1
  %44 = twasm.vieq i16x8 %arg0, %arg1
  // CHECK: vine i16x8 %arg0, %arg1
  %45 = twasm.vine i16x8 %arg0, %arg1
  // CHECK: vilt_s i16x8 %arg0, %arg1
  %46 = twasm.vilt_s i16x8 %arg0, %arg1
  // CHECK: vilt_u i16x8 %arg0, %arg1
  %47 = twasm.vilt_u i16x8 %arg0, %arg1
  // CHECK: vigt_s i16x8 %arg0, %arg1
  %48 = twasm.vigt_s i16x8 %arg0, %arg1
  // CHECK: vigt_u i16x8 %arg0, %arg1
  %49 = twasm.vigt_u i16x8 %arg0, %arg1
  // CHECK: vile_s i16x8 %arg0, %arg1
  %50 = twasm.vile_s i16x8 %arg0, %arg1
  // CHECK: vile_u i16x8 %arg0, %arg1
  %51 = twasm.vile_u i16x8 %arg0, %arg1
  // CHECK: vige_s i16x8 %arg0, %arg1
  %52 = twasm.vige_s i16x8 %arg0, %arg1
  // CHECK: vige_u i16x8 %arg0, %arg1
  %53 = twasm.vige_u i16x8 %arg0, %arg1
  // CHECK: vieq i32x4 %arg0, %arg1
  %54 = twasm.vieq i32x4 %arg0, %arg1
  // CHECK: vine i32x4 %arg0, %arg1
  %55 = twasm.vine i32x4 %arg0, %arg1
  // CHECK: vilt_s i32x4 %arg0, %arg1
  %56 = twasm.vilt_s i32x4 %arg0, %arg1
  // CHECK: vilt_u i32x4 %arg0, %arg1
  %57 = twasm.vilt_u i32x4 %arg0, %arg1
  // CHECK: vigt_s i32x4 %arg0, %arg1
  %58 = twasm.vigt_s i32x4 %arg0, %arg1
  // CHECK: vigt_u i32x4 %arg0, %arg1
  %59 = twasm.vigt_u i32x4 %arg0, %arg1
  // CHECK: vile_s i32x4 %arg0, %arg1
  %60 = twasm.vile_s i32x4 %arg0, %arg1
  // CHECK: vile_u i32x4 %arg0, %arg1
  %61 = twasm.vile_u i32x4 %arg0, %arg1
  // CHECK: vige_s i32x4 %arg0, %arg1
  %62 = twasm.vige_s i32x4 %arg0, %arg1
  // CHECK: vige_u i32x4 %arg0, %arg1
  %63 = twasm.vige_u i32x4 %arg0, %arg1
  // CHECK: vfeq f32x4 %arg0, %arg1
  %64 = twasm.vfeq f32x4 %arg0, %arg1
  // CHECK: vfne f32x4 %arg0, %arg1
  %65 = twasm.vfne f32x4 %arg0, %arg1
  // CHECK: vflt f32x4 %arg0, %arg1
  %66 = twasm.vflt f32x4 %arg0, %arg1
  // CHECK: vfgt f32x4 %arg0, %arg1
  %67 = twasm.vfgt f32x4 %arg0, %arg1
  // CHECK: vfle f32x4 %arg0, %arg1
  %68 = twasm.vfle f32x4 %arg0, %arg1
  // CHECK: vfge f32x4 %arg0, %arg1
  %69 = twasm.vfge f32x4 %arg0, %arg1
  // CHECK: vfeq f64x2 %arg0, %arg1
  %70 = twasm.vfeq f64x2 %arg0, %arg1
  // CHECK: vfne f64x2 %arg0, %arg1
  %71 = twasm.vfne f64x2 %arg0, %arg1
  // CHECK: vflt f64x2 %arg0, %arg1
  %72 = twasm.vflt f64x2 %arg0, %arg1
  // CHECK: vfgt f64x2 %arg0, %arg1
  %73 = twasm.vfgt f64x2 %arg0, %arg1
  // CHECK: vfle f64x2 %arg0, %arg1
  %74 = twasm.vfle f64x2 %arg0, %arg1
  // CHECK: vfge f64x2 %arg0, %arg1
  %75 = twasm.vfge f64x2 %arg0, %arg1
  // CHECK: vnot %arg0
  %76 = twasm.vnot %arg0
  // CHECK: vand %arg0, %arg1
  %77 = twasm.vand %arg0, %arg1
  // CHECK: vandnot %arg0, %arg1
  %78 = twasm.vandnot %arg0, %arg1
  // CHECK: vor %arg0, %arg1
  %79 = twasm.vor %arg0, %arg1
  // CHECK: vxor %arg0, %arg1
  %80 = twasm.vxor %arg0, %arg1
  // CHECK: vselect %arg0, %arg1, %arg2
  %81 = twasm.vselect %arg0, %arg1, %arg2
  // CHECK: vany_true %arg0
  %82 = twasm.vany_true %arg0
  // CHECK: vload_lane i8x16 %arg0[1], %arg3 offset 8 align 0
  %83 = twasm.vload_lane i8x16 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vload_lane i16x8 %arg0[1], %arg3 offset 8 align 0
  %84 = twasm.vload_lane i16x8 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vload_lane i32x4 %arg0[1], %arg3 offset 8 align 0
  %85 = twasm.vload_lane i32x4 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vload_lane i64x2 %arg0[1], %arg3 offset 8 align 0
  %86 = twasm.vload_lane i64x2 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vstore_lane i8x16 %arg0[1], %arg3 offset 8 align 0
  twasm.vstore_lane i8x16 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vstore_lane i16x8 %arg0[1], %arg3 offset 8 align 0
  twasm.vstore_lane i16x8 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vstore_lane i32x4 %arg0[1], %arg3 offset 8 align 0
  twasm.vstore_lane i32x4 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vstore_lane i64x2 %arg0[1], %arg3 offset 8 align 0
  twasm.vstore_lane i64x2 %arg0[1], %arg3 offset 8 align 0
  // CHECK: vload_zero i32x4 %arg3 offset 8 align 0
  %87 = twasm.vload_zero i32x4 %arg3 offset 8 align 0
  // CHECK: vload_zero i64x2 %arg3 offset 8 align 0
  %88 = twasm.vload_zero i64x2 %arg3 offset 8 align 0
  // CHECK: vdemote_zero %arg0
  %89 = twasm.vdemote_zero %arg0
  // CHECK: vpromote_low %arg0
  %90 = twasm.vpromote_low %arg0
  // CHECK: viabs i8x16 %arg0
  %91 = twasm.viabs i8x16 %arg0
  // CHECK: vineg i8x16 %arg0
  %92 = twasm.vineg i8x16 %arg0
  // CHECK: vipopcnt %arg0
  %93 = twasm.vipopcnt %arg0
  // CHECK: vall_true i8x16 %arg0
  %94 = twasm.vall_true i8x16 %arg0
  // CHECK: vbitmask i8x16 %arg0
  %95 = twasm.vbitmask i8x16 %arg0
  // CHECK: vnarrow_s i8x16 %arg0, %arg1
  %96 = twasm.vnarrow_s i8x16 %arg0, %arg1
  // CHECK: vnarrow_u i8x16 %arg0, %arg1
  %97 = twasm.vnarrow_u i8x16 %arg0, %arg1
  // CHECK: vfceil f32x4 %arg0
  %98 = twasm.vfceil f32x4 %arg0
  // CHECK: vffloor f32x4 %arg0
  %99 = twasm.vffloor f32x4 %arg0
  // CHECK: vftrunc f32x4 %arg0
  %100 = twasm.vftrunc f32x4 %arg0
  // CHECK: vfnearest f32x4 %arg0
  %101 = twasm.vfnearest f32x4 %arg0
  // CHECK: vishl i8x16 %arg0, %arg3
  %102 = twasm.vishl i8x16 %arg0, %arg3
  // CHECK: vishr_s i8x16 %arg0, %arg3
  %103 = twasm.vishr_s i8x16 %arg0, %arg3
  // CHECK: vishr_u i8x16 %arg0, %arg3
  %104 = twasm.vishr_u i8x16 %arg0, %arg3
  // CHECK: viadd i8x16 %arg0, %arg1
  %105 = twasm.viadd i8x16 %arg0, %arg1
  // CHECK: viadd_sat_s i8x16 %arg0, %arg1
  %106 = twasm.viadd_sat_s i8x16 %arg0, %arg1
  // CHECK: viadd_sat_u i8x16 %arg0, %arg1
  %107 = twasm.viadd_sat_u i8x16 %arg0, %arg1
  // CHECK: visub i8x16 %arg0, %arg1
  %108 = twasm.visub i8x16 %arg0, %arg1
  // CHECK: visub_sat_s i8x16 %arg0, %arg1
  %109 = twasm.visub_sat_s i8x16 %arg0, %arg1
  // CHECK: visub_sat_u i8x16 %arg0, %arg1
  %110 = twasm.visub_sat_u i8x16 %arg0, %arg1
  // CHECK: vfceil f64x2 %arg0
  %111 = twasm.vfceil f64x2 %arg0
  // CHECK: vffloor f64x2 %arg0
  %112 = twasm.vffloor f64x2 %arg0
  // CHECK: vimin_s i8x16 %arg0, %arg1
  %113 = twasm.vimin_s i8x16 %arg0, %arg1
  // CHECK: vimin_u i8x16 %arg0, %arg1
  %114 = twasm.vimin_u i8x16 %arg0, %arg1
  // CHECK: vimax_s i8x16 %arg0, %arg1
  %115 = twasm.vimax_s i8x16 %arg0, %arg1
  // CHECK: vimax_u i8x16 %arg0, %arg1
  %116 = twasm.vimax_u i8x16 %arg0, %arg1
  // CHECK: vftrunc f64x2 %arg0
  %117 = twasm.vftrunc f64x2 %arg0
  // CHECK: viavgr_u i8x16 %arg0, %arg1
  %118 = twasm.viavgr_u i8x16 %arg0, %arg1
  // CHECK: viextadd_pairwise_s i16x8 %arg0
  %119 = twasm.viextadd_pairwise_s i16x8 %arg0
  // CHECK: viextadd_pairwise_u i16x8 %arg0
  %120 = twasm.viextadd_pairwise_u i16x8 %arg0
  // CHECK: viextadd_pairwise_s i32x4 %arg0
  %121 = twasm.viextadd_pairwise_s i32x4 %arg0
  // CHECK: viextadd_pairwise_u i32x4 %arg0
  %122 = twasm.viextadd_pairwise_u i32x4 %arg0
  // CHECK: viabs i16x8 %arg0
  %123 = twasm.viabs i16x8 %arg0
  // CHECK: vineg i16x8 %arg0
  %124 = twasm.vineg i16x8 %arg0
  // CHECK: viq15mulr_sat_s %arg0, %arg1
  %125 = twasm.viq15mulr_sat_s %arg0, %arg1
  // CHECK: vall_true i16x8 %arg0
  %126 = twasm.vall_true i16x8 %arg0
  // CHECK: vbitmask i16x8 %arg0
  %127 = twasm.vbitmask i16x8 %arg0
  // CHECK: vnarrow_s i16x8 %arg0, %arg1
  %128 = twasm.vnarrow_s i16x8 %arg0, %arg1
  // CHECK: vnarrow_u i16x8 %arg0, %arg1
  %129 = twasm.vnarrow_u i16x8 %arg0, %arg1
  // CHECK: vextend_low_s i16x8 %arg0
  %130 = twasm.vextend_low_s i16x8 %arg0
  // CHECK: vextend_high_s i16x8 %arg0
  %131 = twasm.vextend_high_s i16x8 %arg0
  // CHECK: vextend_low_u i16x8 %arg0
  %132 = twasm.vextend_low_u i16x8 %arg0
  // CHECK: vextend_high_u i16x8 %arg0
  %133 = twasm.vextend_high_u i16x8 %arg0
  // CHECK: vishl i16x8 %arg0, %arg3
  %134 = twasm.vishl i16x8 %arg0, %arg3
  // CHECK: vishr_s i16x8 %arg0, %arg3
  %135 = twasm.vishr_s i16x8 %arg0, %arg3
  // CHECK: vishr_u i16x8 %arg0, %arg3
  %136 = twasm.vishr_u i16x8 %arg0, %arg3
  // CHECK: viadd i16x8 %arg0, %arg1
  %137 = twasm.viadd i16x8 %arg0, %arg1
  // CHECK: viadd_sat_s i16x8 %arg0, %arg1
  %138 = twasm.viadd_sat_s i16x8 %arg0, %arg1
  // CHECK: viadd_sat_u i16x8 %arg0, %arg1
  %139 = twasm.viadd_sat_u i16x8 %arg0, %arg1
  // CHECK: visub i16x8 %arg0, %arg1
  %140 = twasm.visub i16x8 %arg0, %arg1
  // CHECK: visub_sat_s i16x8 %arg0, %arg1
  %141 = twasm.visub_sat_s i16x8 %arg0, %arg1
  // CHECK: visub_sat_u i16x8 %arg0, %arg1
  %142 = twasm.visub_sat_u i16x8 %arg0, %arg1
  // CHECK: vfnearest f64x2 %arg0
  %143 = twasm.vfnearest f64x2 %arg0
  // CHECK: vimul i16x8 %arg0, %arg1
  %144 = twasm.vimul i16x8 %arg0, %arg1
  // CHECK: vimin_s i16x8 %arg0, %arg1
  %145 = twasm.vimin_s i16x8 %arg0, %arg1
  // CHECK: vimin_u i16x8 %arg0, %arg1
  %146 = twasm.vimin_u i16x8 %arg0, %arg1
  // CHECK: vimax_s i16x8 %arg0, %arg1
  %147 = twasm.vimax_s i16x8 %arg0, %arg1
  // CHECK: vimax_u i16x8 %arg0, %arg1
  %148 = twasm.vimax_u i16x8 %arg0, %arg1
  // CHECK: viavgr_u i16x8 %arg0, %arg1
  %149 = twasm.viavgr_u i16x8 %arg0, %arg1
  // CHECK: viextmul_low_s i16x8 %arg0, %arg1
  %150 = twasm.viextmul_low_s i16x8 %arg0, %arg1
  // CHECK: viextmul_high_s i16x8 %arg0, %arg1
  %151 = twasm.viextmul_high_s i16x8 %arg0, %arg1
  // CHECK: viextmul_low_u i16x8 %arg0, %arg1
  %152 = twasm.viextmul_low_u i16x8 %arg0, %arg1
  // CHECK: viextmul_high_u i16x8 %arg0, %arg1
  %153 = twasm.viextmul_high_u i16x8 %arg0, %arg1
  // CHECK: viabs i32x4 %arg0
  %154 = twasm.viabs i32x4 %arg0
  // CHECK: vineg i32x4 %arg0
  %155 = twasm.vineg i32x4 %arg0
  // CHECK: vall_true i32x4 %arg0
  %156 = twasm.vall_true i32x4 %arg0
  // CHECK: vbitmask i32x4 %arg0
  %157 = twasm.vbitmask i32x4 %arg0
  // CHECK: vextend_low_s i32x4 %arg0
  %158 = twasm.vextend_low_s i32x4 %arg0
  // CHECK: vextend_high_s i32x4 %arg0
  %159 = twasm.vextend_high_s i32x4 %arg0
  // CHECK: vextend_low_u i32x4 %arg0
  %160 = twasm.vextend_low_u i32x4 %arg0
  // CHECK: vextend_high_u i32x4 %arg0
  %161 = twasm.vextend_high_u i32x4 %arg0
  // CHECK: vishl i32x4 %arg0, %arg3
  %162 = twasm.vishl i32x4 %arg0, %arg3
  // CHECK: vishr_s i32x4 %arg0, %arg3
  %163 = twasm.vishr_s i32x4 %arg0, %arg3
  // CHECK: vishr_u i32x4 %arg0, %arg3
  %164 = twasm.vishr_u i32x4 %arg0, %arg3
  // CHECK: viadd i32x4 %arg0, %arg1
  %165 = twasm.viadd i32x4 %arg0, %arg1
  // CHECK: visub i32x4 %arg0, %arg1
  %166 = twasm.visub i32x4 %arg0, %arg1
  // CHECK: vimul i32x4 %arg0, %arg1
  %167 = twasm.vimul i32x4 %arg0, %arg1
  // CHECK: vimin_s i32x4 %arg0, %arg1
  %168 = twasm.vimin_s i32x4 %arg0, %arg1
  // CHECK: vimin_u i32x4 %arg0, %arg1
  %169 = twasm.vimin_u i32x4 %arg0, %arg1
  // CHECK: vimax_s i32x4 %arg0, %arg1
  %170 = twasm.vimax_s i32x4 %arg0, %arg1
  // CHECK: vimax_u i32x4 %arg0, %arg1
  %171 = twasm.vimax_u i32x4 %arg0, %arg1
  // CHECK: vidot_s %arg0, %arg1
  %172 = twasm.vidot_s %arg0, %arg1
  // CHECK: viextmul_low_s i32x4 %arg0, %arg1
  %173 = twasm.viextmul_low_s i32x4 %arg0, %arg1
  // CHECK: viextmul_high_s i32x4 %arg0, %arg1
  %174 = twasm.viextmul_high_s i32x4 %arg0, %arg1
  // CHECK: viextmul_low_u i32x4 %arg0, %arg1
  %175 = twasm.viextmul_low_u i32x4 %arg0, %arg1
  // CHECK: viextmul_high_u i32x4 %arg0, %arg1
  %176 = twasm.viextmul_high_u i32x4 %arg0, %arg1
  // CHECK: viabs i64x2 %arg0
  %177 = twasm.viabs i64x2 %arg0
  // CHECK: vineg i64x2 %arg0
  %178 = twasm.vineg i64x2 %arg0
  // CHECK: vall_true i64x2 %arg0
  %179 = twasm.vall_true i64x2 %arg0
  // CHECK: vbitmask i64x2 %arg0
  %180 = twasm.vbitmask i64x2 %arg0
  // CHECK: vextend_low_s i64x2 %arg0
  %181 = twasm.vextend_low_s i64x2 %arg0
  // CHECK: vextend_high_s i64x2 %arg0
  %182 = twasm.vextend_high_s i64x2 %arg0
  // CHECK: vextend_low_u i64x2 %arg0
  %183 = twasm.vextend_low_u i64x2 %arg0
  // CHECK: vextend_high_u i64x2 %arg0
  %184 = twasm.vextend_high_u i64x2 %arg0
  // CHECK: vishl i64x2 %arg0, %arg3
  %185 = twasm.vishl i64x2 %arg0, %arg3
  // CHECK: vishr_s i64x2 %arg0, %arg3
  %186 = twasm.vishr_s i64x2 %arg0, %arg3
  // CHECK: vishr_u i64x2 %arg0, %arg3
  %187 = twasm.vishr_u i64x2 %arg0, %arg3
  // CHECK: viadd i64x2 %arg0, %arg1
  %188 = twasm.viadd i64x2 %arg0, %arg1
  // CHECK: visub i64x2 %arg0, %arg1
  %189 = twasm.visub i64x2 %arg0, %arg1
  // CHECK: vimul i64x2 %arg0, %arg1
  %190 = twasm.vimul i64x2 %arg0, %arg1
  // CHECK: vieq i64x2 %arg0, %arg1
  %191 = twasm.vieq i64x2 %arg0, %arg1
  // CHECK: vine i64x2 %arg0, %arg1
  %192 = twasm.vine i64x2 %arg0, %arg1
  // CHECK: vilt_s i64x2 %arg0, %arg1
  %193 = twasm.vilt_s i64x2 %arg0, %arg1
  // CHECK: vigt_s i64x2 %arg0, %arg1
  %194 = twasm.vigt_s i64x2 %arg0, %arg1
  // CHECK: vile_s i64x2 %arg0, %arg1
  %195 = twasm.vile_s i64x2 %arg0, %arg1
  // CHECK: vige_s i64x2 %arg0, %arg1
  %196 = twasm.vige_s i64x2 %arg0, %arg1
  // CHECK: viextmul_low_s i64x2 %arg0, %arg1
  %197 = twasm.viextmul_low_s i64x2 %arg0, %arg1
  // CHECK: viextmul_high_s i64x2 %arg0, %arg1
  %198 = twasm.viextmul_high_s i64x2 %arg0, %arg1
  // CHECK: viextmul_low_u i64x2 %arg0, %arg1
  %199 = twasm.viextmul_low_u i64x2 %arg0, %arg1
  // CHECK: viextmul_high_u i64x2 %arg0, %arg1
  %200 = twasm.viextmul_high_u i64x2 %arg0, %arg1
  // CHECK: vfabs f32x4 %arg0
  %201 = twasm.vfabs f32x4 %arg0
  // CHECK: vfneg f32x4 %arg0
  %202 = twasm.vfneg f32x4 %arg0
  // CHECK: vfsqrt f32x4 %arg0
  %203 = twasm.vfsqrt f32x4 %arg0
  // CHECK: vfadd f32x4 %arg0, %arg1
  %204 = twasm.vfadd f32x4 %arg0, %arg1
  // CHECK: vfsub f32x4 %arg0, %arg1
  %205 = twasm.vfsub f32x4 %arg0, %arg1
  // CHECK: vfmul f32x4 %arg0, %arg1
  %206 = twasm.vfmul f32x4 %arg0, %arg1
  // CHECK: vfdiv f32x4 %arg0, %arg1
  %207 = twasm.vfdiv f32x4 %arg0, %arg1
  // CHECK: vfmin f32x4 %arg0, %arg1
  %208 = twasm.vfmin f32x4 %arg0, %arg1
  // CHECK: vfmax f32x4 %arg0, %arg1
  %209 = twasm.vfmax f32x4 %arg0, %arg1
  // CHECK: vfpmin f32x4 %arg0, %arg1
  %210 = twasm.vfpmin f32x4 %arg0, %arg1
  // CHECK: vfpmax f32x4 %arg0, %arg1
  %211 = twasm.vfpmax f32x4 %arg0, %arg1
  // CHECK: vfabs f64x2 %arg0
  %212 = twasm.vfabs f64x2 %arg0
  // CHECK: vfneg f64x2 %arg0
  %213 = twasm.vfneg f64x2 %arg0
  // CHECK: vfsqrt f64x2 %arg0
  %214 = twasm.vfsqrt f64x2 %arg0
  // CHECK: vfadd f64x2 %arg0, %arg1
  %215 = twasm.vfadd f64x2 %arg0, %arg1
  // CHECK: vfsub f64x2 %arg0, %arg1
  %216 = twasm.vfsub f64x2 %arg0, %arg1
  // CHECK: vfmul f64x2 %arg0, %arg1
  %217 = twasm.vfmul f64x2 %arg0, %arg1
  // CHECK: vfdiv f64x2 %arg0, %arg1
  %218 = twasm.vfdiv f64x2 %arg0, %arg1
  // CHECK: vfmin f64x2 %arg0, %arg1
  %219 = twasm.vfmin f64x2 %arg0, %arg1
  // CHECK: vfmax f64x2 %arg0, %arg1
  %220 = twasm.vfmax f64x2 %arg0, %arg1
  // CHECK: vfpmin f64x2 %arg0, %arg1
  %221 = twasm.vfpmin f64x2 %arg0, %arg1
  // CHECK: vfpmax f64x2 %arg0, %arg1
  %222 = twasm.vfpmax f64x2 %arg0, %arg1
  // CHECK: vtrunc_sat_s f32x4 %arg0
  %223 = twasm.vtrunc_sat_s f32x4 %arg0
  // CHECK: vtrunc_sat_u f32x4 %arg0
  %224 = twasm.vtrunc_sat_u f32x4 %arg0
  // CHECK: vconvert_s f32x4 %arg0
  %225 = twasm.vconvert_s f32x4 %arg0
  // CHECK: vconvert_u f32x4 %arg0
  %226 = twasm.vconvert_u f32x4 %arg0
  // CHECK: vtrunc_sat_s f64x2 %arg0
  %227 = twasm.vtrunc_sat_s f64x2 %arg0
  // CHECK: vtrunc_sat_u f64x2 %arg0
  %228 = twasm.vtrunc_sat_u f64x2 %arg0
  // CHECK: vconvert_s f64x2 %arg0
  %229 = twasm.vconvert_s f64x2 %arg0
  // CHECK: vconvert_u f64x2 %arg0
  %230 = twasm.vconvert_u f64x2 %arg0
  // CHECK: vfmadd f32x4 %arg0, %arg1, %arg2
  %231 = twasm.vfmadd f32x4 %arg0, %arg1, %arg2
  // CHECK: vfnmadd f32x4 %arg0, %arg1, %arg2
  %232 = twasm.vfnmadd f32x4 %arg0, %arg1, %arg2
  // CHECK: vfmadd f64x2 %arg0, %arg1, %arg2
  %233 = twasm.vfmadd f64x2 %arg0, %arg1, %arg2
  // CHECK: vfnmadd f64x2 %arg0, %arg1, %arg2
  %234 = twasm.vfnmadd f64x2 %arg0, %arg1, %arg2
  // CHECK: vidot_i8x16_s %arg0, %arg1
  %235 = twasm.vidot_i8x16_s %arg0, %arg1
  // CHECK: vidot_i8x16_add_s %arg0, %arg1, %arg2
  %236 = twasm.vidot_i8x16_add_s %arg0, %arg1, %arg2
  // CHECK: vcanonicalize_nan f32x4 %arg0
  %237 = twasm.vcanonicalize_nan f32x4 %arg0
  // CHECK: vcanonicalize_nan f64x2 %arg0
  %238 = twasm.vcanonicalize_nan f64x2 %arg0
  // CHECK: vload_lane i8x16 %arg0[15], i64 %arg4 offset 4294967296 align 0 in @memory0
  %239 = twasm.vload_lane i8x16 %arg0[15], i64 %arg4 offset 4294967296 align 0 in @memory0
  twasm.return
}

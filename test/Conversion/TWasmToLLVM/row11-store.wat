;; Row 11 of the op mapping table: stores, with the check before them. One that
;; traps writes nothing (spec 4.4.7).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @f64(
 ;; TWASM: store %arg1, %arg0 offset 16 align 3 : f64
 ;; STD-LABEL: func.func private @f0_f64(
 ;; STD: twasm.rt.check_bounds %arg6, %arg1, %arg2 {at = {{[0-9]+}} : i32, bytes = 8 : i32, function = 0 : i32, offset = 16 : i64}
 ;; STD-NOT: inbounds
 ;; STD: llvm.store %arg7, %{{.*}} {alignment = 1 : i64} : f64, !llvm.ptr<1>
 ;; PTX-LABEL: .visible .entry tw_f64(
 ;; PTX-NOT: st.global
 ;; One branch for bounds and alignment: index <= size - 24, of a size that is
 ;; known to be no less.
 ;; PTX: add.s32 [[LAST:%r[0-9]+]], %r{{[0-9]+}}, -24;
 ;; PTX: setp.{{gt|le}}.u32 %p{{[0-9]+}}, [[INDEX:%r[0-9]+]], [[LAST]];
 ;; PTX: and.b32 %r{{[0-9]+}}, [[INDEX]], 7;
 ;; PTX-NOT: st.global
 ;; PTX: @%p{{[0-9]+}} bra [[SLOW:\$L__BB[0-9_]+]];
 ;; PTX: st.global.b64
 ;; Byte by byte: not before the check.
 ;; PTX-NOT: {{st.global|_bytes_}}
 ;; PTX: {{^}}[[SLOW]]:
 ;; PTX-NEXT: setp.le.u32 [[IN:%p[0-9]+]], [[INDEX]], [[LAST]];
 ;; PTX-NEXT: @[[IN]] bra [[BYTES:\$L__BB[0-9_]+]];
 ;; PTX-NEXT: bra.uni [[TRAP:\$L__BB[0-9_]+]];
 ;; PTX-NEXT: {{^}}[[BYTES]]:
 ;; PTX-NOT: st.global
 ;; PTX: call.uni __tw_store_bytes_8_seldom,
 ;; PTX-NOT: st.global
 ;; PTX: {{^}}[[TRAP]]:
 ;; PTX-NOT: {{st.global|_bytes_}}
 ;; PTX: call.uni __tw_trap
 (func (export "f64") (param i32 f64)
  (f64.store offset=16 (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @half(
 ;; TWASM: store_n 16 %arg1, %arg0 offset 0 align 1 : i32
 ;; STD-LABEL: func.func private @f1_half(
 ;; STD: %[[N:.*]] = arith.trunci %arg7 : i32 to i16
 ;; STD: twasm.rt.check_bounds {{.*}}bytes = 2 : i32
 ;; STD: llvm.store %[[N]], %{{.*}} {alignment = 1 : i64} : i16, !llvm.ptr<1>
 ;; PTX-LABEL: .visible .entry tw_half(
 ;; PTX: and.b32 %r{{[0-9]+}}, %r{{[0-9]+}}, 1;
 ;; PTX: st.global.b16
 ;; PTX: call.uni __tw_store_bytes_2_seldom,
 (func (export "half") (param i32 i32)
  (i32.store16 (local.get 0) (local.get 1)))

 ;; Byte by byte, the lowest first.
 ;; PTX-LABEL: .func __tw_store_bytes_8_seldom(
 ;; PTX: {{^}}[[LOOP:\$L__BB[0-9_]+]]:{{[[:space:]]+}}.pragma "nounroll";
 ;; PTX: st.global.b8 [%rd{{[0-9]+}}], [[ALL:%rd[0-9]+]];
 ;; PTX-NEXT: mov.b64 {[[LOW:%r[0-9]+]], [[HIGH:%r[0-9]+]]}, [[ALL]];
 ;; PTX-NEXT: shf.l.wrap.b32 [[HIGHER:%r[0-9]+]], [[HIGH]], [[LOW]], 24;
 ;; PTX-NEXT: shf.l.wrap.b32 [[LOWER:%r[0-9]+]], [[LOW]], [[HIGH]], 24;
 ;; PTX-NEXT: mov.b64 [[ALL]], {[[LOWER]], [[HIGHER]]};
 ;; PTX: setp.lt.u32 %p{{[0-9]+}}, %r{{[0-9]+}}, 8;
 ;; PTX-NEXT: @%p{{[0-9]+}} bra [[LOOP]];
 ;; Two are not worth a loop.
 ;; PTX-LABEL: .func __tw_store_bytes_2_seldom(
 ;; PTX: ld.param.b64 [[AT:%rd[0-9]+]],
 ;; PTX-NEXT: ld.param.b16 [[VALUE:%rs[0-9]+]],
 ;; PTX-NEXT: st.global.b8 {{\[}}[[AT]]], [[VALUE]];
 ;; PTX-NEXT: shr.u16 [[HIGH:%rs[0-9]+]], [[VALUE]], 8;
 ;; PTX-NEXT: st.global.b8 {{\[}}[[AT]]+1], [[HIGH]];
 ;; PTX-NEXT: ret;
 )

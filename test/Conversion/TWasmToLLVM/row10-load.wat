;; Row 10 of the op mapping table: loads. The address is base + index + offset, a
;; sum of 64 bits behind the bounds check; alignment is only a hint, so a misaligned
;; address takes a path of its own (spec 4.4.7).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=NOTRAP
;; NOTRAP-NOT: {{^[[:space:]]}}trap;

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @f32(
 ;; TWASM: load %arg0 offset 4294967295 align 2 : f32
 ;; STD-LABEL: func.func private @f0_f32(
 ;; STD: twasm.rt.check_bounds %arg6, %arg1, %arg2 {at = {{[0-9]+}} : i32, bytes = 4 : i32, function = 0 : i32, offset = 4294967295 : i64}
 ;; STD: %[[WIDE:.*]] = arith.extui %arg6 : i32 to i64
 ;; STD: %[[P:.*]] = llvm.getelementptr %arg0[%[[WIDE]]]
 ;; STD-NOT: inbounds
 ;; STD: %[[OFF:.*]] = arith.constant 4294967295 : i64
 ;; STD: %[[Q:.*]] = llvm.getelementptr %[[P]][%[[OFF]]]
 ;; STD-NOT: inbounds
 ;; STD: llvm.load %[[Q]] {alignment = 1 : i64} : !llvm.ptr<1> -> f32
 ;; PTX-LABEL: .visible .entry tw_f32(
 ;; One branch for bounds and alignment. The size, at env + 8, is no less than
 ;; offset + 4; the index is no more than their difference, which has 32 bits.
 ;; PTX: ld.param.b32 [[INDEX:%r[0-9]+]], [tw_f32_param_1];
 ;; PTX: ld.param.b64 [[SIZE:%rd[0-9]+]], {{\[}}{{.*}}+8];
 ;; PTX: setp.{{lt|ge}}.u64 %p{{[0-9]+}}, [[SIZE]], 4294967299;
 ;; PTX: cvt.u32.u64 [[NARROW:%r[0-9]+]], [[SIZE]];
 ;; PTX: add.s32 [[LAST:%r[0-9]+]], [[NARROW]], -3;
 ;; PTX: setp.{{gt|le}}.u32 %p{{[0-9]+}}, [[INDEX]], [[LAST]];
 ;; An odd offset: aligned is an index of 4 * n + 1.
 ;; PTX: and.b32 [[LOW:%r[0-9]+]], [[INDEX]], 3;
 ;; PTX: setp.{{ne|eq}}.b32 %p{{[0-9]+}}, [[LOW]], 1;
 ;; PTX: @%p{{[0-9]+}} bra [[SLOW:\$L__BB[0-9_]+]];
 ;; PTX: cvt.u64.u32 [[WIDE:%rd[0-9]+]], [[INDEX]];
 ;; PTX-NEXT: add.s64 [[P:%rd[0-9]+]], %rd{{[0-9]+}}, [[WIDE]];
 ;; PTX-NEXT: add.s64 [[AT:%rd[0-9]+]], [[P]], 4294967295;
 ;; PTX-NEXT: ld.global.b32 %r{{[0-9]+}}, {{\[}}[[AT]]];
 ;; Behind it the check itself: of both conditions, and of nothing else.
 ;; PTX: {{^}}[[SLOW]]:
 ;; PTX-NEXT: setp.gt.u64 [[FITS:%p[0-9]+]], [[SIZE]], 4294967298;
 ;; PTX-NEXT: setp.le.u32 [[IN:%p[0-9]+]], [[INDEX]], [[LAST]];
 ;; PTX-NEXT: and.pred [[OK:%p[0-9]+]], [[FITS]], [[IN]];
 ;; PTX-NEXT: @[[OK]] bra [[BYTES:\$L__BB[0-9_]+]];
 ;; PTX-NEXT: bra.uni [[TRAP:\$L__BB[0-9_]+]];
 ;; PTX-NEXT: {{^}}[[BYTES]]:
 ;; PTX: call.uni (retval0), __tw_load_bytes_4_seldom,
 ;; PTX: {{^}}[[TRAP]]:
 ;; PTX: call.uni __tw_trap
 (func (export "f32") (param i32) (result f32)
  (f32.load offset=4294967295 (local.get 0)))

 ;; TWASM-LABEL: twasm.func @i64(
 ;; TWASM: load %arg0 offset 0 align 0 : i64
 ;; STD-LABEL: func.func private @f1_i64(
 ;; STD: twasm.rt.check_bounds {{.*}}bytes = 8 : i32
 ;; STD: llvm.load {{.*}}alignment = 1 : i64} : !llvm.ptr<1> -> i64
 ;; PTX-LABEL: .visible .entry tw_i64(
 ;; PTX: and.b32 %r{{[0-9]+}}, %r{{[0-9]+}}, 7;
 ;; PTX: ld.global.b64
 ;; PTX: call.uni (retval0), __tw_load_bytes_8_seldom,
 (func (export "i64") (param i32) (result i64)
  (i64.load align=1 (local.get 0)))

 ;; A byte is always aligned.
 ;; TWASM-LABEL: twasm.func @byte(
 ;; TWASM: load_u 8 %arg0 offset 3 align 0 : i32
 ;; STD-LABEL: func.func private @f2_byte(
 ;; STD: twasm.rt.check_bounds {{.*}}bytes = 1 : i32{{.*}}offset = 3 : i64
 ;; STD: %[[B:.*]] = llvm.load {{.*}} -> i8
 ;; STD: arith.extui %[[B]] : i8 to i32
 ;; PTX-LABEL: .visible .entry tw_byte(
 ;; PTX-NOT: {{and\.b|\.pragma|_bytes_}}
 ;; PTX: ld.global.b8 %r{{[s0-9]+}}, [%rd{{[0-9]+}}+3];
 ;; PTX-NOT: {{and\.b|\.pragma|ld\.global|_bytes_}}
 (func (export "byte") (param i32) (result i32)
  (i32.load8_u offset=3 (local.get 0)))

 ;; A load whose value nobody needs still traps.
 ;; STD-LABEL: func.func private @f3_dropped(
 ;; STD: twasm.rt.check_bounds
 ;; PTX-LABEL: .visible .entry tw_dropped(
 ;; PTX: add.s32 [[LAST:%r[0-9]+]], %r{{[0-9]+}}, -4;
 ;; Aligned or not, what is in place needs nothing.
 ;; PTX: @%p{{[0-9]+}} bra [[SLOW:\$L__BB[0-9_]+]];
 ;; PTX: {{^}}[[DONE:\$L__BB[0-9_]+]]:
 ;; PTX-NEXT: ret;
 ;; PTX: {{^}}[[SLOW]]:
 ;; PTX-NEXT: setp.le.u32 [[IN:%p[0-9]+]], %r{{[0-9]+}}, [[LAST]];
 ;; PTX-NEXT: @[[IN]] bra [[DONE]];
 ;; PTX: call.uni __tw_trap
 (func (export "dropped") (param i32)
  (drop (i32.load (local.get 0))))

 ;; Four bytes, without a loop: it would be no shorter.
 ;; PTX-LABEL: .func (.param .b32 func_retval0) __tw_load_bytes_4_seldom(
 ;; PTX-NOT: bra
 ;; PTX: ld.param.b64 [[AT:%rd[0-9]+]],
 ;; PTX-NOT: bra
 ;; PTX: ld.global.b8 [[B0:%r[0-9]+]], {{\[}}[[AT]]];
 ;; PTX: ld.global.b8 [[B1:%rs[0-9]+]], {{\[}}[[AT]]+1];
 ;; PTX: mul.wide.u16 [[H1:%r[0-9]+]], [[B1]], 256;
 ;; PTX: or.b32 [[TWO:%r[0-9]+]], [[B0]], [[H1]];
 ;; PTX: ld.global.b8 [[B2:%r[0-9]+]], {{\[}}[[AT]]+2];
 ;; PTX: shl.b32 [[H2:%r[0-9]+]], [[B2]], 16;
 ;; PTX: or.b32 [[THREE:%r[0-9]+]], [[TWO]], [[H2]];
 ;; PTX: ld.global.b8 [[B3:%r[0-9]+]], {{\[}}[[AT]]+3];
 ;; PTX: shl.b32 [[H3:%r[0-9]+]], [[B3]], 24;
 ;; PTX: or.b32 [[ALL:%r[0-9]+]], [[THREE]], [[H3]];
 ;; PTX-NEXT: st.param.b32 [func_retval0], [[ALL]];
 ;; PTX-NEXT: ret;

 ;; A fault records its place and leaves by `exit`: `trap` would cost the
 ;; context, a plain return the answer.
 ;; PTX-LABEL: .func __tw_trap(
 ;; PTX: atom.{{.*}}cas.b32
 ;; PTX: exit;
 ;; PTX-NOT: trap;

 ;; Eight bytes, in a loop: the lowest first, which come in at the top and go down.
 ;; PTX-LABEL: .func (.param .b64 func_retval0) __tw_load_bytes_8_seldom(
 ;; PTX: {{^}}[[LOOP:\$L__BB[0-9_]+]]:{{[[:space:]]+}}.pragma "nounroll";
 ;; PTX: ld.global.b8 [[BYTE:%rd[0-9]+]], [%rd{{[0-9]+}}];
 ;; PTX-NEXT: mov.b64 {[[NEW:%r[0-9]+]], %r{{[0-9]+}}}, [[BYTE]];
 ;; PTX-NEXT: mov.b64 {[[LOW:%r[0-9]+]], [[HIGH:%r[0-9]+]]}, [[ALL:%rd[0-9]+]];
 ;; PTX-NEXT: shf.l.wrap.b32 [[HIGHER:%r[0-9]+]], [[HIGH]], [[NEW]], 24;
 ;; PTX-NEXT: shf.l.wrap.b32 [[LOWER:%r[0-9]+]], [[LOW]], [[HIGH]], 24;
 ;; PTX-NEXT: mov.b64 [[ALL]], {[[LOWER]], [[HIGHER]]};
 ;; PTX: setp.lt.u32 %p{{[0-9]+}}, %r{{[0-9]+}}, 8;
 ;; PTX-NEXT: @%p{{[0-9]+}} bra [[LOOP]];
 )

;; A struct by value, as a compiler without optimisation lays it out: 24 bytes in
;; a frame that nobody else sees. A grid keeps it in registers: no local memory,
;; no stack pointer to write, no bounds to check but those of the result.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 -o %t.ptx
;; RUN: FileCheck %s --check-prefix=GRID < %t.ptx
;; RUN: FileCheck %s --check-prefix=NOLOCAL < %t.ptx
;; RUN: twc %s --report | FileCheck %s --check-prefix=REPORT
;; RUN: %if ptxas %{ ptxas -arch=sm_80 %t.ptx -o %t.cubin %}

;; GRID-LABEL: .entry tw_add$grid(
;; GRID-NOT: {{(ld|st)\.(local|global)}}
;; GRID: st.global.b32 [%rd{{[0-9]+}}], %r{{[0-9]+}};
;; GRID-NOT: {{(ld|st)\.(local|global)}}
;; Where the result's address is misaligned, and nowhere else:
;; GRID: call.uni __tw_store_bytes_4_seldom,
;; GRID-NOT: {{(ld|st)\.(local|global)|call\.}}
;; GRID: call.uni __tw_trap,
;; GRID-NOT: {{(ld|st)\.(local|global)|call\.}}
;; GRID: {{^}}.func
;; GRID: .func __tw_store_bytes_4_seldom(
;; GRID-NOT: {{(ld|st)\.(local|global)}}
;; GRID: st.global.b8 [%rd{{[0-9]+}}], %r{{[0-9]+}};
;; GRID: st.global.b8 [%rd{{[0-9]+}}+1], %r{{[0-9]+}};
;; GRID: st.global.b8 [%rd{{[0-9]+}}+2], %r{{[0-9]+}};
;; GRID: st.global.b8 [%rd{{[0-9]+}}+3], %r{{[0-9]+}};
;; GRID-NOT: {{(ld|st)\.(local|global)}}
;; GRID: {{^}}}

;; NOLOCAL-NOT: .local

;; REPORT: stack of a thread: 0 bytes

(module
 (import "tw" "thread_id_x" (func $tid (result i32)))
 (memory 2)
 (global $sp (mut i32) (i32.const 65536))
 (func (export "add") (param $out i32) (param $x i32) (local $fp i32)
  (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 32))))
  (i32.store offset=8 (local.get $fp) (local.get $x))
  (i64.store offset=16 (local.get $fp) (i64.const 0x500000003))
  (i32.store offset=12 (local.get $fp)
   (i32.add (i32.load offset=16 (local.get $fp))
            (i32.load offset=20 (local.get $fp))))
  (i32.store (i32.add (local.get $out) (i32.shl (call $tid) (i32.const 2)))
   (i32.mul (i32.load offset=8 (local.get $fp))
            (i32.load offset=12 (local.get $fp))))
  (global.set $sp (i32.add (local.get $fp) (i32.const 32)))))

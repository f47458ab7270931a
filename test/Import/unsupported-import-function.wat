;; An import that no device provides: its exports are not offloadable, which is
;; said with the way there, and a module without any other export is refused.
;;
;; RUN: not twc %s -o %t.ptxbin 2>&1 | FileCheck %s
;; RUN: not ls %t.ptxbin

;; CHECK: twc: {{.*}}.wat: warning: export 'f' is not offloadable: needs the import 'env.print', which no device provides (kernel -> helper -> print at offset 52)
;; CHECK-NEXT: twc: {{.*}}.wat: error: exports no function that could run on a device; see --report
;; CHECK-NOT: {{.}}

(module
 (import "env" "print" (func $print (param i32)))
 (func $helper (call $print (i32.const 1)))
 (func $kernel (export "f") (call $helper)))

;; Extended constant expressions are valid, but not here yet.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00001d: error: a constant expression other than t.const is not supported by this version of twc

(module
 (global i32 (i32.add (i32.const 1) (i32.const 2)))
 (func (export "f")))

;; Locals of type v128.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000020: error: a local of type v128 is not supported by this version of twc, in function 0

(module
 (func (export "f") (local v128)))

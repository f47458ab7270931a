;; 64-bit memories.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000017: error: a 64-bit memory is not supported by this version of twc

(module
 (memory i64 1)
 (func (export "f")))

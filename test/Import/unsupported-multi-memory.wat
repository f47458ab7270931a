;; More than one memory.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000019: error: a second memory is not supported by this version of twc

(module
 (memory 1)
 (memory 1)
 (func (export "f")))

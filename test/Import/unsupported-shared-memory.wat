;; Shared memories.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000018: error: a shared memory is not supported by this version of twc

(module
 (memory 1 1 shared)
 (func (export "f")))

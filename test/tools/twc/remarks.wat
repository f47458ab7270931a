;; --remarks says of each access what became of its check, where it stands in the
;; module and for which target; --report totals it.
;;
;; RUN: rm -rf %t && mkdir %t && cd %t && cp %s in.wat
;; RUN: twc in.wat --target=sm_80,host --remarks 2> remarks.txt
;; RUN: FileCheck %s --input-file=remarks.txt --match-full-lines --implicit-check-not=remark
;;
;; The offsets are those of the instructions, as wasm-objdump and traps have them.
;; CHECK: in.wat:0x0000[[LOAD:[0-9a-f][0-9a-f]]]: remark: in function 0 'unit': check of 4 bytes removed: one test ahead of the loop covers 2 accesses from 0x[[LOAD]] on [sm_80, host]
;; CHECK-NEXT: in.wat:0x0000{{[0-9a-f][0-9a-f]}}: remark: in function 0 'unit': check of 4 bytes removed: one test ahead of the loop covers 2 accesses from 0x[[LOAD]] on [sm_80, host]
;; CHECK-NEXT: in.wat:0x{{[0-9a-f]+}}: remark: in function 1 '\033[31m': check of 1 byte kept: no loop to test ahead of, and no other access to share a test with [sm_80, host]
;; An access in an inlined function is that function's; two of its copies differ.
;; CHECK-NEXT: in.wat:0x[[GET:[0-9a-f]+]]: remark: in function 2 'f2': check of 1 byte removed: one test ahead of the loop covers 1 access [sm_80 in tw_loop, host in tw_loop]
;; CHECK-NEXT: in.wat:0x[[GET]]: remark: in function 2 'f2': check of 1 byte kept: no loop to test ahead of, and no other access to share a test with [sm_80 in tw_once, host in tw_once]
;; CHECK-NEXT: in.wat:0x{{[0-9a-f]+}}: remark: in function 5 'dead': check removed: no code is left that reaches the access [sm_80, host]
;; CHECK-NOT: {{.}}
;;
;; The code is the same, and so are the remarks, however many threads work.
;; RUN: twc in.wat --target=sm_80,host -o silent.ptxbin
;; RUN: cmp in.ptxbin silent.ptxbin
;; RUN: twc in.wat --target=sm_80,host -j1 --remarks -o one.ptxbin 2> one.txt
;; RUN: cmp in.ptxbin one.ptxbin && cmp remarks.txt one.txt
;;
;; LLVM's YAML.
;; RUN: twc in.wat --emit=ptx --target=sm_80 -o out.ptx --remarks=remarks.yaml 2>&1 | count 0
;; RUN: FileCheck %s --check-prefix=YAML --input-file=remarks.yaml
;; RUN: llvm-remarkutil count --parser=yaml --count-by=remark-name --group-by=function remarks.yaml | FileCheck %s --check-prefix=COUNT
;; YAML: --- !Passed
;; YAML-NEXT: Pass: {{ *}}tw-bounds
;; YAML-NEXT: Name: {{ *}}AheadOfLoop
;; YAML-NEXT: Function: {{ *}}unit
;; YAML-NEXT: Args:
;; YAML-NEXT: File: {{ *}}in.wat
;; YAML: FunctionIndex: {{ *}}'0'
;; YAML: Offset: {{ *}}'0x
;; YAML: Message: {{ *}}'check of 4 bytes removed: one test ahead of the loop
;; YAML: Targets: {{ *}}sm_80
;; YAML: --- !Missed
;; YAML: Name: {{ *}}Kept
;; COUNT: unit,2
;;
;; Totals: an access counts once, by its worst copy.
;; RUN: twc in.wat --report --target=sm_80,host -o total.ptxbin | FileCheck %s --check-prefix=TOTAL --match-full-lines
;; RUN: cmp in.ptxbin total.ptxbin && rm *.ptxbin
;; RUN: twc in.wat --report=bounds --target=sm_80,host | FileCheck %s --check-prefix=TOTAL --match-full-lines
;; RUN: twc in.wat --report=bounds --json --target=host > total.json
;; RUN: %python -m json.tool total.json | FileCheck %s --check-prefix=JSON
;; RUN: ls | FileCheck %s --check-prefix=LEFT --implicit-check-not=ptxbin
;; LEFT: total.json
;; TOTAL: 5 exported functions
;; TOTAL: bounds checks, sm_80: 5 accesses
;; TOTAL-NEXT:   2 removed, a test ahead of the loop covers them
;; TOTAL-NEXT:   1 removed, never reached
;; TOTAL-NEXT:   2 kept
;; TOTAL-NEXT:     2: no loop to test ahead of, and no other access to share a test with
;; TOTAL-NEXT: bounds checks, host: 5 accesses
;; TOTAL-NEXT:   2 removed, a test ahead of the loop covers them
;; TOTAL-NEXT:   1 removed, never reached
;; TOTAL-NEXT:   2 kept
;; TOTAL-NEXT:     2: no loop to test ahead of, and no other access to share a test with
;; JSON: "bounds_checks": [
;; JSON-NEXT: {
;; JSON-NEXT: "accesses": 5,
;; JSON-NEXT: "ahead_of_loop": 2,
;; JSON-NEXT: "branch_in_loop": 0,
;; JSON-NEXT: "functions": [
;; JSON-NEXT: {
;; JSON-NEXT: "accesses": 2,
;; JSON-NEXT: "ahead_of_loop": 2,
;; JSON: "function": 0,
;; JSON: "name": "unit",
;; JSON: "name": "\u001b[31m",
;; JSON: ],
;; JSON-NEXT: "grouped": 0,
;; JSON-NEXT: "implied": 0,
;; JSON-NEXT: "kept": 2,
;; JSON-NEXT: "kept_because": {
;; JSON-NEXT: "no loop to test ahead of, and no other access to share a test with": 2
;; JSON-NEXT: },
;; JSON-NEXT: "never_reached": 1,
;; JSON-NEXT: "omitted": 0,
;; JSON-NEXT: "proven": 0,
;; JSON-NEXT: "target": "host"
;;
;; Without code there is nothing to total, and nothing in the JSON.
;; RUN: twc in.wat --report --json | FileCheck %s --check-prefix=NONE
;; NONE-NOT: bounds_checks
;;
;; -O0 keeps all.
;; RUN: twc in.wat --emit=llvm --target=host -O0 --remarks -o out.ll 2>&1 | FileCheck %s --check-prefix=O0 --implicit-check-not=removed
;; O0-COUNT-5: kept: -O0 keeps all [host]

(module
 (memory (export "memory") 1)
 (func $unit (export "unit") (param $p i32) (param $n i32)
  (loop $again
   (i32.store (local.get $p) (i32.load (local.get $p)))
   (local.set $p (i32.add (local.get $p) (i32.const 4)))
   (br_if $again
    (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
 (func (export "\1b[31m") (param $p i32)
  (i32.store8 (local.get $p) (i32.const 1)))
 (func (param i32) (result i32)
  (i32.load8_u (local.get 0)))
 (func $loop (export "loop") (param $p i32) (param $n i32) (result i32)
  (local $s i32)
  (loop $again
   (local.set $s (i32.add (local.get $s) (call 2 (local.get $p))))
   (local.set $p (i32.add (local.get $p) (i32.const 1)))
   (br_if $again
    (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $s))
 (func $once (export "once") (param $p i32) (result i32)
  (call 2 (local.get $p)))
 (func $dead (export "dead") (param $p i32)
  (if (i32.lt_u (i32.and (local.get $p) (i32.const 7)) (i32.const 8))
   (then (return)))
  (i32.store (local.get $p) (i32.const 0))))

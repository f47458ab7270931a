;; Kernels whose threads meet in shared memory.

  (import "tw" "shared" (func $shared (param i32) (result i32)))
  (import "tw" "shared_base" (func $shared_base (result i32)))
  (import "tw" "shared_size" (func $shared_size (result i32)))
  (import "tw" "barrier" (func $barrier))
  (import "tw" "copy_async_4" (func $copy_async_4 (param i32 i32)))
  (import "tw" "copy_async_8" (func $copy_async_8 (param i32 i32)))
  (import "tw" "copy_async_16" (func $copy_async_16 (param i32 i32)))
  (import "tw" "copy_async_commit" (func $commit))
  (import "tw" "copy_async_wait" (func $wait (param i32)))
  (memory (export "memory") 4)
  (func $thread (result i32)
    (i32.add (call $thread_id_x) (i32.mul (call $block_id_x) (call $block_dim_x))))
  (func $word (param $p i32) (param $i i32) (result i32)
    (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))))

  ;; What a block finds in its window: each thread sums a part of the bytes; then
  ;; the window is filled for the next block to find.
  (func (export "zero") (param $out i32) (local $i i32) (local $sum i32)
    (local.set $i (call $thread_id_x))
    (loop $next
      (local.set $sum (i32.add (local.get $sum)
        (i32.load8_u (i32.add (call $shared (i32.const 1000)) (local.get $i)))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (call $block_dim_x)))
        (call $shared_size))))
    (call $barrier)
    (local.set $i (call $thread_id_x))
    (loop $next
      (i32.store8 (i32.add (call $shared_base) (local.get $i)) (i32.const 0xff))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (call $block_dim_x)))
        (call $shared_size))))
    (i32.store (call $word (local.get $out) (call $thread))
      (local.get $sum)))

  ;; Size and base, as the launch gives them; the first and the last byte work.
  (func (export "size") (param $out i32) (local $last i32)
    (local.set $last (i32.add (call $shared_base)
      (i32.sub (call $shared_size) (i32.const 1))))
    (i32.store8 (call $shared_base) (i32.const 7))
    (i32.store8 (local.get $last) (i32.const 9))
    (i32.store (local.get $out) (call $shared_base))
    (i32.store offset=4 (local.get $out) (call $shared_size))
    (i32.store offset=8 (local.get $out) (i32.add
      (i32.load8_u (call $shared_base))
      (i32.load8_u (local.get $last)))))

  ;; A block's elements in reverse.
  (func (export "reverse") (param $in i32) (param $out i32)
    (i32.store (call $word (call $shared (i32.const 1024)) (call $thread_id_x))
      (i32.load (call $word (local.get $in) (call $thread))))
    (call $barrier)
    (i32.store (call $word (local.get $out) (call $thread))
      (i32.load (call $word (call $shared (i32.const 1024))
        (i32.sub (i32.sub (call $block_dim_x) (i32.const 1)) (call $thread_id_x))))))

  ;; C = A B, n by n, in tiles of 8 by 8, a block of 64 to a tile of C.
  (func (export "matmul") (param $a i32) (param $b i32) (param $c i32)
    (param $n i32) (local $x i32) (local $y i32) (local $row i32) (local $column i32)
    (local $tile i32) (local $k i32) (local $sum f32) (local $ta i32) (local $tb i32)
    (local.set $ta (call $shared (i32.const 512)))
    (local.set $tb (i32.add (call $shared (i32.const 512)) (i32.const 256)))
    (local.set $x (i32.and (call $thread_id_x) (i32.const 7)))
    (local.set $y (i32.shr_u (call $thread_id_x) (i32.const 3)))
    (local.set $column (i32.add (local.get $x) (i32.shl (i32.rem_u (call $block_id_x)
      (i32.shr_u (local.get $n) (i32.const 3))) (i32.const 3))))
    (local.set $row (i32.add (local.get $y) (i32.shl (i32.div_u (call $block_id_x)
      (i32.shr_u (local.get $n) (i32.const 3))) (i32.const 3))))
    (loop $tiles
      (f32.store (call $word (local.get $ta) (call $thread_id_x))
        (f32.load (call $word (local.get $a) (i32.add (i32.mul (local.get $row)
          (local.get $n)) (i32.add (local.get $tile) (local.get $x))))))
      (f32.store (call $word (local.get $tb) (call $thread_id_x))
        (f32.load (call $word (local.get $b) (i32.add (i32.mul (i32.add
          (local.get $tile) (local.get $y)) (local.get $n)) (local.get $column)))))
      (call $barrier)
      (local.set $k (i32.const 0))
      (loop $inner
        (local.set $sum (f32.add (local.get $sum) (f32.mul
          (f32.load (call $word (local.get $ta)
            (i32.add (i32.shl (local.get $y) (i32.const 3)) (local.get $k))))
          (f32.load (call $word (local.get $tb)
            (i32.add (i32.shl (local.get $k) (i32.const 3)) (local.get $x)))))))
        (br_if $inner (i32.lt_u
          (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 8))))
      (call $barrier)
      (br_if $tiles (i32.lt_u
        (local.tee $tile (i32.add (local.get $tile) (i32.const 8)))
        (local.get $n))))
    (f32.store (call $word (local.get $c) (i32.add (i32.mul (local.get $row)
      (local.get $n)) (local.get $column))) (local.get $sum)))

  ;; A sum over the block whose barrier stands in both arms of a branch.
  (func (export "duplicated") (param $in i32) (param $out i32) (local $half i32)
    (i32.store (call $word (call $shared (i32.const 1024)) (call $thread_id_x))
      (i32.load (call $word (local.get $in) (call $thread))))
    (call $barrier)
    (local.set $half (i32.shr_u (call $block_dim_x) (i32.const 1)))
    (loop $next
      (if (i32.lt_u (call $thread_id_x) (local.get $half))
        (then
          (i32.store (call $word (call $shared (i32.const 1024)) (call $thread_id_x))
            (i32.add
              (i32.load (call $word (call $shared (i32.const 1024))
                (call $thread_id_x)))
              (i32.load (call $word (call $shared (i32.const 1024))
                (i32.add (call $thread_id_x) (local.get $half))))))
          (call $barrier))
        (else
          (call $barrier)))
      (br_if $next (local.tee $half (i32.shr_u (local.get $half) (i32.const 1)))))
    (if (i32.eqz (call $thread_id_x)) (then
      (i32.store (call $word (local.get $out) (call $block_id_x))
        (i32.load (call $shared (i32.const 1024)))))))

  ;; One thread of each block traps in front of the barrier.
  (func (export "trapped") (param $who i32) (param $out i32)
    (if (i32.eq (call $thread_id_x) (local.get $who)) (then (unreachable)))
    (i32.store8 (i32.add (call $shared (i32.const 1024)) (call $thread_id_x))
      (i32.const 1))
    (call $barrier)
    (i32.store (call $word (local.get $out) (call $thread)) (i32.load8_u
      (i32.add (call $shared (i32.const 1024)) (i32.rem_u (i32.add
        (call $thread_id_x) (i32.const 1)) (call $block_dim_x))))))

  ;; Thread 5 spins; the others wait for it, and go on when it is gone.
  (func (export "spins") (param $out i32)
    (if (i32.eq (call $thread_id_x) (i32.const 5)) (then (loop $for_ever
      (br $for_ever))))
    (call $barrier)
    (i32.store (call $word (local.get $out) (call $thread)) (i32.const 77)))

  ;; Copies of each size, aligned and not, in two groups; to and from linear
  ;; memory, and within shared memory.
  (func (export "copies") (param $in i32) (param $out i32) (local $to i32)
    (local $from i32)
    (local.set $to (i32.add (call $shared (i32.const 8192))
      (i32.shl (call $thread_id_x) (i32.const 6))))
    (local.set $from (i32.add (local.get $in)
      (i32.shl (call $thread) (i32.const 6))))
    (call $copy_async_4 (local.get $to) (local.get $from))
    (call $copy_async_8 (i32.add (local.get $to) (i32.const 8))
      (i32.add (local.get $from) (i32.const 8)))
    (call $commit)
    (call $copy_async_16 (i32.add (local.get $to) (i32.const 16))
      (i32.add (local.get $from) (i32.const 16)))
    (call $copy_async_8 (i32.add (local.get $to) (i32.const 33))
      (i32.add (local.get $from) (i32.const 33)))
    (call $commit)
    (call $wait (i32.const 1))
    (i64.store offset=48 (local.get $to) (i64.load offset=8 (local.get $to)))
    (call $wait (i32.const 0))
    (call $barrier)
    ;; Within shared memory, and back.
    (call $copy_async_4 (i32.add (local.get $to) (i32.const 56)) (local.get $to))
    (call $commit)
    (call $wait (i32.const 0))
    (local.set $from (i32.add (local.get $out)
      (i32.shl (call $thread) (i32.const 6))))
    (call $copy_async_16 (local.get $from) (local.get $to))
    (call $copy_async_16 (i32.add (local.get $from) (i32.const 16))
      (i32.add (local.get $to) (i32.const 16)))
    (call $copy_async_16 (i32.add (local.get $from) (i32.const 32))
      (i32.add (local.get $to) (i32.const 32)))
    (call $copy_async_16 (i32.add (local.get $from) (i32.const 48))
      (i32.add (local.get $to) (i32.const 48)))
    (call $wait (local.get $in)))

  ;; Thread t copies 16 bytes to or from one of the window's edges.
  (func (export "copy_edges") (param $in i32) (param $out i32)
    (i32.store (call $word (local.get $out) (call $thread_id_x)) (i32.const 1))
    (call $copy_async_16
      (i32.add (call $shared (i32.const 64)) (i32.sub
        (i32.shl (call $thread_id_x) (i32.const 2)) (i32.const 32)))
      (local.get $in))
    (call $wait (i32.const 0))
    (i32.store (call $word (local.get $out) (call $thread_id_x)) (i32.const 2)))

  ;; In an invocation shared memory is linear memory.
  (func (export "invoked") (result i32 i32 i32)
    (i32.store (call $shared (i32.const 64)) (i32.const 1234))
    (call $barrier)
    (call $copy_async_4 (i32.add (call $shared_base) (i32.const 4))
      (call $shared_base))
    (call $wait (i32.const 0))
    (call $shared_base) (call $shared_size) (i32.load (i32.const 1028)))

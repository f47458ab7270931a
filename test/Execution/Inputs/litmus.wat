;; Pairs of threads, in the same lane of neighbouring blocks, that meet in each
;; round (without waiting long) and then use the round's own places in $x and $y;
;; $seen gets what either read.

  (memory (export "memory") 1)
  (func $rendezvous (param $p i32) (local $tries i32)
    (drop (i32.atomic.rmw.add (local.get $p) (i32.const 1)))
    (loop $wait
      (if (i32.ge_u (i32.atomic.load (local.get $p)) (i32.const 2))
        (then (return)))
      (br_if $wait (i32.lt_u
        (local.tee $tries (i32.add (local.get $tries) (i32.const 1)))
        (i32.const 256)))))

  ;; Store buffering: write one place, read the other.
  (func (export "sb_rmw_rmw") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $k i32) (local $end i32) (local $side i32) (local $at i32) (local $r i32)
    (local.set $side (i32.and (call $block_id_x) (i32.const 1)))
    (local.set $k (i32.mul (local.get $rounds) (i32.add (call $thread_id_x)
      (i32.mul (i32.shr_u (call $block_id_x) (i32.const 1)) (call $block_dim_x)))))
    (local.set $end (i32.add (local.get $k) (local.get $rounds)))
    (loop $round
      (local.set $at (i32.shl (local.get $k) (i32.const 2)))
      (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
      (if (local.get $side)
        (then
          (drop (i32.atomic.rmw.xchg (i32.add (local.get $y) (local.get $at)) (i32.const 1)))
          (local.set $r (i32.atomic.rmw.add (i32.add (local.get $x) (local.get $at)) (i32.const 0))))
        (else
          (drop (i32.atomic.rmw.xchg (i32.add (local.get $x) (local.get $at)) (i32.const 1)))
          (local.set $r (i32.atomic.rmw.add (i32.add (local.get $y) (local.get $at)) (i32.const 0)))))
      (i32.store (i32.add (local.get $seen) (i32.shl
          (i32.add (i32.shl (local.get $k) (i32.const 1)) (local.get $side))
          (i32.const 2)))
        (local.get $r))
      (br_if $round (i32.lt_u
        (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $end)))))
  (func (export "sb_rmw_load") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $k i32) (local $end i32) (local $side i32) (local $at i32) (local $r i32)
    (local.set $side (i32.and (call $block_id_x) (i32.const 1)))
    (local.set $k (i32.mul (local.get $rounds) (i32.add (call $thread_id_x)
      (i32.mul (i32.shr_u (call $block_id_x) (i32.const 1)) (call $block_dim_x)))))
    (local.set $end (i32.add (local.get $k) (local.get $rounds)))
    (loop $round
      (local.set $at (i32.shl (local.get $k) (i32.const 2)))
      (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
      (if (local.get $side)
        (then
          (drop (i32.atomic.rmw.xchg (i32.add (local.get $y) (local.get $at)) (i32.const 1)))
          (local.set $r (i32.atomic.load (i32.add (local.get $x) (local.get $at)))))
        (else
          (drop (i32.atomic.rmw.xchg (i32.add (local.get $x) (local.get $at)) (i32.const 1)))
          (local.set $r (i32.atomic.load (i32.add (local.get $y) (local.get $at))))))
      (i32.store (i32.add (local.get $seen) (i32.shl
          (i32.add (i32.shl (local.get $k) (i32.const 1)) (local.get $side))
          (i32.const 2)))
        (local.get $r))
      (br_if $round (i32.lt_u
        (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $end)))))
  (func (export "sb_store_fence_load") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $k i32) (local $end i32) (local $side i32) (local $at i32) (local $r i32)
    (local.set $side (i32.and (call $block_id_x) (i32.const 1)))
    (local.set $k (i32.mul (local.get $rounds) (i32.add (call $thread_id_x)
      (i32.mul (i32.shr_u (call $block_id_x) (i32.const 1)) (call $block_dim_x)))))
    (local.set $end (i32.add (local.get $k) (local.get $rounds)))
    (loop $round
      (local.set $at (i32.shl (local.get $k) (i32.const 2)))
      (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
      (if (local.get $side)
        (then
          (i32.atomic.store (i32.add (local.get $y) (local.get $at)) (i32.const 1))
          (atomic.fence)
          (local.set $r (i32.atomic.load (i32.add (local.get $x) (local.get $at)))))
        (else
          (i32.atomic.store (i32.add (local.get $x) (local.get $at)) (i32.const 1))
          (atomic.fence)
          (local.set $r (i32.atomic.load (i32.add (local.get $y) (local.get $at))))))
      (i32.store (i32.add (local.get $seen) (i32.shl
          (i32.add (i32.shl (local.get $k) (i32.const 1)) (local.get $side))
          (i32.const 2)))
        (local.get $r))
      (br_if $round (i32.lt_u
        (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $end)))))
  (func (export "sb_cmpxchg") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $k i32) (local $end i32) (local $side i32) (local $at i32) (local $r i32)
    (local.set $side (i32.and (call $block_id_x) (i32.const 1)))
    (local.set $k (i32.mul (local.get $rounds) (i32.add (call $thread_id_x)
      (i32.mul (i32.shr_u (call $block_id_x) (i32.const 1)) (call $block_dim_x)))))
    (local.set $end (i32.add (local.get $k) (local.get $rounds)))
    (loop $round
      (local.set $at (i32.shl (local.get $k) (i32.const 2)))
      (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
      (if (local.get $side)
        (then
          (drop (i32.atomic.rmw.cmpxchg (i32.add (local.get $y) (local.get $at)) (i32.const 0) (i32.const 1)))
          (local.set $r (i32.atomic.rmw.cmpxchg (i32.add (local.get $x) (local.get $at)) (i32.const 1) (i32.const 1))))
        (else
          (drop (i32.atomic.rmw.cmpxchg (i32.add (local.get $x) (local.get $at)) (i32.const 0) (i32.const 1)))
          (local.set $r (i32.atomic.rmw.cmpxchg (i32.add (local.get $y) (local.get $at)) (i32.const 1) (i32.const 1)))))
      (i32.store (i32.add (local.get $seen) (i32.shl
          (i32.add (i32.shl (local.get $k) (i32.const 1)) (local.get $side))
          (i32.const 2)))
        (local.get $r))
      (br_if $round (i32.lt_u
        (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $end)))))

  ;; Message passing: $x is the message, written as plain data, $y the flag.
  (func (export "message_passing") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $k i32) (local $end i32) (local $side i32) (local $at i32) (local $r i32)
    (local.set $side (i32.and (call $block_id_x) (i32.const 1)))
    (local.set $k (i32.mul (local.get $rounds) (i32.add (call $thread_id_x)
      (i32.mul (i32.shr_u (call $block_id_x) (i32.const 1)) (call $block_dim_x)))))
    (local.set $end (i32.add (local.get $k) (local.get $rounds)))
    (loop $round
      (local.set $at (i32.shl (local.get $k) (i32.const 2)))
      (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
      (if (local.get $side)
        (then
          (local.set $r (i32.const 0))
          (if (i32.atomic.rmw.or (i32.add (local.get $y) (local.get $at)) (i32.const 0))
            (then (local.set $r (select (i32.const 1) (i32.const 2)
              (i32.eq (i32.load (i32.add (local.get $x) (local.get $at))) (i32.const 7)))))))
        (else
          (i32.store (i32.add (local.get $x) (local.get $at)) (i32.const 7))
          (drop (i32.atomic.rmw.xchg (i32.add (local.get $y) (local.get $at)) (i32.const 1)))))
      (i32.store (i32.add (local.get $seen) (i32.shl
          (i32.add (i32.shl (local.get $k) (i32.const 1)) (local.get $side))
          (i32.const 2)))
        (local.get $r))
      (br_if $round (i32.lt_u
        (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $end)))))

  ;; All threads add 3 to one place.
  (func (export "count") (param $total i32) (param $old i32)
    (i32.store
      (i32.add (local.get $old) (i32.shl (i32.add (call $thread_id_x)
        (i32.mul (call $block_id_x) (call $block_dim_x))) (i32.const 2)))
      (i32.atomic.rmw.add (local.get $total) (i32.const 3))))

// SPDX-License-Identifier: GPL-2.0-only

// The bodies of pool.h, for Go's sync.Pool: see there. Nobody asks for an object's type, which a
// user of theirs would.
package main

import "sync"

const (
	objectBytes = 256
	burstOf     = 100
)

func newPool() *sync.Pool {
	return &sync.Pool{New: func() any { return new([objectBytes]byte) }}
}

func pair(w *worker) int {
	n := 0
	for ; !over(); n++ {
		w.pool.Put(w.pool.Get())
	}
	return n
}

func burst(w *worker) int {
	var objects [burstOf]any
	n := 0
	for ; !over(); n += burstOf {
		for i := range objects {
			objects[i] = w.pool.Get()
		}
		for i := range objects {
			w.pool.Put(objects[i])
		}
	}
	return n
}

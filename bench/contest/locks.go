// SPDX-License-Identifier: GPL-2.0-only

// The bodies of lock.h, for Go's sync.Mutex: see there.
package main

import "sync"

const (
	multiplications = 100
	yieldedWords    = 4096
	step            = 4
)

type padded struct {
	_ [128]byte
	sync.Mutex
	_ [120]byte
}

func touch(words []uint64) {
	for i := 0; i < len(words); i += step {
		words[i]++
	}
}

func (w *worker) section() {
	w.lock.Lock()
	w.protected.less -= 100
	w.protected.more += 100
	w.lock.Unlock()
}

func plain(w *worker) int {
	n := 0
	for ; !over(); n++ {
		w.lock.Lock()
		w.lock.Unlock()
	}
	return n
}

func work(w *worker) int {
	n := 0
	product, by := uint64(1), uint64(factor.value)
	for ; !over(); n++ {
		w.lock.Lock()
		w.lock.Unlock()
		for i := 0; i < multiplications; i++ {
			product *= by
		}
	}
	w.product = product
	return n
}

// yield lets another goroutine of this CPU run: runtime.Gosched() would put the caller behind
// those of all CPUs.
func yield(turn chan bool) {
	go func() { turn <- true }()
	<-turn
}

func noSpin(w *worker) int {
	n := 0
	turn := make(chan bool)
	for ; !over(); n++ {
		if n%4 == 0 {
			w.section()
		} else {
			touch(w.words[:yieldedWords])
			yield(turn)
		}
	}
	return n
}

func spin(w *worker) int {
	n := 0
	for ; !over(); n++ {
		w.section()
		touch(w.words)
	}
	return n
}

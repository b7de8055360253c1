// SPDX-License-Identifier: GPL-2.0-only

// The bodies of memo.h, for the memo table of Go's book: see there.
package main

import (
	"encoding/binary"
	"sync"
)

const keys = 1024

type key [32]byte
type value [64]byte

type entry struct {
	ready chan struct{}
	value value
}

// What goes in and out of the map does so under the lock; who does not compute waits for ready.
type memo struct {
	sync.Mutex
	entries map[key]*entry
}

func keyOf(id uint64) (k key) {
	binary.LittleEndian.PutUint64(k[:], id)
	return
}

func compute(k *key) (v value) {
	copy(v[:], k[:])
	return
}

func (m *memo) get(k *key, v *value) {
	m.Lock()
	e := m.entries[*k]
	if e == nil {
		e = &entry{ready: make(chan struct{})}
		m.entries[*k] = e
		m.Unlock()
		e.value = compute(k)
		close(e.ready)
	} else {
		m.Unlock()
		<-e.ready
	}
	*v = e.value
}

func newMemo() *memo {
	m := &memo{entries: make(map[key]*entry)}
	var v value
	for id := uint64(0); id < keys; id++ {
		k := keyOf(id)
		m.get(&k, &v)
	}
	return m
}

func hits(w *worker, keys uint64) int {
	n := 0
	random := w.number
	for ; !over(); n++ {
		random = random*6364136223846793005 + 1442695040888963407
		k := keyOf((random >> 32) % keys)
		w.memo.get(&k, &w.value)
	}
	return n
}

func hitAny(w *worker) int {
	return hits(w, keys)
}

func hitOne(w *worker) int {
	return hits(w, 1)
}

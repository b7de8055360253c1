// SPDX-License-Identifier: GPL-2.0-only

// The same as main.c and contest.h, for Go's sync.Mutex: see there.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	multiplications = 100
	yieldedWords    = 4096
	spunWords       = 16384
	step            = 4
)

type shape struct {
	run        func(*worker) int
	goroutines int // for each CPU
	own        bool
}

var shapes = map[string]shape{
	"uncontended": {plain, 1, true},
	"contended":   {plain, 1, false},
	"slack":       {plain, 10, false},
	"work":        {work, 1, false},
	"work-slack":  {work, 10, false},
	"no-spin":     {noSpin, 4, false},
	"spin":        {spin, 1, false},
}

// On cache lines of their own.
type word struct {
	_     [128]byte
	value uint32
	_     [124]byte
}

type protected struct {
	_          [128]byte
	less, more uint64
	_          [112]byte
}

type padded struct {
	_ [128]byte
	sync.Mutex
	_ [120]byte
}

type worker struct {
	lock         *padded
	protected    *protected
	words        []uint64
	product      uint64
	operations   int
	began, ended time.Time
	_            [128]byte
}

var (
	end    word
	factor = word{value: 3}
)

func over() bool {
	return atomic.LoadUint32(&end.value) != 0
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

func prepare(workers []worker, own bool) {
	lock := new(padded)
	shared := new(protected)
	for i := range workers {
		if own {
			lock = new(padded)
		}
		workers[i].lock = lock
		workers[i].protected = shared
		workers[i].words = make([]uint64, spunWords)
	}
}

func run(workers []worker, body func(*worker) int, length time.Duration) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(len(workers))
	done.Add(len(workers))
	for i := range workers {
		go func(w *worker) {
			defer done.Done()
			ready.Done()
			<-start
			w.began = time.Now()
			w.operations = body(w)
			w.ended = time.Now()
		}(&workers[i])
	}
	ready.Wait()
	close(start)
	time.Sleep(length)
	atomic.StoreUint32(&end.value, 1)
	done.Wait()
}

func report(workers []worker) {
	began, ended := workers[0].began, workers[0].ended
	operations := 0
	for i := range workers {
		w := &workers[i]
		operations += w.operations
		if w.began.Before(began) {
			began = w.began
		}
		if w.ended.After(ended) {
			ended = w.ended
		}
	}
	fmt.Println(len(workers), operations, ended.Sub(began).Nanoseconds())
}

func main() {
	seconds := flag.Float64("seconds", 0.2, "how long")
	flag.Parse()
	shape, found := shapes[flag.Arg(1)]
	if flag.Arg(0) != "go-mutex" || !found {
		fmt.Fprintln(os.Stderr, "usage: locks-go [-seconds S] go-mutex SHAPE")
		os.Exit(1)
	}
	workers := make([]worker, shape.goroutines*runtime.GOMAXPROCS(0))
	prepare(workers, shape.own)
	run(workers, shape.run, time.Duration(*seconds*float64(time.Second)))
	report(workers)
}

// SPDX-License-Identifier: GPL-2.0-only

// The same as main.c and contest.h, for Go's sync.Mutex, sync.Pool and a memo: see there.
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

const workerWords = 16384

type shape struct {
	run        func(*worker) int
	goroutines int // for each CPU; 0 for one in all
	own        bool
}

var shapes = map[string]map[string]shape{
	"go-mutex": {
		"uncontended": {plain, 1, true},
		"contended":   {plain, 1, false},
		"slack":       {plain, 10, false},
		"work":        {work, 1, false},
		"work-slack":  {work, 10, false},
		"no-spin":     {noSpin, 4, false},
		"spin":        {spin, 1, false},
	},
	"go-pool": {
		"pair":     {pair, 1, false},
		"pair-one": {pair, 0, false},
		"burst":    {burst, 1, false},
	},
	"go-memo": {
		"hit":     {hitAny, 1, false},
		"hit-one": {hitAny, 0, false},
		"hot":     {hitOne, 1, false},
	},
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

type worker struct {
	lock         *padded
	pool         *sync.Pool
	memo         *memo
	protected    *protected
	words        []uint64
	product      uint64
	number       uint64
	value        value
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

func prepare(workers []worker, own bool) {
	lock := new(padded)
	pool := newPool()
	memo := newMemo()
	shared := new(protected)
	for i := range workers {
		if own {
			lock = new(padded)
		}
		workers[i].lock = lock
		workers[i].pool = pool
		workers[i].memo = memo
		workers[i].number = uint64(i)
		workers[i].protected = shared
		workers[i].words = make([]uint64, workerWords)
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
	shape, found := shapes[flag.Arg(0)][flag.Arg(1)]
	if !found {
		fmt.Fprintln(os.Stderr, "usage: contest-go [-seconds S] go-mutex|go-pool|go-memo SHAPE")
		os.Exit(1)
	}
	goroutines := shape.goroutines * runtime.GOMAXPROCS(0)
	if goroutines == 0 {
		goroutines = 1
	}
	workers := make([]worker, goroutines)
	prepare(workers, shape.own)
	run(workers, shape.run, time.Duration(*seconds*float64(time.Second)))
	report(workers)
}

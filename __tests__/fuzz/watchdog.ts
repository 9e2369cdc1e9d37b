// Ends a process whose fuzz case does not end. A case runs in the main thread, so no timer of that thread could do this.
import { Worker } from 'node:worker_threads'

/** Longer than any case on a busy machine. A shorter case that is too slow fails its own test. */
const MAX_SILENCE_S = 30

const [CASES, RUNNING] = [0, 1]
const state = new Int32Array(new SharedArrayBuffer(8))
let watchdog: Worker | undefined

const program = `
  const { writeSync } = require('node:fs')
  const { parentPort, workerData: { state, maxSilenceS } } = require('node:worker_threads')
  let [title, last, silenceS] = ['', -1, 0]
  parentPort.on('message', (next) => { title = next })
  setInterval(() => {
    const cases = Atomics.load(state, ${CASES})
    silenceS = Atomics.load(state, ${RUNNING}) && cases === last ? silenceS + 1 : 0
    last = cases
    if (silenceS < maxSilenceS) return
    writeSync(2, title + ': case ' + cases + ' hangs\\n')
    process.kill(process.pid, 'SIGKILL')
  }, 1000)
`

/** @param title what is printed when a case hangs */
export function watch(title: string): void {
  watchdog ??= new Worker(program, { eval: true, workerData: { state, maxSilenceS: MAX_SILENCE_S } })
  watchdog.unref()
  watchdog.postMessage(title)
}

export function startCase(): void {
  Atomics.store(state, RUNNING, 1)
  Atomics.add(state, CASES, 1)
}

export function stopCases(): void {
  Atomics.store(state, RUNNING, 0)
}

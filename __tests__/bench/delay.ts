// A delay of what passes through, in order: the way of a packet through a network.
import { Transform } from 'node:stream'

export function createDelay(delayMs: number): Transform {
  return new Transform({
    transform(chunk, _, done) {
      // Timers of equal length fire in the order in which they were set.
      setTimeout(() => this.push(chunk), delayMs)
      done()
    },
    flush(done) {
      setTimeout(done, delayMs)
    },
  })
}

import { FEW, figure } from '../core/format.ts'
import * as log from './log.ts'

/** Milliseconds between two lines. */
const INTERVAL = 5000

/** As many targets of a cluster are begun at a time as `concurrency` can ask for: each of them takes memory. */
const AT_ONCE = 256

/** What this file needs of a target. */
interface Placed {
  readonly cluster: { readonly name: string }
}

/**
 * Does the same with all targets, in all clusters at once. Of clusters with many it tells every few seconds how far it is.
 * @param sentence what is done, given a count such as `347 of 1,000`
 * @returns what became of each, in their order
 */
export async function withProgress<T extends Placed, R extends { readonly result: string }>(
  targets: readonly T[],
  sentence: (count: string) => string,
  work: (target: T) => Promise<R>,
): Promise<Map<T, R>> {
  const groups = [...Map.groupBy(targets, ({ cluster }) => cluster)]
  const clusters = groups
    .filter(([, { length }]) => length > FEW)
    .map(([cluster, { length }]) => ({ cluster, total: length, done: 0, failed: 0 }))
  const count = ({ cluster }: T, { result }: R) => {
    const mine = clusters.find((one) => one.cluster === cluster)
    if (mine !== undefined) mine[result === 'failed' ? 'failed' : 'done']++
  }
  const tell = () => {
    for (const { cluster, total, done, failed } of clusters) {
      if (done + failed === total) continue
      const failures = failed > 0 ? `, ${figure(failed)} failed` : ''
      log.info(`${sentence(`${figure(done)} of ${figure(total)}`)} in ${cluster.name}${failures}`)
    }
  }
  const timer = setInterval(tell, INTERVAL)
  try {
    const results = new Map<T, R>()
    const worker = async (queue: Iterator<T> & Iterable<T>) => {
      for (const target of queue) {
        const result = await work(target)
        count(target, result)
        results.set(target, result)
      }
    }
    const workers = groups.flatMap(([, group]) => {
      const queue = group.values()
      return Array.from({ length: Math.min(AT_ONCE, group.length) }, () => worker(queue))
    })
    await Promise.all(workers)
    return new Map(targets.map((target) => [target, results.get(target) as R]))
  } finally {
    clearInterval(timer)
  }
}

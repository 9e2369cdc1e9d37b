import { FEW, figure } from './counting.ts'
import * as log from './log.ts'

/** Milliseconds between two lines. */
const INTERVAL = 5000

/** What this file needs of a target. */
interface Placed {
  readonly cluster: { readonly name: string }
}

/**
 * Does the same with all targets at once. Of clusters with many it tells every few seconds how far it is.
 * @param sentence what is done, given a count such as `347 of 1,000`
 * @returns what became of each, in their order
 */
export async function withProgress<T extends Placed, R extends { readonly result: string }>(
  targets: readonly T[],
  sentence: (count: string) => string,
  work: (target: T) => Promise<R>,
): Promise<Map<T, R>> {
  const clusters = [...Map.groupBy(targets, ({ cluster }) => cluster)]
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
    const results = targets.map(async (target): Promise<[T, R]> => {
      const result = await work(target)
      count(target, result)
      return [target, result]
    })
    return new Map(await Promise.all(results))
  } finally {
    clearInterval(timer)
  }
}

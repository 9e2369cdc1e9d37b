import { formatNumber, MAX_LISTED } from '../core/format.ts'
import * as log from './log.ts'

const LOG_INTERVAL_MS = 5000

/** Targets of one cluster that are processed at a time, each of which takes memory: the maximum of the input `concurrency`. */
const MAX_IN_PROGRESS = 256

interface Target {
  readonly cluster: { readonly name: string }
}

/**
 * Processes all targets, those of different clusters in parallel. Logs the progress in each cluster that has more than
 * MAX_LISTED targets, every LOG_INTERVAL_MS.
 * @param sentence the log line, for a count such as `347 of 1,000`
 * @returns the result of each target, in the order of `targets`
 */
export async function withProgress<T extends Target, R extends { readonly status: string }>(
  targets: readonly T[],
  sentence: (count: string) => string,
  processTarget: (target: T) => Promise<R>,
): Promise<Map<T, R>> {
  const groups = [...Map.groupBy(targets, ({ cluster }) => cluster)]
  const clusters = groups
    .filter(([, { length }]) => length > MAX_LISTED)
    .map(([cluster, { length }]) => ({ cluster, total: length, done: 0, failed: 0 }))
  const count = ({ cluster }: T, { status }: R) => {
    const counts = clusters.find((one) => one.cluster === cluster)
    if (counts !== undefined) counts[status === 'failed' ? 'failed' : 'done']++
  }
  const logProgress = () => {
    for (const { cluster, total, done, failed } of clusters) {
      if (done + failed === total) continue
      const failures = failed > 0 ? `, ${formatNumber(failed)} failed` : ''
      log.info(`${sentence(`${formatNumber(done)} of ${formatNumber(total)}`)} in ${cluster.name}${failures}`)
    }
  }
  const timer = setInterval(logProgress, LOG_INTERVAL_MS)
  try {
    const results = new Map<T, R>()
    const worker = async (queue: Iterator<T> & Iterable<T>) => {
      for (const target of queue) {
        const result = await processTarget(target)
        count(target, result)
        results.set(target, result)
      }
    }
    const workers = groups.flatMap(([, group]) => {
      const queue = group.values()
      return Array.from({ length: Math.min(MAX_IN_PROGRESS, group.length) }, () => worker(queue))
    })
    await Promise.all(workers)
    return new Map(targets.map((target) => [target, results.get(target) as R]))
  } finally {
    clearInterval(timer)
  }
}

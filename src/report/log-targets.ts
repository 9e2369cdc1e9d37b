import { MAX_LISTED } from '../core/format.ts'
import * as log from '../runner/log.ts'
import { inOrder, type TargetResult, totalOf, whole, withReason } from './results.ts'

/** A few are logged one by one, and their errors by annotations; many are counted, with the details in a group. */
export function logTargets(all: readonly TargetResult[]): void {
  const line = (one: TargetResult) => `Secret ${one.namespace}/${one.secret} in cluster ${one.cluster}: ${whole(one)}`
  const targets = inOrder(all)
  if (targets.length <= MAX_LISTED) {
    for (const target of targets.filter(({ result }) => result !== 'failed')) log.info(line(target))
    return
  }
  log.info(totalOf(targets, 'target'))
  log.group('The result of each target', () => {
    for (const target of targets) log.info(withReason(line(target), target.error))
  })
}

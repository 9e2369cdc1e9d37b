// @ts-check
// The results of the clusters, from the jobs of the workflow run.
import { allowedFailures } from './plan.js'

/**
 * A job as the REST API has it: https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run
 * @typedef {{ readonly id: number, readonly name: string, readonly conclusion: string | null, readonly html_url?: string }} Job
 */

/** @typedef {{ readonly name: string, readonly result: 'rotated' | 'failed' | 'not started', readonly url: string }} ClusterResult */

/** Begins the names of the jobs of clusters. */
const PREFIX = 'cluster '

/**
 * The results of the clusters, in the order of their names. A cancelled job counts as failed, because it may have done a part of its work.
 * @param {readonly string[]} names of the clusters
 * @param {readonly Job[]} jobs of the run; it may call the workflow twice
 * @param {number} ownId of the job that asks, which belongs to the same call
 * @returns {ClusterResult[]}
 */
export function clusterResults(names, jobs, ownId) {
  const call = callOf(jobs.find(({ id }) => id === ownId)?.name ?? '')
  const ofClusters = new Map(
    jobs
      .filter(({ name }) => callOf(name) === call && titleOf(name).startsWith(PREFIX))
      .map((job) => [titleOf(job.name).slice(PREFIX.length), job]),
  )
  return names.map((name) => {
    const { conclusion = null, html_url: url = '' } = ofClusters.get(name) ?? {}
    return { name, result: resultOf(conclusion), url }
  })
}

/**
 * Whether the next wave may start.
 * @param {readonly ClusterResult[]} results
 * @param {string} maxFailures the input
 */
export function decide(results, maxFailures) {
  const count = (/** @type {string} */ wanted) => results.filter(({ result }) => result === wanted).length
  const failed = count('failed')
  const allowed = allowedFailures(maxFailures, results.length - count('not started'))
  return { failed, allowed, proceed: failed <= allowed }
}

/**
 * The job summary, in Markdown: rows for what is not rotated only.
 * @param {readonly ClusterResult[]} results
 * @param {string} maxFailures the input
 */
export function summaryOf(results, maxFailures) {
  const { failed, proceed } = decide(results, maxFailures)
  const count = (/** @type {string} */ wanted) => results.filter(({ result }) => result === wanted).length
  const waiting = count('not started')
  const verdict =
    failed + waiting === 0 ? `Rotated ${counted(results.length)}` : `${failed} of ${counted(results.length)} failed`
  const stop = `More clusters failed than \`max-failures\` allows (${maxFailures}), so no later wave was started. Its clusters keep their tokens, which are valid.`
  const rows = results
    .filter(({ result }) => result !== 'rotated')
    .slice(0, MAX_ROWS)
    .map(({ name, result, url }) => `| ${url === '' ? name : `[${name}](${url})`} | ${result} |`)
  const more = failed + waiting - rows.length
  return [
    `## ${verdict}`,
    '',
    `${count('rotated')} rotated, ${failed} failed, ${waiting} not started.`,
    ...(proceed || waiting === 0 ? [] : ['', stop]),
    ...(rows.length === 0 ? [] : ['', '| Cluster | Result |', '| --- | --- |', ...rows]),
    ...(more > 0 ? ['', `And ${more} more.`] : []),
    '',
  ].join('\n')
}

const MAX_ROWS = 200

/** @param {number} clusters */
function counted(clusters) {
  return clusters === 1 ? '1 cluster' : `${clusters} clusters`
}

/**
 * @param {string | null} conclusion
 * @returns {ClusterResult['result']}
 */
function resultOf(conclusion) {
  if (conclusion === 'success') return 'rotated'
  return conclusion === null || conclusion === 'skipped' ? 'not started' : 'failed'
}

/**
 * The name of a job without that of its caller: a called workflow has jobs such as `rotate / cluster prod-eu`.
 * @param {string} name
 */
function titleOf(name) {
  return name.slice(name.lastIndexOf(' / ') + 1).replace(/^\/ /, '')
}

/** @param {string} name */
function callOf(name) {
  return name.slice(0, Math.max(0, name.lastIndexOf(' / ')))
}

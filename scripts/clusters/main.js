// @ts-check
// A step of .github/workflows/rotate-clusters.yml: `node main.js plan`, `budget` or `summary`. Everything is in the environment.
import { appendFileSync } from 'node:fs'
import { allowedFailures, planWaves, readClusters, readFirstWave } from './plan.js'
import { clusterResults, decide, summaryOf } from './results.js'

const PER_PAGE = 100

const commands = { plan, budget, summary }

/** Sets the outputs `names`, and `wave-1` and so on. */
function plan() {
  allowedFailures(variable('MAX_FAILURES'), 0) // An invalid one ends the run here.
  const clusters = readClusters(variable('CLUSTERS'), variable('CLUSTER_INPUTS').split(' '))
  const waves = planWaves(clusters, readFirstWave(variable('FIRST_WAVE')))
  setOutput('names', JSON.stringify(clusters.map(({ name }) => name)))
  for (const [index, wave] of waves.entries()) {
    setOutput(`wave-${index + 1}`, JSON.stringify(wave))
    console.log(`Wave ${index + 1}: ${wave.map(({ name }) => name).join(', ') || 'empty'}`)
  }
}

/** Sets the output `proceed`. */
async function budget() {
  const { failed, allowed, proceed } = decide(await results(), variable('MAX_FAILURES'))
  console.log(`${failed} clusters failed, ${allowed} are allowed.`)
  if (!proceed) console.log(`::error title=Later waves not started::${failed} clusters failed in the earlier waves.`)
  setOutput('proceed', String(proceed))
}

async function summary() {
  appendFileSync(variable('GITHUB_STEP_SUMMARY'), summaryOf(await results(), variable('MAX_FAILURES')))
}

async function results() {
  /** @type {string[]} */
  const names = JSON.parse(variable('NAMES'))
  return clusterResults(names, await jobs(), Number(variable('JOB_ID')))
}

/** https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run */
async function jobs() {
  const run = `${variable('GITHUB_API_URL')}/repos/${variable('GITHUB_REPOSITORY')}/actions/runs/${variable('GITHUB_RUN_ID')}`
  const headers = { authorization: `Bearer ${variable('GH_TOKEN')}`, accept: 'application/vnd.github+json' }
  /** @type {import('./results.js').Job[]} */
  const all = []
  for (let page = 1; ; page++) {
    const response = await fetch(`${run}/jobs?filter=latest&per_page=${PER_PAGE}&page=${page}`, { headers })
    if (!response.ok) throw new Error(`GitHub returned ${response.status} for the jobs of this run.`)
    const { jobs: found } = /** @type {{ jobs: typeof all }} */ (await response.json())
    all.push(...found)
    if (found.length < PER_PAGE) return all
  }
}

/** @param {string} name */
function variable(name) {
  const value = process.env[name]
  if (value === undefined) throw new Error(`The variable ${name} is not set.`)
  return value
}

/**
 * @param {string} name
 * @param {string} value on one line
 */
function setOutput(name, value) {
  appendFileSync(variable('GITHUB_OUTPUT'), `${name}=${value}\n`)
}

try {
  const command = Object.entries(commands).find(([name]) => name === process.argv[2])
  if (command === undefined) throw new Error(`usage: node main.js ${Object.keys(commands).join(' | ')}`)
  await command[1]()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
  console.log(`::error::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`)
  process.exitCode = 1
}

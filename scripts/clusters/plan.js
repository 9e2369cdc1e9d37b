// @ts-check
// Which clusters are rotated in which wave. Plain JavaScript: .github/workflows/rotate-clusters.yml runs it without an installation.

/** The waves of the workflow: each is a job with a matrix of its own. */
export const WAVES = 6

/** GitHub allows 256: https://docs.github.com/en/actions/reference/limits */
export const MAX_WAVE = 250

/**
 * A cluster, and what differs from the inputs of the workflow.
 * @typedef {{ readonly name: string } & Readonly<Record<string, string>>} ClusterEntry
 */

/**
 * The sizes of the waves: each is a multiple of the one before, by the smallest factor with which the list fits.
 * @param {number} count of the clusters
 * @param {number} first size of the first wave
 * @returns {number[]}
 * @throws {Error} when the list does not fit
 */
export function waveSizes(count, first) {
  const most = first + (WAVES - 1) * MAX_WAVE
  if (count > most)
    throw new Error(`${count} clusters do not fit: ${WAVES} waves have at most ${most}. Split the list.`)
  let factor = 1
  while (sum(sizesBy(first, factor)) < count) factor++
  let rest = count
  return sizesBy(first, factor).map((size) => {
    const taken = Math.min(size, rest)
    rest -= taken
    return taken
  })
}

/**
 * @param {number} first
 * @param {number} factor
 */
function sizesBy(first, factor) {
  return Array.from({ length: WAVES }, (_, index) => Math.min(MAX_WAVE, first * factor ** index))
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0)
}

/**
 * The clusters in their waves, in the order of the list.
 * @param {readonly ClusterEntry[]} clusters
 * @param {number} first size of the first wave
 * @returns {ClusterEntry[][]}
 */
export function planWaves(clusters, first) {
  let start = 0
  return waveSizes(clusters.length, first).map((size) => {
    start += size
    return clusters.slice(start - size, start)
  })
}

/**
 * Reads the input `clusters`: names, or objects with a `name` and inputs of the action.
 * @param {string} json
 * @param {readonly string[]} inputs that a cluster may have
 * @returns {ClusterEntry[]}
 * @throws {Error} for the first entry that is not valid
 */
export function readClusters(json, inputs) {
  const list = parse(json)
  if (!Array.isArray(list) || list.length === 0) throw new Error('Input `clusters` is not a JSON list of clusters.')
  const clusters = list.map((entry, index) => readCluster(entry, index + 1, inputs))
  const names = clusters.map(({ name }) => name)
  // GitHub compares the names of environments without case.
  const twice = names.find((name, index) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) < index)
  if (twice !== undefined) throw new Error(`Input \`clusters\` has ${twice} twice.`)
  return clusters
}

/** @param {string} json */
function parse(json) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/**
 * @param {unknown} entry
 * @param {number} position from 1
 * @param {readonly string[]} inputs
 * @returns {ClusterEntry}
 */
function readCluster(entry, position, inputs) {
  const { name, ...others } = typeof entry === 'string' ? { name: entry } : Object(entry)
  // It is the name of an environment, and is shown in the summary.
  if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.-]{0,62}$/.test(name))
    throw new Error(`Entry ${position} of \`clusters\` has no name of letters, digits, hyphens, underscores and dots.`)
  for (const [input, value] of Object.entries(others)) {
    if (!inputs.includes(input)) throw new Error(`Cluster ${name} sets \`${input}\`. Allowed: ${inputs.join(', ')}.`)
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new Error(`Cluster ${name} sets \`${input}\` to what is not a text.`)
  }
  const texts = Object.entries(others).map(([input, value]) => [input, String(value)])
  return { ...Object.fromEntries(texts), name }
}

/**
 * How many clusters may fail: a number, or a share of those that have been started. So a share allows nothing in the first,
 * small waves, in which a failure says most.
 * @param {string} text of the input `max-failures`, such as `3` or `2%`
 * @param {number} started
 * @returns {number}
 * @throws {Error} when it is neither
 */
export function allowedFailures(text, started) {
  const [, amount, percent] = /^(\d{1,4})(%?)$/.exec(text.trim()) ?? []
  if (amount === undefined || (percent === '%' && Number(amount) > 100))
    throw new Error('Input `max-failures` is neither a number nor a share such as 2%.')
  return percent === '%' ? Math.floor((started * Number(amount)) / 100) : Number(amount)
}

/**
 * Reads the input `first-wave`.
 * @param {string} text
 * @returns {number}
 * @throws {Error} when it is no number from 1 to the largest wave
 */
export function readFirstWave(text) {
  const size = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0
  if (size < 1 || size > MAX_WAVE) throw new Error(`Input \`first-wave\` is not a number from 1 to ${MAX_WAVE}.`)
  return size
}

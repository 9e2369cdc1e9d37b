// The peak memory of a rotation, by the number of namespaces.
import { step } from './action.ts'
import { median, whole } from './figures.ts'
import type { Harness } from './harness.ts'
import type { Ratio } from './ratio.ts'

/** The goals in MB, by the number of namespaces. */
const GOALS: Readonly<Record<number, string>> = { 1: '≤ 70', 1000: '≤ 100', 5000: '≤ 150', 10000: '≤ 200' }

export async function measureMemory(harness: Harness, size: number, rounds: number): Promise<readonly Ratio[]> {
  const namespaces = await harness.namespaces(size)
  // Not the first run, which has no secrets to read.
  await step(harness, namespaces, { maxAge: '0' })
  const peaks: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const { memory } = await step(harness, namespaces, { maxAge: '0' })
    if (memory !== undefined) peaks.push(memory)
  }
  return peaks.length === 0 ? [] : [memoryRatio(size, median(peaks), rounds)]
}

/** @param mebibytes as `time` measures */
export function memoryRatio(size: number, mebibytes: number, rounds: number): Ratio {
  const value = (mebibytes * 2 ** 20) / 1e6
  const namespaces = `${whole(size)} ${size === 1 ? 'namespace' : 'namespaces'}`
  return { what: `Peak memory of a rotation in ${namespaces}, MB`, value, goal: GOALS[size], rounds }
}

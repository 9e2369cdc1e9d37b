import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allowedFailures,
  MAX_WAVE,
  planWaves,
  readClusters,
  readFirstWave,
  WAVES,
  waveSizes,
} from '../../../scripts/clusters/plan.js'

describe('the waves', () => {
  it.each([
    [1, 1, [1, 0, 0, 0, 0, 0]],
    [6, 1, [1, 1, 1, 1, 1, 1]],
    [50, 1, [1, 2, 4, 8, 16, 19]],
    [1000, 1, [1, 16, 250, 250, 250, 233]],
    [1000, 10, [10, 50, 250, 250, 250, 190]],
    [1251, 1, [1, 250, 250, 250, 250, 250]],
  ])('grow as little as possible: %d clusters, the first wave with %d', (count, first, sizes) => {
    expect(waveSizes(count, first)).toEqual(sizes)
  })

  it('have each cluster once, in the order of the list, and never more than a matrix may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1250 }), fc.integer({ min: 1, max: MAX_WAVE }), (count, first) => {
        const clusters = Array.from({ length: count }, (_, index) => ({ name: `c${index}` }))
        const waves = planWaves(clusters, first)
        expect(waves).toHaveLength(WAVES)
        expect(waves.flat()).toEqual(clusters)
        expect(Math.max(...waves.map(({ length }) => length))).toBeLessThanOrEqual(MAX_WAVE)
        expect(waves[0]?.length).toBe(Math.min(first, count))
      }),
      { seed: 1 },
    )
  })

  it('have no room for more clusters', () => {
    expect(() => waveSizes(1252, 1)).toThrow('1252 clusters do not fit: 6 waves have at most 1251. Split the list.')
  })
})

describe('the clusters', () => {
  const inputs = ['namespaces', 'max-age', 'adopt']

  it('are names, or objects with inputs of their own', () => {
    const json = '["prod-eu", {"name": "prod-us", "namespaces": "shop", "max-age": 0, "adopt": true}]'
    expect(readClusters(json, inputs)).toEqual([
      { name: 'prod-eu' },
      { name: 'prod-us', namespaces: 'shop', 'max-age': '0', adopt: 'true' },
    ])
  })

  it.each([
    ['', 'is not a JSON list'],
    ['prod', 'is not a JSON list'],
    ['{}', 'is not a JSON list'],
    ['[]', 'is not a JSON list'],
    ['["a", ""]', 'Entry 2 of `clusters` has no name'],
    ['[null]', 'Entry 1 of `clusters` has no name'],
    ['["a b"]', 'Entry 1 of `clusters` has no name'],
    ['["a](https://evil.example)"]', 'Entry 1 of `clusters` has no name'],
    [`["${'a'.repeat(64)}"]`, 'Entry 1 of `clusters` has no name'],
    ['["a", "A"]', 'has A twice'],
    ['[{"name": "a", "namespace": "x"}]', 'Cluster a sets `namespace`. Allowed: namespaces, max-age, adopt.'],
    ['[{"name": "a", "namespaces": ["x"]}]', 'Cluster a sets `namespaces` to what is not a text.'],
  ])('are refused when they are not valid: %s', (json, message) => {
    expect(() => readClusters(json, inputs)).toThrow(message)
  })
})

describe('the failure budget', () => {
  it.each([
    ['0', 1000, 0],
    [' 3 ', 1000, 3],
    ['2%', 1000, 20],
    ['2%', 49, 0],
    ['100%', 7, 7],
  ])('is a number, or a share of those that were started: %s of %d clusters', (text, count, expected) => {
    expect(allowedFailures(text, count)).toBe(expected)
  })

  it.each(['', '-1', '1.5', '101%', 'all', '0x10'])('is refused: %j', (text) => {
    expect(() => allowedFailures(text, 10)).toThrow('Input `max-failures` is neither a number nor a share')
  })

  it.each(['0', '251', '', 'x'])('comes after a first wave, which is refused: %j', (text) => {
    expect(() => readFirstWave(text)).toThrow('Input `first-wave` is not a number from 1 to 250.')
  })
})

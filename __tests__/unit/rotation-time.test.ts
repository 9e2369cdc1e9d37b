import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import measured from '../../scripts/rotation-time/measured.json' with { type: 'json' }
import { CALIBRATION, calibrate, simulate } from '../../scripts/rotation-time/model.ts'
import { plotRotationTime } from '../../scripts/rotation-time/plot.ts'

const constants = { startMs: 500, sequentialRoundTrips: 5, writeMs: 2 }
const load = { namespaces: 1001, roundTripMs: 100, concurrency: 10 }

describe('the simulation of a rotation', () => {
  it('has only the start and the sequential round trips for one namespace', () => {
    expect(simulate({ ...load, namespaces: 1 }, constants)).toBe(500 + 5 * 100)
  })

  it('writes one after the other with a concurrency of 1', () => {
    expect(simulate({ ...load, concurrency: 1 }, constants)).toBeCloseTo(1000 + 1000 * (100 + 2))
  })

  it('waits for a round trip for each group of requests in flight', () => {
    expect(simulate(load, constants)).toBeCloseTo(1000 + 100 * 100 + 1000 * 2)
  })

  it('waits for a last group that is smaller', () => {
    expect(simulate({ ...load, namespaces: 1002 }, constants)).toBeCloseTo(1000 + 101 * 100 + 1001 * 2)
  })

  it('waits for the writes alone when all are in flight', () => {
    expect(simulate({ ...load, concurrency: 5000 }, constants)).toBeCloseTo(1000 + 100 + 1000 * 2)
  })

  it('gives back the points that set its constants', () => {
    const points = CALIBRATION.map((one) => ({ ...one, wallMs: simulate(one, constants) }))
    expect(calibrate(points)).toEqual(constants)
    expect(() => calibrate(points.slice(1))).toThrow('A point was not measured')
  })
})

it('the picture is what the simulation and the measured points draw', () => {
  expect(plotRotationTime(measured)).toBe(readFileSync('docs/pictures/rotation-time.svg', 'utf8'))
})

it('the picture has each measured point', () => {
  const dots = plotRotationTime(measured).match(/<circle /g)?.length ?? 0
  const inBoth = measured.filter(({ namespaces, concurrency }) => namespaces === 1000 && concurrency === 16)
  expect(dots).toBe(measured.length + inBoth.length)
})

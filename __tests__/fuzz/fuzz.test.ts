// A fuzz test that cannot fail would find nothing.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runCases, unlessRejected } from './fuzz.ts'
import { editedJson, editedText, hostileText } from './hostile.ts'

const cases = fc.nat(1000)
const run = (check: (value: number) => unknown) => runCases({ cases, check }, { runs: 200, maxCaseMs: 20 })

it('a fuzz test passes when every case does', async () => {
  await expect(run(() => {})).resolves.toMatchObject({ cases: 200 })
})

it('a fuzz test shows the smallest case that throws', async () => {
  const failed = run((value) => {
    if (value > 30) throw new TypeError('bad')
  })
  await expect(failed).rejects.toThrow(/Counterexample: \[31\]/)
})

it('a fuzz test fails when a promise is rejected', async () => {
  await expect(run(async () => await Promise.reject(new RangeError('deep')))).rejects.toThrow()
})

it('a fuzz test fails for a case that takes too long', async () => {
  const failed = run(() => {
    const start = process.threadCpuUsage()
    while (process.threadCpuUsage(start).user < 25_000);
  })
  await expect(failed).rejects.toMatchObject({ cause: { message: expect.stringMatching(/^the case took \d+ ms$/) } })
})

it('a fuzz test fails for a case that changes a prototype', async () => {
  const failed = run(() => Reflect.set(Object.prototype, 'polluted', true))
  try {
    await expect(failed).rejects.toMatchObject({ cause: { message: 'the case changed a prototype' } })
  } finally {
    Reflect.deleteProperty(Object.prototype, 'polluted')
  }
})

it('only errors that a parser documents are accepted', () => {
  const reject = () => {
    throw new TypeError('bad')
  }
  expect(unlessRejected(reject, (error) => error instanceof TypeError)).toBeUndefined()
  expect(() => unlessRejected(reject, () => false)).toThrow(TypeError)
})

it('the cases contain what parsers fail at', () => {
  const texts = fc.sample(fc.oneof(hostileText, editedText(['a: b'])), { numRuns: 5000, seed: 1 }).join('\n')
  for (const part of ['__proto__', '::error::', '\0', '\u202e', '*'.repeat(60), '['.repeat(3000)])
    expect(texts).toContain(part)
  const json = fc.sample(editedJson([{ a: { b: 'c' } }]), { numRuns: 5000, seed: 1 }).join('\n')
  for (const part of ['"a":null', '"b":[]', '"__proto__":', '[{"a":[{"a":']) expect(json).toContain(part)
})

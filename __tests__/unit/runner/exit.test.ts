import { expect, it } from 'vitest'
import { unlessStalled } from '../../../src/runner/exit.ts'

it('returns or throws what the work does', async () => {
  expect(await unlessStalled(Promise.resolve(1))).toBe(1)
  await expect(unlessStalled(Promise.reject(new Error('failed')))).rejects.toThrow('failed')
})

it('throws when Node has nothing left to do', async () => {
  const work = unlessStalled(new Promise(() => {}))
  process.emit('beforeExit', 0)
  await expect(work).rejects.toMatchObject({
    code: 'internal-error',
    message: expect.stringContaining('can no longer'),
  })
})

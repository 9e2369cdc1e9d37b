import { beforeEach, describe, expect, it, vi } from 'vitest'
import { HttpError } from '../../../src/http/errors.ts'
import { isConflict, MAX_CONFLICTS, waitAfterConflict } from '../../../src/kubernetes/conflict.ts'

const exchange = { operation: 'write', service: 'cluster', host: 'k', from: 'PATCH https://k' } as const
const httpError = (status: number) => new HttpError(exchange, { status, body: '' })

describe('waits after a conflict', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    return () => vi.restoreAllMocks()
  })

  it.each([1, MAX_CONFLICTS - 1])('%d', async (attempt) => {
    expect(await waitAfterConflict(httpError(409), attempt)).toBeUndefined()
  })

  it('and not after the last one', async () => {
    const error = httpError(409)
    await expect(waitAfterConflict(error, MAX_CONFLICTS)).rejects.toBe(error)
  })

  it.each([httpError(422), new Error('409'), undefined])('and not after %j', async (error) => {
    expect(isConflict(error)).toBe(false)
    await expect(waitAfterConflict(error, 1)).rejects.toBe(error)
  })
})

import { expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { isTokenId, requireTokenId } from '../../../src/issuer/token-id.ts'
import { NOT_IDS } from './not-ids.ts'

const IDS = [
  'ae57b394-e39d-595f-ae5d-e46905285df6',
  'ApiKey-5f1b6c1e-3a7d-4c1b-9b8e-2d5a0f7c9e11',
  'a',
  'A.b_c-9',
  'x'.repeat(128),
]

it.each(IDS)('takes "%s" for an id', (id) => {
  expect(isTokenId(id)).toBe(true)
  expect(requireTokenId(id, 'revoke it')).toBe(id)
  expect(new URL(`https://host/tokens/${id}`).pathname).toBe(`/tokens/${id}`)
})

it.each(NOT_IDS)('takes %j for no id', (text) => {
  expect(isTokenId(text)).toBe(false)
  expect(() => requireTokenId(text, 'revoke it')).toThrow(ActionError)
})

it.each([undefined, null, 7, ['a'], { id: 'a' }])('takes %j for no id', (value) => {
  expect(isTokenId(value)).toBe(false)
})

it('names the operation in its error, and shows the text on one line', () => {
  expect(() => requireTokenId('a\n::error::b', 'revoke it')).toThrow(
    expect.objectContaining({
      code: 'invalid-token-id',
      message: 'Could not revoke it: "a\\n: :error: :b" is not an id',
    }),
  )
})

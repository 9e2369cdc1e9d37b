import fc from 'fast-check'
import { expect } from 'vitest'
import { ERROR_CODES } from '../../src/core/error-codes.ts'
import { parseErrorBody } from '../../src/http/error-body.ts'
import { HttpError } from '../../src/http/errors.ts'
import { errorText } from '../../src/report/error-text.ts'
import { mask } from '../../src/runner/mask.ts'
import { expectSafe, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedJson, editedText } from './hostile.ts'

const bodies = [
  { kind: 'Status', status: 'Failure', message: 'secrets "x" is forbidden', reason: 'Forbidden', code: 403 },
  { errors: [{ code: 'DENIED', message: 'requested access is denied', detail: [{ Type: 'repository' }] }] },
  { error: 'invalid_client', error_description: 'Bad credentials' },
  { errors: [{ code: 10_003, title: 'CF-NotAuthorized', detail: 'You are not authorized' }] },
  { code: 1000, error_code: 'CF-InvalidAuthToken', description: 'Invalid Auth Token' },
  { errorCode: 'BXNIM0415E', errorMessage: 'Provided API key could not be found', context: { requestId: 'r' } },
]
const exchange = { service: 'registry', operation: 'log in', from: 'GET https://h/v2/', host: 'h' } as const

const body = fc.oneof(
  { weight: 3, arbitrary: editedJson(bodies) },
  { weight: 1, arbitrary: editedText(['<html><body><h1>502 Bad Gateway</h1></body></html>', 'not json', '{"code":1']) },
)

function expectShort(text: string | undefined, isWellFormed: boolean): void {
  if (text === undefined) return
  expectSafe(text)
  // A text that is cut is whole characters and an ellipsis.
  const isShort = text !== '' && text.length <= 501
  expectThat(isShort && (text.isWellFormed() || !isWellFormed), 'a short text', text)
}

fuzz('error body', 'any body has a short code and message that are safe to print', {
  share: 0.6,
  cases: body,
  check: (text) => {
    // Also an escape such as \\ud800 is half of a character.
    const isWellFormed = text.isWellFormed() && !/\\ud/i.test(text)
    const { code, message } = parseErrorBody(text)
    expectShort(code, isWellFormed)
    expectShort(message, isWellFormed)
    const error = new HttpError(exchange, { status: 400 + (text.length % 200), body: text })
    expectSafe(errorText(error))
    expectThat(ERROR_CODES.includes(error.code), 'a known code', error.code)
  },
})

const secrets = [
  'correct  horse\tbattery',
  'a<b>cd<ef',
  'line one\nline two',
  '##[x]::error::y',
  'pass"word\\n',
  'é\u2028ñ12345',
]

fuzz('error body', 'no masked secret is in the code or message', {
  share: 0.4,
  prepare: () => {
    for (const secret of secrets) mask(secret)
  },
  cases: fc.tuple(body, fc.constantFrom(...secrets), fc.nat(3), fc.nat(500)),
  check: ([text, secret, form, at]) => {
    const echoed = `${'x'.repeat(at)}${secret} ${text.slice(0, 20)}`
    const forms = [
      JSON.stringify({ error: 'denied', message: echoed }),
      JSON.stringify({ errors: [{ code: secret, detail: echoed }] }),
      `<p>${echoed}</p>`,
      JSON.stringify({ message: encodeURIComponent(secret), description: btoa(unescape(encodeURIComponent(secret))) }),
    ]
    const { code = '', message = '' } = parseErrorBody(forms[form] ?? '')
    const flat = (value: string) => value.replace(/\\[nrtu]|\s+/g, '')
    // As it is, and as it is shown: with whitespace and tags replaced.
    for (const shown of [code, message])
      for (const one of [secret, secret.replace(/\s+/g, ' '), secret.replace(/<[^<>]*>/g, ' ')])
        if (flat(shown).includes(flat(one))) expect(shown).not.toContain(one)
  },
})

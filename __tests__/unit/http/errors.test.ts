import { describe, expect, it } from 'vitest'
import { parseErrorBody } from '../../../src/http/error-body.ts'
import { HttpError, NetworkError } from '../../../src/http/errors.ts'
import { explain } from '../../../src/report/error-text.ts'
import { error as logError } from '../../../src/runner/log.ts'
import { mask } from '../../../src/runner/mask.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const exchange = { service: 'issuer', operation: 'try', from: 'GET https://a', host: 'a' } as const

describe('the code and message of an error body', () => {
  it.each([
    [
      'UAA',
      { error: 'invalid_client', error_description: 'Bad credentials' },
      { code: 'invalid_client', message: 'Bad credentials' },
    ],
    [
      'token API',
      { code: 'CRG0009E', message: 'You are not authorized to access the specified account.', 'request-id': '72-1' },
      { code: 'CRG0009E', message: 'You are not authorized to access the specified account.' },
    ],
    [
      'Cloud Foundry v2',
      { description: 'Invalid Auth Token', error_code: 'CF-InvalidAuthToken', code: 1000 },
      { code: 'CF-InvalidAuthToken', message: 'Invalid Auth Token' },
    ],
    [
      'Cloud Foundry v3',
      { errors: [{ code: 10010, title: 'CF-ResourceNotFound', detail: 'Organization not found' }] },
      { code: 'CF-ResourceNotFound', message: 'Organization not found' },
    ],
    [
      'registry',
      { errors: [{ code: 'DENIED', message: 'insufficient scope', detail: null }] },
      { code: 'DENIED', message: 'insufficient scope' },
    ],
    [
      'registry, with an object as detail',
      { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown', detail: { Tag: '1' } }] },
      { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' },
    ],
    [
      'registry, with an empty detail',
      { errors: [{ code: 'DENIED', message: 'insufficient scope', detail: '' }] },
      { code: 'DENIED', message: 'insufficient scope' },
    ],
    [
      'registry, with a text as detail',
      { errors: [{ code: 'DENIED', message: 'Your account has exceeded its quota.', detail: 'pull' }] },
      { code: 'DENIED', message: 'Your account has exceeded its quota.' },
    ],
    ['Docker Hub', { details: 'incorrect username or password' }, { message: 'incorrect username or password' }],
    [
      'IAM, token service',
      { context: { requestId: '1' }, errorCode: 'BXNIM0415E', errorMessage: 'Provided API key could not be found' },
      { code: 'BXNIM0415E', message: 'Provided API key could not be found' },
    ],
    [
      'IAM, identity API',
      { errors: [{ code: 'not_found', message_code: 'BXNIM0102E', message: 'Unable to find object', details: 'x' }] },
      { code: 'BXNIM0102E', message: 'Unable to find object' },
    ],
    [
      'Kubernetes',
      {
        kind: 'Status',
        status: 'Failure',
        message: 'secrets is forbidden',
        reason: 'Forbidden',
        details: {},
        code: 403,
      },
      { code: 'Forbidden', message: 'secrets is forbidden' },
    ],
    ['a code alone', { code: 7 }, { code: '7' }],
    ['an empty object', {}, {}],
    ['an empty list', { errors: [] }, {}],
    ['a list of something else', { errors: [1], message: 'still' }, { message: 'still' }],
  ])('%s', (_, body, expected) => {
    expect(parseErrorBody(JSON.stringify(body))).toEqual({ code: undefined, message: undefined, ...expected })
  })

  it.each([
    ['<html><head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>', '502 Bad Gateway nginx'],
    ['Internal Error', 'Internal Error'],
    ['', undefined],
    ['<br>', undefined],
    ['"text"', '"text"'],
    ['{"code":"CUT', '{"code":"CUT'],
  ])('%j, which is not a JSON object', (body, message) => {
    expect(parseErrorBody(body)).toEqual({ code: undefined, message })
  })
})

describe('a hostile body', () => {
  const bodies = [
    'a\n::set-output name=token::evil\n::error::evil',
    'a\r::add-mask::e',
    '##[set-output name=token]evil',
    '\u001b[2J\u001b]0;evil\u0007',
    '\u009b31m\u0085::stop-commands::evil',
    '\u2028::warning::evil\u2029',
    ':::set-env name=PATH::evil',
    '####[error]evil',
  ]
  const inJson = bodies.flatMap((text) => [
    { error: text, error_description: text },
    { errors: [{ code: text, message: text }] },
  ])

  it.each([...bodies, ...inJson.map((body) => JSON.stringify(body))])('becomes one harmless line: %j', (body) => {
    using captured = captureLog()
    const error = new HttpError(exchange, { status: 500, body })
    for (const sentence of explain(error)) logError('timeout', sentence)
    const { log, lines } = captured
    expect(lines).toHaveLength(1)
    expect(log.annotations).toMatchObject([{ level: 'error' }])
    expect({ masks: log.masks, outputs: log.outputs }).toEqual({ masks: [], outputs: {} })
    expect(error.message).not.toMatch(/[\p{Cc}\u2028\u2029]|::[a-z]|##\[/u)
  })

  it.each([
    ['text', 'x'.repeat(2_000_000)],
    ['opening brackets of tags', '<'.repeat(400_000)],
    ['HTML', '<p>x '.repeat(400_000)],
    ['blanks', ' '.repeat(2_000_000)],
    ['JSON', JSON.stringify({ message: '\n::error::'.repeat(200_000) })],
  ])('is truncated: %s', { timeout: 20_000 }, (_, body) => {
    const error = new HttpError(exchange, { status: 500, body })
    expect(error.message.length).toBeLessThan(600)
  })
})

it.each([
  ['in JSON', (secret: string) => JSON.stringify({ error: 'denied', message: `bad ${secret}` })],
  ['in HTML', (secret: string) => `<p>bad ${secret}</p>`],
])('a masked secret that a server repeats %s is removed, also where whitespace and tags are changed', (_, bodyOf) => {
  using _log = captureLog()
  const secret = mask('two  blanks\tand <a tag> of it')
  const { message, serverMessage } = new HttpError(exchange, { status: 401, body: bodyOf(secret) })
  expect(serverMessage).toBe('bad ***')
  expect(message).not.toMatch(/blanks|tag/)
})

describe('the hint', () => {
  it.each([
    [429, 30_000, /run the job again in 30 s\.$/],
    [429, undefined, /run the job again later\.$/],
    [503, undefined, /^The server failed: run the job again later/],
    [302, undefined, /^The server redirects to another address/],
    [407, undefined, /HTTPS_PROXY/],
  ])('for status %i with a Retry-After of %s ms', (status, retryAfterMs, hint) => {
    expect(new HttpError(exchange, { status, body: '', retryAfterMs }).hint).toMatch(hint)
  })

  it('is the one of the caller where the status alone does not explain the problem', () => {
    expect(new HttpError(exchange, { status: 403, body: '' }).hint).toBeUndefined()
    expect(new HttpError(exchange, { status: 503, body: '' }, 'Wait.').hint).toBe('Wait.')
  })
})

describe('a request without a response', () => {
  it.each([
    ['ECONNREFUSED', { sent: false, permanent: false }, /firewall/],
    ['ENOTFOUND', { sent: false, permanent: false }, /host name/],
    ['EAI_AGAIN', { sent: false, permanent: false }, /host name/],
    ['UND_ERR_CONNECT_TIMEOUT', { sent: false, permanent: false }, /firewall/],
    ['ECONNRESET', { sent: true, permanent: false }, /firewall/],
    ['UND_ERR_SOCKET', { sent: true, permanent: false }, /firewall/],
    ['UND_ERR_HEADERS_TIMEOUT', { sent: true, permanent: false }, /firewall/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', { sent: false, permanent: true }, /speaks https/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', { sent: false, permanent: true }, /ca-certificates/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { sent: false, permanent: true }, /ca-certificates/],
    ['CERT_HAS_EXPIRED', { sent: false, permanent: true }, /ca-certificates/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', { sent: false, permanent: true }, /host name/],
  ])('for %s', (code, expected, hint) => {
    const system = Object.assign(new Error('failed'), { code })
    for (const cause of [
      system,
      new Error('fetch failed', { cause: system }),
      new AggregateError([system, new Error('another address')]),
    ]) {
      const error = new NetworkError(exchange, cause)
      expect(error).toMatchObject({ ...expected, hint: expect.stringMatching(hint) })
      expect(error.message).toMatch(/^Could not try: GET https:\/\/a did not respond: ./)
      expect(error.message).toContain(code)
    }
  })
})

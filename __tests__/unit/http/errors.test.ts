import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { HttpError, NetworkError, serverWords } from '../../../src/http/errors.ts'
import { error as logError } from '../../../src/runner/log.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

describe('the words of an error body', () => {
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
      'registry, with words as detail',
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
    expect(serverWords(JSON.stringify(body))).toEqual({ code: undefined, message: undefined, ...expected })
  })

  it.each([
    ['<html><head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>', '502 Bad Gateway nginx'],
    ['Internal Error', 'Internal Error'],
    ['', undefined],
    ['<br>', undefined],
    ['"text"', '"text"'],
    ['{"code":"CUT', '{"code":"CUT'],
  ])('%j, which is no JSON object', (body, message) => {
    expect(serverWords(body)).toEqual({ code: undefined, message })
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

  it.each([...bodies, ...inJson.map((body) => JSON.stringify(body))])('stays one harmless line: %j', (body) => {
    using captured = captureLog()
    const error = new HttpError('try', { from: 'GET https://a', status: 500, body })
    for (const sentence of explain(error)) logError(sentence)
    const { log, lines } = captured
    expect(lines).toHaveLength(1)
    expect(log.annotations).toMatchObject([{ level: 'error' }])
    expect({ masks: log.masks, outputs: log.outputs }).toEqual({ masks: [], outputs: {} })
    expect(error.message).not.toMatch(/[\p{Cc}\u2028\u2029]|::[a-z]|##\[/u)
  })

  it.each([
    ['text', 'x'.repeat(2_000_000)],
    ['signs that open a tag', '<'.repeat(400_000)],
    ['HTML', '<p>x '.repeat(400_000)],
    ['blanks', ' '.repeat(2_000_000)],
    ['JSON', JSON.stringify({ message: '\n::error::'.repeat(200_000) })],
  ])('of any size is cut: %s', { timeout: 20_000 }, (_, body) => {
    const error = new HttpError('try', { from: 'GET https://a', status: 500, body })
    expect(error.message.length).toBeLessThan(600)
  })
})

describe('the cure', () => {
  it.each([
    [429, 30_000, /run the job again in 30 s\.$/],
    [429, undefined, /run the job again later\.$/],
    [503, undefined, /^The server is in trouble/],
    [302, undefined, /^The server points elsewhere/],
    [407, undefined, /HTTPS_PROXY/],
  ])('of status %i, to be repeated after %s ms', (status, retryAfter, cure) => {
    expect(new HttpError('try', { from: 'a', status, body: '', retryAfter }).cure).toMatch(cure)
  })

  it('is for the caller to know where a status is a matter of its own', () => {
    expect(new HttpError('try', { from: 'a', status: 403, body: '' }).cure).toBeUndefined()
    expect(new HttpError('try', { from: 'a', status: 503, body: '', cure: 'Wait.' }).cure).toBe('Wait.')
  })
})

describe('a request without an answer', () => {
  it.each([
    ['ECONNREFUSED', { sent: false, lasting: false }, /firewall/],
    ['ENOTFOUND', { sent: false, lasting: false }, /host name/],
    ['EAI_AGAIN', { sent: false, lasting: false }, /host name/],
    ['UND_ERR_CONNECT_TIMEOUT', { sent: false, lasting: false }, /firewall/],
    ['ECONNRESET', { sent: true, lasting: false }, /firewall/],
    ['UND_ERR_SOCKET', { sent: true, lasting: false }, /firewall/],
    ['UND_ERR_HEADERS_TIMEOUT', { sent: true, lasting: false }, /firewall/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', { sent: false, lasting: true }, /speaks https/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', { sent: false, lasting: true }, /ca-certificates/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { sent: false, lasting: true }, /ca-certificates/],
    ['CERT_HAS_EXPIRED', { sent: false, lasting: true }, /ca-certificates/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', { sent: false, lasting: true }, /host name/],
  ])('for %s', (code, expected, cure) => {
    const system = Object.assign(new Error('failed'), { code })
    for (const cause of [
      system,
      new Error('fetch failed', { cause: system }),
      new AggregateError([system, new Error('another address')]),
    ]) {
      const error = new NetworkError('try', 'GET https://a', cause)
      expect(error).toMatchObject({ ...expected, cure: expect.stringMatching(cure) })
      expect(error.message).toMatch(/^Could not try: GET https:\/\/a gave no answer: ./)
      expect(error.message).toContain(code)
    }
  })
})

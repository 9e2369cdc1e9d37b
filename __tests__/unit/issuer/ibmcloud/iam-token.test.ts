import { getGlobalDispatcher } from 'undici'
import { expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { UnexpectedResponse } from '../../../../src/http/errors.ts'
import { createLogin } from '../../../../src/issuer/ibmcloud/iam-token.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startFakeIbm } from '../../../support/ibm/environment.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

it('logs in with the API key in the body, and masks the access token', async () => {
  await using environment = await startFakeIbm()
  using captured = captureLog()
  const token = await createLogin({ iamEndpoint: environment.iam, apiKey: environment.login.apiKey })(send)
  expect(captured.log.masks).toContain(token)
  const [entry] = environment.journal
  expect(entry).toMatchObject({ server: 'iam', method: 'POST', path: '/identity/token', status: 200 })
  expect(String(entry?.query)).toBe('')
  expect(Object.fromEntries(new URLSearchParams(entry?.body))).toEqual({
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: environment.login.apiKey,
  })
})

it('reuses an access token for 80 % of its lifetime, then logs in again', async () => {
  await using environment = await startFakeIbm({ switches: { accessTokenLifetime: 1000 } })
  let nowMs = Date.now()
  const login = createLogin({
    iamEndpoint: environment.iam,
    apiKey: environment.login.apiKey,
    now: () => nowMs,
  })
  const first = await login(send)
  nowMs += 799_000
  expect(await login(send)).toBe(first)
  expect(environment.journal).toHaveLength(1)
  nowMs += 1000
  await login(send)
  nowMs += 799_000
  await login(send)
  expect(environment.journal).toHaveLength(2)
})

it('logs in for each request when an access token has no lifetime', async () => {
  await using environment = await startFakeIbm({ switches: { accessTokenLifetime: 0 } })
  const login = createLogin({ iamEndpoint: environment.iam, apiKey: environment.login.apiKey })
  for (let count = 0; count < 3; count++) await login(send)
  expect(environment.journal).toHaveLength(3)
})

it('tries a wrong API key once, and has a hint to check it', async () => {
  await using environment = await startFakeIbm()
  await expect(createLogin({ iamEndpoint: environment.iam, apiKey: 'wrong' })(send)).rejects.toMatchObject({
    message: expect.stringContaining('returned 400 BXNIM0415E: Provided API key could not be found'),
    hint: expect.stringContaining('Check `api-key`'),
  })
  expect(environment.journal).toHaveLength(1)
})

it('rejects a response without an access token', async () => {
  await using server = await startWebServer(() => json(200, { access_token: '' }))
  const token = createLogin({ iamEndpoint: server.url, apiKey: 'key' })(send)
  await expect(token).rejects.toBeInstanceOf(UnexpectedResponse)
})

import { getGlobalDispatcher } from 'undici'
import { expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { UnexpectedAnswer } from '../../../../src/http/errors.ts'
import { createLogin } from '../../../../src/issuer/ibmcloud/iam-token.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startPracticeEnvironment } from '../../../support/ibm/environment.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

it('logs in by an API key, in the body alone, and masks the token', async () => {
  await using environment = await startPracticeEnvironment()
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

it.each([
  [1200, 1],
  [0, 3],
])('uses a token of %i seconds as long as it lives: %i logins for three requests', async (lifetime, logins) => {
  await using environment = await startPracticeEnvironment({ switches: { accessTokenLifetime: lifetime } })
  const login = createLogin({ iamEndpoint: environment.iam, apiKey: environment.login.apiKey })
  for (let count = 0; count < 3; count++) await login(send)
  expect(environment.journal).toHaveLength(logins)
})

it('says of a wrong key that it is the key, and tries it once', async () => {
  await using environment = await startPracticeEnvironment()
  await expect(createLogin({ iamEndpoint: environment.iam, apiKey: 'wrong' })(send)).rejects.toMatchObject({
    message: expect.stringContaining('answered 400 BXNIM0415E: Provided API key could not be found'),
    cure: expect.stringContaining('Check `api-key`'),
  })
  expect(environment.journal).toHaveLength(1)
})

it('takes an answer without a token for none', async () => {
  await using server = await startWebServer(() => json(200, { access_token: '' }))
  const token = createLogin({ iamEndpoint: server.url, apiKey: 'key' })(send)
  await expect(token).rejects.toBeInstanceOf(UnexpectedAnswer)
})

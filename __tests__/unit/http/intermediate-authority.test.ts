import { getGlobalDispatcher } from 'undici'
import { expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { connectBy } from '../../support/connect-to.ts'
import { errorOf } from '../../support/error-of.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { json } from '../../support/http/exchange.ts'
import { Faults } from '../../support/http/faults.ts'
import { startHttpServer } from '../../support/http/http-server.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'

const root = await createAuthority('root')
const intermediate = await root.issueAuthority('intermediate')
const identity = await intermediate.issue({ commonName: 'server', hosts: ['127.0.0.1'] })

const startServer = () =>
  startHttpServer(() => [{ server: 'github', path: /^/, handle: () => json(200, { kind: 'Namespace' }) }], {
    journal: [],
    faults: new Faults(),
    certificate: identity,
  })

it('is enough in `ca-certificates`', async () => {
  await using server = await startServer()
  const request = { service: 'registry', operation: 'try', url: server.url } as const
  const send = createSend(createDispatcher(intermediate.certificate, NO_PROXIES), new AbortController().signal)
  expect((await send(request)).status).toBe(200)
  const untrusting = createSend(getGlobalDispatcher(), new AbortController().signal)
  expect(await errorOf(untrusting(request))).toMatchObject({ code: 'registry-untrusted-certificate' })
})

it('is enough in a kubeconfig', async () => {
  await using server = await startServer()
  const clusterWith = (certificateAuthority: string) =>
    connectBy(kubeconfig([{ context: 'a', server: server.url, certificateAuthority, user: { token: 't' } }]))
  const read = { operation: 'try', path: '/api/v1/namespaces/default' }
  expect((await clusterWith(intermediate.certificate).request(read)).status).toBe(200)
  const other = await root.issueAuthority('other')
  expect(await errorOf(clusterWith(other.certificate).request(read))).toMatchObject({
    code: 'cluster-untrusted-certificate',
  })
})
